/**
 * Sixty small flows and what comes of each, as measured of the platform or documented.
 * Each scenario states which actions end how, and what was made.
 */
import { describe, expect, it } from 'vitest';
import type { Value, ValueObject } from '../../../flows/expressions/values.ts';
import {
  compose,
  fire,
  on,
  prepared,
  recordOf,
  runOnce,
  runsAfter,
  type Scenario,
  statusesOf,
} from './harness.ts';

const fails = (after: ValueObject = {}): ValueObject => compose('@div(1, 0)', after);
const scope = (actions: ValueObject, runAfter: ValueObject = {}): ValueObject => ({
  type: 'Scope',
  actions,
  runAfter,
});
const set = (name: string, value: Value, runAfter: ValueObject): ValueObject => ({
  type: 'SetVariable',
  inputs: { name, value },
  runAfter,
});
const init = (name: string, type: string, value?: Value, runAfter: ValueObject = {}): ValueObject => ({
  type: 'InitializeVariable',
  inputs: { variables: [{ name, type, ...(value !== undefined && { value }) }] },
  runAfter,
});
const increment = (name: string, value: Value, runAfter: ValueObject = {}): ValueObject => ({
  type: 'IncrementVariable',
  inputs: { name, value },
  runAfter,
});
const ifAction = (
  expression: Value,
  yes: ValueObject,
  no: ValueObject = {},
  runAfter: ValueObject = {},
): ValueObject => ({
  type: 'If',
  expression,
  actions: yes,
  else: { actions: no },
  runAfter,
});
const foreach = (list: Value, actions: ValueObject, more: ValueObject = {}): ValueObject => ({
  type: 'Foreach',
  foreach: list,
  actions,
  runAfter: {},
  ...more,
});
const until = (expression: string, actions: ValueObject, more: ValueObject = {}): ValueObject => ({
  type: 'Until',
  expression,
  limit: { count: 60, timeout: 'PT1H' },
  actions,
  runAfter: {},
  ...more,
});
const http = (more: ValueObject = {}, runAfter: ValueObject = {}): ValueObject => ({
  type: 'Http',
  inputs: { method: 'GET', uri: 'https://api.example.org/', ...more },
  runAfter,
});
const mocked = (actions: unknown) => ({ actions });

interface Expected {
  readonly status: 'Succeeded' | 'Failed' | 'Cancelled';
  readonly statuses?: readonly string[];
  /** Name of an action → its outputs. */
  readonly outputs?: Readonly<Record<string, Value>>;
  /** Name of an action → part of the text of its error. */
  readonly errors?: Readonly<Record<string, string>>;
  readonly codes?: Readonly<Record<string, string>>;
  readonly warning?: string;
  /** Milliseconds that passed on the clock. */
  readonly passed?: number;
}

