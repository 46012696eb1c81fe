/**
 * The functions of this working tree beside those of another commit: bundles, cold start, proxy, limiter, delivery, watch.
 *   npm run bench -- --compare <commit>             both, in rounds that alternate, and ratios
 *   npm run bench -- --compare <commit> --only delivery,start
 *   npm run bench                                   this working tree alone
 * What surrounds the functions is that of this working tree for both. The other commit is checked out into a temporary
 * folder, with the packages of its own lock file, and removed again. The folder of a clone whose packages are installed
 * may be named instead of a commit.
 */
import { cpus } from 'node:os';
import { UsageError } from '../bin/commands/command.ts';
import { scriptOptions } from '../bin/commands/run.ts';
import { type Build, buildOther, buildOwn } from './builds/function-bundles.ts';
import { callsPerEvent, compareDelivery, describeCalls } from './delivery/measure.ts';
import { startDeliverySurroundings } from './delivery/surroundings.ts';
import { evidence, nothingDurable } from './evidence/evidence.ts';
import { type Contender, createComparisons, jobsOn, of, type Run } from './proxy/contenders.ts';
import { startPart } from './proxy/part.ts';
import { startSurroundings } from './proxy/surroundings.ts';
import { buildBareClient } from './start/imports.ts';
import { medianRatio } from './statistics/interleave.ts';
import { compareWatch, crossed } from './watch/measure.ts';

const sections = ['bundles', 'start', 'proxy', 'limiter', 'delivery', 'watch'] as const;
type Section = (typeof sections)[number];
const isSection = (text: string): text is Section => (sections as readonly string[]).includes(text);

const options = scriptOptions(
  {
    name: 'npm run bench --',
    summary: 'The functions of this working tree, beside those of another commit',
    options: [
      { flags: '--compare <commit>', description: 'A commit, or the folder of a clone with its packages' },
      { flags: '--only <sections>', description: `Some of ${sections.join(', ')}, separated by commas` },
      {
        flags: '--smoke',
        description: 'A small run that shows that the benchmark works; its figures are not valid',
      },
    ],
  },
  (values) => {
    const only = typeof values.only === 'string' ? values.only.split(',') : sections;
    const unknown = only.filter((name) => !isSection(name));
    if (unknown.length > 0)
      throw new UsageError(`There is no section ${unknown.join(', ')}. Choose of ${sections.join(', ')}.`);
    return {
      compare: typeof values.compare === 'string' ? values.compare : undefined,
      only: only.filter(isSection),
      smoke: values.smoke === true,
    };
  },
);
const { smoke } = options;
const one = (value: number): string => value.toFixed(2);

/** The first build is this working tree; ratios are its values by those of the other. */
const builds: Build[] = [];
const names = () => builds.map(({ name }) => name);
const directoriesOf = (name: string): Readonly<Record<string, string>> =>
  Object.fromEntries(builds.map((build) => [build.name, build.functions[name]?.directory ?? '']));
const functionNames = () =>
  Object.keys(builds[0]?.functions ?? {}).filter((name) => builds.every((build) => name in build.functions));
const table = (title: string, rows: readonly object[], engine?: string): void => {
  console.log(`\n${title}`);
  console.log(
    evidence({
      ...(engine && { engine }),
      durable: engine === undefined ? 'nothing is stored' : nothingDurable,
    }),
  );
  console.table(rows);
};

const bundles = async (): Promise<void> => {
  const rows = functionNames().map((name) => {
    const bytes = builds.map((build) => build.functions[name]?.bytes ?? 0);
    const kilobytes = bytes.map((size, index) => [`${names()[index]} KB`, (size / 1_000).toFixed(0)]);
    const [own = 0, other] = bytes;
    return {
      function: name,
      ...Object.fromEntries(kilobytes),
      ...(other !== undefined && { ratio: one(own / other) }),
    };
  });
  table('Bundles, minified', rows);
};

const start = async (): Promise<void> => {
  const bare = await buildBareClient('usual');
  try {
    const rows = [];
    for (const name of functionNames()) {
      const files = builds.map((build) => `${build.functions[name]?.directory}/index.mjs`);
      const { ms, bareMs, ratios } = await bare.importsBeside(files, smoke ? 2 : 20);
      const [own = 0, other] = ratios;
      rows.push({
        function: name,
        ...Object.fromEntries(ms.map((value, index) => [`${names()[index]} ms`, value.toFixed(0)])),
        'bare client ms': bareMs.toFixed(0),
        'this : bare': one(own),
        ...(other !== undefined && { 'this : other': one(own / other) }),
      });
    }
    table('Cold start: import of a bundle in a new process, beside a bundle of a bare DynamoDB client', rows);
  } finally {
    await bare.close();
  }
};

const proxyPlan = smoke
  ? { callers: [1], users: 20, warmUpCalls: 60, calls: 60, rounds: 1, sets: 1, refusals: 100 }
  : {
      callers: [1, 50, 500],
      users: 500,
      warmUpCalls: 3_000,
      calls: 2_000,
      rounds: 4,
      sets: 4,
      refusals: 2_000,
    };

