/**
 * The proxy under load, next to packages doing the same job, and what it adds to the bare call.
 *   npm run bench:proxy               four pairs of runs for 1, 50 and 500 callers, three to ten minutes
 *   npm run bench:proxy -- --smoke    a small run; its figures are not valid
 */

import { scriptOptions } from '../bin/commands/run.ts';
import { costOfMillionCalls, costTable, costTarget } from '../scripts/proxy-cost.ts';
import { buildOwn } from './builds/function-bundles.ts';
import { createComparisons, jobsOn, of, type Run } from './proxy/contenders.ts';
import { startPart } from './proxy/part.ts';
import { startSurroundings } from './proxy/surroundings.ts';
import { medianRatio } from './statistics/interleave.ts';

const smoke = scriptOptions(
  {
    name: 'npm run bench:proxy --',
    summary: 'The proxy under load',
    options: [
      {
        flags: '--smoke',
        description: 'A small run that shows that the benchmark works; its figures are not valid',
      },
    ],
  },
  (values) => values.smoke === true,
);
/** The peer's calls a second are ours times this at most. */
const target = 1.5;

const plan = smoke
  ? { callers: [1, 10], users: 20, warmUpCalls: 60, calls: 60, rounds: 1 }
  : { callers: [1, 50, 500], users: 500, warmUpCalls: 4_000, calls: 3_000, rounds: 4 };
/** A set of users rests while the others are used: no user comes near the limit per connection. */
const sets = smoke ? 1 : 4;

const surroundings = await startSurroundings({ sets, users: plan.users });
const load = await startPart('./load.ts', null);
const own = await buildOwn();
const { bare, compare } = createComparisons(surroundings, load, plan);
const jobs = jobsOn(surroundings.instanceId);

interface Comparison {
  readonly job: string;
  readonly callers: number;
  readonly bare: Run;
  readonly ours: readonly Run[];
  readonly peer: readonly Run[];
}

const handler = await surroundings.startHandler(own.functions.proxy?.directory ?? '');
const peer = await surroundings.startPeer();

const comparisons: Comparison[] = [];
try {
  for (const job of jobs)
    for (const callers of plan.callers) {
      process.stderr.write(`${job.name}, ${callers} callers\n`);
      const [ours = [], theirs = []] = await compare(
        [
          { name: 'ours', part: handler, path: job.ours },
          { name: 'peer', part: peer, path: job.peer },
        ],
        callers,
      );
      comparisons.push({ job: job.name, callers, bare: await bare(job.bare, callers), ours, peer: theirs });
    }
} finally {
  await Promise.all([handler.stop(), peer.stop(), load.stop()]);
  await surroundings.close();
  await own.close();
}

console.log(
  `Handler of the bundle against fastify + @fastify/http-proxy + jose + rate-limiter-flexible; ${surroundings.engine}, Node.js ${process.version}`,
);
console.table(
  comparisons.flatMap(({ job, callers, bare, ours, peer: theirs }) =>
    [['bare upstream', [bare]] as const, ['ours', ours] as const, ['peer', theirs] as const].map(
      ([who, runs]) => ({
        job,
        callers,
        who,
        'calls/s': Math.round(of(runs, (one) => one.callsPerSecond)),
        'p50 ms': of(runs, ({ p50 }) => p50).toFixed(2),
        'p99 ms': of(runs, ({ p99 }) => p99).toFixed(2),
        errors: runs.reduce((sum, { errors }) => sum + errors, 0),
        'CPU ms/call': of(runs, ({ cpuPerCall }) => cpuPerCall).toFixed(3),
      }),
    ),
  ),
);
const summary = comparisons.map(({ job, callers, bare, ours, peer: theirs }) => ({
  job,
  callers,
  'calls/s, ours : peer': medianRatio(ours, theirs, (one) => one.callsPerSecond),
  'CPU per call, peer : ours': medianRatio(theirs, ours, ({ cpuPerCall }) => cpuPerCall),
  'overhead p50 ms': of(ours, ({ p50 }) => p50) - bare.p50,
  'overhead p99 ms': of(ours, ({ p99 }) => p99) - bare.p99,
}));
console.table(
  summary.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        typeof value === 'number' && name !== 'callers' ? value.toFixed(2) : value,
      ]),
    ),
  ),
);
console.log(
  `Ratios are medians of ${plan.rounds} pairs of runs that alternate. Overhead is the median of ours less the bare call.\n`,
);
console.log(costTable());

const errors = comparisons
  .flatMap(({ ours, peer: theirs }) => [...ours, ...theirs])
  .filter((one) => one.errors > 0);
const missed = summary.filter((row) => row['calls/s, ours : peer'] < target);
if (errors.length > 0) console.error('There were errors, so the figures are not valid.');
if (!smoke && missed.length > 0)
  console.error(
    `Below the target of ${target} times the peer's calls a second: ${missed.length} of ${summary.length}.`,
  );
if (costOfMillionCalls() > costTarget) console.error(`A million calls cost more than ${costTarget} USD.`);
process.exitCode = errors.length > 0 || costOfMillionCalls() > costTarget ? 1 : 0;
