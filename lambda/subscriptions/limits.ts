/**
 * How many subscriptions there may be, per principal and per instance. Counters decide, so a registration
 * costs the same however many there are. A counter may be too high, never too low: a place is counted after
 * its membership was added and before its subscription is written, and given back after the subscription was
 * deleted and before its membership is removed. What a process that died has left counted is found when a
 * list seems full, from the records, at most once an hour.
 */
import type { PlaceCount, PlaceCounters } from '../limiter/index.ts';
import { type Cache, createCache } from '../runtime/cache.ts';
import { ConnectorError, hasCode } from '../runtime/errors.ts';
import { type FlowId, flowOf } from '../runtime/ids.ts';
import type { CallLog } from '../runtime/log.ts';
import { hourMs, secondMs } from '../runtime/time.ts';
import {
  abandonedAfterMs,
  type ListStore,
  listsOf,
  type Membership,
  principalList,
  type SubscriptionList,
} from '../store/lists.ts';
import { stoppedUntil } from '../store/stop-subscription.ts';
import type { Subscription, SubscriptionStore } from '../store/subscriptions.ts';
import { allWritten, StoreUnavailable } from '../store/table.ts';

export interface Limits {
  readonly perPrincipal: number;
  readonly perInstance: number;
}

export interface LimitPorts {
  readonly store: SubscriptionStore;
  readonly lists: ListStore;
  readonly counters: PlaceCounters;
  readonly refusals: Refusals;
  readonly limits: Limits;
  readonly now: () => number;
}

type Wanted = Pick<Subscription, 'subscriptionId' | 'principal' | 'instanceId'>;

interface Refusal {
  readonly full: 'principal' | 'instance';
  /** Flows that need no further place; the refusal does not hold for them. */
  readonly exempt: ReadonlySet<FlowId>;
}

/** What a process remembers of registrations that it has refused. */
export type Refusals = Cache<Refusal>;

/** A person who has deleted a flow in the meantime waits at most this long, ms. */
const refusalFreshMs = 5 * secondMs;
const refusalsKept = 1_000;

export const refusalMemory = (now: () => number): Refusals =>
  createCache({ now, capacity: refusalsKept, freshMs: refusalFreshMs });

/** Of a person at an instance, for each flow that they have no place for. */
const personKey = ({ principal, instanceId }: Wanted): string =>
  JSON.stringify([principal.tenantId, principal.objectId, instanceId]);

/** Of one flow alone. */
const flowKey = (wanted: Wanted): string => JSON.stringify([personKey(wanted), wanted.subscriptionId]);

/** The flows of a person with more places than this are not read: a refusal then holds for one flow alone. */
const placesRead = 250;

/** A list is counted from the records again at the earliest after this time, ms. */
export const correctedAgainAfterMs = hourMs;

/** Places whose subscription is looked up at most in a count, and how many at a time. */
const lookedUp = 500;
const lookedUpAtOnce = 25;

/**
 * Removes places without a subscription, and lets those of ended subscriptions expire.
 * @returns how many of these are taken
 */
const takenOf = async ({ store, lists, now }: LimitPorts, places: readonly Membership[]): Promise<number> => {
  const taken = await allWritten(
    places.map(async (place) => {
      const stored = await store.find(place.subscriptionId);
      if (stored && listsOf(stored.body).includes(place.list)) {
        const { state, since } = stored.body.status;
        if (state !== 'ended') return true;
        await lists.expire(place, stoppedUntil('ended', Date.parse(since)));
        return false;
      }
      // Perhaps of a registration in progress.
      if (now() - place.addedAt < abandonedAfterMs) return true;
      await lists.remove(place);
      return false;
    }),
  );
  return taken.filter(Boolean).length;
};

/** Counts a list from the records; the subscriptions are read only where it seems full. */
const countRecords = async (ports: LimitPorts, list: SubscriptionList, limit: number): Promise<number> => {
  const places: Membership[] = [];
  for await (const place of ports.lists.of(list)) if (!place.ended) places.push(place);
  let taken = places.length;
  for (let from = 0; taken >= limit && from < Math.min(places.length, lookedUp); from += lookedUpAtOnce) {
    const some = places.slice(from, from + lookedUpAtOnce);
    taken -= some.length - (await takenOf(ports, some));
  }
  return taken;
};

const countedAtOnce = 'The subscriptions are being counted at this moment. Try again in a moment.';
const countTries = 3;

/**
 * Whether a list has room for one more; counted from the records where that is due.
 * @param read the count as it was read just now; undefined: never counted
 */
const hasRoom = async (
  ports: LimitPorts,
  list: SubscriptionList,
  limit: number,
  read: PlaceCount | undefined,
): Promise<boolean> => {
  let known = read;
  for (let made = 0; made < countTries; made += 1) {
    if (known && known.count < limit) return true;
    const at = ports.now();
    if (known && at - known.correctedAt < correctedAgainAfterMs) return false;
    const count = await countRecords(ports, list, limit);
    // The first count is none of the corrections: what it finds may end at once.
    if (await ports.counters.correct(list, { count, correctedAt: known ? at : 0 }, known))
      return count < limit;
    known = await ports.counters.read(list);
  }
  throw new StoreUnavailable(countedAtOnce);
};

