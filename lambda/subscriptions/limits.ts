/** How many subscriptions there may be, per principal and per instance. */
import { ApiError } from '../runtime/errors.ts';
import type { SubscriptionId } from '../runtime/ids.ts';
import {
  abandonedAfterMs,
  type ListStore,
  listsOf,
  type Membership,
  type SubscriptionList,
} from '../store/lists.ts';
import { stoppedUntil } from '../store/stop-subscription.ts';
import type { Subscription, SubscriptionStore } from '../store/subscriptions.ts';

export interface Limits {
  readonly perPrincipal: number;
  readonly perInstance: number;
}

export interface LimitPorts {
  readonly store: SubscriptionStore;
  readonly lists: ListStore;
  readonly limits: Limits;
  readonly now: () => number;
}

/**
 * Places whose subscription is looked up at most before a registration is refused, and how many at a time.
 */
const lookedUp = 500;
const lookedUpAtOnce = 25;

type Wanted = Pick<Subscription, 'subscriptionId' | 'principal' | 'instanceId'>;

/** Removes places without a subscription. @returns how many of these are taken, with the one wanted */
const takenOf = async (
  { store, lists, now }: LimitPorts,
  places: readonly Membership[],
  wanted: SubscriptionId,
): Promise<number> => {
  const taken = await Promise.all(
    places.map(async (place) => {
      if (place.subscriptionId === wanted) return true;
      const stored = await store.find(place.subscriptionId);
      if (stored && listsOf(stored.body).includes(place.list)) return stored.body.status.state !== 'ended';
      if (now() - place.addedAt < abandonedAfterMs) return true;
      await lists.remove(place);
      return false;
    }),
  );
  return taken.filter(Boolean).length;
};

/** Whether a list holds more than it may; the subscriptions are read only when it seems so. */
const isOver = async (
  ports: LimitPorts,
  list: SubscriptionList,
  limit: number,
  wanted: SubscriptionId,
): Promise<boolean> => {
  const places: Membership[] = [];
  for await (const place of ports.lists.of(list)) if (!place.ended) places.push(place);
  let taken = places.length;
  for (let from = 0; taken > limit && from < Math.min(places.length, lookedUp); from += lookedUpAtOnce) {
    const some = places.slice(from, from + lookedUpAtOnce);
    taken -= some.length - (await takenOf(ports, some, wanted));
  }
  return taken > limit;
};

const refusal = (what: 'principal' | 'instance', limit: number) =>
  new ApiError(
    'SubscriptionLimitReached',
    what === 'principal'
      ? `You have ${limit} subscriptions, the most that one person may have. Delete flows that you no longer need, remove subscriptions that they left behind, or ask the operator to raise subscriptions.perPrincipal.`
      : `The instance has ${limit} subscriptions, the most there may be. Ask the operator to raise subscriptions.perInstance.`,
  );

/**
 * Takes the places of a subscription before it is written. The place is taken first and counted then, so that
 * of several registrations at once too few come through rather than too many.
 * @param known the subscription as it is now, whose places are not counted again
 * @throws ApiError SubscriptionLimitReached; the places are given up again then
 */
export const takePlaces = async (
  ports: LimitPorts,
  wanted: Wanted,
  known: Subscription | undefined,
): Promise<void> => {
  const [ofPrincipal, ofInstance] = listsOf(wanted);
  const heldBefore: readonly SubscriptionList[] = known ? listsOf(known) : [];
  const held = known?.status.state === 'ended' ? [] : heldBefore;
  const { perPrincipal, perInstance } = ports.limits;
  const taken: Membership[] = [];
  for (const [list, what, limit] of [
    [ofPrincipal, 'principal', perPrincipal],
    [ofInstance, 'instance', perInstance],
  ] as const) {
    if (held.includes(list)) continue;
    const takenAt = ports.now();
    taken.push(await ports.lists.add(list, wanted.subscriptionId, takenAt));
    if (!(await isOver(ports, list, limit, wanted.subscriptionId))) continue;
    // The ended subscription that it stood for stays visible.
    for (const place of taken)
      if (heldBefore.includes(place.list)) await ports.lists.expire(place, stoppedUntil('ended', takenAt));
      else await ports.lists.remove(place);
    throw refusal(what, limit);
  }
};
