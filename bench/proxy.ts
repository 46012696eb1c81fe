/**
 * The proxy under load, next to packages doing the same job, and what it adds to the bare call.
 *   npm run bench:proxy               four rounds of runs for 1, 50 and 500 callers, five to fifteen minutes
 *   npm run bench:proxy -- --smoke    a small run; its figures are not valid
 */

import { scriptOptions } from '../bin/commands/run.ts';
import { minuteMs, secondMs } from '../lambda/runtime/time.ts';
import { costOfCalls, costOfMillionCalls, targets } from '../scripts/cost/tables.ts';
import { buildOwn } from './builds/function-bundles.ts';
import { evidence, nothingDurable } from './evidence/evidence.ts';
import { createComparisons, type FirstCalls, jobsOn, of, type Run } from './proxy/contenders.ts';
import { startPart } from './proxy/part.ts';
import { startRedis } from './proxy/redis.ts';
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
/**
 * Our calls a second are those of the tuned peer times this at least; where the engine takes most of the time of a call,
 * on what remains without it: with an engine that answers at once.
 */
const target = 1.5;
/** Its CPU time is ours times this at least, in the same runs. */
const cpuTarget = 1.8;
/** First calls with a new token: our calls a second are those of the tuned peer times this at least, as above. */
const newTokenTarget = 1;

const plan = smoke
  ? { callers: [1, 10], users: 20, warmUpCalls: 60, calls: 60, rounds: 1, sets: 1, coldSets: 1, pauseMs: 0 }
  : {
      callers: [1, 50, 500],
      users: 500,
      // Node.js compiles what it calls often for more than ten thousand calls.
      warmUpCalls: 15_000,
      calls: 2_000,
      rounds: 4,
      sets: 4,
      coldSets: 4,
      // Longer than the limit's window: the peer's counters begin again.
      pauseMs: minuteMs + secondMs,
    };

const surroundings = await startSurroundings({ sets: plan.sets + plan.coldSets, users: plan.users });
const load = await startPart('./load.ts', null);
const own = await buildOwn();
const { bare, compare, firstCalls } = createComparisons(surroundings, load, plan);
const jobs = jobsOn(surroundings.instanceId);

const redis = await startRedis();
const instant = await startPart('./instant-engine.ts', null);
const parts = [
  { name: 'ours', part: await surroundings.startHandler(own.functions.proxy?.directory ?? '') },
  { name: 'tuned peer', part: await surroundings.startPeer('tuned') },
  { name: 'peer', part: await surroundings.startPeer('defaults') },
  ...(redis === undefined
    ? []
    : [{ name: 'tuned, Redis', part: await surroundings.startPeer('redis', { redisUrl: redis.url }) }]),
];
const instantParts = [
  { name: 'ours', part: await surroundings.startHandler(own.functions.proxy?.directory ?? '', instant.url) },
  { name: 'tuned peer', part: await surroundings.startPeer('tuned', { engineUrl: instant.url }) },
];
const contendersOf = ({ ours, peer }: (typeof jobs)[number], among: typeof parts) =>
  among.map(({ name, part }) => ({ name, part, path: name === 'ours' ? ours : peer }));

interface Comparison {
  readonly job: string;
  readonly callers: number;
  readonly bare: Run;
  /** In the order of the parts. */
  readonly runs: readonly (readonly Run[])[];
  /** The same with the instant engine. */
  readonly instant: readonly (readonly Run[])[];
}

const comparisons: Comparison[] = [];
let cold: FirstCalls = { people: [], tokens: [] };
let coldInstant: FirstCalls = { people: [], tokens: [] };
try {
  for (const job of jobs)
    for (const callers of plan.callers) {
      process.stderr.write(`${job.name}, ${callers} callers\n`);
      comparisons.push({
        job: job.name,
        callers,
        runs: await compare(contendersOf(job, parts), callers),
        instant: await compare(contendersOf(job, instantParts), callers),
        bare: await bare(job.bare, callers),
      });
    }
  process.stderr.write('first calls\n');
  const coldCallers = smoke ? 1 : 10;
  cold = await firstCalls(contendersOf(jobs[0], parts), coldCallers, plan.pauseMs);
  coldInstant = await firstCalls(contendersOf(jobs[0], instantParts), coldCallers, plan.pauseMs);
} finally {
  for (const { part } of [...parts, ...instantParts]) await part.stop();
  await instant.stop();
  await load.stop();
  await redis?.close();
  await surroundings.close();
  await own.close();
}

