import { expect, it } from 'vitest';
import { type firstInstance, send, type TestSystem, useTestSystem } from './test-system.ts';

const second = 1_000;
const callbackUrl = 'http://127.0.0.1:9/workflows/w/triggers/t/versions/1/run?sig=x';
let system: TestSystem;
let instance: ReturnType<typeof firstInstance>;
let token: string;

useTestSystem(async (started, first) => {
  [system, instance] = [started, first];
  token = await system.issuer.userToken({});
  // The first cycle looks at everything.
  await system.clock.advance(120 * second);
});

const segments = () => send(system, 'GET', `/v1/datasets/${instance.id}/segments`, { token });

/** Requests that reached the source since the log was cleared, by the signed-in user and by the watcher's application. */
const reached = () => {
  const [maker] = system.issuer.users;
  const { entries } = system.simulator.requests;
  const ofPeople = entries.filter(({ principalId }) => principalId === maker?.objectId);
  return { watcher: entries.length - ofPeople.length, people: ofPeople.length };
};

it('a pause that the source asks one function for is kept by all, and longest by the watcher', async () => {
  const { faults, requests } = system.simulator.world;
  requests.clear();
  faults.add({ kind: 'status', status: 429, retryAfterSeconds: 100 }, { times: 1 });
  const throttled = await segments();
  expect([throttled.status, throttled.headers.get('retry-after')]).toEqual([429, '100']);
  expect(throttled.body).toMatchObject({
    error: { code: 'UpstreamThrottled', message: expect.stringContaining('100 seconds') },
  });
  expect(reached()).toEqual({ watcher: 0, people: 1 });

  // Another function, which has not seen the 429: it reads of the pause before it calls.
  await system.clock.advance(70 * second);
  const registration = await send(
    system,
    'POST',
    `/v1/datasets/${instance.id}/subscriptions/data-source-refresh-failed`,
    { token, body: JSON.stringify({ callbackUrl }) },
  );
  expect([registration.status, registration.headers.get('retry-after')]).toEqual([429, '30']);
  expect((await segments()).status).toBe(429);
  expect(reached(), 'nobody calls during the pause').toEqual({ watcher: 0, people: 1 });

  await system.clock.advance(30 * second);
  expect((await segments()).status).toBe(200);
  await system.clock.advance(29 * second);
  expect(reached(), 'people come first').toEqual({ watcher: 0, people: 2 });

  await system.clock.advance(180 * second);
  expect(reached().watcher, 'the watch goes on').toBeGreaterThan(0);
});

it('a 429 that the watcher meets is told to people', async () => {
  const { faults, requests } = system.simulator.world;
  requests.clear();
  faults.add({ kind: 'status', status: 429, retryAfterSeconds: 300 }, { times: 1 });
  await system.clock.advance(75 * second);
  expect(reached().watcher).toBe(1);
  const refused = await segments();
  expect(refused.status).toBe(429);
  // What is left of the two minutes that a pause lasts at most.
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(30);
  expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(120);
  expect(reached().people).toBe(0);
});
