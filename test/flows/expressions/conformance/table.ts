/**
 * The form of the conformance tables: one row per line, `expression => JSON of the value`, or `expression
 * =>! part of the error`. A table names its source; rows in a table without one are counted apart.
 */
import { bareContext, type EvaluationContext } from '../../../../flows/expressions/context.ts';
import { EvaluationError } from '../../../../flows/expressions/evaluation-errors.ts';
import { parseJsonValue, type Value, type ValueObject } from '../../../../flows/expressions/values.ts';

export interface Row {
  readonly expression: string;
  readonly expected: { readonly value: Value } | { readonly error: string };
  /**
   * undefined: no page of Microsoft and no measurement that could be found says it, so this engine decides. These are wrong
   * counts and types of arguments, overflow, and the order of texts that differ in case only.
   */
  readonly source: string | undefined;
}

const reference = 'https://learn.microsoft.com/azure/logic-apps/expression-functions-reference#';
const sources: Readonly<Record<string, string>> = {
  learn: reference,
  // The platform runs on .NET: its formats, time zones and range of dates are those of .NET.
  dotnet: 'https://learn.microsoft.com/dotnet/',
  notes: 'Notes on flow packages, section ',
  measured: 'Measured against the platform (recorded by flowforger): ',
};

const rowOf = (line: string, source: string | undefined): Row => {
  const failure = line.indexOf(' =>! ');
  if (failure >= 0)
    return { expression: line.slice(0, failure), expected: { error: line.slice(failure + 5) }, source };
  const value = line.lastIndexOf(' => ');
  if (value < 0) throw new Error(`This is not a row: ${line}`);
  return {
    expression: line.slice(0, value),
    expected: { value: parseJsonValue(line.slice(value + 4)) },
    source,
  };
};

/** Reads tables: a line `# learn add` begins the rows of that source, `# none` rows without one. */
export const rowsOf = (text: string): readonly Row[] => {
  const rows: Row[] = [];
  let source: string | undefined;
  for (const line of text.split('\n').filter((each) => each.trim() !== '')) {
    const heading = /^# (\w+) ?(.*)$/.exec(line);
    if (heading === null) rows.push(rowOf(line.replaceAll('⏎', '\n'), source));
    else {
      const [, kind = '', place = ''] = heading;
      const start = sources[kind];
      if (start === undefined && kind !== 'none') throw new Error(`There is no source ${kind}.`);
      source = start === undefined ? undefined : start + place;
    }
  }
  return rows;
};

/** What the rows speak of. */
const trigger: ValueObject = {
  name: 'manual',
  outputs: {
    headers: { 'X-Id': '7' },
    body: {
      text: 'abc',
      Name: 'Sophia',
      nothing: null,
      number: 5,
      list: [10, 20, 30],
      rows: [{ id: 1 }, { id: 2 }],
      deep: { inner: { leaf: 'found' } },
      exact: 1,
      Exact: 2,
    },
  },
};

const parameters: ValueObject = {
  fullName: 'Sophia Owen',
  object: { name: 'Sophie Owen' },
  items:
    '<?xml version="1.0"?><produce><item><name>Gala</name><type>apple</type><count>20</count></item><item><name>Honeycrisp</name><type>apple</type><count>10</count></item></produce>',
  file: '<?xml version="1.0"?><file xmlns="https://contoso.com"><location>Paris</location></file>',
};

const actions: Readonly<Record<string, ValueObject>> = {
  Get_user: {
    name: 'Get_user',
    status: 'Succeeded',
    outputs: { statusCode: 200, body: { FullName: 'Contoso' } },
  },
  Compose: { name: 'Compose', status: 'Succeeded', outputs: 'plain' },
  Skipped: { name: 'Skipped', status: 'Skipped' },
};

const named = <Item>(record: Readonly<Record<string, Item>>, name: string, what: string): Item => {
  const found = record[name];
  if (found === undefined) throw new EvaluationError(`There is no ${what} '${name}'.`);
  return found;
};

export const conformanceContext: EvaluationContext = bareContext({
  now: () => Date.UTC(2026, 0, 15, 10, 30),
  newGuid: () => 'c2ecc88d-88c8-4096-912c-d6f2e2b138ce',
  random: () => 0.5,
  trigger: () => trigger,
  parameter: (name) => named(parameters, name, 'parameter'),
  variable: (name) => named({ numItems: 20 }, name, 'variable'),
  action: (name) => named(actions, name, 'action'),
  item: () => ({ body: 'the item' }),
  items: (loop) => named({ myForEachLoopName: 'looped' }, loop, 'loop'),
  iterationIndex: () => 3,
  workflow: () => ({ name: 'flow', run: { name: 'run-1' }, tags: { flowDisplayName: 'My flow' } }),
  callbackUrl: () => 'https://callback.example/run',
});
