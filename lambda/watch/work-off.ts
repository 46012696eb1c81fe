import type { WatchQueueMessage } from '../store/watch-message.ts';
import { instanceWith, type WatchedInstance } from '../triggers/instance.ts';
import { continueFanOut } from './continue-fan-out.ts';
import type { WatchPorts } from './ports.ts';
import { tellTroubles } from './tell-troubles.ts';
import { watchInstance } from './watch.ts';

/**
 * Processes one message of the watch queue.
 * @param portsOf called for each instance: its reads share one time limit
 * @param served the instances that are served, also while they are read: the leases are read at the same time. What concerns another is left alone, and continues once it is served again.
 * One that is paused is not looked at; events that were detected before go on to their flows.
 */
export const workOff = async (
  portsOf: () => WatchPorts,
  served: readonly WatchedInstance[] | Promise<readonly WatchedInstance[]>,
  message: WatchQueueMessage,
): Promise<void> => {
  if ('troubles' in message) return tellTroubles(portsOf(), await served);
  if ('fanOut' in message) {
    const { instanceId, eventId } = message.fanOut;
    const instance = instanceWith(await served, instanceId);
    if (instance) await continueFanOut(portsOf(), instance, eventId);
    return;
  }
  const { busy } = message;
  const asked = [...new Set(message.instanceIds)].map((id) => {
    const ports = portsOf();
    const lease = ports.leases.find(id);
    ports.expectPoll?.(id);
    // A failed read is told where it is waited for; it is not where the instances cannot be read, or this one is not served.
    lease.catch(() => undefined);
    return { id, ports, lease };
  });
  const instances = await served;
  const watched = asked.flatMap(({ id, ...read }) => {
    const instance = instanceWith(instances, id);
    return instance === undefined || instance.pausedAt !== undefined ? [] : [{ ...read, instance }];
  });
  // Wait for all of them: an instance that fails must not cut the polls of the others short.
  const polls = await Promise.allSettled(
    watched.map(({ ports, instance, lease }) => watchInstance(ports, instance, busy, lease)),
  );
  const failures = polls.flatMap((poll) => (poll.status === 'rejected' ? [poll.reason] : []));
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} of ${polls.length} polls failed.`);
};
