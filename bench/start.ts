/**
 * What a cold start loads: the size of each bundle, the AWS clients in it, and how long it takes to import
 * next to a bare client.
 *   npm run bench:start               30 pairs of imports for each function
 *   npm run bench:start -- --smoke    two
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { scriptOptions } from '../bin/commands/run.ts';
import { exampleConfiguration } from '../config/example.ts';
import { functionFacts, functionNames } from '../lambda/functions.ts';
import { bundleFunctions, bundleOptions } from '../lib/bundle.ts';
import { importMs } from './start/import-time.ts';
import { median } from './statistics/median.ts';

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

try {
  const functions = await bundleFunctions({
    configuration: exampleConfiguration,
    outDir: join(directory, 'functions'),
  });
  const bareFile = join(directory, 'bare/index.mjs');
  await build({
    ...bundleOptions,
    plugins: [...bundleOptions.plugins],
    entryPoints: [{ in: fileURLToPath(new URL('./start/bare-client.ts', import.meta.url)), out: 'index' }],
    outdir: join(directory, 'bare'),
  });

  const rows = functionNames.map((name) => {
    const { directory: folder, bytes, packages } = functions[name];
    const file = join(folder, 'index.mjs');
    // Once each, so that both are in the file system's cache.
    importMs(bareFile);
    importMs(file);
    const measured = Array.from({ length: pairs }, (_, pair) => {
      // The order alternates, so that neither gains when the machine becomes faster or slower.
      const [first, second] = pair % 2 === 0 ? [bareFile, file] : [file, bareFile];
      const [a, b] = [importMs(first), importMs(second)];
      return pair % 2 === 0 ? { bare: a, own: b } : { bare: b, own: a };
    });
    return {
      function: name,
      'KB minified': (bytes / 1_000).toFixed(0),
      'at most': (functionFacts[name].maximumBundleBytes / 1_000).toFixed(0),
      'import ms': median(measured.map(({ own }) => own)).toFixed(1),
      'bare client ms': median(measured.map(({ bare }) => bare)).toFixed(1),
      ratio: median(measured.map(({ own, bare }) => own / bare)).toFixed(2),
      clients: packages.flatMap((name) => /^@aws-sdk\/client-(.+)/.exec(name)?.[1] ?? []).join(', '),
      tooLarge: bytes > functionFacts[name].maximumBundleBytes,
    };
  });
  console.table(rows.map(({ tooLarge: _, ...row }) => row));
  console.log(
    `Ratio: the median of ${pairs} pairs of imports that alternate, each in a new process, to a bundle of DynamoDBClient alone made in the same way. Node.js ${process.version}.`,
  );
  const tooLarge = rows.filter((row) => row.tooLarge);
  for (const row of tooLarge) console.error(`${row.function} is larger than ${row['at most']} KB.`);
  process.exitCode = tooLarge.length > 0 ? 1 : 0;
} finally {
  await rm(directory, { recursive: true, force: true });
}
