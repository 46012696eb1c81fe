import { describe, expect, it } from 'vitest';
import type { SubscriptionId } from '../../../lambda/runtime/ids.ts';
import { cursorStore } from '../../../lambda/store/cursors.ts';
import { defaultConditions } from '../../../lambda/triggers/conditions.ts';
import type { ObservedMeasure } from '../../../lambda/triggers/observation.ts';
import { decimal } from '../store/example-subscription.ts';
import {
  callbackUrl,
  endedJob,
  instanceId,
  noon,
  registeredOf,
  segment,
  shop,
  subscriptionsWorld,
} from './world.ts';

/*
 * State: subscriptions, with what their authors chose; starting values for the next look.
 * Events: each trigger is registered, with its options and without; with inputs that cannot work.
 * Invariants:
 *  - what is stored is what was chosen, with the defaults made explicit;
 *  - a choice that could never fire, or that the source does not have, is refused with what to do.
 */

const minute = 60_000;
const revenue: ObservedMeasure = {
  name: 'Revenue',
  displayName: 'Total revenue',
  scalar: true,
  lastRunId: 'run-1',
  evaluations: [{ at: noon - minute, value: decimal('99.5'), runId: 'run-1' }],
  unreadable: [],
};

const worldWith = (source: Parameters<typeof subscriptionsWorld>[0] = {}) => {
  const world = subscriptionsWorld({ measures: [revenue], segments: [segment([0, 100])], ...source });
  const { implementations: all, context, store } = world;
  const path = { dataset: instanceId };
  const url = { callbackUrl: callbackUrl('flow') };
  const stored = async (registration: ReturnType<typeof all.OnFullRefreshCompleted>) => {
    const { headers } = await registration;
    const found = await store.find(registeredOf(headers).subscriptionId as SubscriptionId);
    return found?.body ?? expect.fail('not stored');
  };
  return {
    ...world,
    fullRefresh: (body: object) =>
      stored(all.OnFullRefreshCompleted({ path, query: {}, body: { ...url, ...body } }, context)),
    unification: (body: object) =>
      stored(all.OnUnificationRefreshCompleted({ path, query: {}, body: { ...url, ...body } }, context)),
    success: (body: object) =>
      stored(all.OnDataSourceRefreshSucceeded({ path, query: {}, body: { ...url, ...body } }, context)),
    overSegment: (body: { threshold: number }, exactNumbers?: Readonly<Record<string, string>>) =>
      stored(
        all.OnSegmentThresholdCrossed(
          { path, query: {}, body: { ...url, segment: 'HighValue', ...body } },
          { ...context, ...(exactNumbers && { exactNumbers }) },
        ),
      ),
    overMeasure: (body: { measure: string; threshold: number }) =>
      stored(all.OnMeasureThresholdCrossed({ path, query: {}, body: { ...url, ...body } }, context)),
  };
};

const refusal = (call: Promise<unknown>) =>
  call.then(
    () => expect.fail('it was not refused'),
    (error: unknown) => error as { readonly code: string; readonly message: string },
  );

describe('completions', () => {
  it('are stored with what was chosen, for the instance as a whole', async () => {
    const world = worldWith({ jobs: [endedJob('old', 1)] });
    expect(await world.fullRefresh({})).toMatchObject({
      trigger: 'OnFullRefreshCompleted',
      subject: null,
      threshold: null,
      conditions: defaultConditions,
      baseline: { at: noon + minute },
    });
    expect(await world.fullRefresh({ runs: 'scheduled', outcome: 'failed' })).toMatchObject({
      conditions: { runs: 'scheduled', outcome: 'failed' },
    });
    expect(await world.unification({ outcome: 'succeeded' })).toMatchObject({
      trigger: 'OnUnificationRefreshCompleted',
      conditions: { runs: 'all', outcome: 'succeeded' },
    });
  });

  it('saved again with another choice begin anew, with the same they go on', async () => {
    const world = worldWith();
    const first = await world.fullRefresh({ outcome: 'failed' });
    expect((await world.fullRefresh({ outcome: 'failed' })).generation).toBe(first.generation);
    expect((await world.fullRefresh({ outcome: 'any' })).generation).not.toBe(first.generation);
  });
});

