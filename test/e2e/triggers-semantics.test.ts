/** Every trigger as a flow sees it. The flow host refuses a payload that is not what the generated definition says. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { InstanceControl } from '../../local/simulator/index.ts';
import { firstInstance, startTestSystem, type TestSystem } from './test-system.ts';

const minute = 60_000;
const sweep = 16 * minute;
let system: TestSystem;
let world: InstanceControl;
let dataset: string;

beforeAll(async () => {
  system = await startTestSystem();
  const instance = firstInstance(system);
  ({ world } = instance);
  dataset = instance.id;
});
afterAll(() => system.close());
afterEach(() => {
  // What a flow refuses would be a breach of the definition.
  expect(system.flowHost.callbacks.filter(({ status }) => status === 400)).toEqual([]);
});

const flow = (name: string, operationId: string, inputs: Readonly<Record<string, unknown>> = {}) =>
  system.flowHost.create(name, operationId, { dataset, ...inputs });

/** Payloads that a flow has accepted. */
const accepted = (name: string) =>
  system.flowHost.callbacks
    .filter((callback) => callback.flow === name && callback.status === 202)
    .map(({ payload }) => payload);

const counts = (...names: readonly string[]) => names.map((name) => accepted(name).length);

describe('a data source refresh', () => {
  it('that succeeds is told once to those who wait for successes, also when it had to be retried', async () => {
    await flow('success', 'OnDataSourceRefreshSucceeded');
    await flow('failure', 'OnDataSourceRefreshFailed');
    const [source] = world.dataSources;
    const { jobId } = world.refreshDataSource(source?.name ?? '', { durationMs: 20_000 });
    await system.clock.advance(3 * minute);
    expect(accepted('success')).toMatchObject([
      {
        trigger: 'OnDataSourceRefreshSucceeded',
        instanceId: dataset,
        dataSourceId: source?.id,
        dataSourceName: source?.friendlyName,
        jobId,
        status: 'successful',
      },
    ]);
    world.refreshDataSource(source?.name ?? '', { outcome: 'retryThenSucceed', durationMs: 3 * minute });
    await system.clock.advance(6 * minute);
    expect(counts('success', 'failure')).toEqual([2, 0]);
    world.refreshDataSource(source?.name ?? '', { outcome: 'fail', durationMs: 30_000 });
    await system.clock.advance(3 * minute);
    expect(counts('success', 'failure')).toEqual([2, 1]);
  });
});

describe('a business measure without a dimension', () => {
  const measure = 'TotalRevenue';
  const evaluate = async (value: string) => {
    world.refreshMeasure(measure, { value, durationMs: 10_000 });
    await system.clock.advance(3 * minute);
  };

  it('is told when it rises above the threshold, exactly', async () => {
    await evaluate('8000000');
    await flow('rise', 'OnMeasureThresholdCrossed', { measure, threshold: 8000000.5 });
    await evaluate('8000000.5');
    expect(accepted('rise'), 'exactly at the threshold is not above').toEqual([]);
    await evaluate('8000000.50000000000000000000000000001');
    expect(accepted('rise')).toMatchObject([
      {
        trigger: 'OnMeasureThresholdCrossed',
        measureName: measure,
        measureDisplayName: 'Total revenue',
        previousValue: 8000000.5,
        threshold: 8000000.5,
        direction: 'above',
      },
    ]);
    await evaluate('8000001');
    await evaluate('7000000');
    expect(accepted('rise')).toHaveLength(1);
    await evaluate('9000000');
    expect(accepted('rise')).toHaveLength(2);
  });

  it('is told when it rose and fell again between two looks, and when the list leaves its value out', async () => {
    await evaluate('100');
    await flow('between', 'OnMeasureThresholdCrossed', { measure, threshold: 1000 });
    const at = system.clock.now();
    system.simulator.world.behaviours.measureListOutput = false;
    await system.clock.advance(10_000);
    world.appendMeasureHistory(measure, [
      { at: at + 2_000, value: '5000' },
      { at: at + 5_000, value: '50' },
    ]);
    await system.clock.advance(3 * minute);
    system.simulator.world.behaviours.measureListOutput = true;
    expect(accepted('between')).toMatchObject([
      { previousValue: 100, currentValue: 5000, occurredAt: new Date(at + 2_000).toISOString() },
    ]);
  });

  it('keeps its state while evaluations fail', async () => {
    await evaluate('500');
    await flow('kept', 'OnMeasureThresholdCrossed', { measure, threshold: 1000 });
    world.refreshMeasure(measure, { outcome: 'fail', durationMs: 10_000 });
    await system.clock.advance(3 * minute);
    expect(accepted('kept')).toEqual([]);
    await evaluate('2000');
    expect(accepted('kept')).toMatchObject([{ previousValue: 500, currentValue: 2000 }]);
  });

  it('is the only kind of measure that can be chosen', async () => {
    const { body } = await system.client.call('ListScalarMeasures', { dataset });
    expect(body).toEqual({
      value: [
        { name: 'AverageOrderValue', displayName: 'Average order value' },
        { name: 'TotalRevenue', displayName: 'Total revenue' },
      ],
    });
    for (const [chosen, code] of [
      ['RevenueByChannel', 'MeasureNotScalar'],
      ['LifetimeSpend', 'MeasureNotScalar'],
      ['Nothing', 'MeasureUnknown'],
    ])
      await expect(
        flow('wrong', 'OnMeasureThresholdCrossed', { measure: chosen, threshold: 1 }),
      ).rejects.toThrow(code ?? '');
  });

  it('that gains a dimension or disappears pauses its subscriptions, with the reason', async () => {
    world.addScalarMeasure('Orders', '5');
    world.addScalarMeasure('Visits', '5');
    await flow('orders', 'OnMeasureThresholdCrossed', { measure: 'Orders', threshold: 10 });
    await flow('visits', 'OnMeasureThresholdCrossed', { measure: 'Visits', threshold: 10 });
    world.addDimension('Orders', 'Region');
    world.removeMeasure('Visits');
    await system.clock.advance(sweep);
    const stopped = system.lines
      .filter(({ text }) => text.includes('subscription stopped'))
      .map(({ text }) => text);
    expect(stopped.filter((text) => text.includes('has a dimension'))).toHaveLength(1);
    expect(stopped.filter((text) => text.includes('does not exist'))).toHaveLength(1);
  });
});

