/** Puts a snapshot into a deployment, in place of what lies there. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import {
  type AttributeValue,
  DeleteItemCommand,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { localAccount } from '../../../local/aws/account.ts';
import { Keys } from '../../../local/aws/keys.ts';
import { callbackKeyId, type HeldDeployment, type QueueName, type TableName } from './pinned-deployment.ts';
import type { Snapshot } from './story.ts';

interface Sealed {
  readonly dataKey: string;
  readonly sealed: string;
}

const nonceBytes = 12;
const tagBytes = 16;

/**
 * Opens callback URLs as 0.1.0 has sealed them, and seals them the same way: only the port of the flows' host is another one in
 * every run. Written from the form, and not with the program's own cipher, which has to open the result.
 */
const readdressed = (keyMaterial: Uint8Array, authority: string) => {
  const keys = new Keys(localAccount);
  return ({ dataKey, sealed }: Sealed, subscriptionId: string): Sealed => {
    const wrapped = Buffer.from(dataKey, 'base64');
    // The local KMS writes the id of the key before what it encrypts.
    keys.create(wrapped.subarray(0, 36).toString('latin1'), [], keyMaterial);
    const key = keys.decrypt(wrapped, { purpose: 'callback-url' });
    const bytes = Buffer.from(sealed, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes))
      .setAAD(Buffer.from(subscriptionId))
      .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
    const url =
      decipher.update(bytes.subarray(nonceBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8');
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(subscriptionId));
    const text = Buffer.concat([
      cipher.update(url.replace(/127\.0\.0\.1:\d+/, authority), 'utf8'),
      cipher.final(),
    ]);
    return { dataKey, sealed: Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64') };
  };
};

type Item = Readonly<Record<string, AttributeValue>>;

interface SubscriptionBody {
  readonly v: number;
  readonly record: { readonly subscriptionId: string; readonly callback?: Sealed };
}

export const loadSnapshot = async (
  { database, tableName, queue, receiver }: HeldDeployment,
  { tables, queues, keyMaterial, takenAt }: Snapshot,
): Promise<void> => {
  const readdress = readdressed(Buffer.from(keyMaterial[callbackKeyId] ?? '', 'base64'), receiver.authority);
  const current = (item: Item): Item => {
    if (item.sk?.S !== 'SUBSCRIPTION' || item.body?.S === undefined) return item;
    const { v, record } = JSON.parse(item.body.S) as SubscriptionBody;
    if (!record.callback) throw new Error(`${item.pk?.S} has no callback URL.`);
    const callback = readdress(record.callback, record.subscriptionId);
    return { ...item, body: { S: JSON.stringify({ v, record: { ...record, callback } }) } };
  };
  for (const [name, items] of Object.entries(tables) as [TableName, Snapshot['tables'][TableName]][]) {
    const TableName = tableName(name);
    const { Items = [], LastEvaluatedKey } = await database.send(new ScanCommand({ TableName }));
    if (LastEvaluatedKey) throw new Error(`${name} holds more than one page.`);
    for (const { pk, sk, id } of Items)
      await database.send(
        new DeleteItemCommand({ TableName, Key: { ...(pk && sk && { pk, sk }), ...(id && { id }) } }),
      );
    for (const item of items)
      await database.send(new PutItemCommand({ TableName, Item: { ...current(item) } }));
  }
  for (const [name, messages] of Object.entries(queues) as [QueueName, Snapshot['queues'][QueueName]][]) {
    queue(name).purge();
    for (const { body, group, visibleAt } of messages)
      queue(name).send(body, {
        ...(group !== null && { group }),
        delaySeconds: Math.max(0, Math.ceil((visibleAt - takenAt) / 1_000)),
      });
  }
};