describe('successes of a data source', () => {
  it('are stored for one source or for any', async () => {
    const world = worldWith();
    expect(await world.success({})).toMatchObject({ trigger: 'OnDataSourceRefreshSucceeded', subject: null });
    expect(await world.success({ dataSource: shop.dataSourceId })).toMatchObject({
      subject: shop.dataSourceId,
    });
    expect(await refusal(world.success({ dataSource: 'gone' }))).toMatchObject({ code: 'DataSourceUnknown' });
  });
});

describe('a threshold', () => {
  it('is stored with its direction and its re-arm level', async () => {
    const world = worldWith();
    expect(await world.overSegment({ threshold: 500 })).toMatchObject({ conditions: defaultConditions });
    const body = { threshold: 500, direction: 'below', rearmLevel: 600.5 };
    expect(await world.overSegment(body)).toMatchObject({
      threshold: '500',
      conditions: { direction: 'below', rearmLevel: '600.5' },
    });
  });

  it('needs no re-arm level at itself', async () => {
    const body = { threshold: 500, rearmLevel: 500 };
    expect(await worldWith().overSegment(body)).toMatchObject({ conditions: { rearmLevel: null } });
  });

  it('keeps every digit that was sent', async () => {
    const digits = '12345678901234567890.123456789012345678';
    const world = worldWith();
    expect(await world.overSegment({ threshold: Number(digits) }, { threshold: digits })).toMatchObject({
      threshold: digits,
    });
    expect(
      await refusal(world.overSegment({ threshold: Number(digits) }, { threshold: `${digits}9` })),
    ).toMatchObject({ code: 'RequestInvalid', message: expect.stringContaining('38 significant digits') });
  });

  it.each([
    ['above', 600, 'at most 500'],
    ['below', 400, 'at least 500'],
  ])(
    '%s refuses the re-arm level %i, which would leave it silent for ever',
    async (direction, rearmLevel, allowed) => {
      const world = worldWith();
      const body = { threshold: 500, direction, rearmLevel };
      expect(await refusal(world.overSegment(body))).toMatchObject({
        code: 'RequestInvalid',
        message: expect.stringContaining(allowed),
      });
      expect(world.items.items.size).toBe(0);
    },
  );

  it('leaves the value it begins with for the next look, once for each subject', async () => {
    const world = worldWith();
    await world.overSegment({ threshold: 500 });
    const starting = () => cursorsOf(world).startingValues(instanceId);
    expect((await starting()).map(({ body }) => body)).toEqual([
      { kind: 'segment', name: 'HighValue', at: noon, value: '100', readAt: noon },
    ]);
    world.state.segments = [segment([0, 100], [5, 700])];
    await world.overSegment({ threshold: 900 });
    expect(await starting()).toMatchObject([{ body: { value: '100' } }]);
  });
});

const cursorsOf = ({ items }: ReturnType<typeof worldWith>) => cursorStore(items);

describe('a measure', () => {
  it('is stored with its last evaluation as the baseline', async () => {
    const world = worldWith();
    expect(await world.overMeasure({ measure: 'Revenue', threshold: 100 })).toMatchObject({
      trigger: 'OnMeasureThresholdCrossed',
      subject: 'Revenue',
      threshold: '100',
      baseline: { at: noon - minute, occurrences: ['run-1'] },
    });
    expect(await cursorsOf(world).startingValues(instanceId)).toMatchObject([
      { body: { kind: 'measure', name: 'Revenue', value: '99.5', runId: 'run-1' } },
    ]);
  });

  it('never evaluated begins at nothing, and is followed', async () => {
    const world = worldWith({ measures: [{ ...revenue, evaluations: [], lastRunId: undefined }] });
    expect(await world.overMeasure({ measure: 'Revenue', threshold: 100 })).toMatchObject({
      baseline: { at: 0, occurrences: [] },
    });
    expect(await cursorsOf(world).startingValues(instanceId)).toMatchObject([
      { body: { at: 0, value: null } },
    ]);
  });

  it.each([
    ['that is not there', 'Nothing', true, 'MeasureUnknown'],
    ['with a dimension', 'Revenue', false, 'MeasureNotScalar'],
  ])('%s is refused, and nothing is stored', async (_, measure, scalar, code) => {
    const world = worldWith({ measures: [{ ...revenue, scalar }] });
    expect(await refusal(world.overMeasure({ measure, threshold: 100 }))).toMatchObject({ code });
    expect(world.items.items.size).toBe(0);
  });
});
