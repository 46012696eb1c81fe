import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Float, jsonText, parseJsonValue } from '../../../flows/expressions/values.ts';
import type { ConnectorClient } from '../../../flows/runner/connectors/connector-api.ts';
import { DefinitionUnusable } from '../../../flows/runner/connectors/connector-definition.ts';
import { swaggerConnector } from '../../../flows/runner/connectors/swagger-connector.ts';
import { connectorClient } from '../../../local/flow-host/connector-client.ts';
import { definition, type FakeApi, policies, startApi } from './api.ts';

let api: FakeApi;
let client: ConnectorClient;

beforeAll(async () => {
  api = await startApi();
  client = connectorClient({
    definition: definition(),
    policies,
    apiUrl: api.url,
    token: async () => 'user token',
  });
});
afterAll(() => api.close());
beforeEach(() => {
  api.asked.length = 0;
});

const rows = { place: 'a/b c', row: 'x/y', $top: 5 };

describe('a call', () => {
  it('is made from the definition: path, encodings, query, defaults', async () => {
    api.answer = () => ({ status: 200, headers: { 'X-Left': '3' }, body: { value: [] } });
    const answer = await client.call('ListRows', rows);
    expect(answer).toMatchObject({ status: 200, headers: { 'x-left': '3' }, body: { value: [] } });
    expect(api.asked).toMatchObject([
      { method: 'GET', url: '/v1/places/a%2Fb%20c/rows/x%252Fy?%24top=5&mode=plain', body: undefined },
    ]);
  });

  it('carries the user’s token and what the policies add', async () => {
    api.answer = () => ({ status: 204 });
    expect(await client.call('ListRows', rows)).toMatchObject({ status: 204, body: null });
    expect(api.asked[0]?.headers).toMatchObject({
      authorization: 'Bearer user token',
      'x-version': '7',
      'x-ms-client-request-id': expect.stringMatching(/^[\da-f-]{36}$/),
    });
    expect(api.asked[0]?.headers).not.toHaveProperty('content-type');
  });

  it('sends the body under the name of its parameter', async () => {
    api.answer = () => ({ status: 201 });
    await client.call('OnFlood', { place: 'A', body: { level: 1, hook: { url: 'u' } } });
    expect(api.asked).toMatchObject([
      {
        method: 'POST',
        url: '/v1/places/A/floods',
        headers: { 'content-type': 'application/json' },
        body: { level: 1, hook: { url: 'u' } },
      },
    ]);
  });

  it('of a flow keeps the digits of its numbers, on the way there and back', async () => {
    const sent: { readonly url: string; readonly body: unknown }[] = [];
    const answered = '{"id":9007199254740993,"level":2.50}';
    const exact = connectorClient({
      definition: definition(),
      policies,
      apiUrl: api.url,
      token: async () => 'user token',
      send: async (url, { body }) => {
        sent.push({ url, body });
        return new Response(answered, { status: 201 });
      },
    });
    const connector = swaggerConnector({
      title: 'Floods',
      definition: definition(),
      serves: () => true,
      client: exact,
    });
    const { body } = await connector.call(
      {
        by: 'operation',
        operationId: 'OnFlood',
        parameters: { place: 'A', 'body/level': parseJsonValue('9007199254740993') },
      },
      0,
    );
    await exact.call('ListRows', { place: 'A', row: new Float(1.5), $top: 9007199254740993n });
    expect(sent).toEqual([
      { url: `${api.url}/v1/places/A/floods`, body: '{"level":9007199254740993}' },
      { url: `${api.url}/v1/places/A/rows/1.5?%24top=9007199254740993&mode=plain`, body: undefined },
    ]);
    expect(jsonText(body)).toBe('{"id":9007199254740993,"level":2.5}');
  });

  it('without a required value, or of an unknown operation, is not made', async () => {
    await expect(client.call('ListRows', { place: 'A' })).rejects.toThrow('ListRows needs a value for row.');
    await expect(client.call('Nothing', {})).rejects.toBeInstanceOf(DefinitionUnusable);
    expect(api.asked).toEqual([]);
  });
});

describe('the next page', () => {
  const first = {
    status: 200,
    headers: {},
    body: { '@odata.nextLink': 'https://api.example.com/v1/places/A/rows/B?$skip=5' },
  };

  it('is asked of the connector, with the user’s token, as the policy says', async () => {
    api.answer = () => ({ status: 200, body: { value: [1] } });
    expect(await client.nextPage('ListRows', first)).toMatchObject({ status: 200, body: { value: [1] } });
    expect(api.asked).toMatchObject([
      { url: '/v1/places/A/rows/B?$skip=5', headers: { authorization: 'Bearer user token' } },
    ]);
  });

  it('is none where the answer has no link, or the operation no pages', async () => {
    expect(await client.nextPage('ListRows', { ...first, body: { value: [] } })).toBeUndefined();
    expect(await client.nextPage('ListRows', { ...first, body: null })).toBeUndefined();
    expect(await client.nextPage('OnFlood', first)).toBeUndefined();
  });

  it.each([
    'https://elsewhere.example.com/v1/x',
    'https://api.example.com/v2/x',
    'https://api.example.com.evil.example/v1/x',
  ])('on another host or base path is refused: %s', async (link) => {
    await expect(
      client.nextPage('ListRows', { ...first, body: { '@odata.nextLink': link } }),
    ).rejects.toThrow('is not the host of the definition');
    expect(api.asked).toEqual([]);
  });

  it('without the policy would leave the connector, which is an error', async () => {
    const bare = connectorClient({
      definition: definition(),
      policies: [],
      apiUrl: api.url,
      token: async () => 't',
    });
    await expect(bare.nextPage('ListRows', first)).rejects.toThrow(
      'No updatenextlink policy covers @odata.nextLink of ListRows.',
    );
  });
});

describe('unsubscribing', () => {
  it('is a DELETE at the Location, without credentials and without policies', async () => {
    api.answer = () => ({ status: 204 });
    expect(await client.unsubscribe('https://api.example.com/v1/subscriptions/a/b')).toMatchObject({
      status: 204,
    });
    expect(api.asked).toMatchObject([{ method: 'DELETE', url: '/v1/subscriptions/a/b' }]);
    expect(api.asked[0]?.headers).not.toHaveProperty('authorization');
    expect(api.asked[0]?.headers).not.toHaveProperty('x-version');
  });

  it('at another host is refused', async () => {
    await expect(client.unsubscribe('https://elsewhere.example.com/v1/x')).rejects.toThrow(
      'https://elsewhere.example.com is not the host of the definition, https://api.example.com/v1.',
    );
  });
});
