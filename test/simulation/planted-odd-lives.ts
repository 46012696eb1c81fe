/** The planted faults that only the lives of odd-lives.ts, or of segments that go, can show. */
import type { DeliverPorts } from '../../lambda/deliver/deliver.ts';
import { minuteMs } from '../../lambda/runtime/time.ts';
import { longestWaitMs } from '../../lambda/store/leases.ts';
import { emptyCursor, lateVisibilityMs } from '../../lambda/triggers/cursor.ts';
import type { WatchPorts } from '../../lambda/watch/watch.ts';
import { type PlantedFault, pollStateAs } from './planted-fault.ts';

/** The newest submission, whenever that is, decides which jobs are too old to be news: a date of the future makes all others old. */
const futureFollowed = (ports: WatchPorts): WatchPorts => {
  let newest = 0;
  return {
    ...ports,
    source: {
      ...ports.source,
      async jobs(...read) {
        const jobs = await ports.source.jobs(...read);
        newest = Math.max(newest, ...jobs.map(({ submittedAt = 0 }) => submittedAt));
        return jobs.filter(({ submittedAt = 0 }) => submittedAt > newest - lateVisibilityMs);
      },
    },
  };
};

/** After looks that failed for so long, nobody remembers from where on jobs are owed. */
const forgetsWhereItBegan = (ports: WatchPorts): WatchPorts =>
  pollStateAs(ports, (state) => {
    const start = state.beginning();
    const isKnown = start !== undefined && start.at > ports.now() - 100 * minuteMs;
    return { ...state, beginning: () => (isKnown ? start : undefined) };
  });

/** An instance that was not polled for some minutes starts again, as if nothing had been registered before. */
const beginsAnew = (ports: WatchPorts): WatchPorts => {
  const away = new Set<string>();
  const again = new Set<string>();
  const changed = pollStateAs(ports, (state, instanceId) => {
    const isBack = away.delete(instanceId);
    if (isBack) again.add(instanceId);
    return {
      ...state,
      ...(isBack && { cursor: emptyCursor }),
      ...(again.has(instanceId) && { beginning: () => undefined }),
    };
  });
  return {
    ...changed,
    leases: {
      ...ports.leases,
      async find(instanceId) {
        const stored = await ports.leases.find(instanceId);
        if (stored && stored.body.dueAt < ports.now() - 5 * minuteMs) away.add(instanceId);
        return stored;
      },
    },
  };
};

/** Names of segments stay for ever. */
const keepsNames = (ports: WatchPorts): WatchPorts => ({
  ...ports,
  cursors: {
    ...ports.cursors,
    async save(instanceId, cursor, expected) {
      const { cursor: before } = await ports.cursors.find(instanceId);
      const segments = { ...before.segments, ...cursor.segments };
      return ports.cursors.save(instanceId, { ...cursor, segments }, expected);
    },
  },
});

/** Whoever began an attempt is trusted to end it, also when the attempt never settles. */
const trustsAttempts = (ports: DeliverPorts): DeliverPorts => ({
  ...ports,
  deliveries: {
    ...ports.deliveries,
    async find(place) {
      const stored = await ports.deliveries.find(place);
      return stored?.body.state === 'pending' && stored.body.leaseUntil > 0
        ? { ...stored, body: { ...stored.body, state: 'delivered' } }
        : stored;
    },
  },
});

export const oddLifeFaults: readonly PlantedFault[] = [
  {
    name: 'after looks that failed for hours, jobs are owed from now on only',
    rule: 'lost',
    seams: { watch: forgetsWhereItBegan },
  },
  {
    name: 'an instance that is put back begins anew',
    rule: 'lost',
    seams: { watch: beginsAnew },
  },
  {
    name: 'the cursor keeps the names of segments that are gone',
    rule: 'bounded',
    seams: { watch: keepsNames },
  },
  {
    name: 'an attempt that never settled is taken for one that ended',
    rule: 'lost',
    seams: { deliver: trustsAttempts },
  },
  {
    name: 'the first look reaches back to nothing',
    rule: 'lost',
    seams: {
      watch: (ports) => pollStateAs(ports, (state) => ({ ...state, beginning: () => undefined })),
    },
  },
  {
    name: 'a date of the future is followed',
    rule: 'lost',
    seams: { watch: futureFollowed },
  },
  {
    name: 'a due time that a host has set too far ahead is kept',
    rule: 'lost',
    seams: {
      watch: (ports) => ({
        ...ports,
        leases: {
          ...ports.leases,
          async find(instanceId) {
            const stored = await ports.leases.find(instanceId);
            const dueAt = Math.min(stored?.body.dueAt ?? 0, ports.now() + longestWaitMs);
            return stored && { ...stored, body: { ...stored.body, dueAt } };
          },
        },
      }),
    },
  },
  {
    name: 'a record of another schema version fails the whole range',
    rule: 'lost',
    seams: {
      table: (table) => ({
        ...table,
        onUnreadable: (_, error) => {
          throw error;
        },
      }),
    },
  },
  {
    name: 'nobody is told of a segment that is not listed',
    rule: 'absence',
    seams: {
      watch: (ports) => ({
        ...ports,
        cursors: { ...ports.cursors, notListed: async (_, __, now) => now },
      }),
    },
  },
];
