/**
 * What a cold start loads: the size of each function's bundle, the SDK clients in it, and how long it takes to import, next to a
 * bundle that holds nothing but one SDK client. Imports run in pairs, each in a process of its own, so that the machine's mood
 * meets both.
 *   node --import tsx bench/start.ts            15 pairs a function
 *   node --import tsx bench/start.ts --smoke    2 pairs
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { exampleConfiguration } from '../config/example.ts';
import { bundleFunctions, projectDirectory } from '../lib/bundle.ts';
import { environmentCredentials, withoutEventStreams } from '../lib/bundle-plugins.ts';
import { type FunctionName, functionNames } from '../lib/functions.ts';

const pairs = process.argv.includes('--smoke') ? 2 : 15;

/** Bytes, minified. */
const largest: Readonly<Record<FunctionName, number>> = {
  subscriptions: 450_000,
  proxy: 650_000,
  dispatch: 450_000,
  watch: 450_000,
  deliver: 450_000,
};

/** How a client names itself in a bundle: the first part of its service's target or namespace. */
const clients = {
  DynamoDB: 'DynamoDB_20120810',
  SQS: 'AmazonSQS',
  KMS: 'TrentService',
  'Secrets Manager': 'secretsmanager',
} as const;

const everyVariable = Object.fromEntries(
  [
    'STATE_TABLE',
    'LIMITER_TABLE',
    'WATCH_QUEUE_URL',
    'DELIVERY_QUEUE_URL',
    'RETRY_QUEUE_URL',
    'DEAD_LETTER_QUEUE_URL',
    'CALLBACK_KEY_ID',
  ].map((name) => [name, 'bench']),
);

/** Milliseconds that the import of a module takes in a new process. */
const importTime = (file: string): number => {
  const script = `const from = performance.now(); await import(${JSON.stringify(pathToFileURL(file).href)}); console.log(performance.now() - from); process.exit(0);`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
    env: {
      ...everyVariable,
      PATH: process.env.PATH,
      AWS_REGION: 'eu-west-1',
      AUTHORITY: 'https://login.microsoftonline.com/common/v2.0',
      CUSTOMER_INSIGHTS_URL: 'https://api.ci.ai.dynamics.com/v1',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
  });
  if (status !== 0) throw new Error(`${file} cannot be imported: ${stderr}`);
  return Number(stdout.trim().split('\n').at(-1));
};

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};

const directory = await mkdtemp(join(tmpdir(), 'insights-connector-bench-'));
try {
  const bundles = await bundleFunctions({
    configuration: exampleConfiguration,
    outDir: join(directory, 'functions'),
  });
  const bare = join(directory, 'bare.mjs');
  await build({
    stdin: {
      contents: `import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'; new DynamoDBClient({}); export const command = GetItemCommand;`,
      resolveDir: projectDirectory,
    },
    outfile: bare,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    mainFields: ['module', 'main'],
    plugins: [environmentCredentials, withoutEventStreams],
  });
  let broken = false;
  const rows = [];
  for (const name of functionNames) {
    const { bytes, directory: folder } = bundles[name];
    const file = join(folder, 'index.mjs');
    const code = await readFile(file, 'utf8');
    const times = Array.from({ length: pairs }, () => ({ bare: importTime(bare), own: importTime(file) }));
    broken ||= bytes > largest[name];
    rows.push({
      function: name,
      bytes,
      'at most': largest[name],
      clients: Object.entries(clients)
        .filter(([, mark]) => code.includes(mark))
        .map(([client]) => client)
        .join(', '),
      'import ms (median)': median(times.map(({ own }) => own)).toFixed(0),
      'bare client ms': median(times.map((time) => time.bare)).toFixed(0),
      ratio: median(times.map(({ own, bare: other }) => own / other)).toFixed(2),
    });
  }
  console.table(rows);
  if (broken) {
    console.log('A bundle is larger than it may be.');
    process.exitCode = 1;
  }
} finally {
  await rm(directory, { recursive: true, force: true });
}
