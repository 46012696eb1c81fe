import { describe, expect, it } from 'vitest';
import { compileText } from '../../../flows/expressions/compile.ts';
import { findFunction, functions } from '../../../flows/expressions/functions/index.ts';
import { jsonText } from '../../../flows/expressions/values.ts';
import { documented } from './conformance/documented.ts';
import { measured } from './conformance/measured.ts';
import { conformanceContext, type Row, rowsOf } from './conformance/table.ts';

const rows = [...rowsOf(documented), ...rowsOf(measured)];

const evaluated = (expression: string): string => jsonText(compileText(expression)(conformanceContext));

const check = ({ expression, expected }: Row): void => {
  if ('error' in expected) expect(() => evaluated(expression)).toThrow(expected.error);
  else expect(evaluated(expression)).toBe(jsonText(expected.value));
};

describe('the conformance tables', () => {
  it('hold at least 400 rows with a source, and say how many have none', () => {
    const without = rows.filter(({ source }) => source === undefined).length;
    console.log(`conformance: ${rows.length - without} rows with a source, ${without} without`);
    expect(rows.length - without).toBeGreaterThanOrEqual(400);
  });

  it('hold no row twice', () => {
    const seen = new Set<string>();
    expect(rows.filter(({ expression }) => seen.size === seen.add(expression).size)).toEqual([]);
  });

  it('speak of every function that is here', () => {
    const text = rows.map(({ expression }) => expression.toLowerCase()).join('\n');
    const silent = functions
      .map(({ name }) => name)
      .filter((name) => !text.includes(`${name.toLowerCase()}(`));
    expect(silent).toEqual(['action', 'result']);
  });

  it.each(rows.map((row) => ({ ...row, from: row.source ?? 'no source' })))('$expression ($from)', check);
});

describe('the functions', () => {
  it('are the sixty that flows use most, and all of date and time', () => {
    const wanted =
      'parameters body outputs variables triggerBody items triggerOutputs first item split equals listCallbackUrl length json concat decodeBase64 utcNow if skip encodeUriComponent replace string empty workflow coalesce guid substring addDays not add and base64ToString sub contains formatDateTime greater xml xpath or join div toLower int startsWith indexOf union last base64 startOfMonth dayOfWeek endsWith convertFromUtc trim setProperty decodeUriComponent base64ToBinary parseDateTime subtractFromTime mul array result range chunk addSeconds addMinutes addHours addToTime getFutureTime getPastTime convertTimeZone convertToUtc dateDifference dayOfMonth dayOfYear startOfDay startOfHour ticks';
    expect(wanted.split(' ').filter((name) => typeof findFunction(name) === 'string')).toEqual([]);
  });
});
