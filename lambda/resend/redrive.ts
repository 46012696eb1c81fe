/** Moves dead letters back into the queue of later attempts. */

import type { SubscriptionId } from '../runtime/ids.ts';
import type { Send } from '../runtime/queue.ts';
import { auditOperator, type OperatorAuditPorts } from '../store/audit-records.ts';
import type { DeadLetterStore } from '../store/dead-letters.ts';
import type { Delivery, DeliveryStore } from '../store/deliveries.ts';
import { type DeliveryMessage, queued } from '../store/delivery-message.ts';
import { UnknownMessage } from '../store/message-reader.ts';
import type { Subscription, SubscriptionStore } from '../store/subscriptions.ts';
import type { DeliveryLetter } from './letters.ts';

export interface RedrivePorts extends OperatorAuditPorts {
  readonly letters: Pick<DeadLetterStore, 'remove'>;
  readonly deliveries: Pick<DeliveryStore, 'find'>;
  readonly subscriptions: Pick<SubscriptionStore, 'find'>;
  readonly sendRetry: Send;
}

export interface RedriveRequest {
  /** The letters that are meant, in the order in which they are sent. */
  readonly letters: AsyncIterable<DeliveryLetter> | Iterable<DeliveryLetter>;
  /** Only report the decisions. */
  readonly dryRun: boolean;
  /** Send at most so many. */
  readonly limit?: number | undefined;
  /** Asked before each letter; the others stay as they are. */
  readonly isStopped?: () => boolean;
}

/**
 * - send: moved into the queue, for another round of attempts
 * - done: the event was delivered after all; the dead letter is removed
 * - keep: the dead letter stays, for the stated reason
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
    return keep(
      `its subscription is ${subscription.status.state}; switch the flow on, then "replay" sends past events to it`,
    );
  if (subscription.generation !== message.generation)
    return keep(
      'its flow was saved again with other inputs, or switched off and on; "replay" sends past events to it',
    );
  // A dead delivery is attempted again only in a round that its record does not contain.
  const round = delivery?.state === 'dead' ? Math.max(message.round, delivery.round + 1) : message.round;
  return { kind: 'send', message: { ...message, round } };
};

/** What a dead letter becomes, and the records that this depends on. */
export interface LetterDecision {
  readonly decision: RedriveDecision;
  readonly delivery?: Delivery | undefined;
  readonly subscription?: Subscription | undefined;
}

/** Reads what the decision about a dead letter depends on, and decides. */
export const decideAbout = async (
  ports: Pick<RedrivePorts, 'deliveries' | 'subscriptions'>,
  message: DeliveryMessage | UnknownMessage,
): Promise<LetterDecision> => {
  if (message instanceof UnknownMessage)
    return {
      decision: {
        kind: 'keep',
        message: undefined,
        reason: `it cannot be read; a newer version of the program may be able to read it. ${message.message}`,
      },
    };
  const [delivery, subscription] = await Promise.all([
    ports.deliveries.find({ ...message, occurredAt: message.payload.occurredAt }),
    ports.subscriptions.find(message.subscriptionId),
  ]);
  return {
    decision: decisionOn(message, delivery?.body, subscription?.body),
    delivery: delivery?.body,
    subscription: subscription?.body,
  };
};

/**
 * Sends dead letters again. It can be repeated after it stopped at any point, because a message is queued before
 * its record is removed.
 * @param report called for every selected dead letter
 */
export const redrive = async (
  ports: RedrivePorts,
  request: RedriveRequest,
  report: (decision: RedriveDecision) => void,
): Promise<void> => {
  let sent = 0;
  const roundsSent = new Map<string, number>();
  const audited = new Set<SubscriptionId>();
  for await (const { stored, message } of request.letters) {
    // A letter of a round that began in this run was given up since. Without this the run would never end where a
    // flow refuses everything.
    if (
      !(message instanceof UnknownMessage) &&
      message.round > (roundsSent.get(message.deliveryId) ?? Infinity)
    )
      continue;
    if (request.isStopped?.() || sent === request.limit) break;
    const { decision, subscription } = await decideAbout(ports, message);
    if (decision.kind === 'send') sent += 1;
    if (decision.kind !== 'keep' && !request.dryRun) {
      // Sent before it is removed: a run that ends in between leaves a record whose round has already begun.
      if (decision.kind === 'send') {
        const { subscriptionId } = decision.message;
        if (subscription && !audited.has(subscriptionId))
          await auditOperator(ports, 'redriven', subscription, 'dead letters are sent again');
        audited.add(subscriptionId);
        await ports.sendRetry([queued(decision.message)]);
        roundsSent.set(decision.message.deliveryId, decision.message.round);
      }
      await ports.letters.remove(stored);
    }
    report(decision);
  }
};
