import { describe, expect, it } from 'vitest';
import { retrieveDataFromPartition } from '../../../connector/contract/operations/retrieve-data-from-partition.ts';
import { compileAnswerValidators } from '../../../connector/contract/validation.ts';
import {
  createPartitionHandles,
  longestHandle,
  type PartitionPosition,
} from '../../../lambda/proxy/partitions/handle.ts';
import { renderJson, UnreadJson } from '../../../lambda/runtime/json.ts';
import type { Answered, SeenRequest } from '../customer-insights/fake-upstream.ts';
import { proxyOver, settings } from './fake-instance.ts';

const { id: dataset } = settings.instances[0];
const checks = compileAnswerValidators();
const now = Date.parse('2026-03-02T08:00:00Z');
const signature = 'sig=SECRET-SIGNATURE';
const partHeader = { 'x-ms-version': '2020-08-04' };
const uri = (name: string) =>
  `https://lake.example.net/p/${name}.csv?se=2026-03-02T09%3A30%3A00Z&${signature}`;

const attributes = [
  { name: 'CustomerId', dataType: 'Edm.String' },
  { name: 'Points', dataType: 'Edm.Int64' },
  { name: 'Value', dataType: 'Edm.Decimal' },
  { name: 'OptIn', dataType: 'Edm.Boolean' },
  { name: 'Note' },
];

