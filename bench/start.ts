/**
 * What a cold start loads: the size of each bundle, and how long it takes to import next to a bare DynamoDB client.
 *   npm run bench:start               30 pairs of imports for each function
 *   npm run bench:start -- --smoke    two
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scriptOptions } from '../bin/commands/run.ts';
import { exampleConfiguration } from '../config/example.ts';
import { type FunctionName, functionFacts, functionNames } from '../lambda/functions.ts';
import { bundleFunctions } from '../lib/bundle.ts';
import { evidence } from './evidence/evidence.ts';
import { buildBareClient } from './start/imports.ts';

const smoke = scriptOptions(
  {
    name: 'npm run bench:start --',
    summary: 'What a cold start loads',
    options: [
      {
        flags: '--smoke',
        description: 'A small run that shows that the benchmark works; its figures are not valid',
      },
    ],
  },
  (values) => values.smoke === true,
);
const pairs = smoke ? 2 : 30;
const directory = await mkdtemp(join(tmpdir(), 'insights-connector-start-'));
const [bare, trimmed] = [await buildBareClient('usual'), await buildBareClient('trimmed')];

/** The most that an import may take, as a multiple of the bare client's; less for what the time of a delivery contains. */
const targetOf = (name: FunctionName): number => (name === 'deliver' || name === 'dispatch' ? 0.8 : 1.1);

try {
  const functions = await bundleFunctions({
    configuration: exampleConfiguration,
    outDir: join(directory, 'functions'),
  });
  const rows = [];
  for (const name of functionNames) {
    const { directory: folder, bytes } = functions[name];
    const files = [join(folder, 'index.mjs')];
    const { ms, bareMs, ratios } = await bare.importsBeside(files, pairs);
    const { ratios: toTrimmed } = await trimmed.importsBeside(files, pairs);
    const [ratio = Number.NaN] = ratios;
    rows.push({
      function: name,
      'KB minified': (bytes / 1_000).toFixed(0),
      'KB at most': (functionFacts[name].maximumBundleBytes / 1_000).toFixed(0),
      'import ms': ms[0]?.toFixed(1),
      'bare client ms': bareMs.toFixed(1),
      ratio: ratio.toFixed(2),
      'at most': targetOf(name).toFixed(1),
      'to the trimmed client': toTrimmed[0]?.toFixed(2),
      tooLarge: bytes > functionFacts[name].maximumBundleBytes,
      tooSlow: !smoke && ratio > targetOf(name),
    });
  }
  console.log(evidence({ durable: 'not measured' }));
  console.table(rows.map(({ tooLarge: _, tooSlow: __, ...row }) => row));
  console.log(
    `Ratio: the median of ${pairs} pairs of imports that alternate, each in a new process, to a bundle of DynamoDBClient alone as esbuild makes it; and to one without what it does not use in Lambda. Node.js ${process.version}.`,
  );
  for (const row of rows.filter((one) => one.tooLarge))
    console.error(`${row.function} is larger than ${row['KB at most']} KB.`);
  for (const row of rows.filter((one) => one.tooSlow))
    console.error(`${row.function} takes more than ${row['at most']} times as long as the bare client.`);
  process.exitCode = rows.some((row) => row.tooLarge || row.tooSlow) ? 1 : 0;
} finally {
  await bare.close();
  await trimmed.close();
  await rm(directory, { recursive: true, force: true });
}
