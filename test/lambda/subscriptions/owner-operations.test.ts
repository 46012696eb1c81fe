import { describe, expect, it } from 'vitest';
import { exampleConfiguration } from '../../../config/example.ts';
import { compileAnswerValidators } from '../../../connector/contract/validation.ts';
import type { DeliveryId, EventId, SubscriptionId } from '../../../lambda/runtime/ids.ts';
import { renderJson } from '../../../lambda/runtime/json.ts';
import { type Delivery, deliveryStore } from '../../../lambda/store/deliveries.ts';
import { abandonedAfterMs, principalList } from '../../../lambda/store/lists.ts';
import { decimal, segmentSubscription } from '../store/example-subscription.ts';
import { noon, subscriptionsWorld } from './world.ts';

const validators = compileAnswerValidators();
const nothing = { path: {}, query: {}, body: null };

const listed = async ({
  implementations,
  context,
}: Pick<ReturnType<typeof subscriptionsWorld>, 'implementations' | 'context'>) => {
  const { body } = await implementations.ListSubscriptions(nothing, context);
  const text = renderJson(body);
  const check = validators.ListSubscriptions.response ?? expect.fail('no schema');
  check(JSON.parse(text));
  expect(check.errors ?? []).toEqual([]);
  return { text, value: body.value };
};

/** A delivery with one attempt, at epoch ms. */
const saveDelivery = async (
  world: ReturnType<typeof subscriptionsWorld>,
  subscriptionId: string,
  {
    state,
    at,
    status,
    meaning,
  }: Pick<Delivery, 'state'> & {
    readonly at: number;
    readonly status: number;
    readonly meaning: string;
  },
) => {
  const time = new Date(at).toISOString();
  await deliveryStore(world.items).save(
    {
      deliveryId: 'delivery' as DeliveryId,
      eventId: 'event' as EventId,
      subscriptionId: subscriptionId as SubscriptionId,
      occurredAt: time,
      state,
      round: 1,
      firstAttemptAt: world.clock.now,
      begun: 1,
      attempts: [{ at: time, status, meaning }],
      leaseUntil: 0,
      nextAttemptAt: 0,
    },
    'absent',
  );
};

describe('the list of own subscriptions', () => {
  it('has the newest registration first, as the contract says', async () => {
    const world = subscriptionsWorld();
    await world.watchSegment('one', 5);
    world.clock.now += 1_000;
    await world.watchSource('two');
    const { value, text } = await listed(world);
    expect(
      value.map(({ trigger, state, instanceServed, lastEventAt }) => [
        trigger,
        state,
        instanceServed,
        lastEventAt,
      ]),
    ).toEqual([
      ['OnDataSourceRefreshFailed', 'active', true, null],
      ['OnSegmentThresholdCrossed', 'active', true, null],
    ]);
    expect(text).not.toMatch(/https?:|sealed|secret/i);
  });

  it('shows those of an instance that is served no more', async () => {
    const world = subscriptionsWorld();
    await world.watchSource('one');
    const settings = { ...exampleConfiguration, instances: [] };
    const { value } = await listed(world.on(world.items, { settings }));
    expect(value).toMatchObject([
      {
        instanceServed: false,
        instanceName: null,
        reason: expect.stringMatching(/removed from the connector/),
      },
    ]);
  });

  it.each([
    ['gone', 404, 'delivery', /The flow may be gone: at 2026-.* counted 2 of 6/],
    ['accepted since', 202, 'delivery', /^registered by the flow$/],
    ['gone before it was registered again', 404, 'registration', /^registered by the flow$/],
  ] as const)('warns where the address says that the flow is gone: %s', async (_, status, later, reason) => {
    const world = subscriptionsWorld();
    const { subscriptionId } = await world.watchSource('one');
    const at = world.clock.now + (later === 'delivery' ? 1_000 : -1_000);
    await saveDelivery(world, subscriptionId, { state: 'pending', meaning: 'counted 2 of 6', at, status });
    expect((await listed(world)).value[0]?.reason).toMatch(reason);
  });

  it.each([
    [
      'for more than an hour',
      'pending',
      61,
      /The trigger is failing: .* retried since 2026-.*: no access\.$/,
    ],
    ['for less', 'pending', 59, /^registered by the flow$/],
    [
      'and was given up',
      'dead',
      1_500,
      /The newest event, of 2026-.*, was given up: no access\. An operator can/,
    ],
    ['and was accepted', 'delivered', 90, /^registered by the flow$/],
  ] as const)(
    'says where an event does not get through: it has waited %s',
    async (_, state, minutes, reason) => {
      const world = subscriptionsWorld();
      const { subscriptionId } = await world.watchSource('one');
      await saveDelivery(world, subscriptionId, {
        state,
        meaning: 'no access',
        at: world.clock.now,
        status: 503,
      });
      world.clock.now += minutes * 60_000;
      expect((await listed(world)).value[0]?.reason).toMatch(reason);
    },
  );

  it('holds thresholds with all their digits', async () => {
    const world = subscriptionsWorld();
    const threshold = decimal('12345678901234567890.123456789');
    const subscription = segmentSubscription('exact', {
      threshold,
      principal: { tenantId: 'tenant', objectId: 'user', clientAppId: 'connector' },
    });
    await world.lists.add(principalList(subscription.principal), subscription.subscriptionId, noon);
    await world.store.save(subscription, undefined);
    expect((await listed(world)).text).toContain(`"threshold":${threshold},`);
  });

  it('forgets a place that a registration has left behind, but not at once', async () => {
    const world = subscriptionsWorld();
    const list = principalList({ tenantId: 'tenant', objectId: 'user' });
    const id = 'abandoned' as SubscriptionId;
    await world.lists.add(list, id, noon);
    expect((await listed(world)).value).toEqual([]);
    expect(await world.lists.find(list, id)).toBeDefined();
    world.clock.now = noon + abandonedAfterMs;
    await listed(world);
    expect(await world.lists.find(list, id)).toBeUndefined();
  });
});