describe('the options of a threshold', () => {
  const segment = 'LoyaltyGold';
  const grow = async (count: number) => {
    world.refreshSegment(segment, { count, durationMs: 5_000 });
    await system.clock.advance(3 * minute);
  };
  const walk = async (...values: readonly number[]) => {
    for (const value of values) await grow(value);
  };

  it('below: is told when the value falls below', async () => {
    await grow(100);
    await flow('fall', 'OnSegmentThresholdCrossed', { segment, threshold: 80, direction: 'below' });
    await walk(80, 90, 80);
    expect(accepted('fall'), 'exactly at the threshold is not below').toEqual([]);
    await walk(79, 70);
    expect(accepted('fall')).toMatchObject([
      { previousValue: 80, currentValue: 79, threshold: 80, direction: 'below' },
    ]);
    await walk(80, 10);
    expect(accepted('fall')).toHaveLength(2);
  });

  it('re-arm level: silent until the value has been there', async () => {
    await grow(100);
    await flow('plain', 'OnSegmentThresholdCrossed', { segment, threshold: 110 });
    await flow('calm', 'OnSegmentThresholdCrossed', { segment, threshold: 110, rearmLevel: 90 });
    await flow('calm below', 'OnSegmentThresholdCrossed', {
      segment,
      threshold: 95,
      direction: 'below',
      rearmLevel: 105,
    });
    await walk(120, 105, 121, 91, 122);
    expect(counts('plain', 'calm', 'calm below')).toEqual([3, 1, 1]);
    await walk(90, 130);
    expect(counts('plain', 'calm', 'calm below')).toEqual([4, 2, 2]);
    expect(accepted('calm').map(({ currentValue }) => currentValue)).toEqual([120, 130]);
  });

  it('re-arm level: must lie on the other side', async () => {
    await expect(
      flow('wrong', 'OnSegmentThresholdCrossed', { segment, threshold: 110, rearmLevel: 111 }),
    ).rejects.toThrow('wrong side');
  });
});

describe('a full refresh', () => {
  it('is told when it has ended, with each of its stages, to those who want such an end', async () => {
    await flow('full', 'OnFullRefreshCompleted');
    await flow('full failed', 'OnFullRefreshCompleted', { outcome: 'failed' });
    await flow('full succeeded', 'OnFullRefreshCompleted', { outcome: 'succeeded' });
    await flow('full scheduled', 'OnFullRefreshCompleted', { runs: 'scheduled' });
    const names = ['full', 'full failed', 'full succeeded', 'full scheduled'] as const;
    const { jobId, tasks } = world.refreshAll({ durationMs: 10_000 });
    await system.clock.advance(5 * minute);
    expect(counts(...names)).toEqual([1, 0, 1, 0]);
    expect(accepted('full')).toMatchObject([
      {
        trigger: 'OnFullRefreshCompleted',
        jobId,
        outcome: 'succeeded',
        status: 'successful',
        startedBy: 'onDemand',
        stageCount: tasks.length,
        failedCount: 0,
      },
    ]);
    world.refreshAll({ kind: 'scheduled', durationMs: 10_000, outcomes: { eCommerce: 'fail' } });
    await system.clock.advance(5 * minute);
    expect(counts(...names)).toEqual([2, 1, 1, 1]);
    const [failed] = accepted('full failed');
    expect(failed).toMatchObject({ outcome: 'failed', startedBy: 'scheduled', failedCount: 1 });
    const stages = failed?.stages as { status: string }[] | undefined;
    expect(stages?.find(({ status }) => status === 'failed')).toMatchObject({
      operation: 'ingestion',
      name: 'E-commerce shop',
      errorMessage: expect.stringContaining('could not be ingested'),
    });
  });
});

