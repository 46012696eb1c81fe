/** The beginning of an attempt: the record that keeps other processes from making it too. */
import { ConnectorError } from '../runtime/errors.ts';
import { maximumDelaySeconds, type Send } from '../runtime/queue.ts';
import type { Delivery } from '../store/deliveries.ts';
import { type DeliveryMessage, queued } from '../store/delivery-message.ts';
import type { Stored } from '../store/record-store.ts';
import type { Subscription } from '../store/subscriptions.ts';
import type { Version } from '../store/table.ts';
import { type FreshDelivery, startAttempt } from './attempt.ts';
import { type TurnPorts, waitsForTurn } from './turns.ts';

export interface LeasePorts extends TurnPorts {
  readonly sendRetry: Send;
}

/** Another process is at this delivery. The message goes back to the queue. */
export class DeliveryBusy extends ConnectorError<'DeliveryBusy'> {
  constructor(message: string) {
    super('DeliveryBusy', message);
  }
}

export const resend = (ports: LeasePorts, message: DeliveryMessage, until: number) =>
  ports.sendRetry([
    {
      ...queued(message),
      delaySeconds: Math.min(maximumDelaySeconds, Math.max(1, Math.ceil((until - ports.now()) / 1000))),
    },
  ]);

/** A delivery whose attempt may begin: its record says so, under this version. */
export interface Leased {
  readonly delivery: Delivery;
  readonly version: Version;
}

/**
 * Records that an attempt begins.
 * @param known what was read, undefined for nothing
 * @returns undefined when there is nothing to attempt now; "recorded before" when nothing was expected but there is a
 *   record: nothing was written then
 */
export const lease = async (
  ports: LeasePorts,
  message: DeliveryMessage,
  fresh: FreshDelivery,
  subscription: Subscription,
  known: Stored<Delivery> | undefined,
): Promise<Leased | 'recorded before' | undefined> => {
  const { deliveries } = ports;
  const waiting = known ? undefined : await waitsForTurn(ports, subscription, fresh);
  if (waiting) {
    if (!(await deliveries.save(waiting, 'absent'))) return 'recorded before';
    await resend(ports, message, waiting.nextAttemptAt);
    return undefined;
  }
  const start = startAttempt(known?.body, fresh, ports.now());
  switch (start.kind) {
    case 'done':
      return undefined;
    case 'busy':
      throw new DeliveryBusy(`Delivery ${message.deliveryId} is being attempted elsewhere.`);
    case 'wait':
      await resend(ports, message, start.until);
      return undefined;
    case 'attempt':
      break;
  }
  const version = await deliveries.save(start.delivery, known?.version ?? 'absent');
  if (version) return { delivery: start.delivery, version };
  if (!known) return 'recorded before';
  throw new DeliveryBusy(`Delivery ${message.deliveryId} was changed elsewhere.`);
};
