/** Sends past events of the decision ledger to one subscription again. */

import { type DeliveryId, hashedId } from '../runtime/ids.ts';
import type { Send } from '../runtime/queue.ts';
import { iso } from '../runtime/time.ts';
import { auditOperator, type OperatorAuditPorts } from '../store/audit-records.ts';
import type { Delivery, DeliveryStore } from '../store/deliveries.ts';
import { type DeliveryMessage, deliveryMessage, queued } from '../store/delivery-message.ts';
import type { LedgerStore } from '../store/ledger.ts';
import type { Subscription } from '../store/subscriptions.ts';
import { firings } from '../triggers/firings.ts';
import { keptBySubject, type Occurrence } from '../triggers/occurrence.ts';
import { triggers } from '../triggers/registry.ts';
import { thresholdOf } from '../triggers/threshold.ts';
import { concerns, mismatchOf } from '../triggers/trigger-set.ts';

/** Records read at most. Beyond them nothing is sent, because the oldest events would be left out. */
export const mostRecords = 10_000;

/** More records than are read at once. */
export class TooManyRecords extends Error {
  override readonly name = 'TooManyRecords';
  readonly exitCode = 1;

  constructor(since: number) {
    super(
      `There are more than ${mostRecords} records since ${iso(since)}, and the oldest would be left out. Nothing was sent. Give a later --since.`,
    );
  }
}

/**
 * What became of an event for this subscription until now.
 * - new: it was never sent to this subscription
 * - accepted: the flow has accepted it, as an event or in another replay
 * - repeated: this replay has sent it before, and the flow has accepted it; it is not sent again
 * - underWay: an attempt of it is still to come
 * - notAccepted: it was sent, and given up or dropped
 */
export type EventHistory = 'new' | 'accepted' | 'repeated' | 'underWay' | 'notAccepted';

export interface ReplayedEvent {
  readonly occurrence: Occurrence;
  readonly deliveryId: DeliveryId;
  readonly history: EventHistory;
  /** Whether it is sent; in a dry run, whether it would be. */
  readonly send: boolean;
}

/** Prefix of the id of a replayed delivery. */
const replayPrefix = 'replay-';

const messageOf = (subscription: Subscription, event: Occurrence, name: string): DeliveryMessage =>
  deliveryMessage(event, subscription, {
    deliveryId:
      `${replayPrefix}${hashedId('replay', name, event.eventId, subscription.subscriptionId)}` as DeliveryId,
    origin: 'replay',
  });

/**
 * The events that a subscription with its present inputs would have received: pure. It includes events from
 * before the registration and from pauses, because a replay exists for these events.
 * @param occurrences oldest first
 */
export const eventsFor = (
  subscription: Subscription,
  occurrences: readonly Occurrence[],
): readonly Occurrence[] => {
  const concerning = occurrences.filter((occurrence) => concerns(subscription, occurrence));
  const threshold = thresholdOf(subscription);
  if (threshold === null)
    return concerning.filter((occurrence) => mismatchOf(triggers, subscription, occurrence) === undefined);
  const steps = concerning.flatMap((occurrence) =>
    occurrence.kind === 'value'
      ? [{ at: occurrence.finalAt, previous: occurrence.previous, current: occurrence.current, occurrence }]
      : [],
  );
  return firings(threshold, steps, { generation: subscription.generation }).fired.map(
    ({ occurrence }) => occurrence,
  );
};

export interface ReplayPorts extends OperatorAuditPorts {
  readonly ledger: Pick<LedgerStore, 'ofSubject'>;
  readonly deliveries: Pick<DeliveryStore, 'history'>;
  readonly sendRetry: Send;
}

export interface ReplayRequest {
  /** The same name gives the same delivery ids, so an interrupted replay can be repeated under its name. */
  readonly name: string;
  /** Epoch ms. */
  readonly since: number;
  /** Send nothing. */
  readonly dryRun: boolean;
  /** Leave out what the flow has accepted before, and what is under way. */
  readonly onlyMissed?: boolean;
}

const historyOf = (delivered: readonly Delivery[], deliveryId: DeliveryId): EventHistory => {
  const own = delivered.find((delivery) => delivery.deliveryId === deliveryId);
  if (own?.state === 'delivered') return 'repeated';
  if (delivered.some(({ state }) => state === 'delivered')) return 'accepted';
  if (delivered.some(({ state }) => state === 'pending')) return 'underWay';
  return delivered.length === 0 ? 'new' : 'notAccepted';
};

/**
 * @returns the events, oldest first, each with what became of it before
 * @throws TooManyRecords
 */
export const replay = async (
  ports: ReplayPorts,
  subscription: Subscription,
  { name, since, dryRun, onlyMissed = false }: ReplayRequest,
): Promise<readonly ReplayedEvent[]> => {
  const { instanceId, trigger, subject, subscriptionId } = subscription;
  const records = await ports.ledger.ofSubject(
    instanceId,
    trigger,
    keptBySubject[triggers.of(trigger).kind] ? subject : null,
    since,
    mostRecords,
  );
  if (records.length === mostRecords) throw new TooManyRecords(since);
  const occurrences = records
    .flatMap((record) => (record.kind === 'occurrence' ? [record.occurrence] : []))
    .reverse();
  const found = eventsFor(subscription, occurrences).map((occurrence) => ({
    occurrence,
    message: messageOf(subscription, occurrence, name),
  }));
  const [oldest] = found;
  const before = new Map<string, Delivery[]>();
  if (oldest !== undefined)
    for await (const delivery of ports.deliveries.history(subscriptionId, oldest.message.payload.occurredAt))
      before.set(delivery.eventId, [...(before.get(delivery.eventId) ?? []), delivery]);
  const events = found.map(({ occurrence, message }) => {
    const history = historyOf(before.get(occurrence.eventId) ?? [], message.deliveryId);
    const missed = history === 'new' || history === 'notAccepted';
    return { occurrence, message, history, send: history !== 'repeated' && (missed || !onlyMissed) };
  });
  if (!dryRun) {
    const sent = events.flatMap(({ message, send }) => (send ? [queued(message)] : []));
    const detail = `${sent.length} events since ${iso(since)}, as "${name}"`;
    await auditOperator(ports, 'replayed', subscription, detail);
    await ports.sendRetry(sent);
  }
  return events.map(({ occurrence, message: { deliveryId }, history, send }) => ({
    occurrence,
    deliveryId,
    history,
    send,
  }));
};
