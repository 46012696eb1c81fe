import { request } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { callbackPost } from '../../lambda/callback/post.ts';
import { keepAliveFetch, readBounded } from '../../lambda/runtime/http-client.ts';
import { type FrozenEnvironment, frozenEnvironment } from './frozen-environment.ts';

/*
 * State: a connection that was kept from the invocation before. Events: the environment is frozen; meanwhile the next
 * event comes and the other side closes the connection. Invariant: the first request afterwards is answered.
 */

const times = 6;
let environment: FrozenEnvironment;

beforeEach(async () => {
  environment = await frozenEnvironment();
});
afterEach(() => environment.close());

const write = async () => {
  const answer = await keepAliveFetch(environment.url, {
    method: 'POST',
    headers: {},
    body: '{}',
    redirect: 'manual',
  });
  return [answer.status, await readBounded(answer, 100)];
};

/** What node:http does by itself, with its own agent, which keeps connections too. */
const plainRequest = () =>
  new Promise<number | string | undefined>((resolve) => {
    const sent = request(environment.url, { method: 'POST' }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode));
    });
    sent.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    sent.end('{}');
  });

it('a request of node:http itself is lost, so that this test can fail', async () => {
  await plainRequest();
  expect(await environment.freeze(plainRequest)).toMatch(/^(ECONNRESET|EPIPE)$/);
});

it('a write to Customer Insights is not lost', async () => {
  for (let time = 0; time < times; time += 1) {
    await write();
    expect(await environment.freeze(write)).toEqual([200, { text: '[]', truncated: false }]);
  }
});

it('a callback is not lost', async () => {
  const post = () => callbackPost()(new URL(environment.url), '{}', {});
  for (let time = 0; time < times; time += 1) {
    await post();
    expect(await environment.freeze(post)).toMatchObject({ kind: 'answered', status: 200 });
  }
});
