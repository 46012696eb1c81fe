/** What lies in the delivery and retry queues: one event for one subscription. */

import type { Decimal } from '../runtime/decimal.ts';
import { ConnectorError } from '../runtime/errors.ts';
import type { DeliveryId, EventId, SubscriptionId } from '../runtime/ids.ts';
import type { Outgoing } from '../runtime/queue.ts';
import type { Direction } from '../triggers/conditions.ts';
import type { EventPayload } from '../triggers/occurrence.ts';
import type { DeliveryOrigin } from './deliveries.ts';
import type { Key } from './table.ts';

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
  readonly entry: { readonly key: Key; readonly version: string } | null;
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

/** A message of a newer program, or none of ours. It stays in the queue and ends as a dead letter, to be looked at. */
export class UnknownMessage extends ConnectorError<'UnknownMessage'> {
  constructor(message: string) {
    super('UnknownMessage', message);
  }
}

export const readMessage = (body: string): DeliveryMessage => {
  const parsed = JSON.parse(body) as DeliveryMessage;
  if (parsed.v !== 1)
    throw new UnknownMessage(
      `A delivery message has schema version ${String(parsed.v)}; this program knows 1.`,
    );
  return parsed;
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
