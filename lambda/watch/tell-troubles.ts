/**
 * Tells people of triggers that are paused, ended or failing, and of those that work again. What is to be looked at is
 * in the agenda (store/agenda.ts); an item is removed last, so a process that dies leaves it to the next one.
 *
 * A trouble is noted in its subscription before it is told, and marked as told afterwards. Until a delivery is
 * accepted, that note keeps every further state of the subscription from being told.
 */
import pMap from 'p-map';
import { acrossInstances, acrossPeople, type SubscriptionId } from '../runtime/ids.ts';
import { loggedError } from '../runtime/redaction.ts';
import { hourMs, iso, minuteMs } from '../runtime/time.ts';
import { dueOf, type Suspicion } from '../store/agenda.ts';
import { isCanary } from '../store/canary-runs.ts';
import { type Found, type Stored, unlessUnreadable } from '../store/record-store.ts';
import type { Subscription, Trouble } from '../store/subscriptions.ts';
import { changeTrouble, forgetTrouble, isSameTrouble } from '../store/troubles.ts';
import { troublesMessage } from '../store/watch-message.ts';
import type { WatchedInstance } from '../triggers/instance.ts';
import type { SubjectOccurrence } from '../triggers/occurrence.ts';
import { isHopeless } from './handle-occurrences.ts';
import type { WatchPorts } from './ports.ts';
import { asksFor, beginning, reportDetected, workOffPart } from './queue-deliveries.ts';
import { failureOf, newsOf, occurrenceOf, troubleTrigger } from './trouble-occurrence.ts';

/** Looked at for one message at most; the rest is left to another one. */
const mostItems = 500;
/** Subscriptions at a time. */
const atOnce = { concurrency: 10 };
/** A stop that was not written this long after it was announced never will be, ms: no call takes as long. */
const stopsWithinMs = 15 * minuteMs;

/** What was set aside is looked at again after this, ms. */
const setAsideMs = hourMs;

const askToTellTroubles = async ({ sendWatch }: Pick<WatchPorts, 'sendWatch'>): Promise<void> => {
  await sendWatch([{ body: JSON.stringify(troublesMessage) }]);
};

/** Where those who may be told are registered. Trouble of the canary is told by an alarm, and by no flow. */
const placesOf = ({ principal }: Subscription): readonly WatchedInstance[] =>
  isCanary(principal) ? [] : [acrossInstances(principal), acrossPeople].map((id) => ({ id, name: id }));

const isAskedFor = async (
  ports: WatchPorts,
  subscription: Subscription,
  occurrence: SubjectOccurrence,
): Promise<boolean> => {
  for (const { id } of placesOf(subscription))
    for await (const entry of ports.subscriptions.ofSubject(id, troubleTrigger, null))
      if (asksFor(ports, entry, occurrence)) return true;
  return false;
};

/** Queues its deliveries, all of them, and then records it for the explanations. */
const tell = async (
  ports: WatchPorts,
  subscription: Subscription,
  occurrence: SubjectOccurrence,
): Promise<void> => {
  for (const place of placesOf(subscription)) {
    let sent = 0;
    for (let next: Awaited<ReturnType<typeof workOffPart>>['next'] = beginning; next !== 'end'; ) {
      const part = await workOffPart(ports, place, occurrence, next, ports.pace.entriesPerPart);
      sent += part.sent;
      next = part.next;
    }
    if (sent === 0) continue;
    await ports.ledger.record(place.id, [{ kind: 'occurrence', occurrence, deliveries: sent }]);
    reportDetected(ports, place, occurrence, sent);
  }
};

/** The trouble that a subscription is in, as far as what led to it says; undefined for none. */
const troubleOf = async (
  { deliveries, now }: WatchPorts,
  suspicion: Suspicion,
  { subscriptionId, status: { state, since, reason } }: Subscription,
): Promise<Omit<Trouble, 'told'> | undefined> => {
  if (state !== 'active') return { state, since, reason };
  if (!('delivery' in suspicion)) return undefined;
  return failureOf((await deliveries.find({ ...suspicion.delivery, subscriptionId }))?.body, now());
};

/** Notes a trouble that a flow is to be told of, tells it, and marks it as told. */
const tellTrouble = async (
  ports: WatchPorts,
  instances: readonly WatchedInstance[],
  suspicion: Suspicion,
  subscription: Subscription,
): Promise<void> => {
  const { subscriptionId } = subscription;
  if (subscription.trouble?.told) return;
  const found = await troubleOf(ports, suspicion, subscription);
  const newsFor = (trouble: Omit<Trouble, 'told'>) =>
    occurrenceOf(ports, instances, subscription, newsOf({ ...trouble, told: false }));
  if (subscription.trouble === undefined) {
    if (found === undefined || !(await isAskedFor(ports, subscription, newsFor(found)))) return;
    const noted = await changeTrouble(ports, subscriptionId, (known) => known ?? { ...found, told: false });
    // An accepted delivery is recorded before it looks for this note: one of the two sees the other.
    const still = noted && (await troubleOf(ports, suspicion, noted));
    if (noted?.trouble?.told === false && !still && isSameTrouble(noted.trouble, found)) {
      await forgetTrouble(ports, subscriptionId, found);
      return;
    }
    if (!noted?.trouble || noted.trouble.told) return;
    await tellNoted(ports, instances, noted, noted.trouble);
    return;
  }
  // Noted by a process that died.
  await tellNoted(ports, instances, subscription, subscription.trouble);
};

