/** The planted faults that only the lives of odd-lives.ts, or of segments that go, can show. */
import { longestWaitMs } from '../../lambda/store/leases.ts';
import type { WatchPorts } from '../../lambda/watch/watch.ts';
import type { PlantedFault } from './planted-fault.ts';

/** How far the list was worked off is the newest submission in it, whenever that is. */
const futureFollowed = (ports: WatchPorts): WatchPorts => {
  let newest = 0;
  return {
    ...ports,
    source: {
      ...ports.source,
      async jobs(...read) {
        const jobs = await ports.source.jobs(...read);
        newest = Math.max(newest, ...jobs.map(({ submittedAt = 0 }) => submittedAt));
        return jobs;
      },
    },
    cursors: {
      ...ports.cursors,
      save: (instanceId, cursor, expected) =>
        ports.cursors.save(
          instanceId,
          { ...cursor, jobs: { ...cursor.jobs, seenUntil: Math.max(newest, cursor.jobs.seenUntil) } },
          expected,
        ),
    },
  };
};

export const oddLifeFaults: readonly PlantedFault[] = [
  {
    name: 'the first look reaches back to nothing',
    rule: 'lost',
    seams: {
      watch: (ports) => ({ ...ports, cursors: { ...ports.cursors, beginning: async () => undefined } }),
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
