import { describe, expect, it } from 'vitest';
import { chanceOf } from './chance.ts';
import { createFlow, type Flow, type Operation } from './flows.ts';
import { referenceOf } from './reference.ts';
import { createInstance } from './source-world.ts';
import type { Inputs } from './trigger-kinds.ts';
import type { Truth } from './truth.ts';

const instance = createInstance(chanceOf(1, 1), 0, false);

const inputs: Inputs = {
  trigger: 'OnDataSourceRefreshFailed',
  instanceId: instance.id,
  subject: null,
  threshold: null,
  direction: 'above',
  rearmLevel: null,
  outcome: 'any',
  runs: 'all',
};

const failedAt = (finalAt: number): Truth => ({
  trigger: inputs.trigger,
  instance,
  subject: 'source',
  key: `task ${finalAt}`,
  finalAt,
  visibleAt: finalAt,
  optional: false,
  expected: {},
  oneOf: {},
});

const done = (
  kind: Operation['kind'],
  begin: number,
  end: number,
  more: Partial<Operation> = {},
): Operation => ({
  kind,
  id: begin,
  begin,
  end,
  outcome: Number.isFinite(end) ? 'confirmed' : 'under way',
  ...more,
});

const flowOf = (...operations: readonly Operation[]): Flow => ({
  ...createFlow(0),
  operations: [...operations],
});

const isOwed = (flow: Flow, stops: readonly number[], promptMs?: number) => {
  const truth = failedAt(1_000);
  const history = {
    flow,
    stops: stops.map((at) => ({
      at,
      host: 'h',
      subscriptionId: 's',
      state: 'paused' as const,
      since: new Date(0).toISOString(),
      registration: '',
    })),
  };
  return referenceOf(history, [truth]).isOwed(truth, promptMs);
};

const registered = done('register', 100, 200, { inputs });

describe('an event that became final after a registration was confirmed', () => {
  it('is owed, and not when the subscription was stopped at any time since', () => {
    expect(isOwed(flowOf(registered), [])).toBe(true);
    expect(isOwed(flowOf(registered), [5_000])).toBe(false);
  });

  it('is owed where events are sent promptly and the stop came later', () => {
    expect(isOwed(flowOf(registered), [5_000], 3_000)).toBe(true);
    expect(isOwed(flowOf(registered), [5_000], 6_000)).toBe(false);
  });

  it('is not owed to a flow that was switched off before it registered, and is still off', () => {
    const off = (end: number) => flowOf(done('off', 10, end), registered);
    expect(isOwed(off(50), [5_000], 3_000)).toBe(true);
    expect(isOwed(off(Number.POSITIVE_INFINITY), [5_000], 3_000)).toBe(false);
  });
});
