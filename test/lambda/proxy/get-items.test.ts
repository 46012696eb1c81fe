import { describe, expect, it } from 'vitest';
import type { OperationById } from '../../../connector/contract/index.ts';
import type { ResponseOf } from '../../../connector/contract/operation.ts';
import { compileAnswerValidators } from '../../../connector/contract/validation.ts';
import { factsFreshMs } from '../../../lambda/proxy/entity-facts.ts';
import { renderJson } from '../../../lambda/runtime/json.ts';
import type { Answered, SeenRequest } from '../customer-insights/fake-upstream.ts';
import { refusal } from '../refusal.ts';
import { pageOf, proxyOver, type Rows, settings } from './fake-instance.ts';

const { id: dataset } = settings.instances[0];
const check = compileAnswerValidators().GetItems.response;

const customers = (count: number): Rows =>
  Array.from({ length: count }, (_, at) => ({
    CustomerId: String((at * 7_919) % count).padStart(6, '0'),
    Town: `T${at % 7}`,
  }));

type Query = Parameters<ReturnType<typeof proxyOver>['GetItems']>[0]['query'];

const over = (rows: Rows, more: { readonly host?: string } = {}) =>
  proxyOver((request) => answerOf(request, rows), more);

const answerOf = (request: SeenRequest, rows: Rows): Answered => {
  if (request.path.includes('/manage/search'))
    return {
      body: {
        entityConfig: [
          {
            qualifiedEntityName: 'Customer',
            attributes: [
              { name: 'Email', properties: { isFilterable: true } },
              { name: 'Notes', properties: { isFilterable: false } },
            ],
          },
          { qualifiedEntityName: 'Other', attributes: [{ name: 'X', properties: { isFilterable: true } }] },
        ],
      },
    };
  if (request.path.includes('/manage/entities/Unkeyed')) return { body: { name: 'Unkeyed' } };
  if (request.path.includes('/manage/entities/Hidden')) return { status: 403 };
  if (request.path.includes('/manage/entities/Customer'))
    return { body: { attributes: ['CustomerId', 'Town', 'Email', 'email'].map((name) => ({ name })) } };
  if (request.path.includes('/manage/entities/PoS_posPurchases'))
    return { body: { keys: [[{ name: 'PurchaseId' }, { name: 'Line' }]] } };
  if (request.path.includes('/data/')) return { body: { value: pageOf(rows, request) } };
  return { status: 404, body: '' };
};

/** Reads the query of a next link as the handler would. */
const queryOf = (link: string): Query => {
  const { searchParams } = new URL(link);
  const { $top, $skip, ...texts } = Object.fromEntries(searchParams);
  return { ...texts, ...($top && { $top: Number($top) }), ...($skip && { $skip: Number($skip) }) };
};

const walk = async (proxy: ReturnType<typeof over>, query: Query, table = 'Customer') => {
  const rows: Readonly<Record<string, unknown>>[] = [];
  const links: string[] = [];
  let next: Query | undefined = query;
  while (next !== undefined) {
    const answer = await proxy.GetItems({ path: { dataset, table }, query: next, body: null }, proxy.context);
    const body = JSON.parse(renderJson(answer.body)) as ResponseOf<OperationById<'GetItems'>>;
    expect(check?.(structuredClone(body))).toBe(true);
    rows.push(...body.value);
    const link = body['@odata.nextLink'];
    if (link !== undefined) links.push(link);
    next = link === undefined ? undefined : queryOf(link);
  }
  return { rows, links };
};

