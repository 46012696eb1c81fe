/**
 * When each instance is polled next: `WATCH` / `<instance>`. The process that moves the due time has the
 * lease.
 */
import { hourMs, minuteMs } from '../runtime/time.ts';
import { recordStore, type Stored } from './record-store.ts';
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

export const newLease: Lease = { dueAt: 0, digest: '', sweptAt: 0, failures: 0 };

const partition = 'WATCH';

export interface LeaseStore {
  find(instanceId: string): Promise<Stored<Lease> | undefined>;
  /**
   * @returns the version that the next save must expect; undefined when another process wrote in between:
   * nothing was written then
   */
  save(instanceId: string, lease: Lease, expected: Expected): Promise<Version | undefined>;
  /** Instance id → lease, of all instances ever watched. */
  all(): Promise<ReadonlyMap<string, Lease>>;
}

export const leaseStore = (table: Table): LeaseStore => {
  const leases = recordStore<string, Lease>(table, {
    kind: 'lease',
    schemaVersion: 1,
    key: (instanceId) => ({ pk: partition, sk: instanceId }),
  });
  return {
    find: leases.find,
    save: leases.save,
    async all() {
      const found = new Map<string, Lease>();
      for await (const { key, body } of leases.range(partition, ' ', '~')) found.set(key.sk, body);
      return found;
    },
  };
};
