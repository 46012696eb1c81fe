/**
 * The checker against Spectral with its OpenAPI ruleset (which applies its OpenAPI 2 rules to these files): both in process,
 * warm, from text, on the same definitions in the same run.
 *   npm run bench:check -- <folder of connectors>
 *   npm run bench:check            the connector of this project; with `--smoke` each time of one run
 * Ours also reads apiProperties.json and the other files of the folder; Spectral reads the definition.
 */

import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { exampleConfiguration } from '../config/example.ts';
import { checkConnector } from '../connector/check/check-connector.ts';
import type { CheckedFile } from '../connector/check/connector.ts';
import { readInputs } from '../connector/check/read.ts';
import { connectorFiles } from '../connector/emit/files.ts';

// CommonJS packages whose types and default exports differ between loaders.
const load = createRequire(import.meta.url);
const { Spectral, Document }: typeof import('@stoplight/spectral-core') = load('@stoplight/spectral-core');
const Parsers: typeof import('@stoplight/spectral-parsers') = load('@stoplight/spectral-parsers');
const { oas }: typeof import('@stoplight/spectral-rulesets') = load('@stoplight/spectral-rulesets');

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};

/** Milliseconds, the best of so many runs. */
const best = async (runs: number, work: () => unknown): Promise<number> => {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run += 1) {
    const start = performance.now();
    await work();
    least = Math.min(least, performance.now() - start);
  }
  return least;
};

const connectorsOf = async (folder: string | undefined): Promise<readonly (readonly CheckedFile[])[]> => {
  if (folder === undefined) return [await connectorFiles({ configuration: exampleConfiguration })];
  return readInputs(folder).flatMap((input) => (input.kind === 'folder' ? [input.files] : []));
};

const pathOf = (file: string) => fileURLToPath(new URL(`../${file}`, import.meta.url));

/** The command from its start until it has explained a rule, ms, as a process. */
const startTimes = async (runs: number): Promise<readonly (readonly [string, number])[]> => {
  const time = (entry: string) =>
    best(runs, () =>
      execFileSync(process.execPath, [pathOf(entry), 'check', '--explain', 'JsonNotValid'], {
        stdio: 'ignore',
      }),
    );
  execFileSync('npm', ['run', '--silent', 'compile'], {
    cwd: pathOf(''),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return [
    ['sources through tsx', await time('bin/insights-connector.mjs')],
    ['the package', await time('dist/compiled/bin/insights-connector.js')],
  ];
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { smoke: { type: 'boolean', default: false } },
});
const [folder] = positionals;
const connectors = await connectorsOf(folder);
const spectral = new Spectral();
spectral.setRuleset(oas as Parameters<typeof spectral.setRuleset>[0]);
const decoder = new TextDecoder();
const rows: { readonly ours: number; readonly theirs: number; readonly bytes: number }[] = [];

// One round to warm both up, one to measure.
for (const measured of [false, true])
  for (const files of connectors) {
    const definition = files.find(({ name }) => name.toLowerCase().endsWith('swagger.json'));
    if (definition === undefined) continue;
    const text = decoder.decode(definition.content);
    const ours = await best(3, () => checkConnector(files));
    const theirs = await best(measured ? 2 : 1, () =>
      spectral.run(new Document(text, Parsers.Json, definition.name)),
    );
    if (measured) rows.push({ ours, theirs, bytes: definition.content.length });
  }

const total = (of: 'ours' | 'theirs') => rows.reduce((sum, row) => sum + row[of], 0);
const ratios = rows.map(({ ours, theirs }) => theirs / ours);
console.log(
  `${rows.length} connectors, median ${(median(rows.map(({ bytes }) => bytes)) / 1000).toFixed(0)} KB`,
);
console.log(
  `check      ${((1000 * rows.length) / total('ours')).toFixed(0)} connectors/s, median ${median(rows.map(({ ours }) => ours)).toFixed(2)} ms`,
);
console.log(
  `Spectral   ${((1000 * rows.length) / total('theirs')).toFixed(1)} connectors/s, median ${median(rows.map(({ theirs }) => theirs)).toFixed(1)} ms`,
);
console.log(
  `ratio      median connector ${median(ratios).toFixed(1)}, smallest ${Math.min(...ratios).toFixed(1)}, whole ${(total('theirs') / total('ours')).toFixed(1)}`,
);
if (folder !== undefined) {
  // In a process of its own: Spectral holds several hundred megabytes.
  const script = pathOf('scripts/check-corpus.ts');
  const output = execFileSync(process.execPath, ['--import', 'tsx', script, folder], {
    encoding: 'utf8',
  });
  console.log(`alone      ${output.trim().split('\n').at(-1)}`);
}
for (const [name, ms] of await startTimes(values.smoke ? 1 : 7))
  console.log(`start      ${name}: ${(ms / 1000).toFixed(2)} s`);
