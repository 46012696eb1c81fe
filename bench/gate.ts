/**
 * Fails when a change makes a delivery dearer or a bundle larger: by more than 15 % over bench/baseline.json.
 *   npm run bench:gate               compares; the checks of a change run it (bench:smoke)
 *   npm run bench:gate -- --write    writes the baseline again, for a change that is meant to cost more or less
 * It compares only what is the same on every machine: bytes, requests per event, and the worker's CPU time as a
 * multiple of a bare loop's in the same run.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { scriptOptions } from '../bin/commands/run.ts';
import { buildOwn } from './builds/function-bundles.ts';
import { callsPerEvent, compareDelivery } from './delivery/measure.ts';
import { startDeliverySurroundings } from './delivery/surroundings.ts';
import { median } from './statistics/median.ts';

interface Baseline {
  /** Bytes of each function's bundle. */
  readonly bundles: Readonly<Record<string, number>>;
  /** Requests of the function `deliver` to AWS for an event, by operation. */
  readonly callsPerEvent: Readonly<Record<string, number>>;
  /** Its CPU time for an event by that of the bare loop. */
  readonly workerToBareLoop: number;
}

const allowed = 1.15;
/** Other work on the machine mostly adds to a ratio, so a change that costs no more stays below the limit in one of some. */
const tries = 6;

const write = scriptOptions(
  {
    name: 'npm run bench:gate --',
    summary: 'Fails when a delivery costs more, or a bundle is larger',
    options: [
      { flags: '--write', description: 'Writes the baseline again' },
      { flags: '--smoke', description: 'The same; for bench:smoke, which gives it to every benchmark' },
    ],
  },
  (values) => values.write === true,
);

const file = new URL('./baseline.json', import.meta.url);
const own = await buildOwn();
const surroundings = await startDeliverySurroundings();

const ratio = async (directory: string): Promise<number> => {
  const plan = { events: 1_000, rounds: 5, cores: cpus().length };
  const { ofBare } = await compareDelivery(surroundings, { this: directory }, plan);
  return ofBare[0] ?? Number.NaN;
};

const medianOfTries = async (directory: string): Promise<number> => {
  const all: number[] = [];
  for (let made = 0; made < tries; made += 1) all.push(await ratio(directory));
  return median(all);
};

/** @param enough no further try is needed below it */
const smallestRatio = async (directory: string, enough: number): Promise<number> => {
  let smallest = Number.POSITIVE_INFINITY;
  for (let made = 0; made < tries && smallest > enough; made += 1)
    smallest = Math.min(smallest, await ratio(directory));
  return smallest;
};

try {
  const baseline = write ? undefined : (JSON.parse(readFileSync(file, 'utf8')) as Baseline);
  const directory = own.functions.deliver?.directory ?? '';
  const limit = baseline === undefined ? 0 : baseline.workerToBareLoop * allowed;
  const found: Baseline = {
    bundles: Object.fromEntries(Object.entries(own.functions).map(([name, { bytes }]) => [name, bytes])),
    callsPerEvent: Object.fromEntries(await callsPerEvent(surroundings, directory, 500)),
    workerToBareLoop:
      baseline === undefined ? await medianOfTries(directory) : await smallestRatio(directory, limit),
  };
  if (baseline === undefined) {
    const rounded = { ...found, workerToBareLoop: Number(found.workerToBareLoop.toFixed(2)) };
    writeFileSync(file, `${JSON.stringify(rounded, null, 2)}\n`);
  } else {
    const rows = [
      ...Object.entries(found.bundles).map(
        ([name, bytes]) => [`bundle of ${name}, bytes`, bytes, baseline.bundles[name]] as const,
      ),
      ...Object.entries(found.callsPerEvent).map(
        ([name, calls]) => [`${name} per event`, calls, baseline.callsPerEvent[name]] as const,
      ),
      ['worker CPU : bare loop', found.workerToBareLoop, baseline.workerToBareLoop] as const,
    ];
    console.table(
      rows.map(([what, now, before]) => ({
        what,
        now: Number(now.toFixed(2)),
        baseline: before ?? 'none',
        ratio: before === undefined ? '' : (now / before).toFixed(2),
      })),
    );
    // A request or a function that the baseline does not know is more than 15 % of nothing.
    const grown = rows.filter(([, now, before]) => before === undefined || now > before * allowed);
    for (const [what, now, before] of grown)
      console.error(
        `${what}: ${now.toFixed(2)}, more than 15 % over ${before ?? 'nothing'}. Make it cheaper, or say why in the commit and run npm run bench:gate -- --write.`,
      );
    if (grown.length > 0) process.exitCode = 1;
  }
} finally {
  await surroundings.close();
  await own.close();
}
