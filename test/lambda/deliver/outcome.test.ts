import { describe, expect, it } from 'vitest';
import { consequenceOf } from '../../../lambda/deliver/outcome.ts';
import { answered } from './deliver-world.ts';

describe('the answer of the platform', () => {
  it.each([
    [200, undefined, 'delivered'],
    [202, undefined, 'delivered'],
    [204, undefined, 'delivered'],
    [299, undefined, 'delivered'],
    [301, undefined, 'refuse'],
    [307, undefined, 'refuse'],
    [400, 'WorkflowTriggerIsNotEnabled', 'pause'],
    [400, 'TriggerInputSchemaMismatch', 'refuse'],
    [400, 'SomethingNew', 'refuse'],
    [400, undefined, 'retry'],
    [401, undefined, 'retry'],
    [403, undefined, 'retry'],
    [404, 'WorkflowNotFound', 'end'],
    [404, 'WorkflowVersionNotFound', 'end'],
    [404, 'WorkflowTriggerNotFound', 'end'],
    // Not the platform's word for a flow: of a gateway on the way.
    [404, 'ResourceNotFound', 'doubt'],
    [404, undefined, 'doubt'],
    [408, undefined, 'retry'],
    [409, undefined, 'refuse'],
    [410, 'WorkflowNotFound', 'end'],
    [410, undefined, 'doubt'],
    [413, undefined, 'refuse'],
    [429, undefined, 'retry'],
    // The code alone decides nothing: a throttled flow may well be named in the body.
    [429, 'WorkflowTriggerIsNotEnabled', 'retry'],
    [500, undefined, 'retry'],
    [502, undefined, 'retry'],
    [503, undefined, 'retry'],
    [504, undefined, 'retry'],
    [599, undefined, 'retry'],
    [100, undefined, 'refuse'],
    [999, undefined, 'refuse'],
    [1000, undefined, 'refuse'],
  ] as const)('%i %s → %s', (status, errorCode, consequence) => {
    const verdict = consequenceOf(answered(status, { errorCode }));
    expect(verdict.consequence).toBe(consequence);
    expect(verdict.meaning).not.toBe('');
  });

  it('that did not come → retry, for the reason given', () => {
    expect(consequenceOf({ kind: 'unreachable', reason: 'ECONNREFUSED' })).toEqual({
      consequence: 'retry',
      meaning: 'ECONNREFUSED',
    });
  });
});