const cells = (all: readonly (readonly Run[])[]) => {
  const [own = [], other] = all;
  return {
    ...Object.fromEntries(
      all.flatMap((runs, index) => [
        [`${names()[index]} calls/s`, Math.round(of(runs, (run) => run.callsPerSecond || 0))],
        [`${names()[index]} CPU ms`, of(runs, ({ cpuPerCall }) => cpuPerCall).toFixed(3)],
      ]),
    ),
    ...(other && {
      'calls/s, ratio': one(medianRatio(own, other, (run) => (run.calls + run.errors) / run.seconds)),
      'CPU, ratio': one(medianRatio(own, other, ({ cpuPerCall }) => cpuPerCall)),
    }),
  };
};

const proxy = async (chosen: readonly Section[]): Promise<void> => {
  const surroundings = await startSurroundings({ sets: proxyPlan.sets, users: proxyPlan.users });
  const load = await startPart('./load.ts', null);
  const { run, compare } = createComparisons(surroundings, load, proxyPlan);
  const contenders: Omit<Contender, 'path'>[] = [];
  try {
    for (const [name, directory] of Object.entries(directoriesOf('proxy')))
      contenders.push({ name, part: await surroundings.startHandler(directory) });
    if (chosen.includes('proxy')) {
      const rows = [];
      for (const job of jobsOn(surroundings.instanceId))
        for (const callers of proxyPlan.callers) {
          process.stderr.write(`${job.name}, ${callers} callers\n`);
          const runs = await compare(
            contenders.map((contender) => ({ ...contender, path: job.ours })),
            callers,
          );
          rows.push({ job: job.name, callers, ...cells(runs) });
        }
      table('Proxy: calls of many connections, none of them near its limit', rows, surroundings.engine);
    }
    if (chosen.includes('limiter')) {
      // One connection that is far over its limit: each call is refused.
      const [token = ''] = surroundings.callers[0] ?? [];
      const [{ ours: path }] = jobsOn(surroundings.instanceId);
      const question = { path, users: [{ authorization: `Bearer ${token}` }], connections: smoke ? 1 : 10 };
      const runs: Run[][] = contenders.map(() => []);
      for (const { part } of contenders) await run(part, question, proxyPlan.refusals);
      for (let round = 0; round < proxyPlan.rounds; round += 1)
        for (const [index, { part }] of contenders.entries())
          runs[index]?.push(await run(part, question, proxyPlan.refusals));
      const refused = runs.map((all) =>
        all.map((each) => ({ ...each, callsPerSecond: (each.calls + each.errors) / each.seconds })),
      );
      table('Limiter: calls of one connection that is over its limit', [cells(refused)], surroundings.engine);
    }
  } finally {
    for (const { part } of contenders) await part.stop();
    await load.stop();
    await surroundings.close();
  }
};

const delivery = async (): Promise<void> => {
  const surroundings = await startDeliverySurroundings();
  try {
    const plan = { events: smoke ? 200 : 2_500, rounds: smoke ? 1 : 6, cores: cpus().length };
    const directories = directoriesOf('deliver');
    const { rows, ofFirst } = await compareDelivery(surroundings, directories, plan);
    table(`Delivery: a burst of ${plan.events} events, 200 at once`, rows, surroundings.engine);
    if (builds.length > 1)
      console.table(
        ofFirst.slice(1).map(({ cpu, rate, p99 }, index) => ({
          'this :': names()[index + 1] ?? 'bare loop',
          'CPU of the worker': one(1 / cpu),
          'events/s': one(1 / rate),
          p99: one(1 / p99),
        })),
      );
    for (const [name, directory] of Object.entries(directories))
      console.log(
        `requests per event, ${name}: ${describeCalls(await callsPerEvent(surroundings, directory, 500))}`,
      );
  } finally {
    await surroundings.close();
  }
};

const watch = async (): Promise<void> => {
  const plan = smoke
    ? { subscriptions: 1_000, rounds: 1, sweeps: 1 }
    : { subscriptions: 1_000_000, rounds: 8, sweeps: 10 };
  const { engine, rows, ofFirst, calls } = await compareWatch(directoriesOf('watch'), plan);
  const many = plan.subscriptions.toLocaleString('en');
  table(`Watch: a poll without news, and one that crosses ${crossed} of ${many} thresholds`, rows, engine);
  if (builds.length > 1)
    console.table(
      ofFirst.slice(1).map(({ quiet, crossing }, index) => ({
        'this :': names()[index + 1],
        'CPU, no news': one(1 / quiet),
        [`CPU, ${crossed} crossings`]: one(1 / crossing),
      })),
    );
  for (const [index, [quiet, crossing]] of calls.entries())
    console.log(`requests of a poll, ${names()[index]}: no news ${quiet}; ${crossed} crossings ${crossing}`);
};

try {
  builds.push(await buildOwn());
  if (options.compare !== undefined) builds.push(await buildOther(options.compare));
  const { only } = options;
  if (only.includes('bundles')) await bundles();
  if (only.includes('start')) await start();
  if (only.includes('proxy') || only.includes('limiter')) await proxy(only);
  if (only.includes('delivery')) await delivery();
  if (only.includes('watch')) await watch();
  console.log('Ratios are medians over the rounds, of runs that alternate.');
} finally {
  for (const build of builds) await build.close();
}