const scenarios: Readonly<Record<string, readonly [Scenario, Expected]>> = {
  'runAfter: one after the other': [
    { actions: { A: compose(1), B: compose("@add(outputs('A'), 1)", runsAfter('A')) } },
    { status: 'Succeeded', statuses: ['A:Succeeded', 'B:Succeeded'], outputs: { B: 2 } },
  ],
  'runAfter: the order of the definition does not matter': [
    { actions: { B: compose("@outputs('A')", runsAfter('A')), A: compose('first') } },
    { status: 'Succeeded', outputs: { B: 'first' } },
  ],
  'runAfter: what follows a failure is skipped, and says why': [
    { actions: { A: fails(), B: compose(1, runsAfter('A')), C: compose(2, runsAfter('B')) } },
    {
      status: 'Failed',
      statuses: ['A:Failed', 'B:Skipped', 'C:Skipped'],
      errors: {
        B: "the 'runAfter' condition for action 'A' is not satisfied. Expected status values 'Succeeded' and actual value 'Failed'.",
      },
      codes: { A: 'BadRequest', B: 'ActionSkipped' },
    },
  ],
  'runAfter: a failure that is handled leaves the run succeeded': [
    { actions: { A: fails(), B: compose('handled', on('A', 'Failed')) } },
    { status: 'Succeeded', statuses: ['A:Failed', 'B:Succeeded'] },
  ],
  'runAfter: a handler next to a skipped branch leaves the run failed': [
    { actions: { A: fails(), B: compose(1, on('A', 'Failed')), C: compose(2, runsAfter('A')) } },
    { status: 'Failed', statuses: ['A:Failed', 'B:Succeeded', 'C:Skipped'] },
  ],
  'runAfter: a handler that is not needed is skipped, and the run succeeds': [
    { actions: { A: compose(1), B: compose(2, on('A', 'Failed', 'TimedOut')) } },
    { status: 'Succeeded', statuses: ['A:Succeeded', 'B:Skipped'] },
  ],
  'runAfter: Skipped is a status like others': [
    { actions: { A: fails(), B: compose(1, runsAfter('A')), C: compose(2, on('B', 'Skipped')) } },
    { status: 'Succeeded', statuses: ['A:Failed', 'B:Skipped', 'C:Succeeded'] },
  ],
  'runAfter: several predecessors must all fit': [
    { actions: { A: compose(1), B: fails(), C: compose(2, { A: ['Succeeded'], B: ['Succeeded'] }) } },
    { status: 'Failed', statuses: ['A:Succeeded', 'B:Failed', 'C:Skipped'] },
  ],
  'runAfter: several statuses are alternatives': [
    { actions: { A: fails(), C: compose(2, on('A', 'Succeeded', 'Failed', 'Skipped', 'TimedOut')) } },
    { status: 'Succeeded', statuses: ['A:Failed', 'C:Succeeded'] },
  ],
  'runAfter: statuses in upper case': [
    { actions: { A: compose(1), B: compose(2, on('A', 'SUCCEEDED')) } },
    { status: 'Succeeded', statuses: ['A:Succeeded', 'B:Succeeded'] },
  ],
  'Compose: keeps types and nulls, evaluates keys too': [
    {
      body: { a: null, n: 5 },
      actions: {
        A: compose({ x: "@triggerBody()?['a']", n: "@triggerBody()?['n']", 'k@{1}': ['@true', '@@x'] }),
      },
    },
    { status: 'Succeeded', outputs: { A: { x: null, n: 5, k1: [true, '@x'] } } },
  ],
  'Compose: an expression that fails is named with its action': [
    {
      actions: { A: compose("@split(triggerBody()?['gone'], ',')"), B: compose(1, on('A', 'Failed')) },
      body: {},
    },
    {
      status: 'Succeeded',
      errors: {
        A: "in action 'A' inputs at line '0' and column '0': 'The template language function 'split'",
      },
    },
  ],
  'Scope: succeeds when its failure is handled inside': [
    { actions: { S: scope({ A: fails(), B: compose(1, on('A', 'Failed')) }) } },
    { status: 'Succeeded', statuses: ['S:Succeeded', 'A:Failed', 'B:Succeeded'] },
  ],
  'Scope: fails when nobody handles the failure inside': [
    {
      actions: {
        S: scope({ A: fails(), B: compose(1, runsAfter('A')) }),
        T: compose('caught', on('S', 'Failed')),
      },
    },
    {
      status: 'Succeeded',
      statuses: ['S:Failed', 'A:Failed', 'B:Skipped', 'T:Succeeded'],
      errors: { S: 'An action failed. No dependent actions succeeded.' },
      codes: { S: 'ActionFailed' },
    },
  ],
  'Scope: what is inside a skipped scope is skipped, naming it': [
    { actions: { A: fails(), S: scope({ B: compose(1) }, runsAfter('A')) } },
    {
      status: 'Failed',
      statuses: ['A:Failed', 'S:Skipped', 'B:Skipped'],
      errors: { B: "dependant action 'S' completed with status 'Skipped'" },
    },
  ],
  'Scope: result() tells what failed': [
    {
      actions: {
        S: scope({ A: compose(1), B: fails(runsAfter('A')) }),
        Failed: {
          type: 'Query',
          inputs: { from: "@result('S')", where: "@equals(item()?['status'], 'Failed')" },
          runAfter: on('S', 'Failed'),
        },
        Name: compose("@first(body('Failed'))?['name']", runsAfter('Failed')),
      },
    },
    { status: 'Succeeded', outputs: { Name: 'B' } },
  ],
  'If: the branch that is true': [
    {
      actions: {
        I: ifAction({ equals: ['@triggerBody()', 1] }, { Y: compose('yes') }, { N: compose('no') }),
      },
      body: 1,
    },
    {
      status: 'Succeeded',
      statuses: ['I:Succeeded', 'Y:Succeeded', 'N:Skipped'],
      errors: { N: 'branching condition' },
    },
  ],
  'If: the other branch': [
    {
      actions: {
        I: ifAction({ equals: ['@triggerBody()', 1] }, { Y: compose('yes') }, { N: compose('no') }),
      },
      body: 2,
    },
    { status: 'Succeeded', statuses: ['I:Succeeded', 'Y:Skipped', 'N:Succeeded'] },
  ],
  'If: an empty branch is fine': [
    { actions: { I: ifAction('@equals(1, 2)', { Y: compose('yes') }), T: compose('then', runsAfter('I')) } },
    { status: 'Succeeded', statuses: ['I:Succeeded', 'Y:Skipped', 'T:Succeeded'] },
  ],
  'If: and, or, not and every operator': [
    {
      body: { n: 5, s: 'Hello', list: [1, 2] },
      actions: {
        I: ifAction(
          {
            and: [
              { greater: ["@triggerBody()?['n']", 4] },
              { greaterOrEquals: ["@triggerBody()?['n']", 5] },
              { less: ["@triggerBody()?['n']", 6] },
              { lessOrEquals: ["@triggerBody()?['n']", 5] },
              { startsWith: ["@triggerBody()?['s']", 'he'] },
              { endsWith: ["@triggerBody()?['s']", 'LO'] },
              { contains: ["@triggerBody()?['list']", 2] },
              { not: { equals: ["@triggerBody()?['s']", 'hello'] } },
              { or: [{ equals: [1, 2] }, { equals: ['@true', true] }] },
            ],
          },
          { Y: compose('yes') },
        ),
      },
    },
    { status: 'Succeeded', statuses: ['I:Succeeded', 'Y:Succeeded'] },
  ],
  'If: a condition that gives no boolean fails it, and nothing inside runs': [
    { actions: { I: ifAction("@concat('true')", { Y: compose(1) }, { N: compose(2) }) } },
    {
      status: 'Failed',
      statuses: ['I:Failed', 'Y:Skipped', 'N:Skipped'],
      codes: { I: 'ExpressionEvaluationFailed' },
    },
  ],
  'If: a condition that cannot be evaluated fails it': [
    { actions: { I: ifAction({ greater: [null, 1] }, { Y: compose(1) }) } },
    { status: 'Failed', statuses: ['I:Failed', 'Y:Skipped'], errors: { I: "'greater'" } },
  ],
  'If: a failure in the branch fails it': [
    { actions: { I: ifAction('@true', { Y: fails() }) } },
    { status: 'Failed', statuses: ['I:Failed', 'Y:Failed'], codes: { I: 'ActionFailed' } },
  ],
  'Switch: the case that equals': [
    {
      actions: {
        S: switchAction("@concat('a', 'b')", {
          One: ['ab', { A: compose(1) }],
          Two: ['x', { B: compose(2) }],
        }),
      },
    },
    { status: 'Succeeded', statuses: ['S:Succeeded', 'A:Succeeded', 'B:Skipped', 'D:Skipped'] },
  ],
  'Switch: case-sensitive, else the default': [
    { actions: { S: switchAction("@concat('Op', 'en')", { One: ['open', { A: compose(1) }] }) } },
    { status: 'Succeeded', statuses: ['S:Succeeded', 'A:Skipped', 'D:Succeeded'] },
  ],
  'Switch: a value of another type than the cases fails it': [
    { actions: { S: switchAction('@add(1, 1)', { One: ['2', { A: compose(1) }] }) } },
    {
      status: 'Failed',
      statuses: ['S:Failed', 'A:Skipped', 'D:Skipped'],
      errors: { S: "'Integer,String' distinct types" },
    },
  ],
  'Switch: null fails it': [
    { actions: { S: switchAction("@json('{}')?['missing']", { One: ['x', { A: compose(1) }] }) } },
    {
      status: 'Failed',
      codes: { S: 'ExpressionEvaluationFailed' },
      errors: { S: "It is of type 'Null' but is expected to be a value of type 'String, Integer'." },
    },
  ],
  'Switch: integers': [
    { actions: { S: switchAction('@add(1, 1)', { One: [2, { A: compose('two') }] }) } },
    { status: 'Succeeded', statuses: ['S:Succeeded', 'A:Succeeded', 'D:Skipped'] },
  ],
  'Foreach: each item in its turn': [
    {
      actions: {
        V: init('sum', 'integer', 0),
        L: foreach(
          '@createArray(1, 2, 3)',
          { I: increment('sum', "@items('L')") },
          { runAfter: runsAfter('V') },
        ),
        R: compose("@variables('sum')", runsAfter('L')),
      },
    },
    { status: 'Succeeded', outputs: { R: 6 } },
  ],
  'Foreach: item() is the innermost': [
    {
      actions: {
        V: init('text', 'string', ''),
        L: foreach(
          "@json('[[1,2],[3]]')",
          {
            M: foreach("@items('L')", {
              A: {
                type: 'AppendToStringVariable',
                inputs: { name: 'text', value: "@{item()}/@{length(items('L'))};" },
                runAfter: {},
              },
            }),
          },
          { runAfter: runsAfter('V') },
        ),
        R: compose("@variables('text')", runsAfter('L')),
      },
    },
    { status: 'Succeeded', outputs: { R: '1/2;2/2;3/1;' } },
  ],
  'Foreach: goes on after a failure, and fails': [
    {
      actions: {
        L: foreach('@createArray(1, 0, 2)', { D: compose("@div(10, items('L'))") }),
        R: compose("@result('L')[0]['outputs'][2]['outputs']", on('L', 'Failed')),
        C: compose(
          "@concat(result('L')[0]['status'], result('L')[0]['code'], result('L')[0]['repetitionCount'])",
          runsAfter('R'),
        ),
      },
    },
    {
      status: 'Succeeded',
      statuses: ['L:Failed', 'D:Succeeded', 'D:Failed', 'D:Succeeded', 'R:Succeeded', 'C:Succeeded'],
      outputs: { R: 5, C: 'FailedNotSpecified3' },
    },
  ],
  'Foreach: no items is a success': [
    { actions: { L: foreach("@json('[]')", { A: compose(1) }), R: compose(1, runsAfter('L')) } },
    { status: 'Succeeded', statuses: ['L:Succeeded', 'R:Succeeded'] },
  ],
  'Foreach: null fails': [
    { actions: { L: foreach("@triggerBody()?['x']", { A: compose(1) }) }, body: {} },
    {
      status: 'Failed',
      statuses: ['L:Failed', 'A:Skipped'],
      errors: { L: "is of type 'Null'. The result must be a valid array." },
    },
  ],
  'Foreach: a text is not a list': [
    { actions: { L: foreach("@concat('abc')", { A: compose(1) }) } },
    { status: 'Failed', errors: { L: "is of type 'String'" } },
  ],
  'Foreach: concurrency keeps the order of results, and warns of races': [
    {
      actions: {
        V: init('all', 'array', []),
        L: foreach(
          '@range(1, 3)',
          {
            A: { type: 'AppendToArrayVariable', inputs: { name: 'all', value: "@items('L')" }, runAfter: {} },
          },
          { runAfter: runsAfter('V'), runtimeConfiguration: { concurrency: { repetitions: 20 } } },
        ),
        R: compose("@variables('all')", runsAfter('L')),
      },
    },
    { status: 'Succeeded', outputs: { R: [1, 2, 3] }, warning: 'several iterations run at once' },
  ],
  'Until: the body first, then the condition': [
    {
      actions: {
        V: init('n', 'integer', 5),
        U: until("@greater(variables('n'), 0)", { I: increment('n', 1) }, { runAfter: runsAfter('V') }),
        R: compose("@variables('n')", runsAfter('U')),
      },
    },
    { status: 'Succeeded', outputs: { R: 6 } },
  ],
  'Until: ends at its count without failing, with a warning': [
    {
      actions: {
        V: init('n', 'integer', 0),
        U: until(
          "@greater(variables('n'), 100)",
          { I: increment('n', 1) },
          { runAfter: runsAfter('V'), limit: { count: 3 } },
        ),
        R: compose("@variables('n')", runsAfter('U')),
      },
    },
    { status: 'Succeeded', outputs: { R: 3 }, warning: 'limit of 3 iterations' },
  ],
  'Until: ends at its time, on the clock of the run': [
    {
      actions: {
        U: until(
          '@false',
          { W: { type: 'Wait', inputs: { interval: { count: 30, unit: 'Minute' } }, runAfter: {} } },
          {
            limit: { count: 60, timeout: 'PT1H' },
          },
        ),
      },
    },
    { status: 'Succeeded', warning: 'limit of PT1H', passed: 3_600_000 },
  ],
  'Until: goes on after a failed iteration; the last one counts': [
    {
      actions: {
        V: init('n', 'integer', 0),
        U: until(
          "@greaterOrEquals(variables('n'), 3)",
          { I: increment('n', 1), D: compose("@div(10, sub(2, variables('n')))", runsAfter('I')) },
          { runAfter: runsAfter('V') },
        ),
        R: compose("@last(result('U'))['outputs']", runsAfter('U')),
      },
    },
    { status: 'Succeeded', outputs: { R: -10 } },
  ],
  'Until: fails with its last iteration': [
    {
      actions: {
        V: init('n', 'integer', 0),
        U: until(
          "@greaterOrEquals(variables('n'), 2)",
          { I: increment('n', 1), D: compose("@div(10, sub(2, variables('n')))", runsAfter('I')) },
          { runAfter: runsAfter('V') },
        ),
      },
    },
    { status: 'Failed', codes: { U: 'ActionFailed' } },
  ],
  'Until: its index, and its body in its condition': [
    {
      actions: {
        U: until("@equals(outputs('C'), 2)", { C: compose("@iterationIndexes('U')") }),
        R: compose("@outputs('C')", runsAfter('U')),
      },
    },
    { status: 'Succeeded', outputs: { R: 2 } },
  ],
  'Terminate: ends the run with its error; parents are cancelled, the rest skipped': [
    {
      actions: {
        W: scope({
          A: compose(1),
          T: {
            type: 'Terminate',
            inputs: { runStatus: 'Failed', runError: { code: 'E1', message: 'stop' } },
            runAfter: runsAfter('A'),
          },
          B: compose(2, runsAfter('T')),
        }),
        C: compose(3, on('W', 'Succeeded', 'Failed', 'Skipped')),
      },
    },
    { status: 'Failed', statuses: ['W:Cancelled', 'A:Succeeded', 'T:Succeeded', 'B:Skipped', 'C:Skipped'] },
  ],
  'Terminate: as succeeded, after a failure': [
    {
      actions: {
        A: fails(),
        T: { type: 'Terminate', inputs: { runStatus: 'Succeeded' }, runAfter: on('A', 'Failed') },
      },
    },
    { status: 'Succeeded', statuses: ['A:Failed', 'T:Succeeded'] },
  ],
  'Terminate: as cancelled': [
    {
      actions: {
        T: { type: 'Terminate', inputs: { runStatus: 'Cancelled' }, runAfter: {} },
        A: compose(1, runsAfter('T')),
      },
    },
    { status: 'Cancelled', statuses: ['T:Succeeded', 'A:Skipped'] },
  ],
  'variables: every type, changed': [
    {
      actions: {
        S: init('s', 'string', 'a'),
        I: init('i', 'integer', 1, runsAfter('S')),
        F: init('f', 'float', 1.5, runsAfter('I')),
        B: init('b', 'boolean', true, runsAfter('F')),
        L: init('l', 'array', [], runsAfter('B')),
        O: init('o', 'object', { k: 1 }, runsAfter('L')),
        S2: {
          type: 'AppendToStringVariable',
          inputs: { name: 's', value: '@{1}b' },
          runAfter: runsAfter('O'),
        },
        I2: increment('i', 2, runsAfter('S2')),
        F2: increment('f', 0.5, runsAfter('I2')),
        B2: set('b', '@not(true)', runsAfter('F2')),
        L2: {
          type: 'AppendToArrayVariable',
          inputs: { name: 'l', value: { x: 1 } },
          runAfter: runsAfter('B2'),
        },
        I3: { type: 'DecrementVariable', inputs: { name: 'i', value: 1 }, runAfter: runsAfter('L2') },
        R: compose(
          [
            "@variables('s')",
            "@variables('i')",
            "@string(variables('f'))",
            "@variables('B')",
            "@variables('l')",
            "@variables('o')",
          ],
          runsAfter('I3'),
        ),
      },
    },
    { status: 'Succeeded', outputs: { R: ['a1b', 2, '2', false, [{ x: 1 }], { k: 1 }] } },
  ],
  'variables: a text does not go into an integer': [
    { actions: { V: init('n', 'integer', '5') } },
    {
      status: 'Failed',
      errors: {
        V: "The variable 'n' of type 'integer' cannot be initialized or updated with value of type 'String'",
      },
    },
  ],
  'variables: a float does not go into an integer': [
    { actions: { V: init('n', 'integer', 1), S: set('n', 1.5, runsAfter('V')) } },
    { status: 'Failed', errors: { S: "value of type 'Float'" } },
  ],
  'variables: must be initialised': [
    { actions: { A: compose("@variables('nobody')") } },
    { status: 'Failed', errors: { A: "The variable 'nobody' must be initialized before it can be used." } },
  ],
  'Select, Query, Join: body contains the value': [
    {
      body: {
        rows: [
          { n: 1, k: 'a' },
          { n: 2, k: 'b' },
          { n: 3, k: 'c' },
        ],
      },
      actions: {
        Q: {
          type: 'Query',
          inputs: { from: "@triggerBody()?['rows']", where: "@greater(item()?['n'], 1)" },
          runAfter: {},
        },
        S: {
          type: 'Select',
          inputs: { from: "@body('Q')", select: { "@{item()?['k']}": "@mul(item()?['n'], 10)" } },
          runAfter: runsAfter('Q'),
        },
        T: {
          type: 'Select',
          inputs: { from: "@body('Q')", select: "@item()?['k']" },
          runAfter: runsAfter('Q'),
        },
        J: { type: 'Join', inputs: { from: "@body('T')", joinWith: ', ' }, runAfter: runsAfter('T') },
      },
    },
    {
      status: 'Succeeded',
      outputs: {
        Q: {
          body: [
            { n: 2, k: 'b' },
            { n: 3, k: 'c' },
          ],
        },
        S: { body: [{ b: 20 }, { c: 30 }] },
        J: { body: 'b, c' },
      },
    },
  ],
  'Query: what is no array fails': [
    {
      actions: {
        Q: { type: 'Query', inputs: { from: "@triggerBody()?['x']", where: '@true' }, runAfter: {} },
      },
      body: {},
    },
    {
      status: 'Failed',
      errors: {
        Q: "'from' property value in the 'query' action inputs is of type 'Null'. The value must be of type 'Array'.",
      },
    },
  ],
  'ParseJson: a text becomes a value': [
    {
      actions: {
        P: {
          type: 'ParseJson',
          inputs: {
            content: '{"a":[1,2]}',
            schema: { type: 'object', properties: { a: { type: 'array' } } },
          },
          runAfter: {},
        },
        R: compose("@body('P')?['a'][1]", runsAfter('P')),
      },
    },
    { status: 'Succeeded', outputs: { R: 2 } },
  ],
  'ParseJson: a schema that is too strict says what to write': [
    {
      actions: {
        P: {
          type: 'ParseJson',
          inputs: { content: { a: null }, schema: { type: 'object', properties: { a: { type: 'string' } } } },
          runAfter: {},
        },
      },
    },
    {
      status: 'Failed',
      errors: { P: 'Invalid type. Expected String but got Null. Write ["string", "null"]' },
    },
  ],
  'Table: CSV and HTML, with the columns of all rows': [
    {
      body: [
        { a: 'x, "y"', b: true },
        { a: 1.5, c: null },
      ],
      actions: {
        C: { type: 'Table', inputs: { from: '@triggerBody()', format: 'CSV' }, runAfter: {} },
        H: {
          type: 'Table',
          inputs: {
            from: '@triggerBody()',
            format: 'HTML',
            columns: [{ header: 'A <1>', value: "@item()?['a']" }],
          },
          runAfter: {},
        },
      },
    },
    {
      status: 'Succeeded',
      outputs: {
        C: { body: 'a,b,c\r\n"x, ""y""",True,\r\n1.5,,\r\n' },
        H: {
          body: '<table><thead><tr><th>A &lt;1&gt;</th></tr></thead><tbody><tr><td>x, &quot;y&quot;</td></tr><tr><td>1.5</td></tr></tbody></table>',
        },
      },
    },
  ],
  'Table: texts need columns': [
    { actions: { T: { type: 'Table', inputs: { from: "@createArray('a')", format: 'CSV' }, runAfter: {} } } },
    { status: 'Failed', errors: { T: "The property 'columns' must be specified" } },
  ],
  'Expression: the date operations of the designer': [
    {
      actions: {
        N: { type: 'Expression', kind: 'CurrentTime', inputs: {}, runAfter: {} },
        A: {
          type: 'Expression',
          kind: 'AddToTime',
          inputs: { baseTime: "@body('N')", interval: 1, timeUnit: 'Day' },
          runAfter: runsAfter('N'),
        },
        Z: {
          type: 'Expression',
          kind: 'ConvertTimeZone',
          inputs: {
            baseTime: "@body('A')",
            formatString: 'g',
            sourceTimeZone: 'UTC',
            destinationTimeZone: 'W. Europe Standard Time',
          },
          runAfter: runsAfter('A'),
        },
      },
    },
    {
      status: 'Succeeded',
      outputs: { A: { body: '2026-06-02T10:00:00.0000000Z' }, Z: { body: '6/2/2026 12:00 PM' } },
    },
  ],
  'Wait: a day passes at once': [
    {
      actions: {
        W: { type: 'Wait', inputs: { interval: { count: 1, unit: 'Day' } }, runAfter: {} },
        R: compose('@utcNow()', runsAfter('W')),
      },
    },
    { status: 'Succeeded', outputs: { R: '2026-06-02T10:00:00.0000000Z' }, passed: 86_400_000 },
  ],
  'Wait: until a time, and not at all when it has passed': [
    {
      actions: {
        W: { type: 'Wait', inputs: { until: { timestamp: '@addHours(utcNow(), 2)' } }, runAfter: {} },
        P: {
          type: 'Wait',
          inputs: { until: { timestamp: '2020-01-01T00:00:00Z' } },
          runAfter: runsAfter('W'),
        },
      },
    },
    { status: 'Succeeded', passed: 7_200_000 },
  ],
  'Http: answered by a mock': [
    {
      mocks: mocked({ H: { statusCode: 200, body: { ok: true } } }),
      actions: { H: http(), R: compose("@body('H')?['ok']", runsAfter('H')) },
    },
    { status: 'Succeeded', outputs: { R: true } },
  ],
  'Http: 404 fails; its outputs can be read': [
    {
      mocks: mocked({ H: { statusCode: 404, body: { error: { code: 'X', message: 'gone' } } } }),
      actions: { H: http(), R: compose("@outputs('H')['statusCode']", on('H', 'Failed')) },
    },
    { status: 'Succeeded', outputs: { R: 404 }, codes: { H: 'NotFound' }, errors: { H: 'gone' } },
  ],
  'Http: 429 is repeated after as long as it says': [
    {
      mocks: mocked({
        H: [
          { statusCode: 429, headers: { 'Retry-After': '60' } },
          { statusCode: 200, body: 'ok' },
        ],
      }),
      actions: { H: http() },
    },
    { status: 'Succeeded', passed: 60_000 },
  ],
  'Http: a policy of none repeats nothing': [
    { mocks: mocked({ H: { statusCode: 503 } }), actions: { H: http({ retryPolicy: { type: 'none' } }) } },
    { status: 'Failed', codes: { H: 'ServiceUnavailable' }, passed: 0 },
  ],
  'Http: a fixed policy repeats as often as it says': [
    {
      mocks: mocked({ H: { statusCode: 500 } }),
      actions: { H: http({ retryPolicy: { type: 'fixed', count: 3, interval: 'PT20S' } }) },
    },
    { status: 'Failed', passed: 60_000 },
  ],
  'Http: 400 is not repeated': [
    { mocks: mocked({ H: { statusCode: 400 } }), actions: { H: http() } },
    { status: 'Failed', codes: { H: 'BadRequest' }, passed: 0 },
  ],
  'Http: 202 with a location is asked until it is done': [
    {
      mocks: mocked({
        H: [
          { statusCode: 202, headers: { Location: 'https://api.example.org/1', 'Retry-After': '5' } },
          { statusCode: 202, headers: { Location: 'https://api.example.org/1', 'Retry-After': '5' } },
          { statusCode: 200, body: 'done' },
        ],
      }),
      actions: { H: http(), R: compose("@body('H')", runsAfter('H')) },
    },
    { status: 'Succeeded', outputs: { R: 'done' }, passed: 10_000 },
  ],
  'Http: 202 is the answer where the pattern is switched off': [
    {
      mocks: mocked({
        H: [{ statusCode: 202, headers: { Location: 'https://api.example.org/1' } }, { statusCode: 200 }],
      }),
      actions: {
        H: { ...http(), operationOptions: 'DisableAsyncPattern' },
        R: compose("@outputs('H')['statusCode']", runsAfter('H')),
      },
    },
    { status: 'Succeeded', outputs: { R: 202 } },
  ],
  'static results: the platform’s own mocks are honoured': [
    {
      staticResults: {
        H0: { status: 'Failed', outputs: { statusCode: 500 }, error: { code: 'Down', message: 'is down' } },
      },
      actions: {
        H: {
          ...http(),
          runtimeConfiguration: { staticResult: { name: 'H0', staticResultOptions: 'Enabled' } },
        },
        R: compose('handled', on('H', 'Failed')),
      },
    },
    { status: 'Succeeded', errors: { H: 'is down' } },
  ],
  'parameters: their defaults, and a name that is wrong': [
    {
      parameters: { team: { type: 'String', defaultValue: 'red' } },
      actions: { A: compose("@parameters('team')"), B: compose("@parameters('taem')", runsAfter('A')) },
    },
    { status: 'Failed', outputs: { A: 'red' }, errors: { B: "Did you mean 'team'?" } },
  ],
  'an action that has not run cannot be referenced': [
    { actions: { A: compose("@outputs('B')"), B: compose(1, runsAfter('A')) } },
    { status: 'Failed', errors: { A: "'B' has not run before 'A'" } },
  ],
  'workflow(): names of the flow and the run': [
    { actions: { A: compose("@{workflow()['tags']['flowDisplayName']}/@{workflow()['name']}") } },
    { status: 'Succeeded', outputs: { A: 'Test/flow-1' } },
  ],
};

