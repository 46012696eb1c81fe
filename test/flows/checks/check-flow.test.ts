/** The rules by which the platform refuses a flow when it is saved, and what the check says of each. */
import { describe, expect, it } from 'vitest';
import { checkPackage } from '../../../flows/checks/check-package.ts';
import type { Value, ValueObject } from '../../../flows/expressions/values.ts';
import { ownConnector } from '../../../flows/packages/own-connector.ts';
import { readPackage } from '../../../flows/packages/read-package.ts';
import { compose, runsAfter } from '../runner/harness.ts';

const own = ownConnector();

const check = (
  actions: ValueObject,
  more: { readonly trigger?: ValueObject; readonly parameters?: ValueObject } = {},
): readonly string[] => {
  const definition = {
    parameters: more.parameters ?? {},
    triggers: { manual: more.trigger ?? { type: 'Request', kind: 'Http' } },
    actions,
  };
  const bytes = new TextEncoder().encode(JSON.stringify(definition));
  return checkPackage(readPackage(bytes, 'x'), own).map(
    ({ severity, place, problem }) => `${severity} ${place.replace('x: ', '')}: ${problem}`,
  );
};

const loop = (type: 'Foreach' | 'Until', actions: ValueObject): ValueObject => ({
  type,
  ...(type === 'Foreach' ? { foreach: '@createArray(1)' } : { expression: '@true', limit: { count: 2 } }),
  actions,
  runAfter: {},
});
const response = (statusCode: number, schema?: Value): ValueObject => ({
  type: 'Response',
  inputs: { statusCode, ...(schema !== undefined && { schema }) },
  runAfter: {},
});
const init = (name: string, runAfter: ValueObject = {}): ValueObject => ({
  type: 'InitializeVariable',
  inputs: { variables: [{ name, type: 'integer', value: 0 }] },
  runAfter,
});
const teams = (operationId: string, parameters: ValueObject): ValueObject => ({
  type: 'OpenApiConnection',
  inputs: {
    host: {
      apiId: '/providers/Microsoft.PowerApps/apis/shared_teams',
      connectionName: 'shared_teams',
      operationId,
    },
    parameters,
  },
  runAfter: {},
});
const ours = (operationId: string, parameters: ValueObject): ValueObject => ({
  type: 'OpenApiConnection',
  inputs: {
    host: {
      apiId: '/providers/Microsoft.PowerApps/apis/shared_cic-5fcustomerinsights-5f0123456789abcdef',
      connectionName: 'shared_ours',
      operationId,
    },
    parameters,
  },
  runAfter: {},
});
const message = {
  poster: 'Flow bot',
  location: 'Channel',
  'body/recipient/groupId': 'g',
  'body/recipient/channelId': 'c',
  'body/messageBody': 'x',
};
const nested = (depth: number): ValueObject =>
  depth === 0
    ? { Leaf: compose(1) }
    : { [`S${depth}`]: { type: 'Scope', actions: nested(depth - 1), runAfter: {} } };
const recurrence = { type: 'Recurrence', recurrence: { frequency: 'Day', interval: 1 } };

