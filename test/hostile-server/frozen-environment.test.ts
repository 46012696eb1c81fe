import { connect } from 'node:net';
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

it('a request on a connection that is used without a look is lost, so that this test can fail', async () => {
  const socket = connect(Number(new URL(environment.url).port), '127.0.0.1');
  const sent = () =>
    new Promise<string | undefined>((resolve) => {
      socket.once('data', (answer) => resolve(answer.toString().split(' ')[1]));
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
      socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}');
    });
  expect(await sent()).toBe('200');
  expect(await environment.freeze(sent)).toMatch(/^(ECONNRESET|EPIPE)$/);
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