describe('unification', () => {
  it('is told when its last stage ends, while the refresh around it goes on', async () => {
    await flow('unified', 'OnUnificationRefreshCompleted');
    await flow('unified failed', 'OnUnificationRefreshCompleted', { outcome: 'failed' });
    world.refreshAll({ durationMs: minute });
    await system.clock.advance(4 * minute + 40_000);
    expect(accepted('unified')).toMatchObject([{ outcome: 'succeeded', status: 'running', stageCount: 3 }]);
    await system.clock.advance(10 * minute);
    expect(counts('unified', 'unified failed')).toEqual([1, 0]);
  });

  it('is told when it was started alone, and says what failed', async () => {
    const before = accepted('unified').length;
    const { jobId } = world.refreshUnification({ durationMs: 20_000, outcomes: { match: 'fail' } });
    await system.clock.advance(5 * minute);
    expect(accepted('unified')).toHaveLength(before + 1);
    expect(accepted('unified failed')).toMatchObject([
      {
        jobId,
        outcome: 'failed',
        stages: [
          { operation: 'map', status: 'successful' },
          { operation: 'match', status: 'failed' },
          { operation: 'merge', status: 'skipped' },
        ],
      },
    ]);
  });
});

describe('an outage', () => {
  it('loses nothing: the backlog is told with the times at which it happened', async () => {
    const segment = 'NewsletterSubscribers';
    const count = Number(world.segments.find(({ name }) => name === segment)?.count);
    await flow('backlog', 'OnSegmentThresholdCrossed', { segment, threshold: count + 10 });
    await flow('backlog jobs', 'OnDataSourceRefreshSucceeded', { dataSource: world.dataSources[1]?.id });
    await system.clock.advance(minute);
    world.setBroken({ calls: true });
    const times: number[] = [];
    for (const value of [count + 20, count, count + 30]) {
      times.push(system.clock.now());
      world.refreshSegment(segment, { count: value, instant: true });
      await system.clock.advance(4 * minute);
    }
    // More jobs than one list shows.
    for (let job = 0; job < 70; job += 1) {
      world.refreshDataSource(world.dataSources[1]?.name ?? '', { instant: true });
      await system.clock.advance(2_000);
    }
    expect(counts('backlog', 'backlog jobs')).toEqual([0, 0]);
    world.setBroken({ calls: false });
    await system.clock.advance(sweep);
    // Two events for one flow: each is told with its own time, in whichever order the queue hands them out.
    expect(
      accepted('backlog')
        .map(({ occurredAt, currentValue }) => [Date.parse(String(occurredAt)), currentValue])
        .sort(),
    ).toEqual([
      [times[0], count + 20],
      [times[2], count + 30],
    ]);
    expect(accepted('backlog jobs')).toHaveLength(70);
    expect(system.lines.filter(({ text }) => text.includes('"gap"'))).toEqual([]);
  });
});

describe('an instance where nothing happens', () => {
  it('costs one call of Customer Insights a minute, and a few more every 15 minutes', async () => {
    await system.clock.advance(sweep);
    const from = system.clock.now();
    await system.clock.advance(30 * minute);
    const calls = system.simulator.world.requests.entries.filter(
      ({ at, instanceId }) => at >= from && instanceId === dataset,
    );
    const of = (path: string) => calls.filter((call) => call.path.endsWith(path)).length;
    expect(of('/jobs')).toBeGreaterThanOrEqual(29);
    expect(of('/jobs')).toBeLessThanOrEqual(31);
    // The half hour has three sweeps when it begins with one.
    const sweeps = of('/segments');
    expect([2, 3]).toContain(sweeps);
    expect([of('/measures'), of('/datasources')]).toEqual([sweeps, sweeps]);
    expect(calls).toHaveLength(of('/jobs') + 3 * sweeps);
  });
});
