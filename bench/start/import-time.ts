/** How long a bundle takes to import in a new process, from before its first byte is read. */
import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';

/** What Lambda and the stack set; no address is called while importing. */
const environment = {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
  AUTHORITY: 'https://login.microsoftonline.com/tenant/v2.0',
  CUSTOMER_INSIGHTS_URL: 'https://api.ci.ai.dynamics.com/v1',
  CALLBACK_KEY_ID: 'key',
  STATE_TABLE: 'state',
  LIMITER_TABLE: 'limiter',
  WATCH_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/000000000000/watch',
  DELIVERY_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/000000000000/delivery',
  RETRY_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/000000000000/retry',
  DEAD_LETTER_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/000000000000/dead',
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
