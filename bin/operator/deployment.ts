/** A deployment as its operator's commands reach it: through AWS, with the region and the credentials of the environment. */
import { readFileSync } from 'node:fs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { ConfigurationError } from '../../config/check.ts';
import { type OperatorOutputs, operatorOutputNames } from '../../config/operator-outputs.ts';
import { isRecord } from '../../lambda/runtime/json.ts';
import { type Send, sqsSend } from '../../lambda/runtime/queue.ts';
import { type DeliveryStore, deliveryStore } from '../../lambda/store/deliveries.ts';
import { dynamoDbTable } from '../../lambda/store/dynamodb-table.ts';
import { type LedgerStore, ledgerStore } from '../../lambda/store/ledger.ts';
import { type SubscriptionStore, subscriptionStore } from '../../lambda/store/subscriptions.ts';
import { type DeadLetterQueue, sqsDeadLetters } from './dead-letters.ts';

export const defaultOutputsFile = 'cdk-outputs.json';

const howToGetThem =
  'Deploy with `npx cdk deploy --outputs-file cdk-outputs.json` and give that file with --outputs.';

/**
 * What the file that `cdk deploy --outputs-file` wrote says about where things are.
 * @throws ConfigurationError when it is absent, no JSON, or lacks an output
 */
export const readOperatorOutputs = (file: string): OperatorOutputs => {
  let values: unknown;
  try {
    values = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigurationError(file, [`it cannot be read as JSON: ${reason}. ${howToGetThem}`]);
  }
  const stacks = isRecord(values) ? Object.values(values).filter(isRecord) : [];
  const stack = stacks.find((each) => operatorOutputNames.stateTable in each) ?? {};
  const names = Object.entries(operatorOutputNames);
  const missing = names.filter(([, name]) => typeof stack[name] !== 'string');
  if (missing.length > 0)
    throw new ConfigurationError(
      file,
      missing.map(([, name]) => `the output ${name} is missing. ${howToGetThem}`),
    );
  return Object.fromEntries(names.map(([key, name]) => [key, String(stack[name])])) as OperatorOutputs;
};

export interface Deployment {
  readonly subscriptions: SubscriptionStore;
  readonly deliveries: DeliveryStore;
  readonly ledger: LedgerStore;
  /** Deliveries that were given up, by the queue that holds them. */
  readonly deadLetters: readonly DeadLetterQueue[];
  /** The queue of later attempts: what an operator sends again must not hold up first attempts. */
  readonly sendRetry: Send;
  /** Finds region and credentials in the environment. @throws what the SDK throws where one is missing */
  signIn(): Promise<void>;
  close(): void;
}

export const openDeployment = (outputs: OperatorOutputs): Deployment => {
  const database = new DynamoDBClient({});
  const sqs = new SQSClient({});
  const table = dynamoDbTable(database, outputs.stateTable);
  return {
    subscriptions: subscriptionStore(table),
    deliveries: deliveryStore(table),
    ledger: ledgerStore(table, { now: Date.now, newVersion: () => crypto.randomUUID() }),
    deadLetters: [
      sqsDeadLetters(sqs, 'given up', outputs.deliveryDeadLetters),
      sqsDeadLetters(sqs, 'failed while being tried again', outputs.retryDeadLetters),
    ],
    sendRetry: sqsSend(sqs, outputs.retryQueue),
    signIn: async () => {
      await sqs.config.region();
      await sqs.config.credentials();
    },
    close: () => {
      database.destroy();
      sqs.destroy();
    },
  };
};