describe('removing one of them', () => {
  const removeWhile = async (
    meanwhile: (world: ReturnType<typeof subscriptionsWorld>) => Promise<unknown>,
  ) => {
    const world = subscriptionsWorld();
    const { subscriptionId } = await world.watchSource('one');
    const store: typeof world.store = {
      ...world.store,
      async remove(stored) {
        if (stored.body.status.state === 'active') await meanwhile(world);
        return world.store.remove(stored);
      },
    };
    const { implementations, context } = world.on(world.items, { store });
    const answer = await implementations
      .RemoveSubscription({ path: { subscriptionId }, query: {}, body: null }, context)
      .catch((error: unknown) => error);
    return { answer, left: await world.store.find(subscriptionId as SubscriptionId) };
  };

  it('succeeds also when it is stopped at that moment', async () => {
    const { answer, left } = await removeWhile(async ({ store, items }) => {
      for (const { pk, sk } of items.items.values()) {
        const stored = sk === 'SUBSCRIPTION' && (await store.find(pk.slice(2) as SubscriptionId));
        if (!stored) continue;
        await store.stop(stored, { state: 'paused', since: '', reason: '' }, 2_000_000_000);
      }
    });
    expect(answer).toMatchObject({ body: { subscriptionId: expect.any(String) } });
    expect(left).toBeUndefined();
  });

  it('is refused when the flow was saved at that moment', async () => {
    const { answer, left } = await removeWhile(({ watchSource }) => watchSource('one'));
    expect(answer).toMatchObject({ code: 'StoreUnavailable', message: expect.stringMatching(/was saved/) });
    expect(left?.body.status.state).toBe('active');
  });
});

describe('looking back', () => {
  it('goes seven days by default and thirty at most', async () => {
    const world = subscriptionsWorld();
    const { subscriptionId } = await world.watchSource('one');
    const since = async (value?: string) => {
      const { body } = await world.implementations.ExplainSubscription(
        { path: { subscriptionId }, query: value === undefined ? {} : { since: value }, body: null },
        world.context,
      );
      return (noon - Date.parse(body.since)) / 86_400_000;
    };
    expect(await since()).toBe(7);
    expect(await since('2026-01-10T00:00:00Z')).toBe(0.5);
    expect(await since('2020-01-01T00:00:00Z')).toBe(30);
  });
});
