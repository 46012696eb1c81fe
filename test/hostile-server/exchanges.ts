/** The clients of the functions, each for one exchange with a server, with short limits. */
import { callbackPost } from '../../lambda/callback/post.ts';
import { createCallbackSealer } from '../../lambda/callback/sealed-url.ts';
import { createCustomerInsightsClient, createSecrets } from '../../lambda/customer-insights/index.ts';
import { openAuthority } from '../../lambda/identity/authority.ts';
import { createSigningKeys } from '../../lambda/identity/signing-keys.ts';
import { createTokenSource } from '../../lambda/identity/token-source.ts';
import {
  createLimiter,
  createUpstreamBudget,
  dynamoDbLimiterStore,
  dynamoDbPlaceCounters,
  dynamoDbUpstreamPauseStore,
} from '../../lambda/limiter/index.ts';
import { awsClient } from '../../lambda/runtime/aws-client.ts';
import { dynamoDb, kms, secretsManager, sqs } from '../../lambda/runtime/aws-services.ts';
import { deadlineIn } from '../../lambda/runtime/deadline.ts';
import { hasCode } from '../../lambda/runtime/errors.ts';
import type { SubscriptionId } from '../../lambda/runtime/ids.ts';
import { sqsSend } from '../../lambda/runtime/queue.ts';
import { dynamoDbTable } from '../../lambda/store/dynamodb-table.ts';
import { sharedSealingKey } from '../../lambda/store/sealing-key.ts';
import { fixedKeys } from '../lambda/customer-insights/fake-upstream.ts';
import { localPlace } from '../lambda/local-place.ts';
import { memoryTable } from '../lambda/memory-table.ts';

/** The time limit of each exchange, ms. */
export const limitMs = 250;

/** How the exchange ended: an answer or an error, in a few words. @throws what the client throws */
export type Exchange = (url: string) => Promise<string>;

const discovery = '/.well-known/openid-configuration';

/** Everything that the identity provider is asked for before it is asked for `hostile`. */
const goodUntil =
  (hostile: string) =>
  (path: string, url: string): string | undefined =>
    path !== hostile && path === discovery
      ? JSON.stringify({ issuer: url, token_endpoint: `${url}/token`, jwks_uri: `${url}/keys` })
      : undefined;

const now = () => Date.parse('2026-01-10T12:00:00Z');

const identity = (url: string) => {
  const authority = openAuthority({ authority: url, requestTimeoutMs: limitMs });
  return {
    authority,
    keys: createSigningKeys({ authority, now }),
    tokens: createTokenSource({
      authority,
      clientId: 'client',
      credential: { kind: 'client-secret', read: async () => 'secret' },
      now,
    }),
  };
};

const customerInsights = (url: string, limits: { readonly whole: number; readonly request: number }) =>
  createCustomerInsightsClient({
    baseUrl: url,
    subscriptionKeys: fixedKeys('key'),
    token: async () => 'token',
    actingAs: 'application',
    deadline: deadlineIn(limits.whole),
    requestTimeoutMs: limits.request,
    maximumAnswerBytes: 64 * 1024,
    now,
  });

const atAws = (url: string) => ({ ...localPlace(url), timeoutMs: limitMs, random: () => 0 });

const table = (url: string) =>
  dynamoDbTable(awsClient(dynamoDb, atAws(url)), 'state', { newVersion: () => 'version' });

const answered = async (exchange: Promise<unknown>): Promise<string> => {
  await exchange;
  return 'answer';
};

