import { describe, expect, it } from 'vitest';
import { segment, sourceOf, subscriptionsWorld } from '../subscriptions/world.ts';
import { contoso, type WatchWorld, watchWorld } from './world.ts';

/*
 * State: a followed segment and its last value; whether the source lists it; what its owner is told.
 * Events: it is deleted, made anew, or deleted before the first look; its last subscription ends.
 * Invariants: while it is not listed, the list of subscriptions and the explanation say so, and since when; the state is
 * kept; when it is listed again, neither says so any more; nothing is noted for a segment that nobody follows.
 */

const minute = 60_000;

const followed = async (look: 'looked at before' | 'never looked at') => {
  const world = watchWorld();
  world.state.segments = [segment([0, 100])];
  if (look === 'looked at before') await world.look();
  const registrations = subscriptionsWorld();
  const { implementations, context, watchSegment, remove } = registrations.on(world.items, {
    sourceOf: () => sourceOf(world.state),
    now: () => world.clock.now,
  });
  const flow = await watchSegment('flow', 1_000);
  return {
    world,
    end: () => remove(flow),
    told: async () => {
      // The list of places lies in the other world; the explanation is of one subscription.
      const path = { subscriptionId: flow.subscriptionId };
      const { body } = await implementations.ExplainSubscription({ path, query: {}, body: null }, context);
      return { summary: body.summary, decisions: body.decisions.map(({ sentence }) => sentence) };
    },
    list: async () => {
      const { body } = await implementations.ListSubscriptions({ path: {}, query: {}, body: null }, context);
      return body.value.map(({ state, reason }) => ({ state, reason }));
    },
  };
};

const sweep = async (world: WatchWorld) => {
  world.clock.now += 16 * minute;
  await world.look();
};

describe('a followed segment that is deleted', () => {
  it.each(['looked at before', 'never looked at'] as const)('is told to its owner, %s', async (look) => {
    const { world, told, list } = await followed(look);
    world.state.segments = [];
    await sweep(world);
    await sweep(world);
    const says = /Customer Insights has not listed the segment "HighValue" since 2026-/;
    const { summary, decisions } = await told();
    expect(summary).toMatch(says);
    expect(decisions).toEqual([expect.stringMatching(says)]);
    expect(await list()).toEqual([{ state: 'active', reason: expect.stringMatching(says) }]);
    expect(world.lines.filter(({ message }) => message === 'segment not listed')).toHaveLength(1);
  });

  it('and comes back is compared with its last value, and no longer told', async () => {
    const { world, told, list } = await followed('looked at before');
    world.state.segments = [];
    await sweep(world);
    world.state.segments = [segment([20, 2_000])];
    await sweep(world);
    expect(world.deliveries).toMatchObject([{ crossing: { previous: '100', current: '2000' } }]);
    const { summary, decisions } = await told();
    expect(summary).not.toContain('has not listed');
    expect(decisions.some((sentence) => sentence.includes('lists the segment "HighValue" again'))).toBe(true);
    expect(await list()).toEqual([{ state: 'active', reason: 'registered by the flow' }]);
    expect((await world.cursors.find(contoso.id)).cursor.absentSegments).toBeUndefined();
  });

  it('and followed by nobody any more leaves nothing behind', async () => {
    const { world, end } = await followed('looked at before');
    world.state.segments = [];
    await sweep(world);
    expect((await world.cursors.absentSegments(contoso.id)).size).toBe(1);
    await end();
    await sweep(world);
    expect((await world.cursors.absentSegments(contoso.id)).size).toBe(0);
    expect((await world.cursors.find(contoso.id)).cursor.absentSegments).toBeUndefined();
  });
});

it('a segment that nobody follows is not noted', async () => {
  const world = watchWorld();
  world.state.segments = [segment([0, 100])];
  await world.look();
  world.state.segments = [];
  await sweep(world);
  expect((await world.cursors.absentSegments(contoso.id)).size).toBe(0);
});
