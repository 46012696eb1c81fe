import { beforeEach, describe, expect, it } from 'vitest';
import { type firstInstance, send, type TestSystem, useTestSystem } from './test-system.ts';

let system: TestSystem;
let instance: ReturnType<typeof firstInstance>;

useTestSystem((started, first) => {
  [system, instance] = [started, first];
});
// Each test starts with the whole limit.
beforeEach(() => system.clock.advance(60_000));

const rowsOf = (body: unknown) => (body as { value: { CustomerId: string }[] }).value;

describe('pages', () => {
  it('follow each other by $skip without gap or repetition', async () => {
    const call = (skip: number) =>
      system.client.call('GetItems', { dataset: instance.id, table: 'Customer', $top: 7, $skip: skip });
    const [all, first, second] = [
      await system.client.call('GetItems', { dataset: instance.id, table: 'Customer', $top: 14 }),
      await call(0),
      await call(7),
    ];
    expect([...rowsOf(first.body), ...rowsOf(second.body)]).toEqual(rowsOf(all.body));
    expect(rowsOf(all.body)).toHaveLength(14);
  });

  it('are walked by the next link, each row once', async () => {
    const seen = new Set<string>();
    let page: Awaited<ReturnType<typeof system.client.call>> | undefined = await system.client.call(
      'GetItems',
      {
        dataset: instance.id,
        table: 'Customer',
      },
    );
    while (page) {
      expect(page.status).toBe(200);
      for (const { CustomerId } of rowsOf(page.body)) seen.add(CustomerId);
      page = await system.client.nextPage('GetItems', page);
    }
    expect(seen.size).toBe(500);
  });
});

describe('the limit', () => {
  it('admits 100 calls, refuses the 101st with the exact wait, and admits again after exactly that wait', async () => {
    const call = () => system.client.call('ListInstances', {});
    const statuses = await Promise.all(Array.from({ length: 100 }, async () => (await call()).status));
    expect(new Set(statuses)).toEqual(new Set([200]));
    const refused = await call();
    expect(refused.status).toBe(429);
    expect(refused.headers['retry-after']).toBe('60');
    expect(refused.body).toMatchObject({ error: { code: 'RateLimited' } });
    await system.clock.advance(59_999);
    expect((await call()).status).toBe(429);
    await system.clock.advance(1);
    expect((await call()).status).toBe(200);
  });

  it('is each connection’s own', async () => {
    const [, other] = system.issuer.users;
    const token = await system.issuer.userToken(other ? { user: other } : {});
    const statuses = await Promise.all(
      Array.from({ length: 101 }, async () => (await system.client.call('ListInstances', {})).status),
    );
    expect(statuses.filter((status) => status === 429)).toHaveLength(1);
    expect((await send(system, 'GET', '/v1/datasets', { token })).status).toBe(200);
  });
});

describe('drop-downs', () => {
  it('list what the simulator holds', async () => {
    const [instances, segments, sources] = await Promise.all([
      system.client.call('ListInstances', {}),
      system.client.call('ListSegments', { dataset: instance.id }),
      system.client.call('ListDataSources', { dataset: instance.id }),
    ]);
    expect(instances.body).toEqual({ value: [{ instanceId: instance.id, name: instance.name }] });
    expect((segments.body as { value: unknown[] }).value).toHaveLength(6);
    expect((sources.body as { value: unknown[] }).value).toHaveLength(3);
  });
});
