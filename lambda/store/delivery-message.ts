/** What lies in the delivery and retry queues: one event for one subscription. */

import type { Decimal } from '../runtime/decimal.ts';
import { type DeliveryId, deliveryId, type EventId, type SubscriptionId } from '../runtime/ids.ts';
import type { Outgoing } from '../runtime/queue.ts';
import { type Direction, defaultConditions } from '../triggers/conditions.ts';
import type { EventPayload } from '../triggers/occurrence.ts';
import type { DeliveryOrigin } from './deliveries.ts';
import type { SubscriptionEntry } from './subscriptions.ts';
import type { Key, Version } from './table.ts';

/** For threshold triggers: exact, as text; numbers in the notification. */
export interface Crossing {
  readonly previous: Decimal;
  readonly current: Decimal;
  readonly threshold: Decimal;
  readonly direction: Direction;
}

export interface DeliveryMessage {
  /** Schema version, so that a newer program recognises messages in flight. */
  readonly v: 1;
  readonly deliveryId: DeliveryId;
  readonly eventId: EventId;
  readonly subscriptionId: SubscriptionId;
  readonly generation: string;
  /** The entry that led here, to be removed if its subscription is gone; null when something else did. */
  readonly entry: { readonly key: Key; readonly version: Version } | null;
  readonly payload: EventPayload;
  readonly crossing: Crossing | null;
  /** Counts how often it has become a dead letter and was sent again, from 1; each round has its own day of attempts. */
  readonly round: number;
  /** Absent: an event. */
  readonly origin?: DeliveryOrigin;
}

/** The message as it goes into a queue: the subscription is the tenant whose share of the queue is fair. */
export const queued = (message: DeliveryMessage): Outgoing => ({
  body: JSON.stringify(message),
  group: message.subscriptionId,
});

/** Something that happened, as its flows are told of it; the values of a step where it was one. */
export interface DeliveredEvent {
  readonly eventId: EventId;
  readonly payload: EventPayload;
  readonly previous?: Decimal;
  readonly current?: Decimal;
}

/** Whom an event goes to. */
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
 * @param over the delivery's id where it is not that of the event's first delivery; the entry that led here; why there is a
 * delivery at all, unless something happened
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

/** What is kept when a delivery is given up: moved back into a queue as it is, it begins another round of attempts. */
export const deadLetterOf = (message: DeliveryMessage): DeliveryMessage => ({
  ...message,
  round: message.round + 1,
});

/**
 * The notification as the contract describes it. Values stand in it as exact numbers: they never were a float here, so
 * they are written into the JSON text as they are.
 */
export const notificationBody = ({ payload, deliveryId, crossing }: DeliveryMessage): string => {
  const text = JSON.stringify({ ...payload, deliveryId });
  return crossing
    ? `${text.slice(0, -1)},"previousValue":${crossing.previous},"currentValue":${crossing.current},"threshold":${crossing.threshold},"direction":"${crossing.direction}"}`
    : text;
};
