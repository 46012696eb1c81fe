import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { EnvironmentName } from '../lambda/runtime/settings.ts';
import type { FunctionName } from './functions.ts';
import type { Queues } from './queues.ts';
import type { SecretAccess } from './secret-access.ts';
import { consume, sendTo, useKey, useTable } from './statements.ts';

/** What a function is told, and what it is allowed; nothing that it does not use. */
export interface FunctionAccess {
  readonly environment: Readonly<Partial<Record<EnvironmentName, string>>>;
  readonly statements: readonly PolicyStatement[];
  readonly managedPolicies: readonly ManagedPolicy[];
}

export interface Resources {
  readonly state: Pick<ITableV2, 'tableArn' | 'tableName'>;
  readonly limiter: Pick<ITableV2, 'tableArn' | 'tableName'>;
  readonly queues: Queues;
  readonly callbackKey: IKey;
  readonly secretAccess: SecretAccess;
  readonly customerInsightsUrl: string;
  readonly authority: string;
}

export const accessOf = (resources: Resources): Readonly<Record<FunctionName, FunctionAccess>> => {
  const { state, limiter, callbackKey, secretAccess } = resources;
  const { watch, delivery, retry } = resources.queues;
  const stateTable = { STATE_TABLE: state.tableName };
  const limiterTable = { LIMITER_TABLE: limiter.tableName };
  const watchQueue = { WATCH_QUEUE_URL: watch.queue.queueUrl };
  const deliveryQueue = { DELIVERY_QUEUE_URL: delivery.queue.queueUrl };
  const callbackKeyId = { CALLBACK_KEY_ID: callbackKey.keyId };
  /** For those that call Customer Insights. */
  const upstream = { CUSTOMER_INSIGHTS_URL: resources.customerInsightsUrl, AUTHORITY: resources.authority };
  /** What an instance grants is shared by all that call it: read before a call, written when it asks for a pause. */
  const useUpstreamBudget = useTable(limiter, 'GetItem', 'UpdateItem');
  return {
    subscriptions: {
      environment: { ...upstream, ...stateTable, ...limiterTable, ...callbackKeyId, ...deliveryQueue },
      statements: [
        // Query: the lists of subscriptions, deliveries and decisions.
        useTable(state, 'GetItem', 'Query', 'PutItem', 'DeleteItem'),
        // The limit per connection needs the same.
        useUpstreamBudget,
        // Samples.
        sendTo(delivery.queue),
        useKey(callbackKey, 'GenerateDataKey'),
        ...secretAccess.statements,
      ],
      managedPolicies: secretAccess.managedPolicies,
    },
    proxy: {
      environment: { ...upstream, ...limiterTable, ...stateTable },
      statements: [
        // The limit per connection needs the same.
        useUpstreamBudget,
        // Which rows were sent to be created; see lambda/proxy/sent-rows.ts.
        useTable(state, 'GetItem', 'PutItem', 'DeleteItem'),
        ...secretAccess.statements,
      ],
      managedPolicies: secretAccess.managedPolicies,
    },
    dispatch: {
      environment: { ...stateTable, ...watchQueue },
      // Beside the leases: subscriptions that were paused too long.
      statements: [useTable(state, 'GetItem', 'Query', 'PutItem', 'DeleteItem'), sendTo(watch.queue)],
      managedPolicies: [],
    },
    watch: {
      environment: {
        ...upstream,
        ...stateTable,
        ...limiterTable,
        ...watchQueue,
        ...deliveryQueue,
      },
      statements: [
        // DeleteItem: the entry of a subscription that it pauses.
        useTable(state, 'GetItem', 'Query', 'PutItem', 'DeleteItem'),
        useUpstreamBudget,
        consume(watch.queue),
        sendTo(watch.queue, delivery.queue),
        ...secretAccess.statements,
      ],
      managedPolicies: secretAccess.managedPolicies,
    },
    deliver: {
      environment: {
        ...stateTable,
        ...callbackKeyId,
        RETRY_QUEUE_URL: retry.queue.queueUrl,
        // A delivery that was given up after its last attempt lies where one that could not be handled at all does.
        DEAD_LETTER_QUEUE_URL: delivery.deadLetters.queueUrl,
      },
      statements: [
        // Query: the newest deliveries, when a subscription keeps failing.
        useTable(state, 'GetItem', 'Query', 'PutItem', 'DeleteItem'),
        consume(delivery.queue, retry.queue),
        sendTo(retry.queue, delivery.deadLetters),
        useKey(callbackKey, 'Decrypt'),
      ],
      managedPolicies: [],
    },
  };
};
