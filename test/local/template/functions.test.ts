import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localAccount } from '../../../local/aws/account.ts';
import { LocalClock } from '../../../local/clock.ts';
import {
  createFunctions,
  eventTooLarge,
  type Functions,
  type LogLine,
} from '../../../local/template/functions.ts';
import type { FunctionModel } from '../../../local/template/model.ts';
import { type FixtureAssets, fixtureAssets } from './fixture-asset.ts';

const start = Date.parse('2026-03-01T10:00:00Z');
let assets: FixtureAssets;
let functions: Functions | undefined;
let lines: LogLine[];

beforeEach(() => {
  assets = fixtureAssets();
  lines = [];
});
afterEach(async () => {
  await functions?.close();
  assets.remove();
});

const given = (
  source: string,
  changes: Partial<FunctionModel> = {},
  clock = LocalClock.frozen(start),
): Functions => {
  assets.add('asset.zip', source);
  let requests = 0;
  functions = createFunctions({
    models: [{ ...model, ...changes }],
    clock,
    account: localAccount,
    endpoints: { AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:1' },
    runKey: 'of-this-run',
    assetDirectory: (key) => assets.directory(key),
    environments: 4,
    newRequestId: () => {
      requests += 1;
      return `request-${requests}`;
    },
    log: (line) => lines.push(line),
  });
  return functions;
};

const model: FunctionModel = {
  logicalId: 'Fn1A2B',
  name: 'fn',
  arn: 'arn:aws:lambda:eu-west-1:000000000000:function:fn',
  handler: 'index.handler',
  assetKey: 'asset.zip',
  memoryMegabytes: 256,
  timeoutMs: 3000,
  variables: { TABLE: 'items' },
  logGroup: '/aws/lambda/fn',
  logFormat: 'Text',
  logLevel: 'INFO',
  asynchronous: { retries: 2, maximumAgeMs: 21_600_000 },
};

describe('a function', () => {
  it('gets the event and the context, and answers', async () => {
    const outcome = await given(
      'export const handler = async (event, context) => ({ event, id: context.awsRequestId, arn: context.invokedFunctionArn, left: context.getRemainingTimeInMillis() > 2000 });',
    ).invoke('fn', { a: [1, null] });
    expect(outcome).toMatchObject({ kind: 'result' });
    expect(JSON.parse(outcome.kind === 'result' ? outcome.payload : '')).toEqual({
      event: { a: [1, null] },
      id: 'request-1',
      arn: model.arn,
      left: true,
    });
  });

  it("reads the run's time from the moment its bundle loads", async () => {
    const clock = LocalClock.frozen(start);
    const running = given(
      'const loaded = Date.now(); export const handler = async () => [loaded, Date.now(), new Date().toISOString()];',
      {},
      clock,
    );
    await running.warm();
    await clock.advance(90_000);
    expect(await running.invoke('fn', {})).toMatchObject({
      payload: JSON.stringify([start, start + 90_000, '2026-03-01T10:01:30.000Z']),
    });
  });

  it("sees the template's variables and the endpoints, and nothing of this process", async () => {
    process.env.LEAKED_INTO_FUNCTION = 'yes';
    const outcome = await given('export const handler = async () => process.env;').invoke('fn', {});
    delete process.env.LEAKED_INTO_FUNCTION;
    const seen: unknown = JSON.parse(outcome.kind === 'result' ? outcome.payload : '{}');
    expect(seen).toMatchObject({
      TABLE: 'items',
      AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:1',
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'Fn1A2B.of-this-run',
      AWS_LAMBDA_FUNCTION_NAME: 'fn',
      LAMBDA_TASK_ROOT: assets.directory('asset.zip'),
    });
    expect(seen).not.toHaveProperty('LEAKED_INTO_FUNCTION');
    expect(seen).not.toHaveProperty('PATH');
  });

  it('takes one event at a time in each environment, and grows to its limit', async () => {
    const running = given(
      `let busy = 0; let worst = 0; let served = 0;
       export const handler = async () => { busy += 1; worst = Math.max(worst, busy); served += 1; await new Promise((r) => setTimeout(r, 5)); busy -= 1; return { worst }; };`,
      { reservedConcurrency: 2 },
    );
    const outcomes = await Promise.all(Array.from({ length: 12 }, () => running.invoke('fn', {})));
    expect(outcomes.map((outcome) => outcome.kind === 'result' && outcome.payload)).toEqual(
      Array.from({ length: 12 }, () => '{"worst":1}'),
    );
  });

  it('is stopped when its time is over, and the next event gets a new environment', async () => {
    const running = given(
      'let calls = 0; export const handler = async (event) => { calls += 1; if (event.hang) await new Promise(() => setInterval(() => {}, 1000)); return calls; };',
      { timeoutMs: 400 },
    );
    expect(await running.invoke('fn', {})).toMatchObject({ payload: '1' });
    expect(await running.invoke('fn', { hang: true })).toMatchObject({
      kind: 'error',
      error: {
        errorType: 'Sandbox.Timedout',
        errorMessage: 'RequestId: request-2 Error: Task timed out after 0.40 seconds',
      },
    });
    expect(await running.invoke('fn', {})).toMatchObject({ payload: '1' });
  });

  it('is stopped even when it never yields', async () => {
    const running = given('export const handler = async () => { for (;;) {} };', { timeoutMs: 400 });
    expect(await running.invoke('fn', {})).toMatchObject({ error: { errorType: 'Sandbox.Timedout' } });
  });

  it.each([
    ['throws', 'throw new RangeError("too far");', 'RangeError', 'too far'],
    ['throws no Error', 'throw "text";', 'string', 'text'],
    ['exits', 'process.exit(3);', 'Runtime.ExitError', 'Runtime exited with code 3'],
    [
      'leaves a rejection unhandled',
      'Promise.reject(new TypeError("lost")); await new Promise(() => setInterval(() => {}, 1000));',
      'TypeError',
      'lost',
    ],
    [
      'answers more than Lambda carries',
      'return "x".repeat(6_300_000);',
      'Function.ResponseSizeTooLarge',
      'exceeded',
    ],
    [
      'uses up its memory',
      'const all = []; for (;;) all.push(new Array(100_000).fill({}));',
      'Error',
      'memory limit',
    ],
    ['answers what is not JSON', 'const a = {}; a.a = a; return a;', 'TypeError', 'circular'],
  ])('fails when it %s, and the next event is served', async (_what, body, errorType, message) => {
    const running = given(
      `export const handler = async (event) => { if (!event.fail) return 'ok'; ${body} };`,
      {
        timeoutMs: 20_000,
        memoryMegabytes: 64,
      },
    );
    const outcome = await running.invoke('fn', { fail: true });
    expect(outcome).toMatchObject({ kind: 'error', error: { errorType } });
    expect(outcome.kind === 'error' && outcome.error.errorMessage).toContain(message);
    expect(lines.at(-1)).toMatchObject({ stream: 'platform', functionName: 'fn', requestId: 'request-1' });
    expect(await running.invoke('fn', {})).toMatchObject({ payload: '"ok"' });
  });

  it('is not called with more than Lambda carries', async () => {
    const outcome = await given('export const handler = async () => "called";').invoke(
      'fn',
      'x'.repeat(6 * 1024 * 1024),
    );
    expect(outcome).toMatchObject({ kind: 'error', error: { errorType: eventTooLarge } });
  });

  it.each([
    ['does not load', 'throw new Error("no settings");', 'no settings'],
    ['has no such handler', 'export const other = 1;', 'index.handler is undefined or not exported'],
  ])('reports a bundle that %s, at warm-up and at the call', async (_what, source, message) => {
    const running = given(source);
    expect(await running.warm()).toMatchObject([{ functionName: 'fn', error: { errorMessage: message } }]);
    expect(await running.invoke('fn', {})).toMatchObject({ kind: 'error', error: { errorMessage: message } });
  });

  it('has its output captured with the request that wrote it', async () => {
    const running = given(
      'console.log("loading"); export const handler = async () => { console.log("a", { b: 1 }); console.error("two\\nlines"); };',
    );
    await running.invoke('fn', {});
    expect(running.logs('Fn1A2B')).toEqual([
      { functionName: 'fn', time: start, stream: 'stdout', text: 'loading' },
      { functionName: 'fn', time: start, stream: 'stdout', text: 'a { b: 1 }', requestId: 'request-1' },
      { functionName: 'fn', time: start, stream: 'stderr', text: 'two\nlines', requestId: 'request-1' },
    ]);
    expect(lines).toEqual(running.logs('fn'));
  });

  it("writes Lambda's JSON lines when the template asks for them", async () => {
    await given(
      'export const handler = async () => { console.debug("hidden"); console.warn("seen %d", 1); console.log({ a: 1 }); };',
      { logFormat: 'JSON' },
    ).invoke('fn', {});
    expect(lines.map(({ text }) => JSON.parse(text))).toEqual([
      { timestamp: '2026-03-01T10:00:00.000Z', level: 'WARN', requestId: 'request-1', message: 'seen 1' },
      { timestamp: '2026-03-01T10:00:00.000Z', level: 'INFO', requestId: 'request-1', message: { a: 1 } },
    ]);
  });

  it('keeps the clock waiting until it has answered', async () => {
    const clock = LocalClock.frozen(start);
    const running = given(
      'export const handler = async () => { await new Promise((r) => setTimeout(r, 20)); return Date.now(); };',
      {},
      clock,
    );
    const answer = running.invoke('fn', {});
    await clock.advance(60_000);
    expect(await answer).toMatchObject({ payload: String(start) });
  });

  it('ends its environments on close, whatever they do', async () => {
    const running = given('export const handler = async () => { for (;;) {} };');
    const hanging = running.invoke('fn', {});
    await running.warm();
    await running.close();
    expect(await hanging).toMatchObject({ kind: 'error', error: { errorType: 'Runtime.Closed' } });
    expect(await running.invoke('fn', {})).toMatchObject({ error: { errorType: 'Runtime.Closed' } });
  });
});
