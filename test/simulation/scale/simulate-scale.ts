/** `npm run simulate:scale`: many instances for an hour of virtual time. */
import { wholeOf } from '../../../bin/commands/command.ts';
import { scriptOptions } from '../../../bin/commands/run.ts';
import { usdOf } from '../../../scripts/cost/units.ts';
import { runAtScale, type ScaleResult } from './scale-run.ts';
import { percentile } from './slow-source.ts';

/** The most that one of a hundred looks may be late, s. */
const targetSeconds = 90;

const { instances, minutes, concurrency, seed } = scriptOptions(
  {
    name: 'npm run simulate:scale --',
    summary:
      'Simulate the polls of many instances; end with 1 when they are late with the first number of processes',
    options: [
      { flags: '--instances <count>', description: 'Instances, each polled once a minute', default: '10000' },
      { flags: '--minutes <count>', description: 'Virtual time', default: '60' },
      {
        flags: '--concurrency <list>',
        description: 'Processes of watch at once; one run each',
        default: '1000,10',
      },
      { flags: '--seed <number>', description: 'Of the delays and the refreshes', default: '1' },
    ],
    examples: ['--instances 10000 --minutes 60', '--instances 500 --concurrency 10,2'],
  },
  (values) => ({
    instances: wholeOf(values, 'instances') ?? 0,
    minutes: wholeOf(values, 'minutes') ?? 0,
    seed: wholeOf(values, 'seed') ?? 0,
    concurrency: String(values.concurrency).split(',').map(Number),
  }),
);

const seconds = (ms: number) => Number((ms / 1_000).toFixed(1));

const rows = (result: ScaleResult) => {
  const { lagsMs, busy, hottest, units } = result;
  return {
    'lag p50, s': seconds(percentile(lagsMs, 50)),
    'lag p99, s': seconds(percentile(lagsMs, 99)),
    'lag longest, s': seconds(lagsMs.at(-1) ?? 0),
    polls: result.looks,
    messages: result.messages,
    'processes, mean': Number(busy.mean.toFixed(1)),
    'processes, most': busy.most,
    'dispatch, longest run, s': seconds(result.longestDispatchMs),
    'events with flows, owed': result.eventsOwed,
    'deliveries queued': result.deliveriesSent,
    'hottest partition, writes/s': `${hottest.writes.units} in ${hottest.writes.partition}`,
    'hottest partition, reads/s': `${hottest.reads.units} in ${hottest.reads.partition}`,
    'requests that waited for a partition': result.throttled,
    'USD of this time': Number(usdOf(units).toFixed(2)),
    'USD of a month like it': Number(((usdOf(units) * 30 * 24 * 60) / minutes).toFixed(2)),
  };
};

const columns: Record<string, ReturnType<typeof rows>> = {};
for (const [index, most] of concurrency.entries()) {
  const result = await runAtScale({ instances, minutes, seed, concurrency: most });
  columns[`${most} processes`] = rows(result);
  if (index === 0 && percentile(result.lagsMs, 99) > targetSeconds * 1_000) {
    console.error(`One of a hundred polls is more than ${targetSeconds} s late with ${most} processes.`);
    process.exitCode = 1;
  }
}
console.log(`${instances.toLocaleString('en')} instances, ${minutes} minutes, seed ${seed}`);
const names = Object.keys(Object.values(columns)[0] ?? {}) as (keyof ReturnType<typeof rows>)[];
console.table(
  Object.fromEntries(
    names.map((name) => [
      name,
      Object.fromEntries(Object.entries(columns).map(([title, values]) => [title, values[name]])),
    ]),
  ),
);
