import type { Delivery, DeliveryStore } from '../store/deliveries.ts';
import type { LedgerStore } from '../store/ledger.ts';
import type { Noted, SubjectRecord } from '../store/ledger-records.ts';
import type { Subscription } from '../store/subscriptions.ts';
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

/** The name that is shown for a value's subject: failed tasks bear it. */
const displayNameOf = (records: readonly Noted<SubjectRecord>[]): string | undefined => {
  for (const record of records) {
    if (record.kind !== 'occurrence') continue;
    const { payload } = record.occurrence;
    if ('segmentDisplayName' in payload) return payload.segmentDisplayName;
    if ('measureDisplayName' in payload) return payload.measureDisplayName;
  }
  return undefined;
};

/**
 * What there is to know about a subscription since `since` (epoch ms): four range reads, whatever happened in the instance
 * otherwise.
 */
export const gatherEvidence = async (
  { ledger, deliveries }: { readonly ledger: LedgerStore; readonly deliveries: DeliveryStore },
  subscription: Subscription,
  since: number,
): Promise<Evidence> => {
  const { instanceId, trigger, subject, threshold } = subscription;
  const followsValue = threshold !== null;
  const [found, instanceRecords, sent] = await Promise.all([
    ledger.ofSubject(instanceId, trigger, followsValue ? subject : null, since, mostRecords),
    ledger.ofInstance(instanceId, since, mostRecords),
    deliveriesSince(deliveries, subscription, since),
  ]);
  const displayName = followsValue ? displayNameOf(found) : undefined;
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
