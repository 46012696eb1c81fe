/**
 * `npm run test:aws-dynamodb`: the suites of the store and of the limiter on AWS's own engine, DynamoDB Local. AWS gives it
 * to you under terms of its own, so neither this project nor a registry brings it: name your copy, or one that runs.
 * Exit codes: those of the suites; 2 where there is no copy, or no Java for it.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../local/dynamodb/free-port.ts';
import { engineAnswers } from '../local/dynamodb/start-engine.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Those that run on every engine that is there. */
const suites = [
  'test/lambda/store/table.test.ts',
  'test/lambda/store/subscriptions.test.ts',
  'test/lambda/store/thresholds.test.ts',
  'test/lambda/limiter/dynamodb-store.test.ts',
  'test/lambda/limiter/place-counters.test.ts',
  'test/lambda/limiter/upstream-budget.test.ts',
];

const howToGet = `Download DynamoDB Local (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DynamoDBLocal.DownloadingAndRunning.html) and unpack it. Then either
  DYNAMODB_LOCAL=<folder with DynamoDBLocal.jar> npm run test:aws-dynamodb     starts it; needs Java 17 or later
  DYNAMODB_ENDPOINT=http://127.0.0.1:8000 npm run test:aws-dynamodb            takes one that runs with -sharedDb`;

class Missing extends Error {}

interface Engine {
  readonly endpoint: string;
  readonly end: () => Promise<void>;
}

/** How long it may take to start, ms. */
const startLimitMs = 30_000;

const answers = (endpoint: string): Promise<boolean> =>
  engineAnswers(endpoint, 1_000).then(
    () => true,
    () => false,
  );

const startCopy = async (folder: string): Promise<Engine> => {
  const jar = join(folder, 'DynamoDBLocal.jar');
  if (!existsSync(jar)) throw new Missing(`DYNAMODB_LOCAL is "${folder}", which has no DynamoDBLocal.jar.`);
  if (spawnSync('java', ['-version']).error !== undefined)
    throw new Missing('There is no `java` on the PATH, which DynamoDB Local needs.');
  const port = await freePort();
  // Without -sharedDb, each access key would have tables of its own.
  const settings = ['-jar', jar, '-inMemory', '-sharedDb', '-port', String(port)];
  const library = `-Djava.library.path=${join(folder, 'DynamoDBLocal_lib')}`;
  const child = spawn('java', [library, ...settings], { stdio: ['ignore', 'ignore', 'inherit'] });
  const exited = once(child, 'exit');
  const endpoint = `http://127.0.0.1:${port}`;
  for (let waited = 0; !(await answers(endpoint)); waited += 250) {
    if (child.exitCode !== null) throw new Error(`DynamoDB Local ended with exit code ${child.exitCode}.`);
    if (waited >= startLimitMs) {
      child.kill('SIGKILL');
      throw new Error(`DynamoDB Local did not answer within ${startLimitMs / 1_000} s.`);
    }
    await sleep(250);
  }
  return {
    endpoint,
    end: async () => {
      child.kill();
      await exited;
    },
  };
};

const openEngine = async ({ DYNAMODB_LOCAL: copy, DYNAMODB_ENDPOINT: running }: NodeJS.ProcessEnv) => {
  if (running) return { endpoint: running, end: async () => undefined };
  if (copy) return startCopy(copy);
  throw new Missing('Neither DYNAMODB_LOCAL nor DYNAMODB_ENDPOINT is set.');
};

/** @param words further words for vitest */
const run = async (words: readonly string[]): Promise<number> => {
  const engine = await openEngine(process.env);
  try {
    const vitest = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...suites, ...words];
    const child = spawn(process.execPath, vitest, {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, DYNAMODB_ENDPOINT: engine.endpoint },
    });
    const [code] = (await once(child, 'exit')) as [number | null];
    return code ?? 1;
  } finally {
    await engine.end();
  }
};

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Missing)) throw error;
  console.error(`Nothing was tested. ${error.message}\n${howToGet}`);
  process.exitCode = 2;
}