const rules: Readonly<Record<string, readonly [readonly string[], string]>> = {
  'Response in a loop': [
    check({ L: loop('Foreach', { R: response(200) }) }),
    'refused actions/L/actions/R: Response is not allowed in a loop.',
  ],
  'Response after a recurrence': [
    check({ R: response(200) }, { trigger: recurrence }),
    'refused actions/R: Response needs a trigger that is called',
  ],
  'Responses of one status with different schemas': [
    check({
      A: response(200, { type: 'object' }),
      B: { ...response(200, { type: 'array' }), runAfter: runsAfter('A') },
    }),
    'have different schemas',
  ],
  'Response in a parallel branch': [
    check({ A: compose(1), R: response(200) }),
    'doubtful actions/R: Response is in a parallel branch',
  ],
  'Terminate in a loop': [
    check({ L: loop('Until', { T: { type: 'Terminate', inputs: { runStatus: 'Failed' } } }) }),
    'Terminate is not allowed in a loop',
  ],
  'InitializeVariable below the top': [
    check({ S: { type: 'Scope', actions: { V: init('v') } } }),
    'at the top level only',
  ],
  'nesting of more than eight': [check(nested(9)), 'nested 9 deep; 8 are allowed'],
  'names that are used twice': [
    check({ A: compose(1), S: { type: 'Scope', actions: { a: compose(2) } } }),
    'has the same name',
  ],
  'runAfter of another level': [
    check({ S: { type: 'Scope', actions: { A: compose(1) } }, B: compose(2, runsAfter('A')) }),
    "names 'A', which is not an action next to it",
  ],
  'a cycle': [
    check({ A: compose(1, runsAfter('B')), B: compose(2, runsAfter('A')) }),
    'would have to run after itself',
  ],
  'an action that is not there': [
    check({ Get_it: compose(1), B: compose("@outputs('Get it')", runsAfter('Get_it')) }),
    "Did you mean 'Get_it'? In expressions blanks of a name are underscores",
  ],
  'an action of a parallel branch': [
    check({ A: compose(1), B: compose("@outputs('A')") }),
    "outputs('A') is not in the runAfter path of 'B'",
  ],
  'an action itself': [check({ A: compose("@outputs('A')") }), 'names the action itself'],
  'an action of the other branch': [
    check({
      I: {
        type: 'If',
        expression: { equals: [1, 1] },
        actions: { Y: compose(1) },
        else: { actions: { N: compose("@outputs('Y')") } },
      },
    }),
    "outputs('Y') is not in the runAfter path of 'N'",
  ],
  'a loop’s list from inside the loop': [
    check({ L: { type: 'Foreach', foreach: "@outputs('A')", actions: { A: compose(1) }, runAfter: {} } }),
    "outputs('A') is not in the runAfter path of 'L'",
  ],
  'a name that is calculated': [
    check({ A: compose(1), B: compose("@outputs(concat('A'))", runsAfter('A')) }),
    'needs a name that is a literal text',
  ],
  'an unknown function, which fails later': [
    check({ A: compose("@contcat('a')") }),
    "fails actions/A/inputs: The template function 'contcat' is not defined or not valid. Did you mean concat()?",
  ],
  'a wrong number of arguments, which fails later': [
    check({ A: compose("@toLower('a', 'b')") }),
    'fails actions/A/inputs: toLower() has 2 arguments here',
  ],
  'double quotes': [
    check({ A: compose('@concat("a")') }),
    'refused actions/A/inputs: Texts must be in single quotes',
  ],
  'a variable that nobody initialises': [
    check({ A: compose("@variables('x')") }),
    "The variable 'x' is not initialised anywhere",
  ],
  'a variable that is initialised elsewhere': [
    check({ V: init('x'), A: compose("@variables('x')") }),
    "initialised by 'v', which may not have run before 'A'",
  ],
  'a variable that is initialised twice': [
    check({ A: init('x'), B: init('X', runsAfter('A')) }),
    "The variable 'X' is initialised by actions/A already",
  ],
  'a variable set from itself': [
    check({
      V: init('x'),
      S: {
        type: 'SetVariable',
        inputs: { name: 'x', value: "@add(variables('x'), 1)" },
        runAfter: runsAfter('V'),
      },
    }),
    'is set from itself',
  ],
  'a parameter that is not there': [
    check(
      { A: compose("@parameters('taem')") },
      { parameters: { team: { type: 'String', defaultValue: 'x' } } },
    ),
    "Did you mean 'team'?",
  ],
  'items() of no loop': [check({ A: compose("@items('L')") }), 'is in no Foreach loop'],
  'item() outside': [check({ A: compose('@item()') }), 'item() is in no loop'],
  'an action in the trigger': [
    check(
      { A: compose(1) },
      { trigger: { type: 'Request', conditions: [{ expression: "@equals(outputs('A'), 1)" }] } },
    ),
    'cannot be used in the trigger',
  ],
  'splitOn that is not an expression': [
    check({ A: compose(1) }, { trigger: { type: 'Request', splitOn: 'items' } }),
    'splitOn is an expression',
  ],
  'a recurrence in the wrong case': [
    check(
      { A: compose(1) },
      { trigger: { type: 'Recurrence', recurrence: { frequency: 'day', interval: 0 } } },
    ),
    'letter case matters',
  ],
  'concurrency beyond its limits': [
    check({ L: { ...loop('Foreach', {}), runtimeConfiguration: { concurrency: { repetitions: 51 } } } }),
    '1 to 50 are allowed',
  ],
  'a name of more than 80 characters': [
    check({ [`A${'a'.repeat(80)}`]: compose(1) }),
    '81 characters; 80 are allowed',
  ],
  'more than 25 cases': [
    check({
      S: {
        type: 'Switch',
        expression: "@concat('a')",
        cases: Object.fromEntries(
          Array.from({ length: 26 }, (_, index) => [`C${index}`, { case: `${index}`, actions: {} }]),
        ),
        default: { actions: {} },
      },
    }),
    '26 cases; 25 are allowed',
  ],
  'body/subject of a Teams message': [
    check({ T: teams('PostMessageToConversation', { ...message, 'body/subject': 'x' }) }),
    "InvalidOpenApiFlow: PostMessageToConversation has no parameter 'body/subject'",
  ],
  'a channel without a team': [
    check({
      T: teams('PostMessageToConversation', {
        poster: 'Flow bot',
        location: 'Channel',
        'body/messageBody': 'x',
        'body/recipient/channelId': 'c',
      }),
    }),
    "needs 'body/recipient/groupId'",
  ],
  'an operation that is deprecated': [
    check({ T: teams('PostMessageToChannelV3', {}) }),
    'doubtful actions/T/inputs/host: PostMessageToChannelV3 of Microsoft Teams is deprecated',
  ],
  'an operation that our connector does not have': [
    check({ O: ours('RefreshAll', {}) }),
    "has no operation 'RefreshAll'",
  ],
  'a value that our operation does not take': [
    check({ O: ours('Refresh', { dataset: 'x', 'body/target': 'everything' }) }),
    "takes 'dataSource', 'segment', 'measure', 'all', not 'everything'",
  ],
  'a token that our operation does not give': [
    check({
      O: ours('Refresh', { dataset: 'x', 'body/target': 'all' }),
      A: compose("@outputs('O')?['body/jobID2']", runsAfter('O')),
    }),
    "fails actions/A/inputs: outputs('O') has no 'jobID2'. Did you mean 'jobId'?",
  ],
  'a list taken for an object': [
    check({
      O: ours('Refresh', { dataset: 'x', 'body/target': 'all' }),
      A: compose("@body('O')?['subjects']?['name']", runsAfter('O')),
    }),
    'is a list; take one element first',
  ],
};

