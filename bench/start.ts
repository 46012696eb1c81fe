/**
 * What a cold start loads: the size of each bundle, the AWS clients in it, and how long it takes to import
 * next to a bare client.
 *   npm run bench:start               30 pairs of imports for each function
 *   npm run bench:start -- --smoke    two
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scriptOptions } from '../bin/commands/run.ts';
import { exampleConfiguration } from '../config/example.ts';
import { functionFacts, functionNames } from '../lambda/functions.ts';
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
const bare = await buildBareClient();

try {
  const functions = await bundleFunctions({
    configuration: exampleConfiguration,
    outDir: join(directory, 'functions'),
  });
  const rows = [];
  for (const name of functionNames) {
    const { directory: folder, bytes, packages } = functions[name];
    const { ms, bareMs, ratios } = await bare.importsBeside([join(folder, 'index.mjs')], pairs);
    rows.push({
      function: name,
      'KB minified': (bytes / 1_000).toFixed(0),
      'at most': (functionFacts[name].maximumBundleBytes / 1_000).toFixed(0),
      'import ms': ms[0]?.toFixed(1),
      'bare client ms': bareMs.toFixed(1),
      ratio: ratios[0]?.toFixed(2),
      clients: packages.flatMap((name) => /^@aws-sdk\/client-(.+)/.exec(name)?.[1] ?? []).join(', '),
      tooLarge: bytes > functionFacts[name].maximumBundleBytes,
    });
  }
  console.log(evidence({ durable: 'not measured' }));
  console.table(rows.map(({ tooLarge: _, ...row }) => row));
  console.log(
    `Ratio: the median of ${pairs} pairs of imports that alternate, each in a new process, to a bundle of DynamoDBClient alone made in the same way. Node.js ${process.version}.`,
  );
  const tooLarge = rows.filter((row) => row.tooLarge);
  for (const row of tooLarge) console.error(`${row.function} is larger than ${row['at most']} KB.`);
  process.exitCode = tooLarge.length > 0 ? 1 : 0;
} finally {
  await bare.close();
  await rm(directory, { recursive: true, force: true });
}
