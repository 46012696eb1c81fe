import { describe, expect, it } from 'vitest';
import { exampleConfiguration } from '../../../config/example.ts';
import type { SubscriptionId } from '../../../lambda/runtime/ids.ts';
import { StoreUnavailable } from '../../../lambda/store/table.ts';
import { memoryTable } from '../memory-table.ts';
import { decimal, idsOf } from '../store/example-subscription.ts';
import { callbackUrl, endedJob, instanceId, noon, segment, shop, subscriptionsWorld } from './world.ts';

/*
 * State: the subscriptions in the table; what Customer Insights would answer; the time.
 * Events: a flow registers (again, with other inputs), deletes with some secret; somebody stops the subscription.
 * Invariants:
 *  - what was told 201 is stored, with a baseline read before;
 *  - only the newest secret removes, and a delete always answers alike;
 *  - a request that is refused stores nothing.
 */

const stored = async (world: ReturnType<typeof subscriptionsWorld>, id: string) =>
  (await world.store.find(id as SubscriptionId)) ?? expect.fail('not stored');

const refusal = async (call: Promise<unknown>) =>
  call.then(
    () => expect.fail('it was not refused'),
    (error: unknown) => error as { readonly code: string; readonly status: number; readonly message: string },
  );

describe('a registration', () => {
  it('answers with the address that removes it, on the host of the definition', async () => {
    const world = subscriptionsWorld();
    const { location, subscriptionId, body } = await world.watchSegment('flow', 500);
    expect(location).toMatch(
      /^https:\/\/insights-connector\.example\.com\/v1\/subscriptions\/[\w-]{33}\/[\w-]+$/,
    );
    expect(body).toEqual({
      subscriptionId,
      trigger: 'OnSegmentThresholdCrossed',
      createdAt: new Date(noon).toISOString(),
    });
  });

  it('answers on the host that was called where the configuration names none', async () => {
    const world = subscriptionsWorld();
    const { host, ...connector } = exampleConfiguration.connector;
    const { location } = await world
      .on(world.items, { settings: { ...exampleConfiguration, connector } })
      .watchSource('flow');
    expect(host).toBeDefined();
    expect(location).toMatch(/^https:\/\/api\.example\.org\/v1\//);
  });

  it('keeps neither the secret nor the callback URL in the clear, nor logs them', async () => {
    const world = subscriptionsWorld();
    const { secret } = await world.watchSegment('flow', 500);
    const kept = JSON.stringify([...world.items.items.values()]);
    expect(kept).not.toContain(secret);
    expect(world.logText()).not.toContain(secret);
    expect(world.logText()).not.toContain('sig=');
    expect(world.lines).toMatchObject([{ message: 'subscription registered', keys: { again: false } }]);
  });

  it('of a segment takes its latest evaluation as the baseline', async () => {
    const world = subscriptionsWorld({ segments: [segment([0, 100], [5, 300])] });
    const { subscriptionId } = await world.watchSegment('flow', 500);
    expect((await stored(world, subscriptionId)).body).toMatchObject({
      threshold: '500',
      subject: 'HighValue',
      baseline: { at: noon + 300_000, occurrences: [new Date(noon + 300_000).toISOString()] },
      principal: { tenantId: 'tenant', objectId: 'user', clientAppId: 'connector' },
    });
  });

  it('of a segment that is just being evaluated takes the latest success of its history', async () => {
    const world = subscriptionsWorld({ latest: [segment()], segments: [segment([0, 100], [5, 300])] });
    const { subscriptionId } = await world.watchSegment('flow', 500);
    expect((await stored(world, subscriptionId)).body.baseline.at).toBe(noon + 300_000);
  });

  it('of a segment that was never evaluated begins at nothing', async () => {
    const world = subscriptionsWorld({ segments: [segment()] });
    const { subscriptionId } = await world.watchSegment('flow', 500);
    expect((await stored(world, subscriptionId)).body.baseline).toEqual({ at: 0, occurrences: [] });
  });

  it('of data sources takes what had ended as the baseline', async () => {
    const world = subscriptionsWorld({ jobs: [endedJob('old', 1), endedJob('newest', 7)] });
    const { subscriptionId } = await world.watchSource('flow');
    expect((await stored(world, subscriptionId)).body).toMatchObject({
      subject: null,
      threshold: null,
      baseline: { at: noon + 420_000, occurrences: ['newest'] },
    });
  });

  it('of one data source is found by it', async () => {
    const world = subscriptionsWorld();
    const { subscriptionId } = await world.watchSource('flow', ` ${shop.dataSourceId} `);
    const of = (subject: string) =>
      idsOf(world.store.ofSubject(instanceId, 'OnDataSourceRefreshFailed', subject));
    expect(await of(shop.dataSourceId)).toEqual([subscriptionId]);
    expect(await of('another')).toEqual([]);
  });

  it('of a data source by its unique name is kept by its id, with the names that its owner knows', async () => {
    const world = subscriptionsWorld();
    const { subscriptionId } = await world.watchSource('flow', shop.name, { workflowName: 'Tell the team' });
    const { subject, names } = (await stored(world, subscriptionId)).body;
    expect([subject, names]).toEqual([
      shop.dataSourceId,
      { subject: shop.displayName, workflowId: 'flow', flow: 'Tell the team' },
    ]);
    const { body: list } = await world.implementations.ListSubscriptions(
      { path: {}, query: {}, body: null },
      world.context,
    );
    expect(list.value).toEqual([
      expect.objectContaining({
        label: expect.stringMatching(/^Web shop: /),
        subject: shop.dataSourceId,
        subjectDisplayName: 'Web shop',
        workflowId: 'flow',
        flowName: 'Tell the team',
      }),
    ]);
  });

  it('takes the instance in any casing, and keeps it as configured', async () => {
    const world = subscriptionsWorld();
    const { headers } = await world.implementations.OnDataSourceRefreshFailed(
      {
        path: { dataset: instanceId.toUpperCase() },
        query: {},
        body: { callbackUrl: callbackUrl('flow'), dataSource: '' },
      },
      world.context,
    );
    expect(headers).toBeDefined();
    expect(await idsOf(world.store.ofSubject(instanceId, 'OnDataSourceRefreshFailed', 'x'))).toHaveLength(1);
  });
});

describe('a refused registration stores nothing:', () => {
  const cases: readonly (readonly [
    string,
    string,
    (world: ReturnType<typeof subscriptionsWorld>) => Promise<unknown>,
  ])[] = [
    [
      'an unknown instance',
      'InstanceUnknown',
      ({ implementations, context }) =>
        implementations.OnDataSourceRefreshFailed(
          {
            path: { dataset: '00000000-0000-4000-8000-000000000000' },
            query: {},
            body: { callbackUrl: callbackUrl('flow') },
          },
          context,
        ),
    ],
    [
      'an unknown segment',
      'SegmentUnknown',
      ({ watchSegment }) => watchSegment('flow', 1, { segment: 'Gone' }),
    ],
    ['an unknown data source', 'DataSourceUnknown', ({ watchSource }) => watchSource('flow', 'gone')],
    [
      'a callback URL that is not allowed',
      'CallbackRefused',
      ({ implementations, context }) =>
        implementations.OnDataSourceRefreshFailed(
          {
            path: { dataset: instanceId },
            query: {},
            body: { callbackUrl: 'https://example.com/?sig=secret' },
          },
          context,
        ),
    ],
    [
      'a threshold beyond what can be held',
      'RequestInvalid',
      ({ watchSegment }) => watchSegment('flow', 1e300),
    ],
  ];

  it.each(cases)('%s', async (_, code, call) => {
    const world = subscriptionsWorld();
    const error = await refusal(call(world));
    expect(error.code).toBe(code);
    expect(error.status).toBeGreaterThanOrEqual(400);
    expect(error.status).toBeLessThan(500);
    expect(error.message).not.toContain('secret');
    expect(world.subscriptionItems()).toBe(0);
  });

  it('a source that does not answer', async () => {
    const world = subscriptionsWorld();
    const away = new Error('Customer Insights is away.');
    const fail = () => Promise.reject(away);
    const { watchSource } = world.on(world.items, {
      sourceOf: () => ({
        jobs: fail,
        dataSources: fail,
        segments: fail,
        measures: fail,
        measure: fail,
        nodes: fail,
      }),
    });
    expect(await refusal(watchSource('flow'))).toBe(away);
    expect(world.subscriptionItems()).toBe(0);
  });
});

describe('a flow that is saved again', () => {
  it('with the same inputs keeps its id and its baseline, and gets a fresh secret', async () => {
    const world = subscriptionsWorld();
    const first = await world.watchSegment('flow', 500, { version: 1 });
    world.state.segments = [segment([0, 100], [5, 300])];
    world.clock.now += 600_000;
    const second = await world.watchSegment('flow', 500, { version: 2 });
    expect(second.subscriptionId).toBe(first.subscriptionId);
    expect(second.secret).not.toBe(first.secret);
    expect(second.body.createdAt).toBe(first.body.createdAt);
    const { body } = await stored(world, first.subscriptionId);
    expect(body.baseline.at).toBe(noon);
    expect(body.callback.sealed).toContain('/versions/2/');
  });

  it('with another threshold begins anew', async () => {
    const world = subscriptionsWorld();
    const first = await world.watchSegment('flow', 500);
    world.state.segments = [segment([0, 100], [5, 300])];
    await world.watchSegment('flow', 600);
    expect((await stored(world, first.subscriptionId)).body).toMatchObject({
      threshold: '600',
      baseline: { at: noon + 300_000 },
    });
    const crossed = (previous: number, current: number) =>
      idsOf(
        world.store.crossed(
          instanceId,
          'OnSegmentThresholdCrossed',
          'HighValue',
          decimal(previous),
          decimal(current),
        ),
      );
    expect(await crossed(400, 550)).toEqual([]);
    expect(await crossed(400, 650)).toEqual([first.subscriptionId]);
  });

  it('after it was stopped begins anew', async () => {
    const world = subscriptionsWorld();
    const { subscriptionId } = await world.watchSegment('flow', 500);
    const before = await stored(world, subscriptionId);
    await world.store.stop(
      before,
      { state: 'paused', since: '2026-01-10T00:00:00.000Z', reason: 'switched off' },
      1,
    );
    world.state.segments = [segment([0, 100], [5, 300])];
    await world.watchSegment('flow', 500);
    const { body } = await stored(world, subscriptionId);
    expect(body.status.state).toBe('active');
    expect(body.baseline.at).toBe(noon + 300_000);
    expect(body.generation).not.toBe(before.body.generation);
  });
});

describe('a delete', () => {
  it('removes the subscription with its newest secret, and answers alike afterwards', async () => {
    const world = subscriptionsWorld();
    const registered = await world.watchSource('flow');
    expect(await world.remove(registered)).toEqual({ body: null });
    expect(world.subscriptionItems()).toBe(0);
    expect(await world.remove(registered)).toEqual({ body: null });
  });

  it('with a superseded secret removes nothing, for the platform deletes the old after registering the new', async () => {
    const world = subscriptionsWorld();
    const old = await world.watchSource('flow');
    const newer = await world.watchSource('flow');
    expect(await world.remove(old)).toEqual({ body: null });
    expect(await idsOf(world.store.ofSubject(instanceId, 'OnDataSourceRefreshFailed', 'x'))).toEqual([
      newer.subscriptionId,
    ]);
    expect(await world.remove(newer)).toEqual({ body: null });
    expect(world.subscriptionItems()).toBe(0);
  });

  it.each([
    ['a guessed secret', 'guessed'],
    ['no secret', ''],
  ])('with %s removes nothing', async (_, secret) => {
    const world = subscriptionsWorld();
    const { subscriptionId } = await world.watchSource('flow');
    await world.remove({ subscriptionId, secret });
    expect(world.subscriptionItems()).toBe(2);
  });

  it('works for a subscription that was stopped', async () => {
    const world = subscriptionsWorld();
    const registered = await world.watchSource('flow');
    await world.store.stop(
      await stored(world, registered.subscriptionId),
      { state: 'ended', since: '', reason: '' },
      1,
    );
    await world.remove(registered);
    expect(world.subscriptionItems()).toBe(0);
  });
});

describe('a store that is in the way', () => {
  it('which does not answer is passed on, so that the platform tries again', async () => {
    const world = subscriptionsWorld();
    const away = new StoreUnavailable('The state table did not answer.');
    const table = { ...memoryTable(), get: () => Promise.reject(away) };
    expect(await refusal(world.on(table).watchSource('flow'))).toBe(away);
  });

  it('which always has something newer is given up after some tries', async () => {
    const world = subscriptionsWorld();
    const table = { ...memoryTable(), swap: async () => undefined };
    expect(await refusal(world.on(table).watchSource('flow'))).toMatchObject({
      code: 'StoreUnavailable',
      status: 503,
    });
    const registered = await world.watchSource('flow');
    const stuck = { ...world.items, remove: async () => false as const };
    expect(await refusal(world.on(stuck).remove(registered))).toMatchObject({
      code: 'StoreUnavailable',
      status: 503,
    });
  });
});