function switchAction(
  expression: string,
  cases: Readonly<Record<string, readonly [Value, ValueObject]>>,
): ValueObject {
  return {
    type: 'Switch',
    expression,
    cases: Object.fromEntries(
      Object.entries(cases).map(([name, [value, actions]]) => [name, { case: value, actions }]),
    ),
    default: { actions: { D: compose('default') } },
    runAfter: {},
  };
}

describe('scenarios', () => {
  it('are at least sixty', () => {
    expect(Object.keys(scenarios).length).toBeGreaterThanOrEqual(60);
  });

  it.each(Object.entries(scenarios))('%s', async (_name, [scenario, expected]) => {
    const run = await runOnce(scenario);
    expect(run.status).toBe(expected.status);
    if (expected.statuses) expect(statusesOf(run)).toEqual(expected.statuses);
    for (const [name, outputs] of Object.entries(expected.outputs ?? {}))
      expect(recordOf(run, name).outputs).toEqual(outputs);
    for (const [name, text] of Object.entries(expected.errors ?? {}))
      expect(recordOf(run, name).error?.message).toContain(text);
    for (const [name, code] of Object.entries(expected.codes ?? {}))
      expect(recordOf(run, name).code).toBe(code);
    if (expected.warning) expect(run.warnings.join('\n')).toContain(expected.warning);
    if (expected.passed !== undefined)
      expect(Date.parse(run.endTime) - Date.parse(run.startTime)).toBe(expected.passed);
  });
});

