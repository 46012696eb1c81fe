import { describe, expect, it } from 'vitest';
import { answerOf, benchForEach, type Json, MINUTE } from './harness.ts';

describe('partitions', () => {
  const one = benchForEach();

  interface Partition {
    readonly uri: string;
    readonly headers: Record<string, string>;
  }
  const partitions = async (entity: string): Promise<Partition[]> =>
    (await one().call(`data/${entity}?$select=*&proxy=true`)).json.httpRequests;
  const load = async ({ uri, headers }: Partition) => answerOf(await fetch(uri, { headers }));

  it('serves every row once, without a header row, columns in metadata order', async () => {
    const files = await Promise.all((await partitions('Customer')).map(load));
    const lines = files.flatMap((file) => file.text.trimEnd().split('\r\n'));
    expect(files.map((file) => file.status)).toEqual([200, 200, 200, 200]);
    expect(lines).toHaveLength(10_000);
    expect(new Set(lines.map((line) => line.slice(0, 32))).size).toBe(10_000);
    const metadata: Json = (await one().call('manage/entities/Customer')).json;
    const [row]: Json[] = (await one().call('data/Customer?$top=1')).json.value;
    const names: string[] = metadata.attributes.map((attribute: Json) => attribute.name);
    expect(lines[0]).toBe(names.map((name) => row?.[name] ?? '').join(','));
  });

  it('begins segment files with a header row', async () => {
    const [first] = await partitions('LoyaltyGold');
    expect(first && (await load(first)).text.split('\r\n')[0]).toBe('CustomerId,FullName,EMail');
  });

  it('has none for an empty table', async () => {
    one().simulator.world.instance().addSegment('Empty', 0);
    expect(await partitions('Empty')).toEqual([]);
  });

  it('refuses a changed signature, a passed expiry and a missing header', async () => {
    const [first] = await partitions('Customer');
    const { uri, headers } = first ?? { uri: '', headers: {} };
    expect((await load({ uri: uri.replace('/Customer/', '/UnifiedActivity/'), headers })).status).toBe(403);
    expect((await load({ uri: uri.replace(/sig=./, 'sig=*'), headers })).status).toBe(403);
    expect((await load({ uri, headers: {} })).status).toBe(400);
    one().clock.advance(60 * MINUTE);
    expect((await load({ uri, headers })).status).toBe(403);
  });

  it('refuses and counts a request that carries the API token', async () => {
    const [first] = await partitions('Customer');
    const { uri, headers } = first ?? { uri: '', headers: {} };
    expect((await load({ uri, headers: { ...headers, authorization: 'Bearer x' } })).status).toBe(400);
    expect(one().simulator.requests.counters.credentialLeaks).toBe(1);
    expect(JSON.stringify(one().simulator.requests.entries)).not.toContain(
      new URL(uri).searchParams.get('sig'),
    );
  });
});
