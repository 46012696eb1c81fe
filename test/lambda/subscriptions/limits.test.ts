import { describe, expect, it } from 'vitest';
import { exampleConfiguration } from '../../../config/example.ts';
import type { Configuration } from '../../../config/schema.ts';
import { ApiError } from '../../../lambda/runtime/errors.ts';
import type { SubscriptionId } from '../../../lambda/runtime/ids.ts';
import { abandonedAfterMs, instanceList, principalList } from '../../../lambda/store/lists.ts';
import { instanceId, noon, subscriptionsWorld } from './world.ts';

const limitedTo = (perPrincipal: number, perInstance = 1_000): Configuration => ({
  ...exampleConfiguration,
  subscriptions: { perPrincipal, perInstance },
});

const worldWith = (perPrincipal: number, perInstance?: number) => {
  const world = subscriptionsWorld();
  return { ...world, ...world.on(world.items, { settings: limitedTo(perPrincipal, perInstance) }) };
};

const refused = (call: Promise<unknown>) =>
  call.then(
    () => expect.fail('it was registered'),
    (error: unknown) => {
      expect(error).toBeInstanceOf(ApiError);
      expect(error).toMatchObject({ code: 'SubscriptionLimitReached', status: 403 });
      return (error as ApiError).message;
    },
  );

const mine = principalList({ tenantId: 'tenant', objectId: 'user' });

describe('the limit per principal', () => {
  it('refuses one more, says what to do, and leaves nothing behind', async () => {
    const world = worldWith(2);
    await world.watchSource('one');
    await world.watchSource('two');
    const before = [...world.items.items.keys()].sort();
    expect(await refused(world.watchSource('three'))).toMatch(/2 subscriptions.*perPrincipal/);
    expect([...world.items.items.keys()].sort()).toEqual(before);
  });

  it('lets a flow be saved again, with other inputs too', async () => {
    const world = worldWith(1);
    await world.watchSource('one');
    await world.watchSource('one');
    await world.watchSegment('one', 5);
  });

  it('does not count what was deleted or has ended', async () => {
    const world = worldWith(1);
    await world.remove(await world.watchSource('one'));
    const two = await world.watchSource('two');
    const stored = await world.store.find(two.subscriptionId as SubscriptionId);
    if (!stored) return expect.fail('not stored');
    // By the store below the lists, as if the process had died before it told them.
    await world.store.stop(
      stored,
      { state: 'ended', since: new Date(noon).toISOString(), reason: 'gone' },
      noon / 1000 + 1,
    );
    await world.watchSource('three');
    await refused(world.watchSource('four'));
  });

  it('counts a registration that never ended for an hour, and then removes its place', async () => {
    const world = worldWith(1);
    await world.lists.add(mine, 'abandoned' as SubscriptionId, noon);
    await refused(world.watchSource('one'));
    world.clock.now = noon + abandonedAfterMs;
    await world.watchSource('one');
    expect(await world.lists.find(mine, 'abandoned' as SubscriptionId)).toBeUndefined();
  });

  it('holds when all come at once', async () => {
    const world = worldWith(3);
    const all = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) => world.watchSource(`flow ${index}`)),
    );
    expect(all.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(3);
    const places: string[] = [];
    for await (const place of world.lists.of(mine)) places.push(place.subscriptionId);
    expect(places).toHaveLength(all.filter(({ status }) => status === 'fulfilled').length);
  });

  it('keeps an ended subscription visible that could not be registered again', async () => {
    const world = worldWith(1);
    const again = await world.watchSource('one');
    const found = await world.store.find(again.subscriptionId as SubscriptionId);
    if (!found) return expect.fail('not stored');
    const status = { state: 'ended', since: new Date(noon).toISOString(), reason: 'gone' } as const;
    await world.store.stop(found, status, noon / 1000 + 1);
    await world.watchSource('two');
    await refused(world.watchSource('one'));
    expect(await world.lists.find(mine, again.subscriptionId as SubscriptionId)).toMatchObject({
      ended: true,
    });
  });
});

describe('the limit per instance', () => {
  it('refuses one more, whoever asks', async () => {
    const world = worldWith(100, 2);
    await world.watchSource('one');
    await world.watchSource('two');
    expect(await refused(world.watchSource('three'))).toMatch(/instance has 2 subscriptions.*perInstance/);
    const places: string[] = [];
    for await (const place of world.lists.of(instanceList(instanceId))) places.push(place.subscriptionId);
    expect(places).toHaveLength(2);
    for await (const place of world.lists.of(mine)) expect(places).toContain(place.subscriptionId);
  });
});