describe('paging', () => {
  it('10,000 rows gives each once, in order, 100 a page', async () => {
    const proxy = over(customers(10_000));
    const { rows } = await walk(proxy, {});
    expect(rows).toHaveLength(10_000);
    expect(new Set(rows.map(({ CustomerId }) => CustomerId)).size).toBe(10_000);
    expect(rows.every(({ CustomerId }, at) => CustomerId === String(at).padStart(6, '0'))).toBe(true);
    expect(proxy.seen.every(({ query }) => query.get('$top') === '100')).toBe(true);
  });

  it('by a column that many rows share still gives each once', async () => {
    const proxy = over(customers(1_234));
    const { rows } = await walk(proxy, { $orderby: 'Town desc' });
    expect(new Set(rows.map(({ CustomerId }) => CustomerId)).size).toBe(1_234);
    const [page] = proxy.seen.filter(({ path }) => path.includes('/data/'));
    expect(page?.query.get('$orderby')).toBe('Town desc,CustomerId asc');
  });

  it('advances $skip and takes what was read off $top', async () => {
    const { rows, links } = await walk(over(customers(1_000)), { $top: 250, $skip: 30 });
    expect(rows.map(({ CustomerId }) => Number(CustomerId))).toEqual(
      Array.from({ length: 250 }, (_, at) => at + 30),
    );
    expect(links.map(queryOf)).toEqual([
      { $top: 150, $skip: 130 },
      { $top: 50, $skip: 230 },
    ]);
  });

  it.each([
    [{ $top: 2, $skip: 0 }, 2],
    [{ $top: 100 }, 100],
    [{ $skip: 120 }, 30],
    [{ $skip: 150 }, 0],
    [{ $top: 500, $skip: 149 }, 1],
  ])('%j of 150 rows ends without a link after %i rows', async (query, count) => {
    const { rows, links } = await walk(over(customers(150)), query);
    expect([rows.length, links.length]).toEqual([count, 0]);
  });

  it('gives no more than was asked for when the source ignores $top', async () => {
    const proxy = proxyOver(() => ({ body: { value: customers(100) } }));
    const { body } = await proxy.GetItems(
      { path: { dataset, table: 'Customer' }, query: { $top: 3 }, body: null },
      proxy.context,
    );
    expect(body.value).toHaveLength(3);
    expect(body).not.toHaveProperty(['@odata.nextLink']);
  });

  it('links to our own host with the options as written, everything encoded', async () => {
    const written = { $filter: "CustomerId ne 'a&b=c''d%20'", $select: 'CustomerId,Town', $orderby: 'Town' };
    for (const [more, host] of [
      [{}, 'api.example.com'],
      [{ host: 'connector.example.com' }, 'connector.example.com'],
    ] as const) {
      const proxy = over(customers(300), more);
      const request = { path: { dataset, table: 'Customer' }, query: written, body: null };
      const { body } = await proxy.GetItems(request, proxy.context);
      const link = new URL(String(body['@odata.nextLink']));
      expect(`${link.origin}${link.pathname}`).toBe(
        `https://${host}/v1/datasets/${dataset}/tables/Customer/items`,
      );
      expect(Object.fromEntries(link.searchParams)).toEqual({ ...written, $skip: '100' });
    }
  });
});

describe('the order when none is asked for', () => {
  it.each([
    ['Customer', 'CustomerId asc'],
    ['UnifiedActivity', 'ActivityId asc'],
    ['PoS_posPurchases', 'PurchaseId asc,Line asc'],
    ['Unkeyed', null],
    ['Hidden', null],
  ])('%s is by its key: %s', async (table, order) => {
    const proxy = over([]);
    await proxy.GetItems({ path: { dataset, table }, query: {}, body: null }, proxy.context);
    expect(proxy.seen.at(-1)?.query.get('$orderby')).toBe(order);
  });

  it('is left to relevance in a search', async () => {
    const proxy = over([]);
    await proxy.GetItems(
      { path: { dataset, table: 'Customer' }, query: { $search: 'Anna' }, body: null },
      proxy.context,
    );
    expect([proxy.seen[0]?.query.get('$search'), proxy.seen[0]?.query.get('$orderby')]).toEqual([
      '"Anna"',
      null,
    ]);
  });

  it('is asked of the metadata once in five minutes', async () => {
    let time = 0;
    const proxy = proxyOver((request) => answerOf(request, []), { now: () => time });
    const read = () =>
      proxy.GetItems({ path: { dataset, table: 'PoS_posPurchases' }, query: {}, body: null }, proxy.context);
    const metadataCalls = () => proxy.seen.filter(({ path }) => path.includes('/manage/')).length;
    await read();
    await read();
    expect(metadataCalls()).toBe(1);
    time += factsFreshMs;
    await read();
    expect(metadataCalls()).toBe(2);
  });
});

