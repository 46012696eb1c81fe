/** When each instance is polled, and what prevents it. */
import pMap from 'p-map';
import type { CallContext, Implementation } from '../http/implementations.ts';
import { isOperator } from '../http/operator.ts';
import { iso, secondMs } from '../runtime/time.ts';
import type { CursorStore } from '../store/cursors.ts';
import type { InstanceRow } from '../store/instances.ts';
import { type LeaseStore, mostUrgent, untilDue, waitedMs } from '../store/leases.ts';
import type { LedgerStore } from '../store/ledger.ts';
import { type InstanceRecord, type Noted, timeOf } from '../store/ledger-records.ts';
import { type ListStore, principalList } from '../store/lists.ts';
import { horizonMs } from '../triggers/cursor.ts';

/** Notes of an instance, at most. */
const mostNotes = 10;

/** Instances that are read at a time; four reads each. */
const atOnce = { concurrency: 10 };

export interface InstanceStatePorts {
  readonly settings: { readonly instances: readonly InstanceRow[] };
  readonly leases: Pick<LeaseStore, 'all'>;
  readonly cursors: Pick<CursorStore, 'find'>;
  readonly ledger: Pick<LedgerStore, 'ofInstance'>;
  readonly lists: Pick<ListStore, 'of'>;
  /** Epoch ms until which Customer Insights wants no calls for an instance; undefined when it takes them. */
  readonly pausedUntil: (instanceId: string) => Promise<number | undefined>;
  readonly now: () => number;
}

const noteOf = (record: Noted<InstanceRecord>) => ({
  at: iso(timeOf(record)),
  kind: record.kind,
  from: record.kind === 'gap' ? iso(record.gap.from) : null,
  reason: record.kind === 'gap' ? record.gap.reason : record.kind === 'source failed' ? record.reason : null,
});

/** Those of which the caller has a subscription; all for an operator. */
const visibleInstances = async (
  { settings, lists }: InstanceStatePorts,
  context: CallContext,
): Promise<InstanceStatePorts['settings']['instances']> => {
  if (isOperator(context)) return settings.instances;
  const own = new Set<string>();
  for await (const { about } of lists.of(principalList(context.caller))) if (about) own.add(about.instanceId);
  return settings.instances.filter(({ id }) => own.has(id));
};

export const listInstanceStates =
  (ports: InstanceStatePorts): Implementation<'ConsoleListInstanceStates'> =>
  async (_, context) => {
    const now = ports.now();
    const visible = await visibleInstances(ports, context);
    const leases = await ports.leases.all(visible.map(({ id }) => id));
    const instances = mostUrgent(visible, leases, now);
    const value = await pMap(
      instances,
      async (instance) => {
        const { id, name, pausedAt } = instance;
        const lease = leases.get(id);
        const [{ cursor }, notes, paused] = await Promise.all([
          ports.cursors.find(id),
          ports.ledger.ofInstance(id, now - horizonMs, mostNotes),
          ports.pausedUntil(id),
        ]);
        const due = lease && lease.dueAt > 0 ? now + untilDue(lease, now) : undefined;
        return {
          instanceId: id,
          name,
          lookedAt: lease && lease.sweptAt > 0 ? iso(lease.sweptAt) : null,
          dueAt: due === undefined || pausedAt !== undefined ? null : iso(due),
          lagSeconds:
            lease === undefined || due === undefined
              ? 0
              : Math.floor(waitedMs(lease, instance, now) / secondMs),
          pausedAt: pausedAt ?? null,
          failures: lease?.failures ?? 0,
          pausedUntil: paused !== undefined && paused > now ? iso(paused) : null,
          runningJobs: Object.keys(cursor.jobs.open).length,
          notes: notes.map(noteOf),
        };
      },
      atOnce,
    );
    return {
      body: {
        value: value.sort((a, b) => (a.name < b.name ? -1 : 1)),
        others: visible.length - instances.length,
      },
    };
  };
