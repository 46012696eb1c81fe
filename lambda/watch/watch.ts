import { isFaultOf } from '../runtime/errors.ts';
import { loggedError, loggedMessage } from '../runtime/redaction.ts';
import { clockToleranceMs, iso } from '../runtime/time.ts';
import {
  busyCycleMs,
  type FoundLease,
  idleCycleMs,
  isClockFault,
  type Lease,
  newLease,
  untilDue,
} from '../store/leases.ts';
import type { WatchMessage } from '../store/watch-message.ts';
import type { WatchedInstance } from '../triggers/instance.ts';
import { isTerminal } from '../triggers/observation.ts';
import { newestJobs } from '../triggers/source.ts';
import { reportClockFault } from './clock-fault.ts';
import { poll } from './poll.ts';
import { backOff, digestOf, sweepMs } from './poll-schedule.ts';
import type { WatchPorts } from './ports.ts';

export type { WatchPorts } from './ports.ts';

/** Takes the instance's lease if it is due; undefined when it is not, or when another watch was faster. */
const claim = async (
  ports: WatchPorts,
  instanceId: string,
  busy: boolean,
  found: Promise<FoundLease | undefined>,
) => {
  const stored = await found;
  const now = ports.now();
  const lease = stored?.body ?? newLease;
  if (untilDue(lease, now) > clockToleranceMs) return undefined;
  if (isClockFault(lease.dueAt, now))
    reportClockFault(ports, instanceId, lease.dueAt, 'One of our hosts has set the next poll to this time.');
  const claimed: Lease = { ...lease, dueAt: now + (busy ? busyCycleMs : idleCycleMs) };
  const version = await ports.leases.save(instanceId, claimed, stored?.version ?? 'absent');
  if (!version) return undefined;
  const followsWhole = stored !== undefined && ports.leftWhole.get(instanceId) === stored.version;
  return { lease: claimed, version, at: now, followsWhole };
};

/**
 * Polls one instance if it is due.
 * @param found its lease, which is being read
 */
export const watchInstance = async (
  ports: WatchPorts,
  instance: WatchedInstance,
  busy: boolean,
  found: Promise<FoundLease | undefined> = ports.leases.find(instance.id),
): Promise<void> => {
  const claimed = await claim(ports, instance.id, busy, found);
  if (!claimed) return;
  const { lease, version, at, followsWhole } = claimed;
  /** Undefined: another watch has taken over in the meantime, and its lease stands. */
  const settle = (next: Lease) => ports.leases.save(instance.id, next, version);
  const lookAgainSoon = async () => {
    const again: WatchMessage = { v: 1, instanceIds: [instance.id], busy: true };
    await ports.sendWatch([{ body: JSON.stringify(again), delaySeconds: busyCycleMs / 1000 }]);
  };
  /** The next look does what this one has left: as if it had not been, but for what is recorded. */
  const goOn = async (before: Lease) => {
    ports.count('LooksUnfinished');
    ports.log.info('look unfinished', { instanceId: instance.id });
    await settle({ ...before, digest: '', dueAt: ports.now() + busyCycleMs });
    await lookAgainSoon();
  };
  try {
    const newest = await newestJobs(ports.source, instance.id);
    const { jobs } = newest;
    const digest = digestOf(jobs);
    // A sweep that has not been yet was noted by a host whose clock is wrong.
    const sweep = lease.sweptAt + sweepMs <= at || lease.sweptAt > at + idleCycleMs;
    const changed = digest !== lease.digest;
    if ((changed || sweep) && (await poll(ports, instance, newest, { sweep, followsWhole })) === 'some left')
      return goOn(lease);
    const running = jobs.some((job) => !isTerminal(job.status));
    if (lease.failures > 0)
      await ports.ledger.record(instance.id, [{ kind: 'source back', at, failures: lease.failures }]);
    // A poll from the minute's tick claims a whole minute; a running job is polled sooner.
    const settled: Lease = {
      ...lease,
      digest,
      sweptAt: sweep ? at : lease.sweptAt,
      failures: 0,
      dueAt: at + (running ? busyCycleMs : idleCycleMs),
    };
    const moved = changed || sweep || lease.failures > 0 || (running && !busy);
    const left = moved ? await settle(settled) : version;
    if (left) ports.leftWhole.set(instance.id, left);
    if (running) await lookAgainSoon();
  } catch (error) {
    const failure = ports.sourceFailure(error);
    if (!failure) throw error;
    const failures = lease.failures + 1;
    ports.count('SourceFailures');
    if (isFaultOf(error, 'credentials')) ports.count('CredentialFailures');
    const dueAt = backOff(failures, ports.now(), ports.random(), failure.retryAfterMs);
    ports.log.warn('source failed', {
      instanceId: instance.id,
      failures,
      nextLook: iso(dueAt),
      error: loggedError(error),
    });
    await settle({ ...lease, failures, dueAt });
    if (failures === 1)
      await ports.ledger.record(instance.id, [{ kind: 'source failed', at, reason: loggedMessage(error) }]);
  }
};
