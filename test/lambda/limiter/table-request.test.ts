import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, it } from 'vitest';
import { createTableRequest, TableRefusal } from '../../../lambda/limiter/table-request.ts';

interface Seen {
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

type Reply = { readonly status: number; readonly body: string } | 'drop' | 'silence';

const ok: Reply = { status: 200, body: '{"Attributes":{"t":{"L":[{"N":"1"}]}}}' };
const refused = (status: number, type: string, more: object = {}): Reply => ({
  status,
  body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, ...more }),
});

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A table that gives these replies in order, the last one for good. */
const tableThat = async (replies: readonly Reply[], timeoutMs = 5_000) => {
  const seen: Seen[] = [];
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const reply = replies[Math.min(seen.length, replies.length - 1)] ?? 'silence';
    seen.push({ headers: request.headers, body: JSON.parse(body) });
    if (reply === 'drop') request.socket.destroy();
    else if (reply !== 'silence') response.writeHead(reply.status).end(reply.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'key-id', secretAccessKey: 'secret', sessionToken: 'session' },
  });
  const request = createTableRequest(client, 'limits', { timeoutMs, random: Math.random });
  const outcome = async () =>
    request('UpdateItem', { Key: { id: { S: 'a' } } }).catch((error: unknown) => error);
  return { outcome, seen };
};

describe('a request to the table', () => {
  it('is signed with the region and the credentials of the client, and names table and operation', async () => {
    const { outcome, seen } = await tableThat([ok]);
    expect(await outcome()).toEqual({ Attributes: { t: { L: [{ N: '1' }] } } });
    expect(seen).toMatchObject([
      {
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': 'DynamoDB_20120810.UpdateItem',
          'x-amz-security-token': 'session',
          authorization: expect.stringMatching(
            /^AWS4-HMAC-SHA256 Credential=key-id\/\d{8}\/eu-west-1\/dynamodb\/aws4_request, SignedHeaders=\S*host\S*, Signature=[0-9a-f]{64}$/,
          ),
        },
        body: { TableName: 'limits', Key: { id: { S: 'a' } } },
      },
    ]);
  });

  it('rejects with the refusal, and the item where there is one', async () => {
    const { outcome, seen } = await tableThat([
      refused(400, 'ConditionalCheckFailedException', { message: 'no', Item: { id: { S: 'a' } } }),
    ]);
    const error = await outcome();
    expect(error).toBeInstanceOf(TableRefusal);
    expect(error).toMatchObject({
      code: 'ConditionalCheckFailedException',
      message: 'no',
      status: 400,
      item: { id: { S: 'a' } },
    });
    expect(seen).toHaveLength(1);
  });

  it.each<[string, Reply]>([
    ['throttled', refused(400, 'ProvisionedThroughputExceededException')],
    ['throttled as an account', refused(400, 'ThrottlingException')],
    ['answered with a fault', refused(500, 'InternalServerError')],
    ['answered with a page', { status: 503, body: '<html>' }],
    ['cut off', 'drop'],
  ])('is made again when it is %s', async (_, reply) => {
    const { outcome, seen } = await tableThat([reply, reply, ok]);
    expect(await outcome()).toHaveProperty('Attributes');
    expect(seen).toHaveLength(3);
  });

  it('is made three times at most', async () => {
    const { outcome, seen } = await tableThat([{ status: 502, body: '<html>' }]);
    expect(await outcome()).toMatchObject({
      code: 'UnknownError',
      status: 502,
      message: "The limiter's table answered with status 502.",
    });
    expect(seen).toHaveLength(3);
  });

  it.each(['ResourceNotFoundException', 'AccessDeniedException', 'ValidationException'])(
    'is made once when the answer is %s',
    async (type) => {
      const { outcome, seen } = await tableThat([refused(400, type, { Message: 'why' })]);
      expect(await outcome()).toMatchObject({ code: type, message: 'why' });
      expect(seen).toHaveLength(1);
    },
  );

  it('is given up when its time is over', async () => {
    const { outcome } = await tableThat(['silence'], 50);
    expect(await outcome()).toMatchObject({
      message: "The limiter's table did not answer within 50 ms.",
      cause: { name: 'TimeoutError' },
    });
  });
});
