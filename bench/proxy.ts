/**
 * The proxy under load, next to packages doing the same job, and what it adds to the bare call.
 *   npm run bench:proxy               four pairs of runs for 1, 50 and 500 callers, three to ten minutes
 *   npm run bench:proxy -- --smoke    a small run; its figures are not valid
 */

import { scriptOptions } from '../bin/commands/run.ts';
import { costOfMillionCalls, costTable, costTarget } from '../scripts/proxy-cost.ts';
import type { LoadAnswer, LoadQuestion } from './proxy/load.ts';
import { type Part, startPart } from './proxy/part.ts';
import { startSurroundings } from './proxy/surroundings.ts';
import { median } from './statistics/median.ts';

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
  ? { callers: [1, 10], users: 20, warmUpCalls: 60, calls: 60, pairs: 1 }
  : { callers: [1, 50, 500], users: 500, warmUpCalls: 4_000, calls: 3_000, pairs: 4 };
/** A set of users rests while the others are used: no user comes near the limit per connection. */
const sets = smoke ? 1 : 4;

interface Run extends LoadAnswer {
  readonly callsPerSecond: number;
  /** CPU time of the process that is called, ms. */
  readonly cpuPerCall: number;
}

const surroundings = await startSurroundings({ sets, users: plan.users });
const load = await startPart('./load.ts', null);
const { instanceId, upstream } = surroundings;

const run = async (
  part: Part,
  question: Pick<LoadQuestion, 'path' | 'users' | 'connections'>,
  calls: number,
): Promise<Run> => {
  const before = await part.cpuMs();
  const answer = await load.ask<LoadAnswer>({
    url: part.url,
    ...question,
    calls,
  });
  const cpuMs = (await part.cpuMs()) - before;
  return {
    ...answer,
    callsPerSecond: answer.calls / answer.seconds,
    cpuPerCall: cpuMs / answer.calls,
  };
};

const rows = '$top=100&$orderby=City';
const jobs = [
  {
    name: 'drop-down (12 entries, 3 KB)',
    bare: `/v1/instances/${instanceId}/manage/datasources`,
    ours: `/v1/datasets/${instanceId}/data-sources`,
    peer: `/v1/datasets/${instanceId}/manage/datasources`,
  },
  {
    name: 'page of 100 rows (29 KB)',
    bare: `/v1/instances/${instanceId}/data/Customer?${rows}`,
    ours: `/v1/datasets/${instanceId}/tables/Customer/items?${rows}`,
    peer: `/v1/datasets/${instanceId}/data/Customer?${rows}`,
  },
] as const;

const of = (runs: readonly Run[], value: (run: Run) => number): number => median(runs.map(value));

interface Comparison {
  readonly job: string;
  readonly callers: number;
  readonly bare: Run;
  readonly ours: readonly Run[];
  readonly peer: readonly Run[];
}

const upstreamUsers = [surroundings.upstreamHeaders];
const handler = await surroundings.startHandler();
const peer = await surroundings.startPeer();
/** What has been called often enough. */
const warm = new Set<string>();
let turn = 0;

/** Users for the next run, with the headers that each sends. */
const nextUsers = () => {
  const users = (surroundings.callers[turn % sets] ?? []).map((token) => ({
    authorization: `Bearer ${token}`,
  }));
  turn += 1;
  return users;
};

const compare = async (job: (typeof jobs)[number], callers: number): Promise<Comparison> => {
  const bareQuestion = { path: job.bare, users: upstreamUsers, connections: callers };
  await run(upstream, bareQuestion, plan.warmUpCalls);
  const bare = await run(upstream, bareQuestion, plan.calls);
  const ours: Run[] = [];
  const theirs: Run[] = [];
  const contenders = [
    { part: handler, path: job.ours, runs: ours },
    { part: peer, path: job.peer, runs: theirs },
  ];
  for (let pair = 0; pair < plan.pairs; pair += 1) {
    const users = nextUsers();
    // The order alternates, so that neither gains when the machine becomes faster or slower.
    for (const { part, path, runs } of pair % 2 === 0 ? contenders : contenders.toReversed()) {
      const question = { path, users, connections: callers };
      // The first time until the code is compiled, later until every user's token is known.
      await run(part, question, warm.has(`${part.url}${path}`) ? plan.users : plan.warmUpCalls);
      warm.add(`${part.url}${path}`);
      runs.push(await run(part, question, plan.calls));
    }
  }
  return { job: job.name, callers, bare, ours, peer: theirs };
};

const comparisons: Comparison[] = [];
try {
  for (const job of jobs)
    for (const callers of plan.callers) {
      process.stderr.write(`${job.name}, ${callers} callers\n`);
      comparisons.push(await compare(job, callers));
    }
} finally {
  await Promise.all([handler.stop(), peer.stop(), load.stop()]);
  await surroundings.close();
}

const ratios = (one: readonly Run[], other: readonly Run[], value: (run: Run) => number): number =>
  median(one.map((run, pair) => value(run) / value(other[pair] ?? run)));

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
  'calls/s, ours : peer': ratios(ours, theirs, (one) => one.callsPerSecond),
  'CPU per call, peer : ours': ratios(theirs, ours, ({ cpuPerCall }) => cpuPerCall),
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
  `Ratios are medians of ${plan.pairs} pairs of runs that alternate. Overhead is the median of ours less the bare call.\n`,
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
