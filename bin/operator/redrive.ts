/** Moves dead letters back into the queue of later attempts. */

import type { Send } from '../../lambda/runtime/queue.ts';
import type { Delivery, DeliveryStore } from '../../lambda/store/deliveries.ts';
import { type DeliveryMessage, queued } from '../../lambda/store/delivery-message.ts';
import { readMessage } from '../../lambda/store/delivery-message-reader.ts';
import { UnknownMessage } from '../../lambda/store/message-reader.ts';
import type { Subscription, SubscriptionStore } from '../../lambda/store/subscriptions.ts';
import type { DeadLetter, DeadLetterQueue } from './dead-letters.ts';

export interface RedrivePorts {
  readonly deadLetters: readonly DeadLetterQueue[];
  readonly deliveries: DeliveryStore;
  readonly subscriptions: SubscriptionStore;
  readonly sendRetry: Send;
}

export interface RedriveRequest {
  /** Only of this subscription. */
  readonly subscription?: string | undefined;
  /** Only messages that were sent to the dead-letter queue since, epoch ms. */
  readonly since?: number | undefined;
  /** Only report the decisions. */
  readonly dryRun: boolean;
}

/**
 * - send: moved into the queue, for another round of attempts
 * - done: the event was delivered after all; the dead letter is removed
 * - keep: the dead letter stays in its queue, for the stated reason
 */
export type RedriveDecision =
  | { readonly kind: 'send'; readonly message: DeliveryMessage }
  | { readonly kind: 'done'; readonly message: DeliveryMessage }
  | { readonly kind: 'keep'; readonly message: DeliveryMessage | undefined; readonly reason: string };

/** Decides about a dead letter. Pure. */
export const decisionOn = (
  message: DeliveryMessage,
  delivery: Delivery | undefined,
  subscription: Subscription | undefined,
): RedriveDecision => {
  const keep = (reason: string): RedriveDecision => ({ kind: 'keep', message, reason });
  if (delivery?.state === 'delivered') return { kind: 'done', message };
  if (!subscription) return keep('its subscription is gone');
  if (subscription.status.state !== 'active')
    return keep(`its subscription is ${subscription.status.state}; switch the flow on first`);
  if (subscription.generation !== message.generation)
    return keep('its flow was saved again with other inputs; "replay" sends past events to it');
  // A dead delivery is attempted again only in a round that its record does not contain.
  const round = delivery?.state === 'dead' ? Math.max(message.round, delivery.round + 1) : message.round;
  return { kind: 'send', message: { ...message, round } };
};

const readLetter = ({ body }: DeadLetter): DeliveryMessage | UnknownMessage => {
  try {
    return readMessage(body);
  } catch (error) {
    if (error instanceof UnknownMessage) return error;
    throw error;
  }
};

const isSelected = (
  message: DeliveryMessage | UnknownMessage,
  { sentAt }: DeadLetter,
  { subscription, since }: RedriveRequest,
): boolean =>
  (since === undefined || sentAt >= since) &&
  (subscription === undefined ||
    (!(message instanceof UnknownMessage) && message.subscriptionId === subscription));

const decideAbout = async (
  ports: RedrivePorts,
  message: DeliveryMessage | UnknownMessage,
): Promise<RedriveDecision> => {
  if (message instanceof UnknownMessage)
    return {
      kind: 'keep',
      message: undefined,
      reason: `it cannot be read; a newer version of the program may be able to read it. ${message.message}`,
    };
  const [delivery, subscription] = await Promise.all([
    ports.deliveries.find({ ...message, occurredAt: message.payload.occurredAt }),
    ports.subscriptions.find(message.subscriptionId),
  ]);
  return decisionOn(message, delivery?.body, subscription?.body);
};

const redriveQueue = async (
  ports: RedrivePorts,
  queue: DeadLetterQueue,
  request: RedriveRequest,
  report: (decision: RedriveDecision) => void,
): Promise<void> => {
  const seen = new Set<string>();
  const kept: DeadLetter[] = [];
  for (;;) {
    const letters = (await queue.receive()).filter(({ messageId }) => !seen.has(messageId));
    // Kept messages become visible again after a while. All messages have then been seen.
    if (letters.length === 0) break;
    for (const letter of letters) {
      seen.add(letter.messageId);
      const message = readLetter(letter);
      if (!isSelected(message, letter, request)) {
        kept.push(letter);
        continue;
      }
      const decision = await decideAbout(ports, message);
      if (decision.kind === 'keep' || request.dryRun) kept.push(letter);
      else {
        // Sent before it is removed: a run that ends in between leaves a second message, whose round has
        // already begun.
        if (decision.kind === 'send') await ports.sendRetry([queued(decision.message)]);
        await queue.remove(letter);
      }
      report(decision);
    }
  }
  for (const letter of kept) await queue.release(letter);
};

/**
 * Sends dead letters again. It can be repeated after it stopped at any point, because a message is queued
 * before it is removed.
 * @param report called for every selected dead letter
 */
export const redrive = async (
  ports: RedrivePorts,
  request: RedriveRequest,
  report: (decision: RedriveDecision) => void,
): Promise<void> => {
  for (const queue of ports.deadLetters) await redriveQueue(ports, queue, request, report);
};
