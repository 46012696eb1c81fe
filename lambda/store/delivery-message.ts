/** A message of the delivery and retry queues: one event for one subscription. */

import type { Decimal } from '../runtime/decimal.ts';
import { type DeliveryId, deliveryId, type EventId, personOf, type SubscriptionId } from '../runtime/ids.ts';
import type { Outgoing } from '../runtime/queue.ts';
import { type Direction, defaultConditions } from '../triggers/conditions.ts';
import type { EventPayload } from '../triggers/occurrence.ts';
import type { DeliveryOrigin } from './deliveries.ts';
import type { SubscriptionEntry } from './subscriptions.ts';
import type { Key, Version } from './table.ts';

/** The step of a threshold trigger: exact, as text. The notification contains numbers. */
export interface Crossing {
  readonly previous: Decimal;
  readonly current: Decimal;
  readonly threshold: Decimal;
  readonly direction: Direction;
}

export interface DeliveryMessage {
  /** Schema version, so that a newer program recognises messages that are still queued. */
  readonly v: 1;
  readonly deliveryId: DeliveryId;
  readonly eventId: EventId;
  readonly subscriptionId: SubscriptionId;
  readonly generation: string;
  /**
   * The entry by which the subscription was found, removed if it is an orphan; null for samples and replays.
   */
  readonly entry: { readonly key: Key; readonly version: Version } | null;
  readonly payload: EventPayload;
  readonly crossing: Crossing | null;
  /**
   * From 1; one more each time it was redriven from the dead-letter queue. Each round has 24 hours of
   * attempts.
   */
  readonly round: number;
  /** Absent: an event. */
  readonly origin?: DeliveryOrigin;
}

/**
 * The message for a queue. The person is the group: a user with many messages does not delay others, and has
 * one share of the queue, however many subscriptions.
 */
export const queued = (message: DeliveryMessage): Outgoing => ({
  body: JSON.stringify(message),
  group: personOf(message.subscriptionId),
});

/** An event as it is delivered; with both values of the step for a threshold trigger. */
export interface DeliveredEvent {
  readonly eventId: EventId;
  readonly payload: EventPayload;
  readonly previous?: Decimal;
  readonly current?: Decimal;
}

/** The subscription that an event is delivered to. */
export type Recipient = Pick<SubscriptionEntry, 'subscriptionId' | 'generation' | 'threshold' | 'conditions'>;

const crossingOf = (
  { previous, current }: DeliveredEvent,
  { threshold, conditions = defaultConditions }: Recipient,
): Crossing | null =>
  threshold === null || previous === undefined || current === undefined
    ? null
    : { previous, current, threshold, direction: conditions.direction };

/**
 * The first message of a delivery.
 * @param over `deliveryId` unless it follows from event and subscription; `entry` by which the subscription
 * was found; `origin` unless it is an event
 */
export const deliveryMessage = (
  event: DeliveredEvent,
  recipient: Recipient,
  over: {
    readonly deliveryId?: DeliveryId;
    readonly entry?: DeliveryMessage['entry'];
    readonly origin?: Exclude<DeliveryOrigin, 'event'>;
  } = {},
): DeliveryMessage => {
  const { eventId, payload } = event;
  const { subscriptionId, generation } = recipient;
  return {
    v: 1,
    deliveryId: over.deliveryId ?? deliveryId(eventId, subscriptionId, generation),
    eventId,
    subscriptionId,
    generation,
    entry: over.entry ?? null,
    payload,
    crossing: crossingOf(event, recipient),
    round: 1,
    ...(over.origin && { origin: over.origin }),
  };
};

/**
 * The message for the dead-letter queue. Moved back into a queue unchanged, it begins another round of
 * attempts.
 */
export const deadLetterOf = (message: DeliveryMessage): DeliveryMessage => ({
  ...message,
  round: message.round + 1,
});

/**
 * The notification as the contract describes it. Values are exact decimals, which a float cannot hold, so
 * their digits are inserted into the JSON text.
 */
export const notificationBody = ({ payload, deliveryId, crossing }: DeliveryMessage): string => {
  const text = JSON.stringify({ ...payload, deliveryId });
  return crossing
    ? `${text.slice(0, -1)},"previousValue":${crossing.previous},"currentValue":${crossing.current},"threshold":${crossing.threshold},"direction":"${crossing.direction}"}`
    : text;
};
