import { describe, expect, it } from 'vitest';
import { benchForEach, DAY, type Json, MINUTE } from './harness.ts';

describe('writing rows', () => {
  const one = benchForEach();

  const rows = async (path: string): Promise<Json[]> => (await one().call(`data/${path}`)).json.value;
  const purchase = {
    PurchaseId: 'POS_test',
    LoyaltyId: 'LOYID_000001',
    PurchasedOn: '2026-11-22T17:00:00Z',
    TotalPrice: 9.5,
  };
  const post = (body: unknown, entity = 'PoS_posPurchases', query = '') =>
    one().call(`data/${entity}${query}`, { method: 'POST', body });
  const customer = async (): Promise<Json> => (await rows('Customer?$skip=5000&$top=1'))[0] ?? {};
  const patch = (id: string, body: unknown, query = '') =>
    one().call(`data/Customer/${id}${query}`, { method: 'PATCH', body });

  it('changes a profile for four hours', async () => {
    const { CustomerId: id, ...old } = await customer();
    expect((await patch(id, { City: 'Atlantis', LoyaltyPoints: 7 })).status).toBe(204);
    const changed = await rows(`Customer?$filter=City eq 'Atlantis'`);
    expect(changed).toEqual([{ CustomerId: id, ...old, City: 'Atlantis', LoyaltyPoints: 7 }]);
    one().clock.advance(240 * MINUTE);
    expect((await customer()).City).toBe(old.City);
  });

  it('honours validUntil up to 30 days ahead', async () => {
    const { CustomerId: id } = await customer();
    const until = (ms: number) => `?validUntil=${new Date(one().clock.now() + ms).toISOString()}`;
    expect((await patch(id, { City: 'X' }, until(31 * DAY))).status).toBe(400);
    expect((await patch(id, { City: 'X' }, until(-MINUTE))).status).toBe(400);
    expect((await patch(id, { City: 'X' }, '?validUntil=soon')).status).toBe(400);
    expect((await patch(id, { City: 'X' }, until(10 * DAY))).status).toBe(204);
    one().clock.advance(9 * DAY);
    expect((await customer()).City).toBe('X');
  });

  it('creates an activity in its source entity and on the timeline, in key order, once', async () => {
    const created = await post(purchase);
    expect([created.status, created.json.value.PurchaseId]).toEqual([201, 'POS_test']);
    expect((await post(purchase)).status).toBe(409);
    const timeline = await rows("UnifiedActivity?$filter=SourceActivityId eq 'POS_test'");
    expect(timeline).toHaveLength(1);
    expect(timeline[0]).toMatchObject({ ActivityType: 'posPurchase', SourceTableName: 'PoS_posPurchases' });
    const own = await rows(`UnifiedActivity?$filter=ActivityId eq '${timeline[0]?.ActivityId}'`);
    expect(own).toEqual(timeline);
    const { json } = await one().call('data/UnifiedActivity?$top=1&$count=true');
    expect(json['@odata.count']).toBe(60_001);
    one().clock.advance(30 * DAY);
    expect(await rows("UnifiedActivity?$filter=SourceActivityId eq 'POS_test'")).toEqual([]);
  });

  it('keeps pages whole around a created row', async () => {
    const ActivityId = '80000000000000000000000000000000';
    const [{ CustomerId } = {}] = await rows('Customer?$top=1');
    await post({ ActivityId, CustomerId, ActivityTime: '2026-11-22T17:00:00Z' }, 'UnifiedActivity');
    const position = (await rows(`UnifiedActivity?$filter=ActivityId lt '${ActivityId}'&$count=true&$top=1`))
      .length;
    expect(position).toBe(1);
    const around = await rows(
      'UnifiedActivity?$filter=ActivityId ge %277fff%27 and ActivityId lt %278001%27',
    );
    const ids = around.map((row) => row.ActivityId);
    expect(ids).toContain(ActivityId);
    expect(ids).toEqual([...ids].sort());
    const mine = await rows(`UnifiedActivity?$filter=CustomerId eq '${CustomerId}'`);
    expect(mine.map((row) => row.ActivityId)).toContain(ActivityId);
  });

  it.each([
    ['a new profile', 'Customer', { CustomerId: 'a' }],
    ['a table that contains no activities', 'PoS_posStores', { StoreId: 'a' }],
    ['a segment', 'LoyaltyGold', { CustomerId: 'a' }],
    ['an unknown column', 'PoS_posPurchases', { ...purchase, Colour: 'red' }],
    ['a wrong type', 'PoS_posPurchases', { ...purchase, TotalPrice: '9.5' }],
    ['no key', 'PoS_posPurchases', { TotalPrice: 1 }],
    ['an empty row', 'PoS_posPurchases', {}],
    ['a list', 'PoS_posPurchases', [purchase]],
  ])('refuses %s with an ODataError', async (_what, entity, body) => {
    const answer = await post(body, entity);
    expect(answer.status).toBe(400);
    expect(answer.json).toHaveProperty('message');
  });

  it('takes the row as a string that holds JSON', async () => {
    expect((await post(JSON.stringify(purchase))).status).toBe(201);
  });

  it('answers 404 for an unknown customer and 400 for a changed key', async () => {
    expect((await patch('0'.repeat(32), { City: 'X' })).status).toBe(404);
    expect((await patch((await customer()).CustomerId, { CustomerId: 'other' })).status).toBe(400);
  });

  it('never changes segments or measures', async () => {
    const state = async () => [
      (await one().call('manage/segments')).text,
      (await one().call('manage/measures')).text,
    ];
    const before = await state();
    await post(purchase);
    await patch((await customer()).CustomerId, { LoyaltyPoints: 12_000 });
    expect(await state()).toEqual(before);
  });
});
