import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Queues } from './queues.ts';
import { openCallbacks, sealCallbacks, sendTo, useOwnKey, useTable } from './statements.ts';

/**
 * A policy for the people who run the deployment: exactly what the operator commands (status, subscriptions, why,
 * redrive, replay) call. They attach it to a role of their own; the stack attaches it to nothing.
 */
export class OperatorPolicy extends Construct {
  readonly policy: ManagedPolicy;

  constructor(
    scope: Construct,
    id: string,
    {
      state,
      queues,
      encryptionKey,
      callbackKey,
    }: {
      readonly state: Pick<ITableV2, 'tableArn'>;
      readonly queues: Queues;
      readonly encryptionKey?: IKey | undefined;
      /** Given while operators may read and write the callback URLs, to move subscriptions. */
      readonly callbackKey?: IKey | undefined;
    },
  ) {
    super(scope, id);
    const { delivery, retry } = queues;
    this.policy = new ManagedPolicy(this, 'Policy', {
      description: 'What the operator commands of the Customer Insights connector call.',
      statements: [
        useTable(state, ['GetItem', 'Query', 'PutItem', 'DeleteItem']),
        // How many messages wait. Dead letters are read and sent again from the table, where a function keeps them.
        new PolicyStatement({
          actions: ['sqs:GetQueueAttributes'],
          resources: [
            ...[delivery, retry].map(({ queue }) => queue.queueArn),
            ...queues.all.map(({ deadLetters }) => deadLetters.queueArn),
          ],
        }),
        sendTo(retry.queue),
        ...(callbackKey ? [...openCallbacks(callbackKey), ...sealCallbacks(callbackKey)] : []),
        ...(encryptionKey ? [useOwnKey(encryptionKey, Stack.of(this))] : []),
      ],
    });
  }
}
