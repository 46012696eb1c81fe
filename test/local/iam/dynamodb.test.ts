/** Requests to DynamoDB: which permissions they need, and what the guard before the engine answers. */
import {
  BatchGetItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../connector/emit/json.ts';
import { accessKeyOfRun } from '../../../local/aws/authorize.ts';
import { createTable } from '../../../local/dynamodb/create-table.ts';
import { startGuard } from '../../../local/dynamodb/guarded-engine.ts';
import { dynamoDbPermissions } from '../../../local/dynamodb/permissions.ts';
import { type LocalDynamoDb, startDynamoDb } from '../../../local/dynamodb/start-engine.ts';
import { stateTable } from '../../lambda/state-table.ts';
import { recordedCalls } from '../recorded-calls.ts';

const place = {
  arnOf: (name: string) => `arn:aws:dynamodb:eu-west-1:000000000000:table/${name}`,
  partitionKeyOf: (name: string) => ({ State: 'pk', Limiter: 'id' })[name],
};
const key = (pk: string) => ({ pk: { S: pk }, sk: { S: 'x' } });

describe('the permissions of', () => {
  const needed = (operation: string, input: JsonObject) =>
    dynamoDbPermissions(operation, input, place).map(({ action, resource, context }) =>
      [
        action.replace('dynamodb:', ''),
        resource.split('/')[1] ?? resource,
        ...(context?.['dynamodb:LeadingKeys'] ?? []),
      ].join(' '),
    );

  it.each<readonly [string, JsonObject, readonly string[]]>([
    ['GetItem', { TableName: 'State', Key: key('S#1') }, ['GetItem State S#1']],
    ['PutItem', { TableName: 'State', Item: { ...key('S#1'), body: { S: '' } } }, ['PutItem State S#1']],
    ['UpdateItem', { TableName: 'Limiter', Key: { id: { S: 'p' } } }, ['UpdateItem Limiter p']],
    ['DeleteItem', { TableName: 'State', Key: key('S#1') }, ['DeleteItem State S#1']],
    [
      'Query',
      {
        TableName: 'State',
        KeyConditionExpression: 'sk BETWEEN :from AND :to AND pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: 'D#1' }, ':from': { S: 'a' }, ':to': { S: 'b' } },
      },
      ['Query State D#1'],
    ],
    [
      'Query',
      {
        TableName: 'State',
        KeyConditionExpression: '(:p = #k) AND begins_with(sk, :s)',
        ExpressionAttributeNames: { '#k': 'pk' },
        ExpressionAttributeValues: { ':p': { S: 'D#2' }, ':s': { S: 'a' } },
      },
      ['Query State D#2'],
    ],
    [
      'Query',
      {
        TableName: 'State',
        KeyConditions: { pk: { ComparisonOperator: 'EQ', AttributeValueList: [{ S: 'D#3' }] } },
      },
      ['Query State D#3'],
    ],
    [
      'BatchGetItem',
      {
        RequestItems: {
          State: { Keys: [key('S#1'), key('S#2'), key('S#1')] },
          Limiter: { Keys: [{ id: { S: 'p' } }] },
        },
      },
      ['BatchGetItem State S#1 S#2', 'BatchGetItem Limiter p'],
    ],
    [
      'BatchWriteItem',
      {
        RequestItems: {
          State: [{ PutRequest: { Item: key('S#1') } }, { DeleteRequest: { Key: key('D#1') } }],
        },
      },
      ['BatchWriteItem State S#1 D#1'],
    ],
    [
      'TransactWriteItems',
      {
        TransactItems: [
          { Put: { TableName: 'State', Item: key('S#1') } },
          { ConditionCheck: { TableName: 'State', Key: key('D#1') } },
          { Update: { TableName: 'Limiter', Key: { id: { S: 'p' } } } },
          { Delete: { TableName: 'State', Key: key('P#1') } },
        ],
      },
      ['PutItem State S#1', 'ConditionCheckItem State D#1', 'UpdateItem Limiter p', 'DeleteItem State P#1'],
    ],
    [
      'TransactGetItems',
      { TransactItems: [{ Get: { TableName: 'State', Key: key('S#1') } }] },
      ['GetItem State S#1'],
    ],
    ['Scan', { TableName: 'State' }, ['Scan State']],
    ['ListTables', {}, ['ListTables *']],
  ])('%s', (operation, input, expected) => {
    expect(needed(operation, input)).toEqual(expected);
  });

  it.each<readonly [string, string, JsonObject]>([
    ['a query without the partition key', 'Query', { TableName: 'State', KeyConditionExpression: 'sk = :s' }],
    ['an item without a key', 'PutItem', { TableName: 'State', Item: {} }],
    ['an unknown table', 'GetItem', { TableName: 'Other', Key: key('a') }],
  ])('%s cannot be told, which is no allow', (_case, operation, input) => {
    expect(() => dynamoDbPermissions(operation, input, place)).toThrow();
  });
});

describe('the guard', () => {
  const recorded = recordedCalls();
  const runKey = 'run';
  let guarded: LocalDynamoDb;
  const clientOf = (accessKeyId: string) =>
    new DynamoDBClient({
      endpoint: guarded.url,
      region: 'eu-west-1',
      credentials: { accessKeyId, secretAccessKey: 'local' },
    });
  let client: DynamoDBClient;

  beforeAll(async () => {
    const engine = await startDynamoDb();
    guarded = await startGuard(engine, { ...place, authorize: recorded.authorize, runKey });
    client = clientOf(accessKeyOfRun('Watch', runKey));
    await createTable(client, stateTable('State'));
  });
  afterAll(async () => {
    client.destroy();
    await guarded.close();
  });
  beforeEach(() => recorded.reset());

  it('passes on what is allowed, answers and errors alike', async () => {
    const put = new PutItemCommand({
      TableName: 'State',
      Item: { ...key('S#1'), body: { S: 'é'.repeat(100_000) } },
      ConditionExpression: 'attribute_not_exists(pk)',
    });
    await client.send(put);
    await expect(client.send(put)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    const { Responses } = await client.send(
      new BatchGetItemCommand({ RequestItems: { State: { Keys: [key('S#1'), key('S#2')] } } }),
    );
    expect(Responses?.State?.map(({ body }) => body?.S?.length)).toEqual([100_000]);
    expect(recorded.calls.map(({ action, context }) => [action, context])).toEqual([
      ['dynamodb:PutItem', { 'dynamodb:LeadingKeys': ['S#1'] }],
      ['dynamodb:PutItem', { 'dynamodb:LeadingKeys': ['S#1'] }],
      ['dynamodb:BatchGetItem', { 'dynamodb:LeadingKeys': ['S#1', 'S#2'] }],
    ]);
  });

  it('refuses the rest as DynamoDB does, before the engine sees it', async () => {
    recorded.refusedAction = 'dynamodb:PutItem';
    await expect(
      client.send(new PutItemCommand({ TableName: 'State', Item: key('S#refused') })),
    ).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringMatching(
        /^User: .* is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:eu-west-1:000000000000:table\/State because no /,
      ),
      $metadata: { httpStatusCode: 400 },
    });
    const found = await client.send(new GetItemCommand({ TableName: 'State', Key: key('S#refused') }));
    expect(found.Item).toBeUndefined();
    await expect(
      client.send(
        new QueryCommand({
          TableName: 'State',
          KeyConditionExpression: 'sk = :s',
          ExpressionAttributeValues: { ':s': { S: '' } },
        }),
      ),
    ).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('knows nobody but those of its run, and only requests of the protocol', async () => {
    const stranger = clientOf(accessKeyOfRun('Watch', 'another'));
    await expect(
      stranger.send(new GetItemCommand({ TableName: 'State', Key: key('a') })),
    ).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
    stranger.destroy();
    const headers = { authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyOfRun('Watch', runKey)}/x` };
    const broken = await fetch(guarded.url, { method: 'POST', headers, body: '{' });
    expect([broken.status, await broken.json()]).toMatchObject([
      400,
      { __type: expect.stringContaining('SerializationException') },
    ]);
    expect(recorded.calls).toEqual([]);
  });
});