const tellNoted = async (
  ports: WatchPorts,
  instances: readonly WatchedInstance[],
  subscription: Subscription,
  trouble: Trouble,
): Promise<void> => {
  await tell(ports, subscription, occurrenceOf(ports, instances, subscription, newsOf(trouble)));
  await changeTrouble(ports, subscription.subscriptionId, (known) =>
    known && isSameTrouble(known, trouble) ? { ...known, told: true } : known,
  );
};

/** Tells that a trouble is over, to those who ask for it, unless no flow was told of it. */
const tellRecovery = async (
  ports: WatchPorts,
  instances: readonly WatchedInstance[],
  { over, at }: Extract<Suspicion, { readonly over: unknown }>,
  subscription: Subscription,
): Promise<void> => {
  const { subscriptionId } = subscription;
  const begun = occurrenceOf(ports, instances, subscription, newsOf({ ...over, reason: '' }));
  const recorded = await Promise.all(
    placesOf(subscription).map(({ id }) => ports.ledger.isRecorded(id, begun)),
  );
  if (over.told || recorded.includes(true))
    await tell(
      ports,
      subscription,
      occurrenceOf(ports, instances, subscription, {
        state: 'working',
        since: iso(at),
        reason: `An event was delivered at ${iso(at)}. The trigger had been ${over.state} since ${over.since}.`,
        at,
        trouble: over,
      }),
    );
  // The process that saw the accepted delivery may have died before it did so.
  await forgetTrouble(ports, subscriptionId, over);
};

/**
 * @returns "not yet": the stop that was announced may still be on its way; "set aside": this program cannot read the
 * subscription, or does not know its trigger
 */
const lookAt = async (
  ports: WatchPorts,
  instances: readonly WatchedInstance[],
  item: Found<Suspicion>,
): Promise<'done' | 'not yet' | 'set aside'> => {
  const { subscriptions, now } = ports;
  const suspicion = item.body;
  const { subscriptionId } = suspicion;
  const find = (): Promise<Stored<Subscription> | undefined | 'set aside'> =>
    unlessUnreadable(ports, subscriptionId, () => subscriptions.find(subscriptionId), 'set aside' as const);
  let stored = await find();
  if (stored === 'set aside') return stored;
  if (stored && !ports.triggers.ids.includes(stored.body.trigger)) {
    ports.count('RecordsSetAside');
    ports.log.error('record set aside', {
      subscriptionId,
      reason: `This version does not support the trigger ${stored.body.trigger}.`,
    });
    return 'set aside';
  }
  if (stored && 'over' in suspicion) {
    await tellRecovery(ports, instances, suspicion, stored.body);
    stored = await find();
    if (stored === 'set aside') return stored;
  }
  if (!stored) return 'done';
  const announced = 'stopping' in suspicion && stored.version === suspicion.stopping;
  if (announced && now() - dueOf(item) < stopsWithinMs) return 'not yet';
  await tellTrouble(ports, instances, suspicion, stored.body);
  return 'done';
};

/** What cannot be told, today or tomorrow, is set aside; everything else is repeated in a minute. */
const failed = (
  { log, count }: WatchPorts,
  subscriptionId: SubscriptionId,
  error: unknown,
): 'done' | 'not yet' => {
  const hopeless = isHopeless(error);
  count(hopeless ? 'EventsSetAside' : 'MessagesFailed');
  log.error(hopeless ? 'event set aside' : 'trouble not told', {
    subscriptionId,
    trigger: troubleTrigger,
    error: loggedError(error),
  });
  return hopeless ? 'done' : 'not yet';
};

const bySubscription = (items: readonly Found<Suspicion>[]): readonly (readonly Found<Suspicion>[])[] => {
  const groups = new Map<SubscriptionId, Found<Suspicion>[]>();
  for (const item of items) {
    const { subscriptionId } = item.body;
    groups.set(subscriptionId, [...(groups.get(subscriptionId) ?? []), item]);
  }
  return [...groups.values()];
};

/** Looks at everything that is due, in order for each subscription. One that cannot be handled holds up no other. */
export const tellTroubles = async (
  given: WatchPorts,
  instances: readonly WatchedInstance[],
): Promise<void> => {
  const { askedAt = Number.POSITIVE_INFINITY } = given;
  // A host whose clock is ahead would find deliveries that have not waited long enough.
  const ports: WatchPorts = { ...given, now: () => Math.min(given.now(), askedAt) };
  const until = given.now() + ports.pace.lookMs;
  const due: Found<Suspicion>[] = [];
  let more = false;
  for await (const item of ports.troubles.over(ports.now())) {
    more = due.length === mostItems;
    if (more) break;
    due.push(item);
  }
  let removed = 0;
  await pMap(
    bySubscription(due),
    async (items) => {
      for (const item of items) {
        if (given.now() > until) {
          more = true;
          return;
        }
        const outcome = await lookAt(ports, instances, item).catch((error: unknown) =>
          failed(ports, item.body.subscriptionId, error),
        );
        if (outcome === 'not yet') continue;
        // Out of the way of others, for the version that can read it.
        if (outcome === 'set aside') await ports.troubles.add(item.body, ports.now() + setAsideMs);
        await ports.troubles.remove(item);
        removed += 1;
      }
    },
    atOnce,
  );
  if (more && removed > 0) await askToTellTroubles(ports);
};
