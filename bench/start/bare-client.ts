/** The least that a function with a table can be: a client, and one command so that it is not empty. */
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';

const client = new DynamoDBClient({});

export const handler = (key: string) =>
  client.send(new UpdateItemCommand({ TableName: 'table', Key: { id: { S: key } } }));
