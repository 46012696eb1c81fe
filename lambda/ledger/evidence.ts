import type { Delivery, DeliveryStore } from '../store/deliveries.ts';
import type { LedgerStore } from '../store/ledger.ts';
import type { Noted, SubjectRecord } from '../store/ledger-records.ts';
import type { Subscription } from '../store/subscriptions.ts';
import { keptBySubject } from '../triggers/occurrence.ts';
import type { Trigger } from '../triggers/trigger-definition.ts';
import type { Triggers } from '../triggers/trigger-set.ts';
import type { Evidence } from './explain.ts';

/** Records read at most, of the subject and of the instance; the newest. */
const mostRecords = 2_000;
/** Deliveries read at most, the newest. */
export const mostDeliveries = 500;

/** Deliveries of one subscription whose event is not older than `since` (epoch ms), newest first. */
export const deliveriesSince = async (
  deliveries: DeliveryStore,
  { subscriptionId }: Pick<Subscription, 'subscriptionId'>,
  since: number,
): Promise<readonly Delivery[]> =>
  (await deliveries.newest(subscriptionId, mostDeliveries)).filter(
    ({ occurredAt }) => Date.parse(occurredAt) >= since,
  );

/**
 * The name that people read for the subject of these records: a failed task carries it instead of the unique
 * name.
 */
const displayNameOf = (trigger: Trigger, records: readonly Noted<SubjectRecord>[]): string | undefined => {
  const newest = records.find((record) => record.kind === 'occurrence');
  return newest && trigger.displayName(newest.occurrence.payload);
};

/**
 * What there is to know about a subscription since `since` (epoch ms): four range reads, whatever happened in
 * the instance otherwise.
 */
export const gatherEvidence = async (
  triggers: Triggers,
  { ledger, deliveries }: { readonly ledger: LedgerStore; readonly deliveries: DeliveryStore },
  subscription: Subscription,
  since: number,
): Promise<Evidence> => {
  const { instanceId, trigger, subject } = subscription;
  const definition = triggers.of(trigger);
  const bySubject = keptBySubject[definition.kind];
  const [found, instanceRecords, sent] = await Promise.all([
    ledger.ofSubject(instanceId, trigger, bySubject ? subject : null, since, mostRecords),
    ledger.ofInstance(instanceId, since, mostRecords),
    deliveriesSince(deliveries, subscription, since),
  ]);
  const displayName = bySubject ? displayNameOf(definition, found) : undefined;
  const underOtherName =
    displayName !== undefined && displayName !== subject
      ? await ledger.ofSubject(instanceId, trigger, displayName, since, mostRecords)
      : [];
  return {
    subscription,
    subjectRecords: [...found, ...underOtherName.filter(({ kind }) => kind === 'no value')],
    instanceRecords,
    deliveries: sent,
  };
};
