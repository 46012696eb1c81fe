import { describe, expect, it } from 'vitest';
import { type Contender, goesFirst, secondTurnAfterMs } from '../../../lambda/deliver/turns.ts';
import { deliveryId, type FlowId, type SubscriptionId, subscriptionId } from '../../../lambda/runtime/ids.ts';
import { logWith } from '../../../lambda/runtime/log.ts';
import { listedSubscriptionStore } from '../../../lambda/store/listed-subscriptions.ts';
import { flowList, listStore } from '../../../lambda/store/lists.ts';
import { forgetContest, noteRivals, rivalsOf } from '../../../lambda/store/rivals.ts';
import { recordedLog } from '../http/recorded-log.ts';
import { segmentSubscription } from '../store/example-subscription.ts';
import { callbackUrl, noon, plainCipher } from '../subscriptions/world.ts';
import { answered, deliverWorld, message } from './deliver-world.ts';

/*
 * State: two people's active subscriptions of one flow; the deliveries of one event to both; what was accepted.
 * Events: a delivery comes, two minutes pass, a URL accepts or refuses.
 * Invariants:
 *  - one is tried at a time: the one whose URL has accepted since its last save, else the older;
 *  - without a 2xx in two minutes the other is tried as well;
 *  - an accepted callback ends the subscription of the other, and nothing else does.
 */
const flow = 'flow-of-twenty-two-chr' as FlowId;
const idOf = (objectId: string) => subscriptionId(flow, { tenantId: 'tenant', objectId });
const at = (minute: number) => new Date(noon + minute * 60_000).toISOString();

const contested = async (who: Record<string, { readonly created: number; readonly id?: SubscriptionId }>) => {
  const world = deliverWorld();
  const store = listedSubscriptionStore(world.items, { now: () => world.clock.now, by: 'test' });
  const lists = listStore(world.items);
  const register = async (objectId: string, created: number, id = idOf(objectId)) => {
    const registered = segmentSubscription(id, {
      generation: 'first generation',
      callback: await plainCipher.seal(callbackUrl(`of-${objectId}`), id),
      principal: { tenantId: 'tenant', objectId, clientAppId: 'connector' },
      createdAt: at(created),
      registeredAt: at(created),
      contested: true,
    });
    await store.save(registered, undefined);
    return registered;
  };
  for (const [objectId, { created, id }] of Object.entries(who)) await register(objectId, created, id);
  const messageTo = (subscription: SubscriptionId) =>
    message({
      subscriptionId: subscription,
      deliveryId: deliveryId(message().eventId, subscription, 'first generation'),
      entry: null,
    });
  return {
    ...world,
    lists,
    store,
    register,
    rivalPorts: {
      lists,
      subscriptions: store,
      now: () => world.clock.now,
      log: logWith(recordedLog().log, {}),
    },
    deliverTo: (subscription: SubscriptionId) => world.deliver(messageTo(subscription)),
    asked: () => world.posts.map(({ url }) => /of-(\w+)/.exec(url)?.[1]),
    stateOf: async (subscription: SubscriptionId) => (await store.find(subscription))?.body.status.state,
  };
};

