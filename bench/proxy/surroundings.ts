/**
 * What both contenders find around them: sign-in, secrets, a DynamoDB engine, the source, and callers with
 * tokens.
 */
import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { exampleConfiguration } from '../../config/example.ts';
import { customerInsightsScope } from '../../lambda/identity/customer-insights-access.ts';
import { awsClient } from '../../lambda/runtime/aws-client.ts';
import { dynamoDb as protocol } from '../../lambda/runtime/aws-services.ts';
import { dynamoDbTable } from '../../lambda/store/dynamodb-table.ts';
import { LocalClock } from '../../local/clock.ts';
import { createTable } from '../../local/dynamodb/create-table.ts';
import { startDynamoDb } from '../../local/dynamodb/start-engine.ts';
import type { User } from '../../local/issuer/directory.ts';
import { localPlace } from '../../test/lambda/local-place.ts';
import { apiSecret, startSignIn, subscriptionKey } from './directory.ts';
import type { HandlerInput } from './handler-server.ts';
import { writeInstanceRows } from './instance-of-benchmarks.ts';
import { type Part, startPart } from './part.ts';
import type { PeerInput, PeerSetup } from './peer-server.ts';
import type { UpstreamInput } from './upstream.ts';

const configuration = exampleConfiguration;

export interface Surroundings {
  readonly engine: string;
  readonly instanceId: string;
  readonly upstream: Part;
  /** The token of an upstream call, for calling the source directly. */
  readonly upstreamHeaders: Readonly<Record<string, string>>;
  /** Sets of callers; the tokens of a set belong to different users. */
  readonly callers: readonly (readonly string[])[];
  /** New tokens of the users of a set. */
  newTokens(set: number): Promise<readonly string[]>;
  /**
   * @param directory holds the bundle of a function `proxy`
   * @param engineUrl of the engine with the limits; DynamoDB's by default
   */
  startHandler(directory: string, engineUrl?: string): Promise<Part>;
  /** @param redisUrl for the setup "redis" */
  startPeer(
    setup: PeerSetup,
    stores?: { readonly redisUrl?: string; readonly engineUrl?: string },
  ): Promise<Part>;
  close(): Promise<void>;
}

const userOf = (index: number): User => ({
  objectId: `b0000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
  userName: `user${index}@contoso.example`,
  name: `User ${index}`,
});

/** @param callers sets of callers, and users in each */
export const startSurroundings = async (callers: {
  readonly sets: number;
  readonly users: number;
}): Promise<Surroundings> => {
  const users = Array.from({ length: callers.sets * callers.users }, (_, index) => userOf(index));
  const signIn = await startSignIn(LocalClock.live(), users);
  const { issuer, instanceId } = signIn;
  const dynamoDb = await startDynamoDb();
  const database = new DynamoDBClient({
    endpoint: dynamoDb.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const tableWithKey = async (partition: string, sort?: string): Promise<string> => {
    const name = `bench-${randomUUID()}`;
    const names = [partition, ...(sort === undefined ? [] : [sort])];
    await createTable(database, {
      name,
      key: names.map((key, at) => ({ name: key, role: at === 0 ? 'HASH' : 'RANGE' })),
      attributes: names.map((key) => ({ name: key, type: 'S' })),
    });
    return name;
  };
  const upstreamInput: UpstreamInput = { subscriptionKey, instanceId };
  const upstream = await startPart('./upstream.ts', upstreamInput);
  const [anyone] = users;
  const upstreamToken = await issuer.userToken({
    ...(anyone && { user: anyone }),
    audience: customerInsightsScope.replace(/\/\.default$/, ''),
  });
  const newTokens = async (set: number): Promise<readonly string[]> => {
    const tokens: string[] = [];
    for (const user of users.slice(set * callers.users, (set + 1) * callers.users))
      tokens.push(await issuer.userToken({ user }));
    return tokens;
  };
  const sets: (readonly string[])[] = [];
  for (let set = 0; set < callers.sets; set += 1) sets.push(await newTokens(set));

  return {
    engine: dynamoDb.engine,
    instanceId,
    upstream,
    upstreamHeaders: {
      authorization: `Bearer ${upstreamToken}`,
      'ocp-apim-subscription-key': subscriptionKey,
    },
    callers: sets,
    newTokens,
    async startHandler(directory, engineUrl = dynamoDb.url) {
      const input: HandlerInput = { directory };
      const stateTable = await tableWithKey('pk', 'sk');
      const client = awsClient(protocol, localPlace(engineUrl));
      await writeInstanceRows(dynamoDbTable(client, stateTable, { newVersion: randomUUID }));
      return startPart('./handler-server.ts', input, {
        LIMITER_TABLE: await tableWithKey('id'),
        STATE_TABLE: stateTable,
        CUSTOMER_INSIGHTS_URL: `${upstream.url}/v1`,
        AWS_ENDPOINT_URL_DYNAMODB: engineUrl,
        ...signIn.environment,
      });
    },
    async startPeer(setup, { redisUrl, engineUrl = dynamoDb.url } = {}) {
      const { connector, api } = configuration.applications;
      const input: PeerInput = {
        upstream: upstream.url,
        issuer: issuer.issuer,
        jwksUri: issuer.jwksUri,
        tokenEndpoint: issuer.tokenEndpoint,
        clientId: api.clientId,
        clientSecret: apiSecret,
        audience: api.clientId,
        tenantId: configuration.tenantId,
        connectorClientId: connector.clientId,
        scope: customerInsightsScope,
        subscriptionKey,
        tableName: await tableWithKey('key'),
        dynamoDb: engineUrl,
        limit: configuration.limit,
        setup,
        ...(redisUrl !== undefined && { redisUrl }),
      };
      return startPart('./peer-server.ts', input);
    },
    async close() {
      await upstream.stop();
      database.destroy();
      await dynamoDb.close();
      await signIn.close();
    },
  };
};
