/** Everything of one person: to export it, to end it, and to erase it. */

import { flowOf, type SubscriptionId } from '../../lambda/runtime/ids.ts';
import { iso, minuteMs } from '../../lambda/runtime/time.ts';
import {
  type AuditRecord,
  type AuditStore,
  auditOperator,
  auditRetentionMs,
  type OperatorAuditPorts,
  type Person,
  pseudonymOf,
} from '../../lambda/store/audit-records.ts';
import type { Delivery, DeliveryStore } from '../../lambda/store/deliveries.ts';
import type { FailureStore, Failures } from '../../lambda/store/failures.ts';
import { type ListStore, type Membership, principalList } from '../../lambda/store/lists.ts';
import type { Found, Stored } from '../../lambda/store/record-store.ts';
import {
  type Subscription,
  type SubscriptionStore,
  sameFlowAtOnce,
} from '../../lambda/store/subscriptions.ts';
import { untilWritten } from '../../lambda/store/table.ts';
import { type EndedSubscriptions, endListed } from './end-listed.ts';

export interface PersonPorts extends OperatorAuditPorts {
  readonly audit: AuditStore;
  readonly subscriptions: SubscriptionStore;
  readonly lists: ListStore;
  readonly deliveries: DeliveryStore;
  readonly failures: FailureStore;
  /** Writes an ended subscription with other values; see lambda/store/subscriptions.ts. */
  readonly rewriteEnded: (stored: Stored<Subscription>, next: Subscription) => Promise<boolean>;
}

const isOf = ({ tenantId, objectId }: Person, principal: Person): boolean =>
  principal.tenantId === tenantId && principal.objectId === objectId;

interface Place {
  readonly place: Membership;
  readonly stored: Stored<Subscription> | undefined;
}

const placesOf = async ({ lists, subscriptions }: PersonPorts, person: Person): Promise<readonly Place[]> => {
  const places: Place[] = [];
  for await (const place of lists.of(principalList(person)))
    places.push({ place, stored: await subscriptions.find(place.subscriptionId) });
  return places;
};

const auditOf = async (
  { audit, now }: PersonPorts,
  person: Person,
): Promise<readonly Found<AuditRecord>[]> => {
  const records: Found<AuditRecord>[] = [];
  for await (const found of audit.since(now() - auditRetentionMs, now()))
    if (isOf(person, found.body.person)) records.push(found);
  return records;
};

/** Deliveries of a subscription that an export holds at most: all of 30 days, as a rule. */
const exportedDeliveries = 10_000;

export interface PersonExport {
  readonly person: Person;
  /** RFC 3339. */
  readonly at: string;
  /** Without callback URL and secret: these are credentials of the flow, and no facts about the person. */
  readonly subscriptions: readonly {
    readonly subscription: Omit<Subscription, 'callback' | 'secretHash'>;
    readonly failures: Failures | null;
    readonly deliveries: readonly Delivery[];
  }[];
  readonly audit: readonly AuditRecord[];
}

/** Everything that is stored about a person. The export is recorded in the audit before it is read. */
export const exportPerson = async (ports: PersonPorts, person: Person): Promise<PersonExport> => {
  await auditOperator(ports, 'exported', person, 'everything of the person');
  const subscriptions: PersonExport['subscriptions'][number][] = [];
  for (const { stored } of await placesOf(ports, person)) {
    if (!stored || !isOf(person, stored.body.principal)) continue;
    const { callback: _, secretHash: __, ...subscription } = stored.body;
    const { subscriptionId } = subscription;
    const [deliveries, failures] = await Promise.all([
      ports.deliveries.newest(subscriptionId, exportedDeliveries),
      ports.failures.find(subscriptionId),
    ]);
    subscriptions.push({ subscription, failures: failures?.body ?? null, deliveries });
  }
  const audit = (await auditOf(ports, person)).map(({ body }) => body);
  return { person, at: iso(ports.now()), subscriptions, audit };
};

/** Ends all subscriptions of a person. */
export const endPerson = (ports: PersonPorts, person: Person, reason: string): Promise<EndedSubscriptions> =>
  endListed(ports, principalList(person), ({ principal }) => isOf(person, principal), reason);

export interface PersonErased extends EndedSubscriptions {
  readonly pseudonym: string;
  /** Audit records whose person was replaced. */
  readonly auditRecords: number;
}

/** The id of a subscription is partly made of its person. */
const withoutPerson = (id: SubscriptionId | null, pseudonym: string): SubscriptionId | null =>
  id === null ? null : (`${flowOf(id)}~${pseudonym}` as SubscriptionId);

/** A registration takes its place in the list before its record is written; no call takes this long, ms. */
const longestCallMs = 5 * minuteMs;

/**
 * Replaces the person in an ended subscription. One that was erased before is written again: a registration in
 * progress that has read it writes nothing then, and takes its place in the list again.
 * @returns false when it is active, or may be at any moment; its place must stay then
 */
const eraseSubscription = (
  { subscriptions, rewriteEnded, now }: PersonPorts,
  person: Person,
  { subscriptionId, addedAt }: Membership,
  pseudonym: string,
): Promise<boolean> =>
  untilWritten(async () => {
    const stored = await subscriptions.find(subscriptionId);
    if (!stored) return addedAt < now() - longestCallMs;
    const { principal, status } = stored.body;
    const isErased = isOf({ ...person, objectId: pseudonym }, principal);
    if (!isErased && !isOf(person, principal)) return true;
    if (status.state !== 'ended') return false;
    const next: Subscription = {
      ...stored.body,
      principal: { ...principal, objectId: pseudonym },
      callback: { dataKey: '', sealed: '' },
      secretHash: '',
      status: { ...status, reason: 'erased' },
    };
    // Its trouble may be noted at this moment.
    return (await rewriteEnded(stored, next)) || 'overtaken';
  }, sameFlowAtOnce);

/**
 * Ends everything of a person and replaces what is stored about them. Records that keep events from being sent twice
 * stay until they expire; they hold ids and no values. It may be repeated: what is done is left as it is.
 * @param key of the pseudonym that the audit keeps, so that it can be shown later that a person was erased
 * @returns `active` is not empty when a flow was saved at the same moment; its subscription is not erased then
 */
export const erasePerson = async (ports: PersonPorts, person: Person, key: string): Promise<PersonErased> => {
  const pseudonym = pseudonymOf(person, key);
  const erased: Person = { tenantId: person.tenantId, objectId: pseudonym };
  // Before everything else: an erasure that is interrupted is recorded too.
  await auditOperator(ports, 'erased', erased, 'everything of the person');
  const ended = await endPerson(ports, person, 'An operator of the connector ended and erased it.');
  const active = new Set(ended.active);
  // Registered again at this moment: it stays in the list, and the next run ends it.
  for await (const place of ports.lists.of(principalList(person)))
    if (await eraseSubscription(ports, person, place, pseudonym)) await ports.lists.remove(place);
    else active.add(place.subscriptionId);
  const records = await auditOf(ports, person);
  for (const record of records)
    await ports.audit.rewrite(record, {
      ...record.body,
      person: erased,
      subscriptionId: withoutPerson(record.body.subscriptionId, pseudonym),
    });
  return { ...ended, active: [...active], pseudonym, auditRecords: records.length };
};
