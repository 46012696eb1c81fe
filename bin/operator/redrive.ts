/** Dead letters back into the queue of later attempts. */

import type { Send } from '../../lambda/runtime/queue.ts';
import type { Delivery, DeliveryStore } from '../../lambda/store/deliveries.ts';
import { type DeliveryMessage, queued } from '../../lambda/store/delivery-message.ts';
import { readMessage } from '../../lambda/store/delivery-message-reader.ts';
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
  /** Only what was sent to the dead letters from then on, epoch ms. */
  readonly since?: number | undefined;
  /** Say what would be done, and leave everything where it is. */
  readonly dryRun: boolean;
}

/**
 * - send: into the queue, in a round of its own
 * - done: it was delivered after all; the dead letter is removed
 * - keep: it stays where it is, for the reason given
 */
export type Fate =
  | { readonly kind: 'send'; readonly message: DeliveryMessage }
  | { readonly kind: 'done'; readonly message: DeliveryMessage }
  | { readonly kind: 'keep'; readonly message: DeliveryMessage | undefined; readonly reason: string };

/** What becomes of a dead letter: pure. */
export const fateOf = (
  message: DeliveryMessage,
  delivery: Delivery | undefined,
  subscription: Subscription | undefined,
): Fate => {
  const keep = (reason: string): Fate => ({ kind: 'keep', message, reason });
  if (delivery?.state === 'delivered') return { kind: 'done', message };
  if (!subscription) return keep('its subscription is gone');
  if (subscription.status.state !== 'active')
    return keep(`its subscription is ${subscription.status.state}; the flow has to be switched on first`);
  if (subscription.generation !== message.generation)
    return keep('its flow was saved anew since; "replay" sends past events to it');
  // A round that the record does not know yet is what makes a dead delivery be attempted again.
  const round = delivery?.state === 'dead' ? Math.max(message.round, delivery.round + 1) : message.round;
  return { kind: 'send', message: { ...message, round } };
};

const readLetter = ({ body }: DeadLetter): DeliveryMessage | undefined => {
  try {
    return readMessage(body);
  } catch {
    // Not ours, or of a newer program: it is reported and stays.
    return undefined;
  }
};

const isSelected = (
  message: DeliveryMessage | undefined,
  { sentAt }: DeadLetter,
  { subscription, since }: RedriveRequest,
): boolean =>
  (since === undefined || sentAt >= since) &&
  (subscription === undefined || message?.subscriptionId === subscription);

const fateOfLetter = async (ports: RedrivePorts, message: DeliveryMessage | undefined): Promise<Fate> => {
  if (!message)
    return { kind: 'keep', message, reason: 'it cannot be read; a newer version of the program may know it' };
  const [delivery, subscription] = await Promise.all([
    ports.deliveries.find({ ...message, occurredAt: message.payload.occurredAt }),
    ports.subscriptions.find(message.subscriptionId),
  ]);
  return fateOf(message, delivery?.body, subscription?.body);
};

const redriveQueue = async (
  ports: RedrivePorts,
  queue: DeadLetterQueue,
  request: RedriveRequest,
  tell: (fate: Fate) => void,
): Promise<void> => {
  const seen = new Set<string>();
  const kept: DeadLetter[] = [];
  for (;;) {
    const letters = (await queue.receive()).filter(({ messageId }) => !seen.has(messageId));
    // What was kept comes back when it was hidden long enough: then everything has been seen.
    if (letters.length === 0) break;
    for (const letter of letters) {
      seen.add(letter.messageId);
      const message = readLetter(letter);
      if (!isSelected(message, letter, request)) {
        kept.push(letter);
        continue;
      }
      const fate = await fateOfLetter(ports, message);
      if (fate.kind === 'keep' || request.dryRun) kept.push(letter);
      else {
        // Sent before it is removed: a run that dies in between leaves a second message, which finds its
        // round begun.
        if (fate.kind === 'send') await ports.sendRetry([queued(fate.message)]);
        await queue.remove(letter);
      }
      tell(fate);
    }
  }
  for (const letter of kept) await queue.release(letter);
};

/**
 * Sends dead letters again. Can be repeated, and can die anywhere: nothing is removed before it is queued.
 * @param tell called for every dead letter that was asked for
 */
export const redrive = async (
  ports: RedrivePorts,
  request: RedriveRequest,
  tell: (fate: Fate) => void,
): Promise<void> => {
  for (const queue of ports.deadLetters) await redriveQueue(ports, queue, request, tell);
};
