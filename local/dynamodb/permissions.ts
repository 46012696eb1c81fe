/**
 * What a request to DynamoDB needs, in the words of IAM: the action on each table, with the partition keys that it
 * touches as `dynamodb:LeadingKeys`.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 */
import { isJsonObject, type Json, type JsonObject } from '../../connector/emit/json.ts';
import type { Permission } from '../aws/authorize.ts';

export interface TablePlace {
  /** ARN of a table by its name. */
  readonly arnOf: (tableName: string) => string;
  /** Name of the attribute that is a table's partition key; undefined when the table is not known. */
  readonly partitionKeyOf: (tableName: string) => string | undefined;
}

/** The partition keys of a request cannot be told, so no policy could be evaluated on it. */
export class UnknownKeys extends Error {}

const within = (value: Json | undefined, name: string): Json | undefined =>
  isJsonObject(value) ? value[name] : undefined;

const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

/** The value of an attribute (`{"S": …}`) as a condition sees it. */
const scalar = (attribute: Json | undefined): string => {
  const [value] = isJsonObject(attribute) ? Object.values(attribute) : [];
  if (typeof value !== 'string') throw new UnknownKeys('The request has no partition key.');
  return value;
};

/** The value that a query's key condition compares the partition key with: `pk = :pk AND …`, in any order. */
const queriedKey = (input: JsonObject, partitionKey: string): string => {
  const legacy = listOf(within(within(input.KeyConditions, partitionKey), 'AttributeValueList'));
  if (legacy[0] !== undefined) return scalar(legacy[0]);
  const { KeyConditionExpression: expression } = input;
  if (typeof expression === 'string')
    for (const [, left = '', right = ''] of expression.matchAll(/([#:]?\w+)\s*=\s*([#:]?\w+)/g))
      for (const [name, value] of [
        [left, right],
        [right, left],
      ] as const)
        if ((name.startsWith('#') ? within(input.ExpressionAttributeNames, name) : name) === partitionKey)
          return scalar(within(input.ExpressionAttributeValues, value));
  throw new UnknownKeys(`The local run finds no value of ${partitionKey} in the key condition of the query.`);
};

/** @throws UnknownKeys */
export const dynamoDbPermissions = (
  operation: string,
  input: JsonObject,
  { arnOf, partitionKeyOf }: TablePlace,
): readonly Permission[] => {
  const keyOf = (table: string): string => {
    const key = partitionKeyOf(table);
    if (key === undefined) throw new UnknownKeys(`The table ${table} is not one of the template.`);
    return key;
  };
  /** @param items keys, or whole items */
  const on = (action: string, table: string, items: readonly (Json | undefined)[]): Permission => ({
    action: `dynamodb:${action}`,
    resource: arnOf(table),
    context: {
      'dynamodb:LeadingKeys': [...new Set(items.map((item) => scalar(within(item, keyOf(table)))))],
    },
  });
  const tables = Object.entries(isJsonObject(input.RequestItems) ? input.RequestItems : {});
  const table = String(input.TableName ?? '');
  switch (operation) {
    case 'GetItem':
    case 'UpdateItem':
    case 'DeleteItem':
      return [on(operation, table, [input.Key])];
    case 'PutItem':
      return [on(operation, table, [input.Item])];
    case 'Query':
      return [
        {
          action: 'dynamodb:Query',
          resource: arnOf(table),
          context: { 'dynamodb:LeadingKeys': [queriedKey(input, keyOf(table))] },
        },
      ];
    case 'BatchGetItem':
      return tables.map(([name, request]) => on(operation, name, listOf(within(request, 'Keys'))));
    case 'BatchWriteItem':
      return tables.map(([name, writes]) =>
        on(
          operation,
          name,
          listOf(writes).map(
            (write) =>
              within(within(write, 'PutRequest'), 'Item') ?? within(within(write, 'DeleteRequest'), 'Key'),
          ),
        ),
      );
    case 'TransactGetItems':
    case 'TransactWriteItems':
      // Each part needs the right of its single form.
      return listOf(input.TransactItems).flatMap((item) =>
        Object.entries(isJsonObject(item) ? item : {}).map(([kind, part]) =>
          on(
            kind === 'ConditionCheck' ? 'ConditionCheckItem' : `${kind}Item`,
            String(within(part, 'TableName') ?? ''),
            [within(part, 'Item') ?? within(part, 'Key')],
          ),
        ),
      );
    default:
      return [{ action: `dynamodb:${operation}`, resource: table === '' ? '*' : arnOf(table) }];
  }
};
