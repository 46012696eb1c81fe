/**
 * The same job from packages that people would put together: fastify with @fastify/http-proxy, jose for the
 * token, rate-limiter-flexible's DynamoDB backend for the limit. It exchanges the user's token once and keeps
 * the result, and puts the subscription key in. With the defaults of its packages, or set up with the same care as ours.
 */
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import httpProxy from '@fastify/http-proxy';
import fastify from 'fastify';
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';
import { RateLimiterDynamo, RateLimiterRes } from 'rate-limiter-flexible';
import { becomePart, partInput } from './part.ts';
import { type Consume, redisLimiter } from './redis-limiter.ts';

export interface PeerInput {
  readonly upstream: string;
  readonly issuer: string;
  readonly jwksUri: string;
  readonly tokenEndpoint: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly audience: string;
  readonly tenantId: string;
  readonly connectorClientId: string;
  readonly scope: string;
  readonly subscriptionKey: string;
  readonly tableName: string;
  readonly dynamoDb: string;
  readonly limit: { readonly calls: number; readonly windowSeconds: number };
  /**
   * "tuned": one log line a call, tokens that have passed are known again, a DynamoDB client that logs nothing and keeps
   * its middleware. "defaults": four lines a call, each token is verified each time. "redis": as "tuned", with an exact
   * limit over Redis.
   */
  readonly setup: PeerSetup;
  /** For "redis". */
  readonly redisUrl?: string;
}

export type PeerSetup = 'defaults' | 'tuned' | 'redis';

declare module 'fastify' {
  interface FastifyRequest {
    upstreamToken: string;
  }
}

const input = partInput<PeerInput>();
const tuned = input.setup !== 'defaults';
/** The limiter handles what the client reports as an error: each first call of a window fails on a condition. */
const nothing = () => undefined;
const quiet = { debug: nothing, info: nothing, warn: nothing, error: nothing };
const keys = createRemoteJWKSet(new URL(input.jwksUri));
const dynamoLimiter = new RateLimiterDynamo({
  storeClient: new DynamoDB({
    ...(tuned && { cacheMiddleware: true, logger: quiet }),
    endpoint: input.dynamoDb,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  }),
  tableName: input.tableName,
  tableCreated: true,
  ttlSet: true,
  keyPrefix: 'connection',
  points: input.limit.calls,
  duration: input.limit.windowSeconds,
  inMemoryBlockOnConsumed: input.limit.calls,
});

/** @returns milliseconds to wait; 0 when the call is admitted */
const inDynamoDb: Consume = async (connection) => {
  try {
    await dynamoLimiter.consume(connection);
    return 0;
  } catch (reason) {
    if (!(reason instanceof RateLimiterRes)) throw reason;
    return reason.msBeforeNext;
  }
};
const consume = input.redisUrl === undefined ? inDynamoDb : await redisLimiter(input.redisUrl, input.limit);

const exchanged = new Map<string, Promise<string>>();

const exchange = async (assertion: string): Promise<string> => {
  const response = await fetch(input.tokenEndpoint, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      client_id: input.clientId,
      client_secret: input.clientSecret,
      assertion,
      scope: input.scope,
      requested_token_use: 'on_behalf_of',
    }),
  });
  const { access_token: token } = (await response.json()) as { access_token?: string };
  if (token === undefined) throw new Error(`The exchange was refused with status ${response.status}.`);
  return token;
};

const onBehalfOf = (assertion: string): Promise<string> => {
  const known = exchanged.get(assertion) ?? exchange(assertion);
  exchanged.set(assertion, known);
  return known;
};

const checked = async (token: string): Promise<JWTPayload> => {
  const { payload } = await jwtVerify(token, keys, {
    algorithms: ['RS256'],
    issuer: input.issuer,
    audience: input.audience,
  });
  return payload;
};

const knownForMs = 300_000;
const known = new Map<string, { readonly payload: JWTPayload; readonly until: number }>();

const verified = async (token: string): Promise<JWTPayload> => {
  if (!tuned) return checked(token);
  const found = known.get(token);
  if (found !== undefined && found.until > Date.now()) return found.payload;
  const payload = await checked(token);
  known.set(token, { payload, until: Date.now() + knownForMs });
  return payload;
};

const server = fastify({ logger: true, disableRequestLogging: tuned, keepAliveTimeout: 120_000 });
if (tuned)
  server.addHook('onResponse', async (request, reply) => {
    request.log.info({ url: request.url, status: reply.statusCode, ms: reply.elapsedTime }, 'call');
  });
server.decorateRequest('upstreamToken', '');
await server.register(httpProxy, {
  upstream: input.upstream,
  prefix: '/v1/datasets',
  rewritePrefix: '/v1/instances',
  disableRequestLogging: tuned,
  preHandler: async (request, reply) => {
    const token = request.headers.authorization?.slice('Bearer '.length) ?? '';
    let connection: string;
    try {
      const { tid, oid, azp, scp } = await verified(token);
      if (
        tid !== input.tenantId ||
        azp !== input.connectorClientId ||
        !String(scp).split(' ').includes('access_as_user')
      )
        throw new Error('The claims do not fit.');
      connection = `${tid}/${oid}/${azp}`;
    } catch {
      return reply.code(401).send({ error: 'unauthorized' });
    }
    const waitMs = await consume(connection);
    if (waitMs > 0)
      return reply
        .code(429)
        .header('retry-after', String(Math.ceil(waitMs / 1_000)))
        .send({ error: 'too many calls' });
    request.upstreamToken = await onBehalfOf(token);
    return undefined;
  },
  replyOptions: {
    rewriteRequestHeaders: (request, headers) => ({
      accept: headers.accept,
      authorization: `Bearer ${(request as typeof request & { upstreamToken: string }).upstreamToken}`,
      'ocp-apim-subscription-key': input.subscriptionKey,
    }),
  },
});
becomePart(await server.listen({ host: '127.0.0.1', port: 0 }));
