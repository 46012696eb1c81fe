import { describe, expect, it } from 'vitest';
import { compileAnswerValidators } from '../../../connector/contract/validation.ts';
import { sentRowMs } from '../../../lambda/proxy/sent-rows.ts';
import { parseJson } from '../../../lambda/runtime/json.ts';
import type { Answered, SeenRequest } from '../customer-insights/fake-upstream.ts';
import { proxyOver, settings } from './fake-instance.ts';

const { id: dataset } = settings.instances[0];
const checks = compileAnswerValidators();
const start = Date.parse('2026-03-02T08:00:00Z');
const hour = 3_600_000;

const metadata = { keys: [[{ name: 'PurchaseId' }]], attributes: [] };
type Write = (request: SeenRequest, attempt: number) => Answered | Error;

/** An instance whose writes are answered as told, over a clock that a test may move. */
const over = (write: Write = () => ({ status: 201, body: {} })) => {
  const clock = { now: start };
  let attempts = 0;
  const proxy = proxyOver(
    (request) => {
      if (request.method === 'GET') return { body: metadata };
      attempts += 1;
      const answer = write(request, attempts);
      if (answer instanceof Error) throw answer;
      return answer;
    },
    { now: () => clock.now },
  );
  const writes = () => proxy.seen.filter(({ method }) => method !== 'GET');
  return { ...proxy, clock, writes };
};

type Body = Parameters<ReturnType<typeof over>['CreateItem']>[0]['body'];

const item = { PurchaseId: 'P1', TotalPrice: 9.5 };
const creation = (body: Body, table = 'PoS_posPurchases') => ({ path: { dataset, table }, query: {}, body });
const change = (body: Body, id = 'c1', table = 'Customer') => ({
  path: { dataset, table, id },
  query: {},
  body,
});
const unavailable: Answered = { status: 503, body: '' };
const conflict: Answered = { status: 409, body: { message: 'exists' } };

