import { stoppedUntil } from '../subscriptions/retention.ts';
import type { WatchedInstance } from '../triggers/instance.ts';
import type { LostMeasure } from '../triggers/measures.ts';
import type { WatchPorts } from './ports.ts';

/** Pauses every subscription to a measure that has no single value any more. Can be repeated. */
export const pauseSubscriptionsOf = async (
  { subscriptions, newVersion, now, log, count }: WatchPorts,
  instance: WatchedInstance,
  { name, reason }: LostMeasure,
): Promise<void> => {
  if (reason === null) return;
  for await (const entry of subscriptions.ofValue(instance.id, 'OnMeasureThresholdCrossed', name)) {
    const stored = await subscriptions.find(entry.subscriptionId);
    if (stored?.body.generation !== entry.generation || stored.body.status.state !== 'active') {
      await subscriptions.removeOrphan(entry);
      continue;
    }
    const at = now();
    const status = { state: 'paused', since: new Date(at).toISOString(), reason } as const;
    // False: it was registered again meanwhile, which asked the source itself.
    if (!(await subscriptions.stop(stored, status, newVersion(), stoppedUntil('paused', at)))) continue;
    count('SubscriptionsPaused');
    log.warn('subscription stopped', { subscriptionId: entry.subscriptionId, state: 'paused', reason });
  }
};