describe('$filter', () => {
  const filtered = (table: string, $filter: string) => {
    const proxy = over([]);
    return {
      proxy,
      work: proxy.GetItems({ path: { dataset, table }, query: { $filter }, body: null }, proxy.context),
    };
  };

  it.each([
    ['Customer', "CustomerId eq 'a'"],
    ['Customer', "Email eq 'a' and IsMemberOfSegment('S')"],
    ['UnifiedActivity', "ActivityId eq 'a' or CustomerId in ('b')"],
    ['Customer_Measure', "CustomerId eq 'a'"],
  ])('of %s may be %s', async (table, filter) => {
    const proxy = proxyOver((request) =>
      request.path.includes('Customer_Measure') && request.path.includes('manage')
        ? { body: {} }
        : answerOf(request, []),
    );
    await proxy.GetItems({ path: { dataset, table }, query: { $filter: filter }, body: null }, proxy.context);
    expect(proxy.seen.at(-1)?.query.get('$filter')).toBe(filter);
  });

  it('by CustomerId needs no search configuration', async () => {
    const { proxy, work } = filtered('Customer', "CustomerId eq 'a'");
    await work;
    expect(proxy.seen).toHaveLength(1);
  });

  it.each([
    ['Customer', "CustomerId eq 'a' and Notes eq 'b'", 'Notes', 23, 'CustomerId, Email'],
    [
      'UnifiedActivity',
      "Channel eq 'a'",
      'Channel',
      1,
      'ActivityId, CustomerId, ActivityTime, ActivityType, ActivityTypeDisplay',
    ],
    ['PoS_posPurchases', 'PurchaseId eq 1', 'PurchaseId', 1, 'CustomerId'],
  ])(
    'of %s by %s is refused, naming the fields that can be',
    async (table, filter, field, position, allowed) => {
      const { proxy, work } = filtered(table, filter);
      const error = await refusal(work);
      expect([error.code, error.status]).toEqual(['FieldNotFilterable', 400]);
      expect(error.message).toContain(`${field} (position ${position})`);
      expect(error.message).toContain(`Fields that can: ${allowed}.`);
      expect(error.details?.[0]).toMatchObject({ parameter: '$filter', position, allowed });
      expect(proxy.seen.filter(({ path }) => path.includes('/data/'))).toHaveLength(0);
    },
  );

  // As published samples of the API write them.
  it.each([
    ['Customer', { $filter: "customerid eq '1'" }, '$filter', "CustomerId eq '1'"],
    ['Customer', { $filter: "not (EMAIL eq '1' or customerId in ('2'))" }, '$filter', null],
    [
      'UnifiedActivity',
      { $filter: 'activitytime gt 2026-01-01T00:00:00Z' },
      '$filter',
      'ActivityTime gt 2026-01-01T00:00:00Z',
    ],
    [
      'UnifiedActivity',
      { $filter: "ActivityTypeDisplay eq 'Purchase'" },
      '$filter',
      "ActivityTypeDisplay eq 'Purchase'",
    ],
    ['Customer', { $orderby: 'town desc' }, '$orderby', 'Town desc,CustomerId asc'],
    ['Customer', { $select: 'customerid,TOWN' }, '$select', 'CustomerId,Town'],
  ])('of %s: %j goes upstream with %s %s', async (table, query, option, sent) => {
    const proxy = over([]);
    await proxy.GetItems({ path: { dataset, table }, query, body: null }, proxy.context);
    const [page] = proxy.seen.filter(({ path }) => path.includes('/data/'));
    if (sent !== null) expect(page?.query.get(option)).toBe(sent);
    else expect(page?.query.get(option)).toContain("CustomerId in ('2')");
  });

  it.each([
    [{ $orderby: 'Town,Nowhere desc' }, '$orderby', 6],
    [{ $select: 'CustomerId, Nowhere' }, '$select', 13],
    // Two columns differ only in casing: none is guessed.
    [{ $select: 'EMAIL' }, '$select', 1],
  ])('%j is refused with its position and the columns there are', async (query, parameter, position) => {
    const proxy = over([]);
    const error = await refusal(
      proxy.GetItems({ path: { dataset, table: 'Customer' }, query, body: null }, proxy.context),
    );
    const allowed = 'CustomerId, Town, Email, email';
    expect(error.details).toEqual([expect.objectContaining({ parameter, position, allowed })]);
    expect(proxy.seen.filter(({ path }) => path.includes('/data/'))).toHaveLength(0);
  });

  it.each(['\u2019', '\u201c', '"', '`'])('the quotation mark %s is named where it stands', async (mark) => {
    const proxy = over([]);
    const error = await refusal(
      proxy.GetItems(
        {
          path: { dataset, table: 'Customer' },
          query: { $filter: `CustomerId eq ${mark}1${mark}` },
          body: null,
        },
        proxy.context,
      ),
    );
    expect(error.message).toContain(`the quotation mark ${mark}`);
    expect(error.message).toContain("the straight quotation mark '");
    expect(error.details?.[0]?.position).toBe(15);
  });

  it.each([
    ['Customer', { $filter: "CustomerId eq 'a" }, '$filter', 15],
    ['Customer', { $orderby: 'a up' }, '$orderby', 3],
    ['Customer', { $select: 'a b' }, '$select', 3],
    ['Customer', { $search: '"a' }, '$search', 1],
    ['UnifiedActivity', { $search: 'a' }, '$search', 1],
    ['UnifiedActivity', { $filter: "CustomerId eq 'a' and IsMemberOfSegment('s')" }, '$filter', 23],
  ])(
    'of %s: %j points at the position, without an upstream call',
    async (table, query, parameter, position) => {
      const proxy = over([]);
      const error = await refusal(
        proxy.GetItems({ path: { dataset, table }, query, body: null }, proxy.context),
      );
      expect(error.code).toBe('QueryOptionInvalid');
      expect(error.message).toContain(parameter);
      expect(error.details?.[0]?.parameter).toBe(parameter);
      expect(error.details?.[0]?.position).toBe(position);
      expect(proxy.seen).toHaveLength(0);
    },
  );
});

