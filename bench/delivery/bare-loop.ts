/**
 * The least that a delivery with a record can be: a signed write, a POST, a signed write. A delivery is measured by its
 * ratio to this, because the ratio is the same on a fast machine and on a slow one. It shares no code with the
 * functions but the signer.
 */
import { Agent, request } from 'node:http';
import { createSigner } from '../../lambda/runtime/aws-client.ts';
import { becomePart, partInput } from '../proxy/part.ts';
import { flows, messageFor } from './messages.ts';
import { type WorkQuestion, workOff } from './work.ts';

interface BareInput {
  readonly dynamoDb: string;
  readonly tableName: string;
  readonly receiver: string;
}

const { dynamoDb, tableName, receiver } = partInput<BareInput>();
const atOnce = 200;
const agent = new Agent({ keepAlive: true, maxSockets: 50 });

const sign = createSigner('dynamodb', 'eu-west-1', { accessKeyId: 'local', secretAccessKey: 'local' });

const post = (url: URL, headers: Readonly<Record<string, string>>, body: string) =>
  new Promise<void>((resolve, reject) => {
    const outgoing = request(
      url,
      { method: 'POST', agent, headers: { ...headers, 'content-length': Buffer.byteLength(body) } },
      (answer) => {
        const { statusCode = 0 } = answer;
        answer.resume();
        answer.on('end', () => (statusCode < 300 ? resolve() : reject(new Error(`status ${statusCode}`))));
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });

const database = new URL(dynamoDb);
const write = async (item: Readonly<Record<string, string>>, condition: object) => {
  const body = JSON.stringify({
    TableName: tableName,
    Item: Object.fromEntries(Object.entries(item).map(([name, value]) => [name, { S: value }])),
    ...condition,
  });
  const headers = await sign(
    {
      url: database,
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': 'DynamoDB_20120810.PutItem',
      },
      body,
    },
    new Date(),
  );
  await post(database, headers, body);
};

let prepared: readonly { readonly key: string; readonly body: string }[] = [];

const hook = new URL(`${receiver}/workflows/1/triggers/manual/run`);

const deliver = async ({ key, body }: (typeof prepared)[number]): Promise<number> => {
  const item = { pk: 'bare', sk: key, body };
  await write({ ...item, version: '1' }, { ConditionExpression: 'attribute_not_exists(pk)' });
  await post(hook, { 'content-type': 'application/json; charset=utf-8' }, body);
  await write(
    { ...item, version: '2' },
    {
      ConditionExpression: '#version = :expected',
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: { ':expected': { S: '1' } },
    },
  );
  return 0;
};

becomePart('', async (question) => {
  if (question === 'work') return workOff(prepared, atOnce, deliver);
  const { events, run } = question as WorkQuestion;
  prepared = Array.from({ length: events }, (_, event) => ({
    key: `${run}${event}`,
    body: JSON.stringify(messageFor(event, event % flows, run)),
  }));
  return null;
});
