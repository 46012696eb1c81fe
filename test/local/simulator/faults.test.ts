import { describe, expect, it } from 'vitest';
import { benchForEach, type Json, SECOND } from './harness.ts';

describe('injected faults', () => {
  const one = benchForEach();

  const status = async (path: string) => (await one().call(path)).status;

  it('answers 429 with Retry-After for one operation, a number of times', async () => {
    one().simulator.world.faults.add(
      { kind: 'status', status: 429, retryAfterSeconds: 7 },
      { operation: 'Get-all-segments', times: 2 },
    );
    const first = await one().call('manage/segments');
    expect([first.status, first.headers.get('retry-after')]).toEqual([429, '7']);
    expect(first.json.message).toBe('Rate limit is exceeded. Try again in 7 seconds.');
    expect(await status('manage/measures')).toBe(200);
    expect(await status('manage/segments')).toBe(429);
    expect(await status('manage/segments')).toBe(200);
  });

  it('holds for a period of the clock', async () => {
    const until = one().clock.now() + 10 * SECOND;
    one().simulator.world.faults.add({ kind: 'status', status: 503, retryAfterSeconds: 3 }, { until });
    const answer = await one().call('manage/search');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '3']);
    expect(answer.json.errorCode).toBe('profileStoreUnavailable');
    one().clock.advance(10 * SECOND);
    expect(await status('manage/search')).toBe(200);
  });

  it('gives each status the body its operation declares', async () => {
    one().simulator.world.faults.add({ kind: 'status', status: 500 });
    expect((await one().call('data/Customer')).json).toMatchObject({
      message: 'an injected fault',
      details: [],
    });
    expect((await one().call('manage/segments')).text).toBe('');
    expect((await one().call('manage/datasources')).json.httpStatusCode).toBe('500');
  });

  it('cuts the connection, before or after the effect', async () => {
    const jobs = async (): Promise<Json[]> => (await one().call('workflows/main/jobs?top=200')).json;
    const submit = () => one().call('workflows/main/jobs?operationType=map', { method: 'POST' });
    const before = (await jobs()).length;
    const scope = { operation: 'Submit-a-workflow-job', times: 1 };
    one().simulator.world.faults.add({ kind: 'reset' }, scope);
    await expect(submit()).rejects.toThrow('fetch failed');
    expect((await jobs()).length).toBe(before);
    one().simulator.world.faults.add({ kind: 'reset' }, { ...scope, afterEffect: true });
    await expect(submit()).rejects.toThrow('fetch failed');
    expect((await jobs()).length).toBe(before + 1);
  });

  it('answers late', async () => {
    one().simulator.world.faults.add({ kind: 'slow', delayMs: 80 }, { times: 1 });
    const begun = performance.now();
    expect(await status('manage/segments')).toBe(200);
    expect(performance.now() - begun).toBeGreaterThanOrEqual(75);
  });

  it('closes at once although a slow answer is open', async () => {
    one().simulator.world.faults.add({ kind: 'slow', delayMs: 60_000 });
    const open = expect(one().call('manage/segments')).rejects.toThrow();
    await expect.poll(() => one().simulator.requests.count('Get-all-segments')).toBe(1);
    await one().close();
    await open;
  });

  it('breaks one instance and leaves the other alone', async () => {
    await one.restart({ instances: [{}, {}] });
    const [first, second] = one().simulator.instances;
    first?.setBroken({ name: true, calls: true });
    const list: Json[] = (await one().call('/instances')).json;
    expect(list.map((each) => each.name)).toEqual([null, 'Contoso 2']);
    expect(await status('manage/segments')).toBe(500);
    const other = await one().call(`/instances/${second?.id}/manage/segments`, {
      key: second?.subscriptionKeys.primary ?? '',
    });
    expect(other.status).toBe(200);
  });

  it('can be limited to the operations that declare 429', async () => {
    one().simulator.world.behaviours.throttleUndeclared = false;
    one().simulator.world.faults.add({ kind: 'status', status: 429 });
    expect(await status('manage/segments')).toBe(200);
    const write = await one().call('data/PoS_posPurchases', { method: 'POST', body: { PurchaseId: 'x' } });
    expect(write.status).toBe(429);
  });
});