/** A place that cannot be given back now stays counted until the next correction. */
export const releaseOf =
  (counters: PlaceCounters, log: CallLog) =>
  async (list: SubscriptionList): Promise<void> => {
    try {
      await counters.release(list);
    } catch (error) {
      if (!hasCode(error, 'LimitUnavailable')) throw error;
      log.warn('place not given back', { list, reason: error.message });
    }
  };

const limitsOf = (wanted: Pick<Wanted, 'principal' | 'instanceId'>, limits: Limits) => {
  const [ofPrincipal, ofInstance] = listsOf(wanted);
  return [
    { list: ofPrincipal, what: 'principal', limit: limits.perPrincipal },
    { list: ofInstance, what: 'instance', limit: limits.perInstance },
  ] as const;
};

const refusal = (what: 'principal' | 'instance', limits: Limits) =>
  new ConnectorError(
    'SubscriptionLimitReached',
    what === 'principal'
      ? `You have ${limits.perPrincipal} subscriptions, which is the limit per person. Delete flows that you no longer need, remove subscriptions that they left behind, or ask the operator to raise subscriptions.perPrincipal.`
      : `The instance has ${limits.perInstance} subscriptions, which is the limit. Ask the operator to raise subscriptions.perInstance.`,
  );

/**
 * Refuses without a read or a write what this process has just refused, and the person's further new flows with it.
 * @throws ConnectorError SubscriptionLimitReached
 */
export const refuseAgain = (ports: Pick<LimitPorts, 'refusals' | 'limits'>, wanted: Wanted): void => {
  for (const key of [personKey(wanted), flowKey(wanted)]) {
    const refused = ports.refusals.find(key);
    if (refused && !refused.exempt.has(flowOf(wanted.subscriptionId)))
      throw refusal(refused.full, ports.limits);
  }
};

/** A person's places, all of them where these are few; else those of the flow alone. One read. */
const placesOf = async (
  { lists }: LimitPorts,
  { principal, subscriptionId }: Wanted,
  count: number,
): Promise<{ readonly ofFlow: readonly Membership[]; readonly all: readonly Membership[] | undefined }> => {
  const list = principalList(principal);
  const flow = flowOf(subscriptionId);
  const all = count < placesRead ? await lists.some(list, placesRead) : undefined;
  // Ended subscriptions have places that are not counted.
  return all === undefined || all.length === placesRead
    ? { ofFlow: await lists.ofFlow(list, flow), all: undefined }
    : { ofFlow: all.filter((place) => flowOf(place.subscriptionId) === flow), all };
};

/**
 * Refuses a registration for which there is no room, before anything else is asked: one read of both counts, and one
 * of the person's places. One that has a place already needs none; whether its subscription is still there is seen by
 * {@link takePlaces}.
 * @returns the person's places of the same flow
 * @throws ConnectorError SubscriptionLimitReached
 */
export const checkRoom = async (ports: LimitPorts, wanted: Wanted): Promise<readonly Membership[]> => {
  const limits = limitsOf(wanted, ports.limits);
  const counts = await ports.counters.readEach(limits.map(({ list }) => list));
  const seemFull = limits
    .map((each, index) => ({ ...each, known: counts[index] }))
    .filter(({ known, limit }) => known === undefined || known.count >= limit);
  const [ofPrincipal] = counts;
  const { ofFlow, all } = await placesOf(
    ports,
    wanted,
    seemFull.length > 0 && ofPrincipal ? ofPrincipal.count : Number.POSITIVE_INFINITY,
  );
  if (ofFlow.some(({ ended }) => !ended)) return ofFlow;
  for (const { list, what, limit, known } of seemFull) {
    if (await hasRoom(ports, list, limit, known)) continue;
    const held = all?.filter(({ ended }) => !ended) ?? [];
    ports.refusals.set(all ? personKey(wanted) : flowKey(wanted), {
      full: what,
      exempt: new Set(held.map((place) => flowOf(place.subscriptionId))),
    });
    throw refusal(what, ports.limits);
  }
  return ofFlow;
};

/**
 * Takes the places of a subscription before it is written.
 * @param known the subscription as it is now, whose places are not counted again
 * @param reserved lists in which this registration has taken a place; added to
 * @throws ConnectorError SubscriptionLimitReached; the places are given up again then
 */
export const takePlaces = async (
  ports: LimitPorts,
  wanted: Wanted,
  known: Subscription | undefined,
  reserved: Set<SubscriptionList>,
): Promise<void> => {
  const { lists, counters, limits, now } = ports;
  const heldBefore: readonly SubscriptionList[] = known ? listsOf(known) : [];
  const held = known?.status.state === 'ended' ? [] : heldBefore;
  const taken: Membership[] = [];
  for (const { list, what, limit } of limitsOf(wanted, limits)) {
    if (held.includes(list) || reserved.has(list)) continue;
    const takenAt = now();
    taken.push(await lists.add(list, wanted.subscriptionId, takenAt));
    let room = await counters.take(list, limit);
    // Its place already existed, so it was not counted; or the count was deleted in the meantime.
    if (room === 'never counted' && (await hasRoom(ports, list, limit, await counters.read(list))))
      room = await counters.take(list, limit);
    if (room === 'taken') {
      reserved.add(list);
      continue;
    }
    for (const each of reserved) await counters.release(each);
    reserved.clear();
    // The ended subscription that it stood for stays visible.
    for (const place of taken)
      if (heldBefore.includes(place.list)) await lists.expire(place, stoppedUntil('ended', takenAt));
      else await lists.remove(place);
    throw refusal(what, limits);
  }
};
