/**
 * When each instance is polled next: `WATCH#<shard>` / `<instance>`. The process that moves the due time has the
 * lease.
 *
 * Earlier versions kept all leases in one partition, `WATCH`. A lease that is still there is used, and moves with its
 * next save. An earlier version that is deployed again finds none, and polls every instance within a minute: what was
 * detected is in the cursors, so nothing is lost and nothing is sent twice.
 */
import { hourMs, minuteMs } from '../runtime/time.ts';
import { type InstanceRow, pauseEnd, shardOf, shards } from './instances.ts';
import { recordStore } from './record-store.ts';
import type { Expected, Table, Version } from './table.ts';

/** Between two looks at an instance where nothing runs, ms. */
export const idleCycleMs = minuteMs;
/** While a job runs, ms. */
export const busyCycleMs = 15_000;

/** The longest that a lease of any version leaves an instance alone, ms: 0.1.0 let the source ask for an hour. */
export const longestWaitMs = hourMs;

/**
 * Ms until an instance is due; at most 0 when it is. A due time further ahead than anybody may set it comes
 * from a host whose clock is wrong, and counts as now.
 */
export const untilDue = ({ dueAt }: Pick<Lease, 'dueAt'>, now: number): number =>
  isClockFault(dueAt, now) ? 0 : dueAt - now;

/** Whether a time of a lease, written by a host of ours, lies further ahead than any of them may set it. */
export const isClockFault = (at: number, now: number): boolean => at > now + longestWaitMs + minuteMs;

export interface Lease {
  /** Epoch ms. */
  readonly dueAt: number;
  /** Of the job list processed last; equal means that nothing happened. */
  readonly digest: string;
  /** Epoch ms of the last look at everything. */
  readonly sweptAt: number;
  /** Failures of the source in a row. */
  readonly failures: number;
}

/**
 * How long an instance has been due, ms; 0 while it is not, and while it is paused. The time of a pause does not count.
 */
export const waitedMs = (
  lease: Pick<Lease, 'dueAt'>,
  instance: Pick<InstanceRow, 'pausedAt' | 'resumedAt'>,
  now: number,
): number =>
  instance.pausedAt === undefined
    ? Math.max(0, Math.min(-untilDue(lease, now), now - pauseEnd(instance)))
    : 0;

/** What is shown of one deployment at once, at most. */
const mostShown = 200;

/** Where there are many, those that failed most and have waited longest. */
export const mostUrgent = <Instance extends Pick<InstanceRow, 'id' | 'pausedAt' | 'resumedAt'>>(
  instances: readonly Instance[],
  leases: ReadonlyMap<string, Lease>,
  now: number,
  most = mostShown,
): readonly Instance[] => {
  if (instances.length <= most) return instances;
  const urgency = (instance: Instance) => {
    const lease = leases.get(instance.id);
    return { instance, failures: lease?.failures ?? 0, waited: lease ? waitedMs(lease, instance, now) : 0 };
  };
  return instances
    .map(urgency)
    .sort((a, b) => b.failures - a.failures || b.waited - a.waited)
    .slice(0, most)
    .map(({ instance }) => instance);
};

export const newLease: Lease = { dueAt: 0, digest: '', sweptAt: 0, failures: 0 };

/** Where the leases of earlier versions are. */
const formerPartition = 'WATCH';

const partitionOf = (shard: string): string => `${formerPartition}#${shard}`;

export interface FoundLease {
  readonly body: Lease;
  /** What the next save must expect. */
  readonly version: Expected;
}

export interface LeaseStore {
  find(instanceId: string): Promise<FoundLease | undefined>;
  /**
   * @returns the version that the next save must expect; undefined when another process wrote in between:
   * nothing was written then
   */
  save(instanceId: string, lease: Lease, expected: Expected): Promise<Version | undefined>;
  /**
   * Instance id → lease.
   * @param instanceIds only their shards are read; absent: of all instances ever watched
   */
  all(instanceIds?: readonly string[]): Promise<ReadonlyMap<string, Lease>>;
}

/** @param formerTable the same table, for leases of earlier versions: how it is read may differ */
export const leaseStore = (table: Table, formerTable = table): LeaseStore => {
  const kind = { kind: 'lease', schemaVersion: 1 };
  const leases = recordStore<string, Lease>(table, {
    ...kind,
    key: (instanceId) => ({ pk: partitionOf(shardOf(instanceId)), sk: instanceId }),
  });
  const former = recordStore<string, Lease>(formerTable, {
    ...kind,
    key: (instanceId) => ({ pk: formerPartition, sk: instanceId }),
  });
  /** The version of 0.2.0 and later removes what it has moved, so that the partition becomes empty. */
  const forget = async (instanceId: string): Promise<void> => {
    const version = await former.versionOf(instanceId);
    if (version !== 'absent') await former.remove(instanceId, version);
  };
  return {
    async find(instanceId) {
      const found = await leases.find(instanceId);
      if (found !== undefined) return found;
      const before = await former.find(instanceId);
      return before && { body: before.body, version: 'absent' };
    },
    async save(instanceId, lease, expected) {
      const version = await leases.save(instanceId, lease, expected);
      if (version !== undefined && expected === 'absent') await forget(instanceId);
      return version;
    },
    async all(instanceIds) {
      const wanted = instanceIds === undefined ? shards : [...new Set(instanceIds.map(shardOf))];
      const found = new Map<string, Lease>();
      const read = async (partition: string) => {
        for await (const { key, body } of leases.range(partition, ' ', '~'))
          if (partition !== formerPartition || !found.has(key.sk)) found.set(key.sk, body);
      };
      await Promise.all(wanted.map((shard) => read(partitionOf(shard))));
      await read(formerPartition);
      return found;
    },
  };
};
