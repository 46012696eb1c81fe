import { describe, expect, it } from 'vitest';
import { failDataSource, type firstInstance, type TestSystem, useTestSystem } from './test-system.ts';

const minute = 60_000;
let system: TestSystem;
let instance: ReturnType<typeof firstInstance>;

useTestSystem((started, first) => {
  [system, instance] = [started, first];
});

/** Callbacks that a flow has accepted. */
const accepted = (flow: string) =>
  system.flowHost.callbacks.filter((callback) => callback.flow === flow && callback.status === 202);

const member = (name: string): number => {
  const segment = instance.world.segments.find((candidate) => candidate.name === name);
  if (!segment) throw new Error(`There is no segment ${name}.`);
  return Number(segment.count);
};

describe('a data source refresh that fails', () => {
  it('calls the flow once, with a payload that its schema describes', async () => {
    await system.flowHost.create('failures', 'OnDataSourceRefreshFailed', { dataset: instance.id });
    const [source] = instance.world.dataSources;
    const job = instance.world.refreshDataSource(source?.name ?? '', { outcome: 'fail', durationMs: 20_000 });
    await system.clock.advance(5 * minute);
    expect(accepted('failures')).toHaveLength(1);
    expect(accepted('failures')[0]?.payload).toMatchObject({
      trigger: 'OnDataSourceRefreshFailed',
      instanceId: instance.id,
      instanceName: instance.name,
      dataSourceId: source?.id,
      dataSourceName: source?.friendlyName,
      jobId: job.jobId,
      status: 'failed',
    });
    await system.clock.advance(20 * minute);
    expect(accepted('failures')).toHaveLength(1);
  });

  it('is no failure when a retry heals it', async () => {
    const before = accepted('failures').length;
    const [source] = instance.world.dataSources;
    instance.world.refreshDataSource(source?.name ?? '', { outcome: 'retryThenSucceed', durationMs: 60_000 });
    await system.clock.advance(20 * minute);
    expect(accepted('failures')).toHaveLength(before);
  });

  it('concerns only flows that watch this source', async () => {
    const [first, second] = instance.world.dataSources;
    await system.flowHost.create('second source', 'OnDataSourceRefreshFailed', {
      dataset: instance.id,
      dataSource: second?.id,
    });
    instance.world.refreshDataSource(first?.name ?? '', { outcome: 'fail', durationMs: 20_000 });
    await system.clock.advance(5 * minute);
    expect(accepted('second source')).toHaveLength(0);
    instance.world.refreshDataSource(second?.name ?? '', { outcome: 'fail', durationMs: 20_000 });
    await system.clock.advance(5 * minute);
    expect(accepted('second source')).toHaveLength(1);
  });
});

describe('a segment that grows across the threshold', () => {
  const segment = 'HighValueCustomers';
  const grow = async (count: number) => {
    instance.world.refreshSegment(segment, { count, durationMs: 10_000 });
    await system.clock.advance(5 * minute);
  };

  it('calls the flow once, not again while it stays above, and again after a fall', async () => {
    const start = member(segment);
    const threshold = start + 10;
    await system.flowHost.create('growth', 'OnSegmentThresholdCrossed', {
      dataset: instance.id,
      segment,
      threshold,
    });
    await grow(threshold);
    expect(accepted('growth'), 'exactly at the threshold is not above').toHaveLength(0);
    await grow(threshold + 1);
    expect(accepted('growth')).toHaveLength(1);
    expect(accepted('growth')[0]?.payload).toMatchObject({
      segmentName: segment,
      previousValue: threshold,
      currentValue: threshold + 1,
      threshold,
    });
    await grow(threshold + 30);
    expect(accepted('growth'), 'stays above').toHaveLength(1);
    await grow(start);
    expect(accepted('growth'), 'a fall is silent').toHaveLength(1);
    await grow(threshold + 5);
    expect(accepted('growth')).toHaveLength(2);
    const [a, b] = accepted('growth');
    expect(a?.payload.eventId).not.toBe(b?.payload.eventId);
  });

  it('does not call a flow that registered when it was above already', async () => {
    await system.flowHost.create('late', 'OnSegmentThresholdCrossed', {
      dataset: instance.id,
      segment,
      threshold: member(segment) - 5,
    });
    await grow(member(segment) + 3);
    expect(accepted('late')).toHaveLength(0);
  });
});

describe('unregistering', () => {
  it('stops the events, and can be repeated', async () => {
    const flow = await system.flowHost.create('short-lived', 'OnDataSourceRefreshFailed', {
      dataset: instance.id,
    });
    const location = flow.location ?? '';
    expect(location.startsWith(`${system.client.publicUrl}/subscriptions/`)).toBe(true);
    expect((await system.client.unsubscribe(location)).status).toBe(204);
    expect((await system.client.unsubscribe(location)).status).toBe(204);
    await failDataSource(system, instance);
    expect(accepted('short-lived')).toHaveLength(0);
  });

  it('with a superseded secret leaves the newer registration alone', async () => {
    const flow = await system.flowHost.create('saved twice', 'OnDataSourceRefreshFailed', {
      dataset: instance.id,
    });
    const first = flow.location ?? '';
    await flow.save();
    expect(flow.location).not.toBe(first);
    expect((await system.client.unsubscribe(first)).status).toBe(204);
    await failDataSource(system, instance);
    expect(accepted('saved twice')).toHaveLength(1);
  });
});

describe('a flow that does not answer', () => {
  it('is tried again until it does, with the same delivery id', async () => {
    const flow = await system.flowHost.create('tired', 'OnDataSourceRefreshFailed', { dataset: instance.id });
    flow.answerWith({ status: 503, times: 3 });
    await failDataSource(system, instance, 60 * minute);
    const attempts = system.flowHost.callbacks.filter((callback) => callback.flow === 'tired');
    expect(attempts.map(({ status }) => status)).toEqual([503, 503, 503, 202]);
    expect(new Set(attempts.map(({ payload }) => payload.deliveryId)).size).toBe(1);
  });

  it('is left in peace when it is switched off', async () => {
    const flow = await system.flowHost.create('off', 'OnDataSourceRefreshFailed', { dataset: instance.id });
    await flow.switchOff({ unsubscribe: false });
    const fail = () => failDataSource(system, instance);
    await fail();
    await fail();
    expect(
      system.flowHost.callbacks.filter((callback) => callback.flow === 'off').map(({ status }) => status),
    ).toEqual([400]);
    await flow.switchOn();
    await fail();
    expect(accepted('off'), 'registered again').toHaveLength(1);
  });
});

describe('secrets', () => {
  it('stand in no line of any log', () => {
    const text = system.lines.map((line) => line.text).join('\n');
    expect(system.lines.length).toBeGreaterThan(20);
    expect(text).not.toMatch(/sig=|eyJ[\w-]+\.eyJ|local-api-secret/);
    const { primary, secondary } = instance.world.subscriptionKeys;
    expect(text.includes(primary) || text.includes(secondary)).toBe(false);
  });
});