export const exchanges = {
  callback: {
    answers: () => undefined,
    make: async (url) => {
      const answer = await callbackPost({ timeoutMs: limitMs })(new URL(url), '{}', {});
      return answer.kind === 'answered' ? `answer ${answer.status}` : answer.reason;
    },
  },
  'read, its own limit': {
    answers: () => undefined,
    make: (url) => answered(customerInsights(url, { whole: 60_000, request: limitMs }).listSegments('id')),
  },
  'read, the deadline': {
    answers: () => undefined,
    make: (url) => answered(customerInsights(url, { whole: limitMs, request: 60_000 }).listSegments('id')),
  },
  write: {
    answers: () => undefined,
    make: (url) =>
      answered(
        customerInsights(url, { whole: 60_000, request: limitMs }).submitJob('id', { operationType: 'all' }),
      ),
  },
  'table read': {
    answers: () => undefined,
    make: (url) => answered(table(url).get({ pk: 'a', sk: 'b' })),
  },
  'table write': {
    answers: () => undefined,
    make: (url) => answered(table(url).swap({ pk: 'a', sk: 'b', body: '{}' }, 'absent')),
  },
  'call counted': {
    answers: () => undefined,
    make: async (url) => {
      const store = dynamoDbLimiterStore(awsClient(dynamoDb, atAws(url)), 'limiter');
      const limiter = createLimiter({
        store,
        counted: 'calls',
        limit: 2,
        windowMs: 60_000,
        now,
        random: () => 0,
      });
      return answered(limiter.admit({ tenantId: 't', objectId: 'o', clientAppId: 'c' }));
    },
  },
  'places counted': {
    answers: () => undefined,
    make: (url) =>
      answered(
        dynamoDbPlaceCounters(awsClient(dynamoDb, atAws(url)), 'limiter', {
          newVersion: () => 'version',
          now,
        }).readEach(['of a person', 'of an instance']),
      ),
  },
  'pause shared': {
    answers: () => undefined,
    make: (url) => {
      const store = dynamoDbUpstreamPauseStore(awsClient(dynamoDb, atAws(url)), 'limiter');
      return answered(createUpstreamBudget({ store, now }).check('id', 'person'));
    },
  },
  queue: {
    answers: () => undefined,
    make: (url) => answered(sqsSend(awsClient(sqs, atAws(url)), 'http://queue')([{ body: '{}' }])),
  },
  keys: {
    answers: () => undefined,
    make: (url) =>
      answered(
        createCallbackSealer(sharedSealingKey(memoryTable(), awsClient(kms, atAws(url)), 'key', now)).seal(
          'https://a',
          'b' as SubscriptionId,
        ),
      ),
  },
  secret: {
    answers: () => undefined,
    make: (url) =>
      answered(createSecrets({ client: awsClient(secretsManager, atAws(url)), now }).read('name')),
  },
  discovery: {
    answers: goodUntil(discovery),
    make: (url) => answered(identity(url).authority.metadata()),
  },
  'signing keys': {
    answers: goodUntil('/keys'),
    make: (url) =>
      answered(
        Promise.resolve(identity(url).keys({ alg: 'RS256', kid: 'k' }, { payload: '', signature: '' })),
      ),
  },
  'token, own': {
    answers: goodUntil('/token'),
    make: (url) => answered(identity(url).tokens.clientCredentials('scope')),
  },
  'token, on behalf of': {
    answers: goodUntil('/token'),
    make: (url) => answered(identity(url).tokens.onBehalfOf({ token: 'caller' }, 'scope')),
  },
} as const satisfies Readonly<
  Record<
    string,
    { readonly answers: (path: string, url: string) => string | undefined; readonly make: Exchange }
  >
>;

export type Client = keyof typeof exchanges;

/** The code of an error of ours; whatever else is thrown is a fault. */
export const endOf = async (exchange: Promise<string>): Promise<string> => {
  try {
    return await exchange;
  } catch (error) {
    const known = [
      'UpstreamUnreachable',
      'UpstreamTimeout',
      'UpstreamUnreadable',
      'UpstreamFailed',
      'UpstreamUnavailable',
      'AnswerTooLarge',
      'DeadlineExceeded',
      'IdentityProviderUnavailable',
      'StoreUnavailable',
      'LimitUnavailable',
      'QueueUnavailable',
      'KeysUnavailable',
      'SecretUnreadable',
    ] as const;
    return known.find((code) => hasCode(error, code)) ?? `unexpected: ${String(error)}`;
  }
};
