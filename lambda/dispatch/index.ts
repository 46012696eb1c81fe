/** The function `dispatch` as it is deployed: called once a minute. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { sqsSend } from '../queue/queue.ts';
import { environment, readSettings } from '../settings.ts';
import { dynamoDbTable } from '../store/dynamodb-table.ts';
import { leaseStore } from '../watch/lease.ts';
import { dispatch } from './dispatch.ts';

const instanceIds = readSettings().instances.map(({ id }) => id);
const ports = {
  leases: leaseStore(dynamoDbTable(new DynamoDBClient({}), environment('STATE_TABLE'))),
  sendWatch: sqsSend(new SQSClient({}), environment('WATCH_QUEUE_URL')),
  now: () => Date.now(),
};

/** A failure is the schedule's to repeat; the leases make a repeated tick harmless. */
export const handler = async (): Promise<{ readonly messages: number }> => ({
  messages: await dispatch(ports, instanceIds),
});
