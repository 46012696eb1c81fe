/** A repeated delivery is excused only by what was injected between the flow's 2xx and its being recorded. */
import { leaseMs } from '../../lambda/deliver/attempt.ts';
import type { Receipt } from './callback-receiver.ts';
import type { Observations } from './observations.ts';

export type Excuse = 'answer lost' | 'process died' | 'recording failed' | 'lease lost';

/** Hosts' clocks differ by this at most, ms. */
const skewMs = 500;

/**
 * Why a second acceptance was possible.
 * @returns undefined when nothing excuses it
 */
export const excuseOf = (
  { recorded, faults, deaths }: Observations,
  first: Receipt,
  second: Receipt,
): Excuse | undefined => {
  const { deliveryId } = first;
  const begunBy = ({ host, at }: Receipt) =>
    recorded.findLast(
      (entry) =>
        entry.host === host &&
        entry.delivery.deliveryId === deliveryId &&
        entry.delivery.leaseUntil > 0 &&
        entry.at <= at,
    );
  const begun = begunBy(second);
  // Begun before the first was accepted: not in the window between acceptance and recording.
  if (!begun || begun.at < first.at) return undefined;
  const known = recorded.some(
    ({ delivery, at }) =>
      delivery.deliveryId === deliveryId && delivery.state === 'delivered' && at < begun.at,
  );
  if (known) return undefined;
  if (first.answerLost) return 'answer lost';
  const died = deaths.get(first.host);
  if (died !== undefined && died >= first.sentAt && died <= begun.at) return 'process died';
  const own = faults.filter(({ host, at }) => host === first.host && at >= first.at && at <= begun.at);
  // Before its record, an accepted delivery ends the trouble of its subscription, which must not be lost.
  const { subscriptionId } = begun.delivery;
  const isOfIt = (what: string) => what.includes(deliveryId) || what.includes(subscriptionId);
  if (own.some(({ what, fate }) => fate !== 'late' && isOfIt(what))) return 'recording failed';
  const lease = begunBy(first);
  const expired = lease !== undefined && begun.at >= lease.at + leaseMs - skewMs;
  return expired && own.some(({ fate }) => fate === 'late') ? 'lease lost' : undefined;
};
