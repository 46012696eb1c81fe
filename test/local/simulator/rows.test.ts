import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, bench, type Json } from './harness.ts';

describe('reading rows', () => {
  let one: Bench;
  beforeAll(async () => {
    one = await bench();
  });
  afterAll(() => one.close());

  const data = (path: string) => one.call(`data/${path}`);
  const rows = async (path: string): Promise<Json[]> => {
    const answer = await data(path);
    expect(answer.status, answer.text).toBe(200);
    return answer.json.value;
  };
  const size = async (entity: string) =>
    (await one.call(`manage/entities/${entity}/entitysize`)).json.rowCount;

  it('holds 10,000 customers and 60,000 activities of three sources', async () => {
    expect(await size('Customer')).toBe(10_000);
    expect(await size('UnifiedActivity')).toBe(60_000);
    const sources = ['eCommerce_eCommercePurchases', 'Loyalty_loyRedemptions', 'PoS_posPurchases'];
    const sizes = await Promise.all(sources.map(size));
    expect(Math.min(...sizes)).toBeGreaterThan(5_000);
    expect(sizes.reduce((sum, each) => sum + each, 0)).toBe(60_000);
  });

  it.each(['', '&$orderby=CustomerId'])(
    'yields each of 10,000 customers once over pages of 100 (%s)',
    async (order) => {
      const seen = new Set<string>();
      let skip = 0;
      for (;;) {
        const page = await rows(`Customer?$top=100&$skip=${skip}&$select=CustomerId${order}`);
        for (const row of page) seen.add(row.CustomerId);
        skip += page.length;
        if (page.length < 100) break;
      }
      expect(skip).toBe(10_000);
      expect(seen.size).toBe(10_000);
    },
  );

  it('caps a page at 100 rows and sends neither next link nor count by default', async () => {
    const { json } = await data('Customer?$top=1000');
    expect(json.value).toHaveLength(100);
    expect(Object.keys(json)).toEqual(['@odata.context', 'value']);
    expect(await rows('Customer?$skip=9990')).toHaveLength(10);
    expect(await rows('Customer?$skip=10000')).toEqual([]);
  });

  it('has mixed types, nulls, and 32-digit customer ids', async () => {
    const page = await rows('Customer');
    for (const row of page) expect(row.CustomerId).toMatch(/^[0-9a-f]{32}$/);
    expect(page.some((row) => row.LoyaltyPoints === null)).toBe(true);
    expect(page.some((row) => Number.isInteger(row.LoyaltyPoints))).toBe(true);
    expect(typeof page[0]?.NewsletterOptIn).toBe('boolean');
    expect(Date.parse(page[0]?.CreatedOn)).toBeLessThan(one.clock.now());
  });

  it('finds customers by key, by alternate key and by a list of keys', async () => {
    const [first, second] = await rows('Customer?$top=2');
    const byKey = (field: string, value: string) => rows(`Customer?$filter=${field} eq '${value}'`);
    expect(await byKey('CustomerId', first?.CustomerId)).toEqual([first]);
    const alternate = 'eCommerce_eCommerceContacts_ContactId';
    expect(await byKey(alternate, second?.[alternate])).toEqual([second]);
    const list = `'${second?.CustomerId}','${first?.CustomerId}'`;
    expect(await rows(`Customer?$filter=CustomerId in (${list})`)).toEqual([first, second]);
    expect(await byKey('CustomerId', '0'.repeat(32))).toEqual([]);
  });

  it.each<[string, (row: Json) => boolean]>([
    ["City eq 'London'", (row) => row.City === 'London'],
    ["City ne 'London' and Country eq 'United Kingdom'", (row) => row.City === 'Birmingham'],
    ['LoyaltyPoints gt 11900', (row) => row.LoyaltyPoints > 11_900],
    ['LoyaltyPoints le 50', (row) => row.LoyaltyPoints !== null && row.LoyaltyPoints <= 50],
    ["not (City eq 'London' or NewsletterOptIn)", (row) => row.City !== 'London' && !row.NewsletterOptIn],
    [
      "City eq 'Paris' or City eq 'Lyon' and NewsletterOptIn eq true",
      (row) => row.City === 'Paris' || (row.City === 'Lyon' && row.NewsletterOptIn),
    ],
    ['EMail eq null', (row) => row.EMail === null],
    ["contains(FullName,'O''Neill')", (row) => row.LastName === "O'Neill"],
    [
      "startswith(LastName,'Sch') and endswith(FirstName,'a')",
      (row) => /^Sch/.test(row.LastName) && /a$/.test(row.FirstName),
    ],
    ['BirthDate lt 1946-01-01', (row) => row.BirthDate !== null && row.BirthDate < '1946-01-01'],
    ['CreatedOn ge 2026-11-15T00:00:00.000Z', (row) => row.CreatedOn >= '2026-11-15'],
    ['LifetimeValue ge 8990.5', (row) => row.LifetimeValue >= 8990.5],
  ])('filters %s as a scan of all rows would', async (filter, expected) => {
    const all: Json[] = [];
    for (let index = 0; index < 10_000; index += 1)
      all.push(one.simulator.world.state[0]?.people.at(index) as Json);
    const wanted = all.filter(expected);
    const { json } = await data(`Customer?$count=true&$filter=${encodeURIComponent(filter)}`);
    expect(wanted.length).toBeGreaterThan(0);
    expect(json['@odata.count']).toBe(wanted.length);
    expect(json.value).toEqual(wanted.slice(0, 100));
  });

  it("reads a customer's activities between two times, in order", async () => {
    const [activity] = await rows('UnifiedActivity?$top=1');
    const filter = `CustomerId eq '${activity?.CustomerId}' and ActivityTime gt 2017-01-01T00:00:00.000Z and ActivityTime lt 2027-01-01T00:00:00.000Z`;
    const found = await rows(`UnifiedActivity?$filter=${filter}&$orderby=ActivityTime asc`);
    expect(found.map((row) => row.ActivityId)).toContain(activity?.ActivityId);
    const times = found.map((row) => row.ActivityTime);
    expect(times).toEqual([...times].sort());
  });

  it('sorts nulls first, and equal values by key', async () => {
    const page = await rows('Customer?$orderby=LoyaltyPoints,City desc&$top=100');
    expect(page.every((row) => row.LoyaltyPoints === null)).toBe(true);
    const cities = page.map((row) => row.City);
    expect(cities).toEqual([...cities].sort().reverse());
    const ids = page.filter((row) => row.City === cities[0]).map((row) => row.CustomerId);
    expect(ids).toEqual([...ids].sort());
  });

  it('searches the indexed fields', async () => {
    const found = await rows('Customer?$top=10&$skip=0&$search="nakamura"');
    expect(found).toHaveLength(10);
    expect(found.every((row) => row.LastName === 'Nakamura')).toBe(true);
  });

  it('lists the members of a segment by filter, loose option and own entity alike', async () => {
    const [member] = await rows("Customer?$filter=IsMemberOfSegment('LoyaltyGold')&$top=10");
    const own = await rows('LoyaltyGold?$top=1');
    expect(own[0]?.CustomerId).toBe(member?.CustomerId);
    const loose = await rows(
      `Customer?$filter=CustomerId eq '${member?.CustomerId}'&IsMemberOfSegment('LoyaltyGold')`,
    );
    expect(loose).toEqual([member]);
    const filter = await data("Customer?$filter=IsMemberOfSegment('LoyaltyGold')&$count=true");
    expect(filter.json['@odata.count']).toBe(810);
    expect(await size('LoyaltyGold')).toBe(810);
  });

  it('expands activities and customer attributes into the profile', async () => {
    const [activity] = await rows('UnifiedActivity?$top=1');
    const [profile] = await rows(
      `Customer?$expand=UnifiedActivity,Customer_Measure&$filter=CustomerId eq '${activity?.CustomerId}'`,
    );
    expect(profile?.UnifiedActivity).toContainEqual(activity);
    expect(profile?.Customer_Measure).toEqual(
      await rows(`Customer_Measure?$filter=CustomerId eq '${activity?.CustomerId}'`),
    );
  });

  it('accepts the path and its options percent-encoded as a whole', async () => {
    const encoded = encodeURIComponent("Customer?$filter=City eq 'London'&$top=3");
    expect(await rows(encoded)).toEqual(await rows("Customer?$filter=City eq 'London'&$top=3"));
  });

  it.each([
    ["Customer?$filter=City eq 'London", 'unterminated string at position 8'],
    ['Customer?$filter=City eq', 'position 7'],
    ['Customer?$filter=Town eq null', 'unknown property "Town"'],
    ['Customer?$filter=LoyaltyPoints gt %27many%27', 'cannot compare'],
    ['Customer?$filter=LoyaltyPoints add 1 eq 2', 'unsupported operator "add"'],
    ["Customer?$filter=tolower(City) eq 'x'", 'function "tolower" is not supported'],
    ["Customer?$filter=IsMemberOfSegment('Nobody')", 'does not exist'],
    ['Customer?$select=Town', 'unknown property'],
    ['Customer?$orderby=City sideways', 'asc|desc'],
    ['Customer?$top=-1', 'whole number'],
    ['Customer?$apply=aggregate(x)', '$apply'],
    ['Customer?$expand=UnifiedActivity&$search="a"', '$search'],
    ['Customer?$expand=UnifiedActivity&$select=City', '$select'],
    ['Customer?$expand=Brands', 'cannot expand'],
    ["PoS_posPurchases?$filter=LoyaltyId eq 'x'", 'source entities'],
    ['UnifiedActivity?$search="a"', 'Customer only'],
    ["Customer('x')", 'key'],
  ])('refuses %s with an ODataError that says why', async (path, message) => {
    const answer = await data(path);
    expect(answer.status).toBe(400);
    expect(answer.json.message).toContain(message);
    expect(answer.json).toHaveProperty('errorCode');
  });

  it('survives a filter nested ten thousand deep', async () => {
    expect((await data(`Customer?$filter=${'('.repeat(5_000)}`)).status).toBe(400);
  });

  it('answers 404 for an unknown entity and 406 for another format', async () => {
    expect((await data('Nothing')).status).toBe(404);
    expect((await one.call('data/Customer', { headers: { accept: 'application/xml' } })).status).toBe(406);
  });
});
