import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AwsRefusal, awsClient } from '../../../lambda/runtime/aws-client.ts';
import { dynamoDb, endpointOf } from '../../../lambda/runtime/aws-services.ts';

interface Seen {
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

type Reply =
  | { readonly status: number; readonly body: string; readonly headers?: Readonly<Record<string, string>> }
  | 'drop'
  | 'silence';

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

interface Limits {
  readonly withinMs?: number;
  readonly timeoutMs?: number;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/** A service that gives these replies in order, the last one for good. */
const serviceThat = async (replies: readonly Reply[], { withinMs, ...limits }: Limits = {}) => {
  const seen: Seen[] = [];
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const reply = replies[Math.min(seen.length, replies.length - 1)] ?? 'silence';
    seen.push({ headers: request.headers, body: JSON.parse(body) });
    if (reply === 'drop') request.socket.destroy();
    else if (reply !== 'silence') response.writeHead(reply.status, reply.headers).end(reply.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = awsClient(dynamoDb, {
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'key-id', secretAccessKey: 'secret', sessionToken: 'session' },
    random: () => 0,
    ...limits,
  });
  const input = { TableName: 'limits', Key: { id: { S: 'a' } }, UpdateExpression: 'SET a = b' };
  const outcome = async () => client('UpdateItem', input, withinMs).catch((error: unknown) => error);
  return { outcome, seen, endpoint };
};

describe('a request', () => {
  it('is signed with the region and the credentials of the client, and names the operation', async () => {
    const { outcome, seen } = await serviceThat([ok]);
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
    const { outcome, seen } = await serviceThat([
      refused(400, 'ConditionalCheckFailedException', { message: 'no', Item: { id: { S: 'a' } } }),
    ]);
    const error = await outcome();
    expect(error).toBeInstanceOf(AwsRefusal);
    expect(error).toMatchObject({
      code: 'ConditionalCheckFailedException',
      message: 'no',
      status: 400,
      answer: { Item: { id: { S: 'a' } } },
    });
    expect(seen).toHaveLength(1);
  });

  it.each<[string, Reply]>([
    ['throttled', refused(400, 'ProvisionedThroughputExceededException')],
    ['throttled as an account', refused(400, 'ThrottlingException')],
    ['answered with a fault', refused(500, 'InternalServerError')],
    ['answered with a page', { status: 503, body: '<html>' }],
    ['cut off', 'drop'],
    ['answered with a page that says 200', { status: 200, body: '<html>' }],
    ['answered with half of the JSON', { status: 200, body: '{"Attributes":' }],
    ['answered with something else', { status: 200, body: '[]' }],
    ['asked to wait', { status: 429, body: '{}' }],
  ])('is made again when it is %s', async (_, reply) => {
    const { outcome, seen } = await serviceThat([reply, reply, ok]);
    expect(await outcome()).toHaveProperty('Attributes');
    expect(seen).toHaveLength(3);
  });

  it('is made three times at most', async () => {
    const { outcome, seen } = await serviceThat([{ status: 502, body: '<html>' }]);
    expect(await outcome()).toMatchObject({
      code: 'UnknownError',
      status: 502,
      message: 'DynamoDB answered with status 502.',
    });
    expect(seen).toHaveLength(3);
  });

  it.each(['ResourceNotFoundException', 'AccessDeniedException', 'ValidationException'])(
    'is made once when the answer is %s',
    async (type) => {
      const { outcome, seen } = await serviceThat([refused(400, type, { Message: 'why' })]);
      expect(await outcome()).toMatchObject({ code: type, message: 'why' });
      expect(seen).toHaveLength(1);
    },
  );

  it('is given up when the time of all its tries is over', async () => {
    const { outcome } = await serviceThat(['silence'], { withinMs: 50 });
    expect(await outcome()).toMatchObject({
      message: expect.stringMatching(/^DynamoDB did not answer UpdateItem within 50 ms: /),
      cause: { name: 'TimeoutError' },
    });
  });

  it('is given up when no try is answered in its time', async () => {
    const { outcome, seen } = await serviceThat(['silence'], { timeoutMs: 40 });
    expect(await outcome()).toMatchObject({
      message: expect.stringMatching(/^DynamoDB did not answer UpdateItem in 3 tries: /),
      cause: { name: 'TimeoutError' },
    });
    expect(seen).toHaveLength(3);
  });

  it('is signed by the time of the service when ours is wrong, now and later', async () => {
    const wrong = Date.parse('2026-01-10T12:00:00Z');
    const date = 'Sat, 10 Jan 2026 13:00:00 GMT';
    const late = { status: 400, body: '{"__type":"InvalidSignatureException"}', headers: { date } };
    const { outcome, seen } = await serviceThat([late, ok], { now: () => wrong });
    expect(await outcome()).toHaveProperty('Attributes');
    await outcome();
    expect(seen.map(({ headers }) => headers['x-amz-date'])).toEqual([
      '20260110T120000Z',
      '20260110T130000Z',
      '20260110T130000Z',
    ]);
  });

  it('whose signature is refused by a service with our time is made once', async () => {
    const { outcome, seen } = await serviceThat([refused(403, 'InvalidSignatureException')]);
    expect(await outcome()).toMatchObject({ code: 'InvalidSignatureException' });
    expect(seen).toHaveLength(1);
  });

  it('keeps its connection for the next', async () => {
    const { outcome, seen } = await serviceThat([ok]);
    const ports = new Set<number | undefined>();
    server?.on('connection', (socket) => ports.add(socket.remotePort));
    for (let count = 0; count < 5; count += 1) await outcome();
    expect(seen).toHaveLength(5);
    expect(ports.size).toBe(1);
  });
});

/** Where a client goes that is not told. */
describe('an endpoint', () => {
  const environment = { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };
  afterEach(() => vi.unstubAllEnvs());
  const set = (values: Readonly<Record<string, string>>) => {
    for (const [name, value] of Object.entries({ ...environment, ...values })) vi.stubEnv(name, value);
  };
  const input = { TableName: 'limits', Key: {}, ConsistentRead: true };

  it.each(['AWS_ENDPOINT_URL_DYNAMODB', 'AWS_ENDPOINT_URL'])('is the one that %s names', async (name) => {
    const { endpoint, seen } = await serviceThat([ok]);
    set({ AWS_ENDPOINT_URL: 'http://127.0.0.1:1', [name]: endpoint });
    await awsClient(dynamoDb)('GetItem', input);
    expect(seen[0]?.headers.authorization).toContain('Credential=a/');
  });

  it.each([
    ['eu-west-1', 'dynamodb.eu-west-1.amazonaws.com'],
    ['us-gov-west-1', 'dynamodb.us-gov-west-1.amazonaws.com'],
    ['cn-north-1', 'dynamodb.cn-north-1.amazonaws.com.cn'],
    ['eusc-de-east-1', 'dynamodb.eusc-de-east-1.amazonaws.eu'],
  ])('of %s is its own', (region, host) => {
    expect(endpointOf(dynamoDb, region, undefined).href).toBe(`https://${host}/`);
  });

  it.each(['AWS_REGION', 'AWS_SECRET_ACCESS_KEY'])('without %s is an error that names it', async (name) => {
    set({ AWS_ENDPOINT_URL: 'http://127.0.0.1:1', [name]: '' });
    await expect(awsClient(dynamoDb, { random: () => 0 })('GetItem', input)).rejects.toThrow(name);
  });
});