describe('creating an item', () => {
  it('is accepted for 30 days and sends the row as it is', async () => {
    const proxy = over();
    const { body } = await proxy.CreateItem(creation({ item, caller: 'flow 7' }), proxy.context);
    expect(body).toEqual({ id: 'P1', validUntil: '2026-04-01T08:00:00.000Z', alreadyAccepted: false });
    expect(checks.CreateItem.response?.(body)).toBe(true);
    const [sent] = proxy.writes();
    expect([sent?.method, sent?.path.endsWith('/data/PoS_posPurchases')]).toEqual(['POST', true]);
    expect(JSON.parse(sent?.body ?? '')).toEqual(item);
    expect(Object.fromEntries(sent?.query ?? [])).toEqual({ caller: 'flow 7' });
  });

  it('keeps every digit of its numbers, its key among them', async () => {
    const proxy = over();
    const exact = parseJson('{"PurchaseId":12345678901234567890,"TotalPrice":0.12345678901234567891}');
    const { body } = await proxy.CreateItem(
      creation({ item: exact as Record<string, unknown> }),
      proxy.context,
    );
    expect(body.id).toBe('12345678901234567890');
    expect(proxy.writes()[0]?.body).toBe(
      '{"PurchaseId":12345678901234567890,"TotalPrice":0.12345678901234567891}',
    );
  });

  it.each([
    ['2026-03-02T08:00:01Z', '2026-03-02T08:00:01.000Z'],
    ['2026-03-05T10:00:00.0000000+02:00', '2026-03-05T08:00:00.000Z'],
    ['2026-04-01T08:00:00Z', '2026-04-01T08:00:00.000Z'],
  ])('is kept until %s when asked to', async (validUntil, until) => {
    const proxy = over();
    const { body } = await proxy.CreateItem(creation({ item, validUntil }), proxy.context);
    expect([body.validUntil, proxy.writes()[0]?.query.get('validUntil')]).toEqual([until, until]);
  });

  it.each([
    ['2026-03-02T08:00:00Z', /is in the past.*from now to 2026-04-01T08:00:00/],
    ['2026-04-01T08:00:01Z', /more than 30 days in the future.*at most 2026-04-01T08:00:00/],
    ['2026-03-03', /not a date and time with an offset.*ISO 8601/],
    ['2026-03-03T08:00:00', /not a date and time with an offset/],
    ['tomorrow', /not a date and time with an offset/],
    ['2026-13-03T08:00:00Z', /not a date and time with an offset/],
  ])('until %s is refused before anything is sent', async (validUntil, message) => {
    const proxy = over();
    const error = await proxy
      .CreateItem(creation({ item, validUntil }), proxy.context)
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: 'RequestInvalid',
      status: 400,
      message: expect.stringMatching(message),
      details: [expect.objectContaining({ parameter: 'validUntil' })],
    });
    expect(proxy.seen).toHaveLength(0);
  });

  it.each([
    ['of profiles', {}, 'Customer', 'RequestInvalid', /can be updated only/],
    ['without columns', {}, 'PoS_posPurchases', 'RequestInvalid', /has no columns/],
    ['without its key', { TotalPrice: 1 }, 'PoS_posPurchases', 'RequestInvalid', /item\.PurchaseId/],
    ['in what is no entity', item, 'a/b', 'EntityUnknown', /no entity/],
  ])('%s is refused', async (_, row, table, code, message) => {
    const proxy = over();
    const error = await proxy
      .CreateItem(creation({ item: row }, table), proxy.context)
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(proxy.writes()).toHaveLength(0);
  });

  it('that is already there is a conflict', async () => {
    const proxy = over(() => conflict);
    for (let attempt = 0; attempt < 2; attempt += 1)
      await expect(proxy.CreateItem(creation({ item }), proxy.context)).rejects.toMatchObject({
        code: 'UpstreamConflict',
        status: 409,
      });
  });

  it.each([
    ['was carried out', { status: 201, body: {} }],
    ['answered that it was not available', unavailable],
    ['answered with an error', { status: 500, body: '' }],
    [
      'dropped the connection',
      Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNRESET' } }),
    ],
  ])('again, after the first call %s, takes the conflict as its own success', async (_, first) => {
    const proxy = over((_request, attempt) => (attempt === 1 ? first : conflict));
    await proxy.CreateItem(creation({ item }), proxy.context).catch(() => undefined);
    const sameOtherwiseOrdered = { TotalPrice: 9.5, PurchaseId: 'P1' };
    const { body } = await proxy.CreateItem(creation({ item: sameOtherwiseOrdered }), proxy.context);
    expect(body).toMatchObject({ id: 'P1', alreadyAccepted: true });
    expect(proxy.writes()).toHaveLength(2);
  });

  it('again, when the first call came to nothing, is carried out', async () => {
    const proxy = over((_request, attempt) => (attempt === 1 ? unavailable : { status: 202, body: '' }));
    await expect(proxy.CreateItem(creation({ item }), proxy.context)).rejects.toMatchObject({
      code: 'UpstreamUnavailable',
    });
    const { body } = await proxy.CreateItem(creation({ item }), proxy.context);
    expect(body.alreadyAccepted).toBe(false);
  });

  it.each([
    ['another content', { item: { ...item, TotalPrice: 1 } }],
    ['another validity', { item, validUntil: '2026-03-03T08:00:00Z' }],
  ])('with %s is not taken for the same request', async (_, other) => {
    const proxy = over((_request, attempt) => (attempt === 1 ? { status: 201, body: {} } : conflict));
    await proxy.CreateItem(creation({ item }), proxy.context);
    await expect(proxy.CreateItem(creation(other), proxy.context)).rejects.toMatchObject({
      code: 'UpstreamConflict',
    });
  });

  it('by somebody else, or after two hours, is not taken for the same request', async () => {
    const proxy = over((_request, attempt) => (attempt === 1 ? { status: 201, body: {} } : conflict));
    await proxy.CreateItem(creation({ item }), proxy.context);
    const other = { ...proxy.context, caller: { ...proxy.context.caller, objectId: 'somebody else' } };
    await expect(proxy.CreateItem(creation({ item }), other)).rejects.toMatchObject({ status: 409 });
    proxy.clock.now += sentRowMs;
    await expect(proxy.CreateItem(creation({ item }), proxy.context)).rejects.toMatchObject({ status: 409 });
  });

  it('that the source refuses says why, and is forgotten', async () => {
    const proxy = over((_request, attempt) =>
      attempt === 1 ? { status: 400, body: { message: 'unknown property', target: 'Colour' } } : conflict,
    );
    await expect(proxy.CreateItem(creation({ item }), proxy.context)).rejects.toMatchObject({
      code: 'UpstreamRejected',
      message: expect.stringContaining('unknown property (Colour)'),
    });
    await expect(proxy.CreateItem(creation({ item }), proxy.context)).rejects.toMatchObject({ status: 409 });
  });
});

describe('updating an item', () => {
  it('is accepted for four hours and sends the changes', async () => {
    const proxy = over(() => ({ status: 204 }));
    const { body } = await proxy.UpdateItem(change({ item: { City: 'Porto' } }), proxy.context);
    expect(body).toEqual({
      id: 'c1',
      validUntil: new Date(start + 4 * hour).toISOString(),
      alreadyAccepted: false,
    });
    const [sent] = proxy.writes();
    expect([sent?.method, sent?.path.endsWith('/data/Customer/c1'), sent?.body]).toEqual([
      'PATCH',
      true,
      '{"City":"Porto"}',
    ]);
    expect(checks.UpdateItem.response?.(body)).toBe(true);
  });

  it.each([
    ['activities', 'UnifiedActivity', 'a1', { X: 1 }, 'RequestInvalid', /cannot be changed/],
    ['nothing', 'Customer', 'c1', {}, 'RequestInvalid', /has no columns/],
    ['a key that is a path', 'Customer', '../c1', { X: 1 }, 'ItemUnknown', /no item/],
  ])('of %s is refused before anything is sent', async (_, table, id, row, code, message) => {
    const proxy = over();
    const error = await proxy
      .UpdateItem(change({ item: row }, id, table), proxy.context)
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(proxy.seen).toHaveLength(0);
  });

  it.each([
    [404, 'ItemUnknown'],
    [403, 'UpstreamForbidden'],
    [429, 'UpstreamThrottled'],
    [500, 'UpstreamFailed'],
  ])('that the source answers with %i is %s', async (status, code) => {
    const proxy = over(() => ({ status, body: '' }));
    await expect(proxy.UpdateItem(change({ item: { City: 'X' } }), proxy.context)).rejects.toMatchObject({
      code,
    });
  });
});