interface StoredFile {
  readonly text: string;
  readonly etag?: string;
  /** Whether the server knows ranges. */
  readonly ranges?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A storage service that keeps what it was asked. */
const storageOf = (file: StoredFile | ((attempt: number) => StoredFile | Response | Error)) => {
  const seen: { readonly url: string; readonly headers: Headers }[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const headers = new Headers(init?.headers);
    seen.push({ url: String(input), headers });
    const found = typeof file === 'function' ? file(seen.length) : file;
    if (found instanceof Error) throw found;
    if (found instanceof Response) return found;
    const bytes = Buffer.from(found.text);
    const from = Number(/^bytes=(\d+)-$/.exec(headers.get('range') ?? '')?.[1] ?? Number.NaN);
    const shared = { ...(found.etag && { ETag: found.etag }), ...found.headers };
    if (Number.isNaN(from) || found.ranges === false) return new Response(bytes, { headers: shared });
    return new Response(bytes.subarray(from), {
      status: 206,
      headers: { ...shared, 'Content-Range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` },
    });
  };
  return { fetch, seen };
};

const upstream =
  (parts: readonly string[] = ['one', 'two']) =>
  ({ path, query }: SeenRequest): Answered => {
    if (path.includes('/data/') && query.get('proxy') === 'true')
      return { body: { httpRequests: parts.map((name) => ({ uri: uri(name), headers: partHeader })) } };
    if (path.endsWith('/manage/entities/Customer')) return { body: { attributes, keys: [] } };
    return { status: 404, body: '' };
  };

type More = NonNullable<Parameters<typeof proxyOver>[1]>;

const reader = (file: Parameters<typeof storageOf>[0], more: More = {}, answer = upstream()) => {
  const storage = storageOf(file);
  const proxy = proxyOver(answer, { storage: storage.fetch, ...more });
  const path = { dataset, table: 'Customer' } as const;
  return {
    ...proxy,
    storage,
    path,
    list: async () => (await proxy.RetrievePartitionsV2({ path, query: {}, body: null }, proxy.context)).body,
    read: async (partition: string, pageSize?: number, table = 'Customer') => {
      const query = { partition, ...(pageSize !== undefined && { pageSize }) };
      const request = { path: { dataset, table }, query, body: null };
      const { body } = await proxy.RetrieveDataFromPartition(request, proxy.context);
      const { value } = body;
      if (value instanceof UnreadJson) throw new TypeError('The rows of a partition are always read.');
      return { body: { ...body, value } };
    },
    async first() {
      return (await this.list()).value[0]?.partition ?? '';
    },
  };
};

const rows = (count: number) =>
  Array.from({ length: count }, (_, at) => `id${at},${at},${at}.5,true,"a, ""${at}""\nb"\r\n`).join('');

describe('the partitions of an entity', () => {
  it('are handles with a number and an expiry; no address and no header leaves', async () => {
    const proxy = reader({ text: '' });
    const body = await proxy.list();
    expect(body).toMatchObject({ entity: 'Customer', count: 2 });
    expect(body.value.map(({ number, expiresAt }) => [number, expiresAt])).toEqual([
      [1, '2026-03-02T09:30:00.000Z'],
      [2, '2026-03-02T09:30:00.000Z'],
    ]);
    expect(checks.RetrievePartitionsV2.response?.(body)).toBe(true);
    const { body: simple } = await proxy.RetrievePartitions(
      { path: proxy.path, query: {}, body: null },
      proxy.context,
    );
    expect(simple.partitions).toHaveLength(2);
    const all = JSON.stringify([body, simple]);
    for (const handle of [...simple.partitions, ...body.value.map(({ partition }) => partition)])
      expect(Buffer.from(handle, 'base64url').toString('latin1')).not.toMatch(/lake|SECRET|x-ms/);
    expect(all).not.toMatch(/lake\.example|SECRET|x-ms-version/);
    expect(proxy.seen.every(({ query }) => query.get('$select') === '*')).toBe(true);
  });

  it('of an empty entity are none', async () => {
    const proxy = proxyOver(upstream([]));
    const { body } = await proxy.RetrievePartitionsV2(
      { path: { dataset, table: 'Customer' }, query: {}, body: null },
      proxy.context,
    );
    expect(body).toEqual({ entity: 'Customer', count: 0, value: [] });
  });

  it.each<[object, string]>([
    ...[
      'http://lake.example.net/a',
      'https://localhost/a',
      'https://127.0.0.1/a',
      'https://2130706433/a',
      'https://0x7f.1/a',
      'https://[::1]/a',
      'https://169.254.169.254/latest',
      'https://lake.example.net:8443/a',
      'https://user@lake.example.net/a',
      'https://:secret@lake.example.net/a',
      'file:///etc/passwd',
      '/a',
      `https://lake.example.net/${'a'.repeat(4_000)}`,
    ].map((address): [object, string] => [{ httpRequests: [{ uri: address }] }, 'UpstreamUnreadable']),
    [{ httpRequests: [{ headers: {} }] }, 'UpstreamUnreadable'],
    [{ value: [] }, 'UpstreamUnreadable'],
  ])('that are %j are refused', async (body, code) => {
    const proxy = proxyOver(() => ({ body }));
    const request = { path: { dataset, table: 'Customer' }, query: {}, body: null };
    await expect(proxy.RetrievePartitions(request, proxy.context)).rejects.toMatchObject({ code });
  });

  it('of an entity that is not there, or whose name is a path, are a 404', async () => {
    const proxy = proxyOver(() => ({ status: 404, body: '' }));
    for (const table of ['Nobody', '../Customer'])
      await expect(
        proxy.RetrievePartitions({ path: { dataset, table }, query: {}, body: null }, proxy.context),
      ).rejects.toMatchObject({ code: 'EntityUnknown' });
    expect(proxy.seen).toHaveLength(1);
  });
});

describe('a handle', () => {
  const place: PartitionPosition = { uri: uri('x'), headers: partHeader, expiresAt: now + 1_000, offset: 7 };
  const binding = { tenantId: 't', objectId: 'o', instanceId: dataset, entity: 'Customer' };
  const handles = createPartitionHandles({ secret: async () => 'client-secret', now: () => now });

  it('opens to what was sealed, however the instance is spelt, and never looks the same twice', async () => {
    const [first, second] = [await handles.seal(place, binding), await handles.seal(place, binding)];
    expect(first).not.toBe(second);
    expect(await handles.open(first, { ...binding, instanceId: dataset.toUpperCase() })).toEqual(place);
  });

  it.each([
    ['another tenant', { tenantId: 't2' }],
    ['another user', { objectId: 'o2' }],
    ['another instance', { instanceId: settings.instances[1].id }],
    ['another entity', { entity: 'customer' }],
  ])('does not open for %s', async (_, other) => {
    const handle = await handles.seal(place, binding);
    await expect(handles.open(handle, { ...binding, ...other })).rejects.toMatchObject({
      code: 'PartitionHandleInvalid',
      status: 400,
    });
  });

  it('does not open when a single byte of it was changed, cut off or added', async () => {
    const bytes = Buffer.from(await handles.seal(place, binding), 'base64url');
    const damaged = [...bytes.keys()].map((at) => {
      const copy = Buffer.from(bytes);
      copy[at] = (copy[at] ?? 0) ^ 1;
      return copy;
    });
    const cut = [bytes.subarray(0, -1), bytes.subarray(0, 20), Buffer.alloc(0)];
    for (const wrong of [...damaged, ...cut, Buffer.concat([bytes, Buffer.from([0])])])
      await expect(handles.open(wrong.toString('base64url'), binding)).rejects.toMatchObject({
        code: 'PartitionHandleInvalid',
      });
  });

  it('does not open with anything around it or in it, although a decoder would pass over it', async () => {
    const handle = await handles.seal(place, binding);
    const standard = Buffer.from(handle, 'base64url').toString('base64');
    const others = ['!!', ' ', '=', '.', '\n', 'é'].flatMap((sign) => [
      handle + sign,
      sign + handle,
      `${handle.slice(0, 40)}${sign}${handle.slice(40)}`,
    ]);
    for (const wrong of [...others, ...(standard === handle ? [] : [standard])])
      await expect(handles.open(wrong, binding)).rejects.toMatchObject({ code: 'PartitionHandleInvalid' });
    expect(await handles.open(handle, binding)).toEqual(place);
  });

  it('is as long as the contract takes it, and no address makes a longer one', async () => {
    const { partition } = retrieveDataFromPartition.queryParameters.properties;
    expect(partition).toMatchObject({ maxLength: longestHandle });
    const ofLength = (length: number) => handles.seal({ ...place, uri: uri('x'.repeat(length)) }, binding);
    expect((await ofLength(3_400)).length).toBeLessThanOrEqual(longestHandle);
    await expect(ofLength(3_700)).rejects.toMatchObject({ code: 'UpstreamUnreadable' });
  });

  it('does not open after its expiry, and says so', async () => {
    let time = now;
    const timed = createPartitionHandles({ secret: async () => 'client-secret', now: () => time });
    const handle = await timed.seal(place, binding);
    time += 999;
    expect(await timed.open(handle, binding)).toEqual(place);
    time += 1;
    await expect(timed.open(handle, binding)).rejects.toThrow('expired at 2026-03-02T08:00:01.000Z');
  });

  it('does not open once the secret was replaced, nor when it was sealed under another', async () => {
    const other = createPartitionHandles({ secret: async () => 'replaced', now: () => now });
    await expect(other.open(await handles.seal(place, binding), binding)).rejects.toMatchObject({
      code: 'PartitionHandleInvalid',
    });
  });
});

describe('the data of a partition', () => {
  it('are rows with typed columns in the order of the metadata', async () => {
    const text = [
      'c1,9007199254740993,0.1000,True,\n',
      'c2,,-7.25,FALSE,""\r\n',
      '"c,3",007,1e3,maybe,"line\nbreak ""x"""\n',
    ].join('');
    const proxy = reader({ text });
    const { body } = await proxy.read(await proxy.first());
    expect(renderJson(body)).toBe(
      '{"value":[' +
        '{"CustomerId":"c1","Points":9007199254740993,"Value":0.1,"OptIn":true,"Note":null},' +
        '{"CustomerId":"c2","Points":null,"Value":-7.25,"OptIn":false,"Note":""},' +
        '{"CustomerId":"c,3","Points":7,"Value":1000,"OptIn":"maybe","Note":"line\\nbreak \\"x\\""}]}',
    );
    expect(checks.RetrieveDataFromPartition.response?.(body)).toBe(true);
  });

  it('are fetched with exactly the headers given, and none of our credentials', async () => {
    const proxy = reader({ text: rows(3) });
    await proxy.read(await proxy.first());
    expect(proxy.storage.seen.map(({ url, headers }) => [url, [...headers]])).toEqual([
      [uri('one'), Object.entries(partHeader)],
    ]);
  });

  it('begin behind the names of the columns where a file has them', async () => {
    const names = attributes.map(({ name }) => name).join(',');
    const proxy = reader({ text: `${names}\r\n${rows(2)}` });
    const { body } = await proxy.read(await proxy.first());
    expect(body.value.map(({ CustomerId }) => CustomerId)).toEqual(['id0', 'id1']);
    const reordered = reader({ text: `Points,CustomerId,Value,OptIn,Note\n${rows(1)}` });
    await expect(reordered.read(await reordered.first())).rejects.toThrow(/names other columns/);
  });

  it.each([
    ['ranges', { ranges: true, etag: '"1"' }],
    ['no ranges', { ranges: false }],
    ['a file that is stored compressed', { headers: { 'Content-Encoding': 'x-test' } }],
  ])('are read page by page from a server with %s, each row once', async (_, server) => {
    const proxy = reader({ text: rows(25), ...server });
    const seen: unknown[] = [];
    const sizes: number[] = [];
    for (let partition: string | undefined = await proxy.first(); partition !== undefined; ) {
      const { body } = await proxy.read(partition, 10);
      seen.push(...body.value.map(({ Points }) => Points));
      sizes.push(body.value.length);
      partition = body.next;
      if (body['@odata.nextLink'] !== undefined) {
        const link = new URL(body['@odata.nextLink']);
        expect(link.origin + link.pathname).toBe(
          `https://api.example.com/v1/datasets/${dataset}/tables/Customer/partitions/data`,
        );
        expect(Object.fromEntries(link.searchParams)).toEqual({ partition, pageSize: '10' });
      }
    }
    expect(sizes).toEqual([10, 10, 5]);
    expect(seen).toEqual(Array.from({ length: 25 }, (_value, at) => at));
    const ranges = proxy.storage.seen.map(({ headers }) => headers.get('range'));
    expect(ranges.filter(Boolean)).toHaveLength('headers' in server ? 0 : 2);
  });

  it('end without a link when the last row fills the page', async () => {
    const proxy = reader({ text: rows(10) });
    const { body } = await proxy.read(await proxy.first(), 10);
    expect([body.value.length, 'next' in body, '@odata.nextLink' in body]).toEqual([10, false, false]);
  });

  it('fit one answer, however large the rows are', async () => {
    const quotes = '"'.repeat(90_000).replaceAll('"', '""');
    const proxy = reader({ text: `c,1,1,true,"${quotes}"\n`.repeat(40) });
    const { body } = await proxy.read(await proxy.first(), 1_000);
    expect(body.value.length).toBeGreaterThan(5);
    expect(body.next).toBeDefined();
    expect(Buffer.byteLength(JSON.stringify(renderJson(body)))).toBeLessThan(6 * 1024 * 1024);
    const { body: rest } = await proxy.read(body.next ?? '', 1_000);
    expect(rest.value.length).toBeGreaterThan(5);
  });

  it('of another entity are refused before anything is fetched', async () => {
    const proxy = reader({ text: rows(1) });
    const handle = await proxy.first();
    await expect(proxy.read(handle, 1, 'UnifiedActivity')).rejects.toMatchObject({
      code: 'PartitionHandleInvalid',
    });
    await expect(proxy.read('not-a-handle')).rejects.toMatchObject({ code: 'PartitionHandleInvalid' });
    expect(proxy.storage.seen).toHaveLength(0);
  });

  it('that changed while they were read are told as changed', async () => {
    const proxy = reader((attempt) => ({ text: rows(5), etag: `"${attempt}"` }));
    const { body } = await proxy.read(await proxy.first(), 2);
    await expect(proxy.read(body.next ?? '', 2)).rejects.toMatchObject({
      code: 'PartitionChanged',
      status: 409,
    });
  });

  it.each([
    ['a,1,1\n', /a row of 3 fields, where the metadata has 5 columns/],
    ['"a,1,1,true,x\n', /is not CSV: a field in quotes has no end/],
  ])('that are %j are not guessed at', async (text, message) => {
    const proxy = reader({ text });
    const error = await proxy.read(await proxy.first()).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'UpstreamUnreadable', message: expect.stringMatching(message) });
  });

  it.each([
    [403, 'PartitionHandleInvalid'],
    [404, 'PartitionChanged'],
    [301, 'UpstreamFailed'],
    [500, 'UpstreamFailed'],
    [503, 'UpstreamUnavailable'],
  ])('a storage that answers %i gives %s, without its address', async (status, code) => {
    const proxy = reader(() => new Response(`at ${uri('one')}`, { status }));
    const error = await proxy.read(await proxy.first()).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code });
    expect((error as Error).message).not.toMatch(/lake|SECRET/);
  });

  it('are given to nobody whose role was taken away since, whatever others have read', async () => {
    let revoked = false;
    const answer = (request: SeenRequest): Answered =>
      revoked ? { status: 403, body: '' } : upstream()(request);
    const proxy = reader({ text: rows(3) }, {}, answer);
    const handle = await proxy.first();
    const { body } = await proxy.read(handle, 1);
    revoked = true;
    const asked = proxy.storage.seen.length;
    for (const partition of [handle, body.next ?? expect.fail('there is no next page')])
      await expect(proxy.read(partition, 1)).rejects.toMatchObject({
        code: 'UpstreamForbidden',
        status: 403,
      });
    expect(proxy.storage.seen).toHaveLength(asked);
  });

  it('are asked for once more when the connection is dropped, and not a third time', async () => {
    const dropped = () =>
      Object.assign(new TypeError('fetch failed'), {
        cause: Object.assign(new Error(uri('one')), { code: 'ECONNRESET' }),
      });
    const once = reader((attempt) => (attempt === 1 ? dropped() : { text: rows(1) }));
    expect((await once.read(await once.first())).body.value).toHaveLength(1);
    const always = reader(() => dropped());
    const error = await always.read(await always.first()).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'UpstreamUnreachable' });
    expect(String((error as Error).cause) + (error as Error).message).not.toMatch(/lake|SECRET/);
    expect(always.storage.seen).toHaveLength(2);
  });
});