describe('triggers', () => {
  const actions = { A: compose('@triggerBody()') };

  it('splitOn makes a run of each item', async () => {
    const result = await fire({
      trigger: { type: 'Request', splitOn: "@triggerOutputs()?['body/items']" },
      body: { items: [1, 2, 3] },
      actions,
    });
    expect(result.fired && result.runs.map((run) => recordOf(run, 'A').outputs)).toEqual([1, 2, 3]);
  });

  it('splitOn of something that is no array fails the trigger', async () => {
    await expect(
      fire({ trigger: { type: 'Request', splitOn: '@triggerBody()' }, body: { a: 1 }, actions }),
    ).rejects.toThrow("gave a value of type 'Object'; it must give an array");
  });

  it('conditions must all be true, of each item', async () => {
    const trigger = {
      type: 'Request',
      splitOn: '@triggerBody()',
      conditions: [{ expression: '@greater(triggerBody(), 1)' }, { expression: '@less(triggerBody(), 3)' }],
    };
    const result = await fire({ trigger, body: [1, 2, 3], actions });
    expect(result.fired && result.runs.map((run) => recordOf(run, 'A').outputs)).toEqual([2]);
    expect(await fire({ trigger, body: [5], actions })).toEqual({
      fired: false,
      reason: 'The condition @less(triggerBody(), 3) is not met.',
    });
  });

  it('a recurrence has no body', async () => {
    const run = await runOnce({
      trigger: { type: 'Recurrence', recurrence: { frequency: 'Day', interval: 1 } },
      actions,
    });
    expect(recordOf(run, 'A').outputs).toBeNull();
  });
});

