import type { WatchQueueMessage } from '../store/watch-message.ts';
import { instanceWith, type WatchedInstance } from '../triggers/instance.ts';
import { continueFanOut } from './continue-fan-out.ts';
import type { WatchPorts } from './ports.ts';
import { tellTroubles } from './tell-troubles.ts';
import { watchInstance } from './watch.ts';

/**
 * Processes one message of the watch queue.
 * @param portsOf called for each instance: its reads share one time limit
 * @param instances those that are served; what concerns another is left alone, and continues once it is served again.
 * One that is paused is not looked at; events that were detected before go on to their flows.
 */
export const workOff = async (
  portsOf: () => WatchPorts,
  instances: readonly WatchedInstance[],
  message: WatchQueueMessage,
): Promise<void> => {
  if ('troubles' in message) return tellTroubles(portsOf(), instances);
  if ('fanOut' in message) {
    const { instanceId, eventId } = message.fanOut;
    const instance = instanceWith(instances, instanceId);
    if (instance) await continueFanOut(portsOf(), instance, eventId);
    return;
  }
  const { instanceIds, busy } = message;
  const watched = [...new Set(instanceIds)]
    .flatMap((id) => instanceWith(instances, id) ?? [])
    .filter(({ pausedAt }) => pausedAt === undefined);
  // Wait for all of them: an instance that fails must not cut the polls of the others short.
  const polls = await Promise.allSettled(watched.map((instance) => watchInstance(portsOf(), instance, busy)));
  const failures = polls.flatMap((poll) => (poll.status === 'rejected' ? [poll.reason] : []));
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} of ${polls.length} polls failed.`);
};
