import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Queues } from './queues.ts';
import { consume, sendTo, useOwnKey, useTable } from './statements.ts';

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
    }: {
      readonly state: Pick<ITableV2, 'tableArn'>;
      readonly queues: Queues;
      readonly encryptionKey?: IKey | undefined;
    },
  ) {
    super(scope, id);
    const { watch, delivery, retry } = queues;
    this.policy = new ManagedPolicy(this, 'Policy', {
      description: 'What the operator commands of the Customer Insights connector call.',
      statements: [
        useTable(state, 'GetItem', 'Query', 'PutItem', 'DeleteItem'),
        consume(delivery.deadLetters, retry.deadLetters, watch.deadLetters),
        new PolicyStatement({
          actions: ['sqs:ChangeMessageVisibility'],
          resources: [delivery.deadLetters.queueArn, retry.deadLetters.queueArn],
        }),
        new PolicyStatement({
          actions: ['sqs:GetQueueAttributes'],
          resources: [watch, delivery, retry].map(({ queue }) => queue.queueArn),
        }),
        sendTo(delivery.queue, retry.queue),
        ...(encryptionKey ? [useOwnKey(encryptionKey, Stack.of(this))] : []),
      ],
    });
  }
}