describe('what is not there', () => {
  it('an instance outside the configuration: 404 that says what to do, and lists none', async () => {
    const proxy = over([]);
    const error = await refusal(
      proxy.GetItems(
        { path: { dataset: 'nowhere', table: 'Customer' }, query: {}, body: null },
        proxy.context,
      ),
    );
    expect([error.code, error.status]).toEqual(['InstanceUnknown', 404]);
    expect(error.message).toMatch(/"nowhere".*Choose one.*instances add/);
    expect(error.message).not.toContain('Contoso');
    expect(proxy.seen).toHaveLength(0);
  });

  it('an instance in other capitals is the same', async () => {
    const proxy = over([]);
    await proxy.GetItems(
      { path: { dataset: dataset.toUpperCase(), table: 'Customer' }, query: {}, body: null },
      proxy.context,
    );
    expect(proxy.seen[0]?.path).toBe(`/instances/${dataset}/data/Customer`);
  });

  it.each(['Nobody', '../manage/segments', "Customer('1')", '..'])(
    'the entity %s: 404 with the form of names',
    async (table) => {
      const proxy = over([]);
      const error = await refusal(
        proxy.GetItems({ path: { dataset, table }, query: {}, body: null }, proxy.context),
      );
      expect([error.code, error.status]).toEqual(['EntityUnknown', 404]);
      expect(error.message).toContain('UnifiedActivity');
      expect(proxy.seen.every(({ path }) => path.endsWith('/manage/entities/Nobody'))).toBe(true);
    },
  );

  it("the caller's access: 403, from the source", async () => {
    const proxy = proxyOver(() => ({ status: 403, body: '' }));
    const error = await refusal(
      proxy.GetItems({ path: { dataset, table: 'Customer' }, query: {}, body: null }, proxy.context),
    );
    expect([error.code, error.status]).toEqual(['UpstreamForbidden', 403]);
  });

  it('a column: the message of the source, with its field', async () => {
    const proxy = proxyOver(() => ({ status: 400, body: { message: 'Unknown property', target: 'Colour' } }));
    const error = await refusal(
      proxy.GetItems(
        { path: { dataset, table: 'Customer' }, query: { $select: 'Colour' }, body: null },
        proxy.context,
      ),
    );
    expect([error.code, error.message]).toEqual([
      'UpstreamRejected',
      expect.stringContaining('Unknown property (Colour)'),
    ]);
  });
});

it('reads as the user, with the key of the instance', async () => {
  const proxy = over([]);
  await proxy.GetItems({ path: { dataset, table: 'Customer' }, query: {}, body: null }, proxy.context);
  expect(proxy.seen[0]?.headers.get('authorization')).toBe('Bearer for-alice');
  expect(proxy.seen[0]?.headers.get('ocp-apim-subscription-key')).toBe('key-of-instances/contoso');
});
