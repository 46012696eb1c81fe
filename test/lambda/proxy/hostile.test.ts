/** `npm run hostile` sends 100,000; here a few thousand, the same ones each time. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Issuer } from '../../../local/issuer/issuer.ts';
import type { SeenRequest } from '../customer-insights/fake-upstream.ts';
import { type SteppedClock, startLocalIdentity } from '../identity/local-identity.ts';
import { settings } from './fake-instance.ts';
import { attack, type Tally } from './hostile/attack.ts';
import { judge } from './hostile/healthy-instance.ts';

const [instanceId] = settings.instances.map(({ id }) => id);
const asked = (method: string, path: string, query = ''): SeenRequest => ({
  method,
  path,
  query: new URLSearchParams(query),
  headers: new Headers(),
  body: undefined,
});

it.each([
  ['GET', `/instances/${instanceId}/data/Customer%2F..%2Fadmin`, ''],
  ['GET', `/instances/${instanceId}/data/%2e%2e`, ''],
  ['GET', `/instances/${instanceId}/data/Customer('1')`, ''],
  ['GET', `/instances/${instanceId}/data/$metadata`, ''],
  ['GET', `/instances/${instanceId}/data/a/b/c`, ''],
  ['GET', '/instances/another/data/Customer', ''],
  ['DELETE', `/instances/${instanceId}/data/Customer`, ''],
  ['GET', `/instances/${instanceId}/data/Customer`, '$expand=x'],
  ['GET', `/instances/${instanceId}/data/Customer`, '$top=1&$top=2'],
  ['GET', '/admin', ''],
])('the judge of upstream calls objects to %s %s %s', (method, path, query) => {
  expect(judge(asked(method, path, query), [instanceId ?? '']).violation).toBeDefined();
});

const count = Number(process.env.HOSTILE_REQUESTS ?? 1_500);
let issuer: Issuer;
let clock: SteppedClock;
let tally: Tally;

beforeAll(
  async () => {
    ({ issuer, clock } = await startLocalIdentity(30));
    tally = await attack({ issuer, clock, count, seed: Number(process.env.HOSTILE_SEED ?? 1) });
    if (process.env.HOSTILE_REQUESTS !== undefined) {
      const { violations, ...counts } = tally;
      console.log(JSON.stringify({ ...counts, violations: violations.length }, null, 2));
    }
  },
  60_000 + count * 20,
);
afterAll(() => issuer.close());

it('malformed requests get answers of ours, and nothing that they should not', () => {
  expect(tally.violations.slice(0, 20)).toEqual([]);
});

it('enough of them get far enough to mean something', () => {
  const reached = (statuses: RegExp) =>
    Object.entries(tally.byStatus)
      .filter(([status]) => statuses.test(status))
      .reduce((sum, [, requests]) => sum + requests, 0);
  expect(tally.requests).toBe(count);
  expect(tally.refusedByGateway).toBeLessThan(count * 0.2);
  expect(reached(/^2/)).toBeGreaterThan(count * 0.02);
  expect(reached(/^400/)).toBeGreaterThan(count * 0.1);
  expect(reached(/^401/)).toBeGreaterThan(count * 0.05);
  for (const code of [
    'RequestInvalid',
    'QueryOptionInvalid',
    'EntityUnknown',
    'InstanceUnknown',
    'BodyInvalid',
    'CallbackRefused',
    'OperationNotFound',
  ])
    expect(tally.byCode[code], code).toBeGreaterThan(0);
  for (const shape of ['GET /data/*', 'POST /data/*', 'PATCH /data/*/*', 'POST /workflows/main/jobs'])
    expect(tally.upstream[shape], shape).toBeGreaterThan(0);
});
