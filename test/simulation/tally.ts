import type { SeedResult } from './run-seed.ts';

export interface Tally {
  readonly add: (result: SeedResult) => void;
  readonly print: (write: (line: string) => void) => void;
}

const hourMs = 60 * 60 * 1000;

/** What is told of each life. */
const columns = ['seeds', 'owed', 'delivered', 'dead letters', 'violations'] as const;

/** Sums over many seeds. */
export const createTally = (): Tally => {
  const begun = performance.now();
  const sums = new Map<string, number>();
  const faults = new Map<string, number>();
  const lives = new Map<string, Record<(typeof columns)[number], number>>();
  const failing: number[] = [];
  const sum = (into: Map<string, number>, what: string, by: number) =>
    into.set(what, (into.get(what) ?? 0) + by);
  return {
    add(result) {
      sum(sums, 'seeds', 1);
      sum(sums, 'virtual hours', result.virtualMs / hourMs);
      sum(sums, 'events of the scheduler', result.events);
      sum(sums, 'occurrences in the source', result.occurrences);
      sum(sums, 'owed', result.owed);
      sum(sums, 'delivered', result.delivered);
      sum(sums, 'dead letters', result.deadLetters);
      sum(sums, 'in gaps of the ledger instead', result.inGaps);
      for (const excuse of ['process died', 'lease lost', 'recording failed', 'answer lost'] as const)
        sum(sums, `duplicates, excused: ${excuse}`, result.duplicates[excuse] ?? 0);
      sum(sums, 'crashes', result.counts.get('crashes') ?? 0);
      sum(sums, 'violations', result.violations.length);
      for (const [what, count] of result.counts) if (what !== 'crashes') sum(faults, what, count);
      for (const life of result.lives.length > 0 ? result.lives : ['none of these']) {
        const line = lives.get(life) ?? { seeds: 0, owed: 0, delivered: 0, 'dead letters': 0, violations: 0 };
        line.seeds += 1;
        line.owed += result.owed;
        line.delivered += result.delivered;
        line['dead letters'] += result.deadLetters;
        line.violations += result.violations.length;
        lives.set(life, line);
      }
      if (result.violations.length > 0) failing.push(result.seed);
    },
    print(write) {
      for (const [what, count] of sums)
        write(`${what.padEnd(36)} ${Math.round(count).toLocaleString('en').padStart(14)}`);
      write(`${'by life'.padEnd(42)}${columns.map((column) => column.padStart(13)).join('')}`);
      for (const [life, line] of [...lives].sort(([a], [b]) => (a < b ? -1 : 1)))
        write(
          `  ${life.padEnd(40)}${columns.map((column) => line[column].toLocaleString('en').padStart(13)).join('')}`,
        );
      write('faults and answers by kind');
      for (const [what, count] of [...faults].sort(([a], [b]) => (a < b ? -1 : 1)))
        write(`  ${what.padEnd(34)} ${count.toLocaleString('en').padStart(14)}`);
      if (failing.length > 0)
        write(`failing seeds: ${failing.slice(0, 50).join(' ')}${failing.length > 50 ? ' …' : ''}`);
      write(`${((performance.now() - begun) / 1000).toFixed(1)} s`);
    },
  };
};
