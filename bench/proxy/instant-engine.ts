/**
 * Answers what the limiters ask of DynamoDB, from memory and at once: what remains of a call is the work of function or
 * peer. It knows the expressions of our limiter and of rate-limiter-flexible, and rows of instances, and refuses every
 * other.
 */
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Attributes, AttributeValue } from '../../lambda/runtime/aws-services.ts';
import { becomePart, listening } from './part.ts';

interface Update {
  readonly Key: Attributes;
  readonly UpdateExpression: string;
  readonly ConditionExpression: string;
  readonly ExpressionAttributeValues: Attributes;
}

/** Of a connection or a counter, by its key as JSON. */
const items = new Map<string, Attributes>();

/** The rows of instances, by table and key. */
const rows = new Map<string, Attributes>();

interface RowRequest {
  readonly TableName: string;
  readonly Item?: Attributes;
  readonly Key?: Attributes;
  readonly ExpressionAttributeValues?: Attributes;
}

const rowName = (table: string, { pk, sk }: Attributes): string => JSON.stringify([table, pk?.S, sk?.S]);

/** Whether conditions hold is not looked at: one process writes them, once. */
const answerOfRows = (operation: string, { TableName, ...request }: RowRequest): object => {
  if (operation === 'GetItem') {
    const Item = rows.get(rowName(TableName, request.Key ?? {}));
    return Item ? { Item } : {};
  }
  if (operation === 'Query') {
    const begins = JSON.stringify([TableName, request.ExpressionAttributeValues?.[':pk']?.S]).slice(0, -1);
    return { Items: [...rows].flatMap(([name, row]) => (name.startsWith(`${begins},`) ? [row] : [])) };
  }
  rows.set(rowName(TableName, request.Item ?? {}), request.Item ?? {});
  return {};
};

const numberOf = (value: AttributeValue | undefined): number => Number(value?.N);

/** Our limiter (lambda/limiter/dynamodb-store.ts): one slot of a list is replaced. */
const replacement = /^SET t\[\d+\] = :time, expiresAt = :expiresAt REMOVE t\[(\d+)\]$/;

/** @returns the item after the update; undefined where the condition does not hold */
const updated = (update: Update, item: Attributes | undefined): Attributes | undefined => {
  const { UpdateExpression: expression, ExpressionAttributeValues: values } = update;
  const now = values[':where_expire'];
  const [, slot] = replacement.exec(expression) ?? [];
  if (slot !== undefined) {
    const list = item?.t?.L ?? [];
    const isFree = numberOf(list[Number(slot)]) <= numberOf(values[':notAfter']);
    const { ':time': time = {}, ':expiresAt': expiresAt = {} } = values;
    return isFree ? { t: { L: [...list.toSpliced(Number(slot), 1), time] }, expiresAt } : undefined;
  }
  const {
    ':times': t = {},
    ':expiresAt': expiresAt = {},
    ':new_points': points = {},
    ':new_expire': expire = {},
  } = values;
  switch (expression) {
    case 'SET t = :times, expiresAt = :expiresAt':
      return item === undefined ? { t, expiresAt } : undefined;
    // rate-limiter-flexible: a window begins, or goes on.
    case 'SET points = :new_points, expire = :new_expire':
      return item === undefined || numberOf(item.expire) <= numberOf(now) ? { points, expire } : undefined;
    case 'SET points = points + :new_points':
      return item !== undefined && numberOf(item.expire) > numberOf(now)
        ? { ...item, points: { N: String(numberOf(item.points) + numberOf(points)) } }
        : undefined;
    default:
      throw new Error(`The instant engine does not know the expression ${expression}.`);
  }
};

const answerTo = (operation: string, body: string): readonly [status: number, answer: object] => {
  if (['GetItem', 'PutItem', 'Query'].includes(operation))
    return [200, answerOfRows(operation, JSON.parse(body) as RowRequest)];
  if (operation !== 'UpdateItem') throw new Error(`The instant engine does not know ${operation}.`);
  const update = JSON.parse(body) as Update;
  const key = JSON.stringify(update.Key);
  const item = items.get(key);
  const after = updated(update, item);
  if (after === undefined) {
    const type = 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException';
    return [400, { __type: type, message: 'The conditional request failed', ...(item && { Item: item }) }];
  }
  items.set(key, after);
  return [200, { Attributes: { ...update.Key, ...after } }];
};

const server = createServer(async (request, response) => {
  const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
  const [status, answer] = answerTo(operation, await text(request));
  const body = JSON.stringify(answer);
  response
    .writeHead(status, {
      'content-type': 'application/x-amz-json-1.0',
      'content-length': Buffer.byteLength(body),
    })
    .end(body);
});
becomePart(await listening(server));
