/** What the log says of an attempt. */
import type { DeliveryId, SubscriptionId } from '../runtime/ids.ts';
import type { CallLog } from '../runtime/log.ts';
import type { End } from './attempt.ts';

/** A line "delivery attempted" of the log. */
export interface AttemptLine {
  readonly deliveryId: DeliveryId;
  readonly subscriptionId: SubscriptionId;
  readonly attempt: number;
  readonly consequence: End['consequence'];
  readonly meaning: string;
  /** Absent where there was no answer. */
  readonly status?: number;
}

/** Says in the log what an attempt came to. */
export const logAttempt = ({ log }: { readonly log: CallLog }, line: AttemptLine): void =>
  log.info('delivery attempted', { ...line });
