/** Whose turn an instance is: `WATCH` / `<instance>`. The due time is the lease; claiming moves it into the future. */
import { createHash } from 'node:crypto';
import type { ObservedJob } from '../triggers/observation.ts';
import { recordKind, type Stored } from './record.ts';
import type { Table } from './table.ts';

/** Between two looks at an instance where nothing runs, ms. */
export const idleCycleMs = 60_000;
/** While a job runs, ms. */
export const busyCycleMs = 15_000;
/** At least this often everything is read, whatever the job list says, ms. */
export const sweepMs = 15 * 60_000;
/** Hosts' clocks may differ by this, ms; a message that comes early by as much is still on time. */
export const clockToleranceMs = 1_000;
/** Longest pause after failures of the source, ms. */
const longestBackoffMs = 15 * 60_000;
/** What the source may ask for with Retry-After is honoured up to here, ms; beyond it an instance would seem forgotten. */
const longestRetryAfterMs = 60 * 60_000;

export interface Lease {
  /** Epoch ms. */
  readonly dueAt: number;
  /** Of the job list worked off last; equal means that nothing happened. */
  readonly digest: string;
  /** Epoch ms of the last look at everything. */
  readonly sweptAt: number;
  /** Failures of the source in a row. */
  readonly failures: number;
}

export const newLease: Lease = { dueAt: 0, digest: '', sweptAt: 0, failures: 0 };

/** Changes when a job or a task of the list changes its state, appears or disappears. */
export const digestOf = (jobs: readonly ObservedJob[]): string =>
  createHash('sha256')
    .update(
      JSON.stringify(
        jobs.map(({ jobId, status, endedAt, tasks }) => [
          jobId,
          status,
          endedAt,
          tasks.map((task) => [task.taskId, task.status, task.endedAt]),
        ]),
      ),
    )
    .digest('base64url')
    .slice(0, 22);

/**
 * When to look again after the source failed: doubling with full jitter, never before its Retry-After (of at most an hour).
 * @returns epoch ms
 */
export const backOff = (failures: number, now: number, random: number, retryAfterMs: number): number => {
  const ceiling = Math.min(longestBackoffMs, idleCycleMs * 2 ** Math.min(failures, 10));
  return (
    now + Math.max(idleCycleMs, Math.floor(random * ceiling), Math.min(retryAfterMs, longestRetryAfterMs))
  );
};

const leases = recordKind<Lease>('lease', 1);
const partition = 'WATCH';

export interface LeaseStore {
  find(instanceId: string): Promise<Stored<Lease> | undefined>;
  /** @returns false when somebody else wrote in between; nothing was written then */
  save(instanceId: string, lease: Lease, version: string, expected: string | 'absent'): Promise<boolean>;
  /** Instance id → lease, of all instances ever watched. */
  all(): Promise<ReadonlyMap<string, Lease>>;
}

export const leaseStore = (table: Table): LeaseStore => ({
  find: (instanceId) => leases.get(table, { pk: partition, sk: instanceId }),
  save: (instanceId, lease, version, expected) =>
    table.swap(leases.write({ pk: partition, sk: instanceId }, lease, version), expected),
  async all() {
    const found = new Map<string, Lease>();
    for await (const item of table.range(partition, ' ', '~')) found.set(item.sk, leases.read(item).body);
    return found;
  },
});
