import { generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../../local/simulator/index.ts';
import {
  ADMIN,
  APP,
  answerOf,
  bench,
  CONTRIBUTOR,
  type Json,
  START,
  testClock,
  testIssuer,
  VIEWER,
} from './harness.ts';

describe('access to the service', () => {
  const clock = testClock();
  let issuer: Awaited<ReturnType<typeof testIssuer>>;
  let simulator: Simulator;

  beforeAll(async () => {
    issuer = await testIssuer();
    simulator = await startSimulator({ clock, authority: issuer });
  });
  afterAll(async () => {
    await simulator.close();
    await issuer.close();
  });

  const user: Json = { oid: VIEWER, scp: 'user_impersonation' };
  const instances = async (token: string | undefined, key?: string, query = '') => {
    const headers = {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(key === undefined ? {} : { 'ocp-apim-subscription-key': key }),
    };
    return answerOf(await fetch(`${simulator.url}/instances${query}`, { headers }));
  };
  const key = () => simulator.world.instance().subscriptionKeys.primary;

  it('serves a delegated and an application token that its authority signed', async () => {
    for (const claims of [user, { oid: APP, roles: ['api.access'] }]) {
      const answer = await instances(await issuer.sign(claims, START), key());
      expect(answer.status).toBe(200);
      expect(answer.json.map((one: Json) => one.name)).toEqual(['Contoso', 'Contoso 2']);
    }
  });

  it.each([
    ['no token', async () => undefined],
    ['a wrong audience', () => issuer.sign({ ...user, aud: 'https://graph.microsoft.com' }, START)],
    ['a wrong issuer', () => issuer.sign({ ...user, iss: 'https://login.example/other/v2.0' }, START)],
    ['an expired token', () => issuer.sign({ ...user, exp: Math.floor(START / 1000) - 1 }, START)],
    ['neither scope nor role', () => issuer.sign({ oid: VIEWER, scp: 'User.Read' }, START)],
    ['a foreign key', async () => issuer.sign(user, START, (await generateKeyPair('RS256')).privateKey)],
    ['rubbish', async () => 'a.b.c'],
  ])('refuses %s with a challenge and no body', async (_what, token) => {
    const answer = await instances(await token(), key());
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token"/);
    expect(answer.text).toBe('');
  });

  it('refuses a token once the clock has passed its expiry', async () => {
    const token = await issuer.sign({ ...user, exp: Math.floor(START / 1000) + 60 }, START);
    expect((await instances(token, key())).status).toBe(200);
    clock.advance(61_000);
    expect((await instances(token, key())).status).toBe(401);
  });

  it('takes the subscription key from header or query, and refuses none or a wrong one', async () => {
    const token = await issuer.sign(user, clock.now());
    const secondary = simulator.world.instance().subscriptionKeys.secondary;
    expect((await instances(token, secondary)).status).toBe(200);
    expect((await instances(token, undefined, `?subscription-key=${key()}`)).status).toBe(200);
    for (const wrong of [undefined, 'not-a-key']) {
      const answer = await instances(token, wrong);
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toContain('Ocp-Apim-Subscription-Key');
    }
  });

  it('never logs tokens or keys', async () => {
    const token = await issuer.sign(user, clock.now());
    await instances(token, undefined, `?subscription-key=${key()}`);
    const log = JSON.stringify(simulator.requests.entries);
    expect(log).not.toContain(token);
    expect(log).not.toContain(key());
    expect(simulator.requests.entries.at(-1)).toMatchObject({
      operation: 'Get-all-instances',
      status: 200,
      principalId: VIEWER,
      subscriptionKey: 'primary',
      query: 'subscription-key=removed',
    });
  });
});

describe('keys and roles of instances', () => {
  it('refuses the key of another instance', async () => {
    const one = await bench({ instances: [{}, {}] });
    const [, other] = one.simulator.instances;
    const answer = await one.call('manage/segments', { key: other?.subscriptionKeys.primary ?? '' });
    expect(answer.status).toBe(401);
    await one.close();
  });

  it('survives a rotation of one key by the other', async () => {
    const one = await bench();
    const instance = one.simulator.world.instance();
    const { primary, secondary } = instance.subscriptionKeys;
    const fresh = instance.rotateKey('primary');
    expect((await one.call('manage/segments', { key: primary })).status).toBe(401);
    expect((await one.call('manage/segments', { key: secondary })).status).toBe(200);
    expect((await one.call('manage/segments', { key: fresh })).status).toBe(200);
    await one.close();
  });

  it('hides an instance from callers without a role, and answers 403 there', async () => {
    const one = await bench({ instances: [{ name: 'Open' }, { name: 'Closed', assignments: [] }] });
    const closed = one.simulator.world.instance('Closed');
    expect((await one.call('/instances', { as: VIEWER })).json.map((each: Json) => each.name)).toEqual([
      'Open',
    ]);
    const answer = await one.call(`/instances/${closed.id}/manage/entities`, {
      key: closed.subscriptionKeys.primary,
    });
    expect(answer.status).toBe(403);
    closed.assignRole({ principalId: ADMIN, principalType: 'user', role: 'Viewer' });
    const after = await one.call(`/instances/${closed.id}/manage/entities`, {
      key: closed.subscriptionKeys.primary,
    });
    expect(after.status).toBe(200);
    await one.close();
  });

  it('answers 404 with an ApiErrorResult for an unknown instance', async () => {
    const one = await bench();
    const answer = await one.call('/instances/11111111-1111-4111-8111-111111111111/manage/segments');
    expect(answer.status).toBe(404);
    expect(answer.json).toMatchObject({
      httpStatusCode: '404',
      errorCode: 'instanceNotFound',
      resultSeverity: 'error',
    });
    await one.close();
  });

  it('gates reads, writes and settings by role', async () => {
    const one = await bench();
    const submit = 'workflows/main/jobs?operationType=map';
    const status = async (path: string, as: string, method = 'GET', body?: unknown) =>
      (await one.call(path, { as, method, body })).status;
    expect(await status('manage/segments', VIEWER)).toBe(200);
    expect(await status(submit, VIEWER, 'POST')).toBe(403);
    expect(await status(submit, CONTRIBUTOR, 'POST')).toBe(200);
    const schedule = { cronSchedules: ['0 3 * * *'] };
    expect(await status('workflows/main/schedules', CONTRIBUTOR, 'POST', schedule)).toBe(403);
    expect(await status('workflows/main/schedules', ADMIN, 'POST', schedule)).toBe(200);
    expect((await one.call('rbac/myrole', { as: VIEWER })).json.roles).toEqual(['Viewer']);
    await one.close();
  });
});
