import { describe, expect, it } from 'vitest';
import { flowIdOf } from '../../../lambda/callback/callback-url.ts';
import type { SubscriptionId } from '../../../lambda/runtime/ids.ts';
import { listedSubscriptionStore } from '../../../lambda/store/listed-subscriptions.ts';
import { callbackUrl, noon, subscriptionsWorld } from './world.ts';

/*
 * State: subscriptions by flow and person; those of earlier versions have the flow's id.
 * Events: a person registers a flow, registers it again, or writes a URL with the workflow id of another's flow.
 * Invariants:
 *  - a registration changes subscriptions of its own person only, and nobody sees another's;
 *  - a person has one subscription of a flow, under one id for life.
 */
const at = async (world: ReturnType<typeof subscriptionsWorld>, id: string) =>
  (await world.store.find(id as SubscriptionId))?.body ?? expect.fail('not stored');

/**
 * As version 0.1.0 has registered it.
 * @param beside whether the same person's subscription of this version stays
 */
const earlierSubscription = async (world: ReturnType<typeof subscriptionsWorld>, beside = false) => {
  const { subscriptionId } = await world.watchSource('flow');
  const { contested: _, ...body } = await at(world, subscriptionId);
  const stored = await world.store.find(subscriptionId as SubscriptionId);
  const store = listedSubscriptionStore(world.items, { now: () => noon, by: 'test' });
  if (stored && !beside) await store.remove(stored);
  const earlier = flowIdOf(new URL(callbackUrl('flow'))) as string as SubscriptionId;
  const callback = { dataKey: 'key', sealed: `${earlier} ${callbackUrl('flow')}` };
  expect(await store.save({ ...body, subscriptionId: earlier, callback }, undefined)).toBeDefined();
  for (const { pk, sk, version } of world.items.items.values())
    if (pk.startsWith('F#')) await world.items.remove({ pk, sk }, version);
  return earlier;
};

describe('a flow that another person registers as well', () => {
  it('has a second subscription, and the first stays as it was for its owner', async () => {
    const world = subscriptionsWorld();
    const mine = await world.watchSource('flow');
    const before = await at(world, mine.subscriptionId);
    const { caller } = world.context;
    const theirs = await world.watchSourceAs({ ...caller, objectId: 'intruder' }, 'FLOW');
    expect(theirs.subscriptionId).not.toBe(mine.subscriptionId);
    expect(await at(world, mine.subscriptionId)).toEqual({ ...before, contested: true });
    expect((await at(world, theirs.subscriptionId)).contested).toBe(true);
    const explain = (who: string, subscriptionId: string) =>
      world.implementations.ExplainSubscription(
        { path: { subscriptionId }, query: {}, body: null },
        world.as(who),
      );
    await expect(explain('intruder', mine.subscriptionId)).rejects.toMatchObject({
      code: 'SubscriptionUnknown',
    });
    await expect(explain('user', theirs.subscriptionId)).rejects.toMatchObject({
      code: 'SubscriptionUnknown',
    });
    await explain('user', mine.subscriptionId);
    const { body } = await world.implementations.ListSubscriptions(
      { path: {}, query: {}, body: null },
      world.context,
    );
    expect(body.value).toMatchObject([{ subscriptionId: mine.subscriptionId }]);
    expect(body.value[0]?.reason).toContain('Another person has registered the same flow');
    expect(world.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', message: 'flow registered by another person' }),
    );
    await world.remove(mine);
    expect(await world.store.find(mine.subscriptionId as SubscriptionId)).toBeUndefined();
    await at(world, theirs.subscriptionId);
  });

  it('is marked on both sides however the registrations overlap', async () => {
    const world = subscriptionsWorld();
    const { caller } = world.context;
    const both = await Promise.all([
      world.watchSource('flow'),
      world.watchSourceAs({ ...caller, objectId: 'other' }, 'flow'),
    ]);
    for (const { subscriptionId } of both) expect((await at(world, subscriptionId)).contested).toBe(true);
  });
});

describe('a subscription of an earlier version', () => {
  it('keeps its id when its owner saves the flow again', async () => {
    const world = subscriptionsWorld();
    const earlier = await earlierSubscription(world);
    const again = await world.watchSource('flow');
    expect(again.subscriptionId).toBe(earlier);
    expect((await world.watchSource('flow')).subscriptionId).toBe(earlier);
  });

  it('is not touched by another person, and both are marked', async () => {
    const world = subscriptionsWorld();
    const earlier = await earlierSubscription(world);
    const before = await at(world, earlier);
    const theirs = await world.watchSourceAs({ ...world.context.caller, objectId: 'intruder' }, 'flow');
    expect(theirs.subscriptionId).not.toBe(earlier);
    expect(await at(world, earlier)).toEqual({ ...before, contested: true });
  });

  it('is the only one that stays, where an update was rolled back between two saves of the flow', async () => {
    const world = subscriptionsWorld();
    const other = await world.watchSourceAs({ ...world.context.caller, objectId: 'other' }, 'flow');
    const earlier = await earlierSubscription(world, true);
    const all = async () => {
      const { body } = await world.implementations.ListSubscriptions(
        { path: {}, query: {}, body: null },
        world.context,
      );
      return body.value.map(({ subscriptionId }) => subscriptionId);
    };
    expect(await all()).toHaveLength(2);
    expect((await world.watchSource('flow')).subscriptionId).toBe(earlier);
    expect(await all()).toEqual([earlier]);
    await at(world, other.subscriptionId);
  });

  it('that was deleted is registered under an id of the new kind', async () => {
    const world = subscriptionsWorld();
    const earlier = await earlierSubscription(world);
    const stored = await world.store.find(earlier);
    if (stored) await listedSubscriptionStore(world.items, { now: () => noon, by: 'test' }).remove(stored);
    expect((await world.watchSource('flow')).subscriptionId).not.toBe(earlier);
  });
});