describe('two people with one flow', () => {
  const [old, young] = [idOf('old'), idOf('young')];

  it('the older goes first, and its accepted callback ends the other', async () => {
    const world = await contested({ old: { created: -60 }, young: { created: -30 } });
    await world.deliverTo(young);
    expect(world.posts).toEqual([]);
    const { at: again } = world.takeResent();
    expect(again).toBe(noon + secondTurnAfterMs);
    await world.deliverTo(old);
    expect(world.asked()).toEqual(['old']);
    expect(await world.stateOf(old)).toBe('active');
    expect(await world.stateOf(young)).toBe('ended');
    world.clock.now = again;
    await world.deliverTo(young);
    expect(world.asked()).toEqual(['old']);
  });

  it('the other is tried after two minutes without a 2xx, and takes over when its URL accepts', async () => {
    const world = await contested({ old: { created: -60 }, young: { created: -30 } });
    world.answers.push(answered(401));
    await world.deliverTo(old);
    await world.deliverTo(young);
    world.resent.length = 0;
    expect(world.asked()).toEqual(['old']);
    world.clock.now = noon + secondTurnAfterMs;
    await world.deliverTo(young);
    expect(world.asked()).toEqual(['old', 'young']);
    expect(await world.stateOf(young)).toBe('active');
    expect(await world.stateOf(old)).toBe('ended');
  });

  it('a made-up URL that refuses ends nobody', async () => {
    const world = await contested({ old: { created: -60 }, young: { created: -30 } });
    world.answers.push(answered(503), answered(401));
    await world.deliverTo(old);
    await world.deliverTo(young);
    world.clock.now = noon + secondTurnAfterMs;
    await world.deliverTo(young);
    expect(world.asked()).toEqual(['old', 'young']);
    expect([await world.stateOf(old), await world.stateOf(young)]).toEqual(['active', 'active']);
  });

  it('one without rivals left is told so no more, and a third registration is not forgotten', async () => {
    const world = await contested({ old: { created: -60 }, young: { created: -30 } });
    const contestedIs = async () => (await world.store.find(old))?.body.contested;
    await world.deliverTo(old);
    expect(await contestedIs()).toBeUndefined();
    expect(await world.stateOf(young)).toBe('ended');

    const third = await world.register('third', -10);
    await noteRivals(world.rivalPorts, third);
    const before = await world.store.find(old);
    expect(before?.body.contested).toBe(true);
    // A fourth comes while the contest is being forgotten.
    await noteRivals(world.rivalPorts, await world.register('fourth', -5));
    await forgetContest(world.rivalPorts, before ?? expect.fail('not stored'));
    expect(await contestedIs()).toBe(true);
  });

  it('a place in the list of a flow whose registration was never finished goes, when it is old', async () => {
    const world = await contested({ old: { created: -60 } });
    await world.lists.add(flowList(old), young, noon);
    const find = async () => (await world.store.find(old))?.body ?? expect.fail('not stored');
    expect(await rivalsOf(world.rivalPorts, await find())).toEqual([]);
    expect(await world.lists.find(flowList(old), young)).toBeDefined();
    world.clock.now += 60 * 60_000;
    expect(await rivalsOf(world.rivalPorts, await find())).toEqual([]);
    expect(await world.lists.find(flowList(old), young)).toBeUndefined();
  });

  it('one registered by an earlier version, without a link, is found', async () => {
    const earlier = flow as string as SubscriptionId;
    const world = await contested({ old: { created: -60, id: earlier }, young: { created: -30 } });
    const place = await world.lists.find(flowList(earlier), earlier);
    if (place) await world.lists.remove(place);
    await world.deliverTo(young);
    expect(world.posts).toEqual([]);
    await world.deliverTo(earlier);
    expect(await world.stateOf(young)).toBe('ended');
  });
});

describe('who goes first', () => {
  const one = (over: Partial<Contender>): Contender => ({
    subscriptionId: 'a',
    createdAt: at(0),
    proven: false,
    ...over,
  });
  it.each([
    ['the older', one({}), one({ subscriptionId: 'b', createdAt: at(1) })],
    [
      'a younger one whose URL has accepted',
      one({ createdAt: at(1), proven: true }),
      one({ subscriptionId: 'b' }),
    ],
    [
      'the older of two that are proven',
      one({ proven: true }),
      one({ subscriptionId: 'b', createdAt: at(1), proven: true }),
    ],
    ['one of two that are alike', one({}), one({ subscriptionId: 'b' })],
  ])('%s', (_, first, second) => {
    expect(goesFirst(first, [second])).toBe(true);
    expect(goesFirst(second, [first])).toBe(false);
  });
});