describe('a flow is refused for', () => {
  it.each(Object.entries(rules))('%s', (_name, [found, expected]) => {
    expect(found.join('\n')).toContain(expected);
  });
});

describe('a flow is not refused for', () => {
  it('what is in order', () => {
    expect(
      check({
        V: init('n'),
        U: {
          type: 'Until',
          expression: "@equals(outputs('C'), 3)",
          limit: { count: 5 },
          actions: {
            I: { type: 'IncrementVariable', inputs: { name: 'n', value: 1 }, runAfter: {} },
            C: compose("@variables('n')", runsAfter('I')),
          },
          runAfter: runsAfter('V'),
        },
        T: { ...teams('PostMessageToConversation', message), runAfter: runsAfter('U') },
        R: {
          type: 'Select',
          inputs: { from: '@range(1, 3)', select: { n: '@item()' } },
          runAfter: runsAfter('T'),
        },
      }),
    ).toEqual([]);
  });

  it('operations of Microsoft’s connectors that are not described here', () => {
    expect(check({ T: teams('ListAllTeams', { anything: 1 }) })).toEqual([]);
  });

  it('types that only this engine does not know: they are doubtful', () => {
    expect(check({ A: { type: 'JavaScriptCode', inputs: {} } }).join()).toMatch(
      /^doubtful actions\/A: is of the type/,
    );
  });
});