describe('what is not understood', () => {
  const wrong = (actions: Value): string => {
    try {
      prepared({ actions });
      return '';
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };

  it('is named with its place, all of it at once', () => {
    const message = wrong({
      A: { type: 'JavaScriptCode', inputs: {} },
      S: scope({ B: { type: 'Teleport' } }),
    });
    expect(message).toContain('actions/A: is of the type "JavaScriptCode", which is not run here');
    expect(message).toContain('actions/S/actions/B: is of the type "Teleport"');
  });

  it('covers expressions, conditions, policies, connections, names and order', () => {
    const message = wrong({
      A: compose('@concat("a")'),
      B: { type: 'If', expression: { like: [1, 2] }, actions: {} },
      C: http({ retryPolicy: { type: 'fixed', count: 100, interval: 'PT1S' } }),
      D: {
        type: 'OpenApiConnection',
        inputs: { host: { connectionName: 'shared_nobody', operationId: 'X' }, parameters: {} },
      },
      E: scope({ A: compose(1) }),
      F: compose(1, runsAfter('nobody')),
      G: compose(1, runsAfter('H')),
      H: compose(1, runsAfter('G')),
    });
    for (const part of [
      'actions/A/inputs: Texts must be in single quotes',
      '"like" is not an operator',
      "retry policy's count is 100",
      'names the connection "shared_nobody"',
      'actions/E/actions/A: has the same name as actions/A',
      "names 'nobody', which is not an action next to it",
      "'G' would have to run after itself",
    ])
      expect(message).toContain(part);
  });

  it('stops a run that reaches it, and says how to answer it', async () => {
    await expect(runOnce({ actions: { H: http() } })).rejects.toThrow(
      "actions/H: 'H' calls Http, and nothing leaves this machine. Give its answer in a mock file",
    );
    await expect(
      runOnce({ actions: { W: { type: 'Workflow', inputs: { host: { workflowReferenceName: 'x' } } } } }),
    ).rejects.toThrow('other flows are not run here');
    await expect(
      runOnce({
        actions: {
          O: {
            type: 'OpenApiConnection',
            inputs: { host: { connectionName: 'shared_other', operationId: 'Do' }, parameters: {} },
          },
        },
      }),
    ).rejects.toThrow("'O' calls shared_other/Do, which this machine does not simulate");
  });
});
