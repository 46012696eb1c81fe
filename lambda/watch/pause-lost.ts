import { clockToleranceMs } from '../runtime/time.ts';
import { unlessUnreadable } from '../store/record-store.ts';
import { pausing, stopSubscription } from '../store/stop-subscription.ts';
import type { WatchedInstance } from '../triggers/instance.ts';
import type { LostMeasure } from '../triggers/measures.ts';
import { isThresholdTrigger, triggersReading } from '../triggers/trigger-set.ts';
import type { WatchPorts } from './ports.ts';

async function* followersOf({ triggers, subscriptions }: WatchPorts, instanceId: string, name: string) {
  for (const trigger of triggersReading(triggers, 'measures'))
    if (isThresholdTrigger(triggers, trigger)) yield* subscriptions.ofValue(instanceId, trigger, name);
}

/**
 * Pauses every subscription to a measure that no longer has a single value. Can be repeated.
 * @param asOf epoch ms before which the source was not asked: who registered later has asked it too, and is
 * left alone
 */
export const pauseSubscriptionsOf = async (
  ports: WatchPorts,
  instance: WatchedInstance,
  { name, reason }: LostMeasure,
  asOf: number,
): Promise<'all paused' | 'some registered since'> => {
  const { subscriptions } = ports;
  let outcome: 'all paused' | 'some registered since' = 'all paused';
  if (reason === null) return outcome;
  for await (const entry of followersOf(ports, instance.id, name)) {
    const { subscriptionId } = entry;
    const find = () => subscriptions.find(subscriptionId);
    const stored = await unlessUnreadable(ports, subscriptionId, find, 'set aside' as const);
    if (stored === 'set aside') continue;
    if (stored?.body.generation !== entry.generation || stored.body.status.state !== 'active') {
      await subscriptions.removeOrphan(entry);
      continue;
    }
    if (Date.parse(stored.body.registeredAt) >= asOf - clockToleranceMs) {
      outcome = 'some registered since';
      continue;
    }
    const stopped = await stopSubscription(ports, stored, pausing, reason);
    if (stopped === 'registered again') outcome = 'some registered since';
  }
  return outcome;
};