console.log(
  evidence({
    engine: surroundings.engine,
    durable: nothingDurable,
    peers: [
      'fastify + @fastify/http-proxy + jose + rate-limiter-flexible on DynamoDB, with their defaults: four log lines a call',
      'tuned: the same with one log line a call, known tokens, and an SDK client that logs nothing and keeps its middleware',
      redis === undefined
        ? 'no peer with Redis: this machine has no redis-server on its PATH'
        : 'tuned, Redis: as tuned, with an exact limit over Redis, which keeps nothing on a disk',
    ],
  }),
);
const figures = (runs: readonly Run[]) => ({
  'calls/s': Math.round(of(runs, (one) => one.callsPerSecond)),
  'p50 ms': of(runs, ({ p50 }) => p50).toFixed(2),
  'p99 ms': of(runs, ({ p99 }) => p99).toFixed(2),
  errors: runs.reduce((sum, { errors }) => sum + errors, 0),
  'CPU ms/call': of(runs, ({ cpuPerCall }) => cpuPerCall).toFixed(3),
  'engine CPU ms/call': of(runs, ({ engineCpuPerCall }) => engineCpuPerCall).toFixed(3),
});
console.table(
  comparisons.flatMap(({ job, callers, bare, runs }) => [
    { job, callers, who: 'bare upstream', ...figures([bare]) },
    ...parts.map(({ name }, index) => ({ job, callers, who: name, ...figures(runs[index] ?? []) })),
  ]),
);
const ratiosTo = (runs: readonly (readonly Run[])[], index: number) => {
  const [ours = [], other = []] = [runs[0], runs[index]];
  const rate = medianRatio(ours, other, (one) => one.callsPerSecond);
  return {
    rate,
    cpu: medianRatio(other, ours, ({ cpuPerCall }) => cpuPerCall),
  };
};
const summary = comparisons.map(({ job, callers, bare, runs, instant }) => {
  const [tuned, atOnce, peer] = [ratiosTo(runs, 1), ratiosTo(instant, 1), ratiosTo(runs, 2)];
  const ours = runs[0] ?? [];
  return {
    job,
    callers,
    'calls/s, ours : tuned peer': tuned.rate.toFixed(2),
    'CPU, tuned peer : ours': tuned.cpu.toFixed(2),
    'calls/s, instant engine': atOnce.rate.toFixed(2),
    'CPU, instant engine': atOnce.cpu.toFixed(2),
    'calls/s, ours : peer': peer.rate.toFixed(2),
    'CPU, peer : ours': peer.cpu.toFixed(2),
    'overhead p50 ms': (of(ours, ({ p50 }) => p50) - bare.p50).toFixed(2),
    reached: Math.max(tuned.rate, atOnce.rate) >= target && Math.max(tuned.cpu, atOnce.cpu) >= cpuTarget,
  };
});
console.table(summary);
const coldTable = (among: typeof parts, runs: readonly (readonly Run[])[]) =>
  console.table(
    among.map(({ name }, index) => ({
      who: name,
      ...figures(runs[index] ?? []),
      'calls/s, ours : it': ratiosTo(runs, index).rate.toFixed(2),
      'CPU, it : ours': ratiosTo(runs, index).cpu.toFixed(2),
    })),
  );
console.log('First calls of people with a new token, a minute after they called with another');
coldTable(parts, cold.tokens);
console.log('The same with the instant engine');
coldTable(instantParts, coldInstant.tokens);
console.log('First calls of people who have never called');
coldTable(parts, cold.people);
console.log('The same with the instant engine');
coldTable(instantParts, coldInstant.people);
console.log(
  `Ratios are medians of ${plan.rounds} rounds of runs that alternate. The instant engine keeps the limits in its memory and answers at once: what remains is the work of function or peer. Overhead is the median of ours less the bare call.\n`,
);
console.log(costOfCalls());

const errors = [
  ...comparisons.flatMap(({ runs, instant }) => [...runs, ...instant]),
  ...[cold, coldInstant].flatMap(({ people, tokens }) => [...people, ...tokens]),
]
  .flat()
  .filter((one) => one.errors > 0);
const missed = summary.filter(({ reached }) => !reached);
if (errors.length > 0) console.error('There were errors, so the figures are not valid.');
if (!smoke && missed.length > 0)
  console.error(
    `Below the target of ${target} times the tuned peer's calls a second, or ${cpuTarget} times less CPU time: ${missed.length} of ${summary.length}.`,
  );
const newTokens = [cold, coldInstant].map(({ tokens }) => ratiosTo(tokens, 1).rate);
if (!smoke && Math.max(...newTokens) < newTokenTarget)
  console.error('New tokens: fewer calls a second than the tuned peer.');
const isTooDear = costOfMillionCalls() > targets.millionCalls;
if (isTooDear) console.error(`A million calls cost more than ${targets.millionCalls} USD.`);
process.exitCode = errors.length > 0 || isTooDear ? 1 : 0;
