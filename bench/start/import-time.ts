/** How long a bundle takes to import in a new process, from before its first byte is read. */
import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import type { EnvironmentName } from '../../lambda/functions.ts';

const queue = (name: string) => `https://sqs.eu-west-1.amazonaws.com/000000000000/${name}`;
const queueArn = (name: string) => `arn:aws:sqs:eu-west-1:000000000000:${name}`;

/** What the stack sets, for all functions: a variable that is missing here does not compile. No address is called while importing. */
const stackEnvironment: Readonly<Record<EnvironmentName, string>> = {
  AUTHORITY: 'https://login.microsoftonline.com/tenant/v2.0',
  CUSTOMER_INSIGHTS_URL: 'https://api.ci.ai.dynamics.com/v1',
  CALLBACK_KEY_ID: 'key',
  STATE_TABLE: 'state',
  LIMITER_TABLE: 'limiter',
  WATCH_QUEUE_URL: queue('watch'),
  DELIVERY_QUEUE_URL: queue('delivery'),
  RETRY_QUEUE_URL: queue('retry'),
  DEAD_LETTER_QUEUE_URL: queue('dead'),
  WATCH_DEAD_LETTERS_ARN: queueArn('watch-dead'),
  DELIVERY_DEAD_LETTERS_ARN: queueArn('dead'),
  RETRY_DEAD_LETTERS_ARN: queueArn('retry-dead'),
  LOCAL_RUN_URL: 'none',
  CANARY_URL: 'https://example.execute-api.eu-west-1.amazonaws.com/v1/canary',
  SUBSCRIPTIONS_FUNCTION: 'subscriptions',
};

/** What Lambda sets. */
const environment = {
  ...stackEnvironment,
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
} as const;

const script = (file: string) =>
  `const before = performance.now(); await import(${JSON.stringify(pathToFileURL(file).href)}); console.log(performance.now() - before);`;

/**
 * @returns milliseconds
 * @throws Error with what the bundle printed when it cannot be imported
 */
export const importMs = (file: string): number => {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', script(file)],
    { env: { ...environment, NODE_NO_WARNINGS: '1' }, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`${file} cannot be imported: ${stderr}`);
  return Number(stdout);
};
