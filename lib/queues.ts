import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { messageRetentionDays } from '../config/retention.ts';
import {
  type ConsumedQueueName,
  functionFacts,
  type QueueConsumption,
  type QueueName,
  type ServingFunctionName,
  servingFunctionNames,
  type Use,
} from '../lambda/functions.ts';
import { acceptRules } from './accepted-rules.ts';
import { constructId } from './construct-id.ts';

/**
 * Receives before a message is a dead letter. At least 5, because a receive that the function's concurrency
 * then refuses counts too: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
const maximumReceives = 5;

/**
 * A message in flight may be retried inside one visibility time-out; AWS recommends six times the function's
 * time-out.
 */
const visibilityFactor = 6;

export interface Consumption extends QueueConsumption {
  readonly queue: ConsumedQueueName;
  readonly consumer: ServingFunctionName;
}

/** Which function consumes which queue, as the functions declare it. */
export const consumptions: readonly Consumption[] = servingFunctionNames.flatMap((consumer) =>
  functionFacts[consumer].uses.flatMap((use: Use) =>
    'consume' in use
      ? Object.entries(use.consume).map(([queue, facts]) => ({
          queue: queue as ConsumedQueueName,
          consumer,
          ...facts,
        }))
      : [],
  ),
);

/** How long a message is hidden that was received. */
const visibilityOf = (name: ConsumedQueueName): Duration => {
  const consumerSeconds = consumptions
    .filter(({ queue }) => queue === name)
    .map(({ consumer }) => functionFacts[consumer].timeoutSeconds);
  return Duration.seconds(Math.max(...consumerSeconds) * visibilityFactor);
};

/** The queue itself, or the one whose dead letters it holds. */
const queueOf = (name: ConsumedQueueName): QueueName => name.replace(/DeadLetters$/, '') as QueueName;

export interface QueueWithDeadLetters {
  readonly queue: Queue;
  readonly deadLetters: Queue;
}

/** The queues between dispatch, watch and deliver, each with its dead letters. */
export class Queues extends Construct {
  readonly #encryption: Pick<QueueProps, 'encryption' | 'encryptionMasterKey'>;
  /** dispatch → watch: batches of instances that are due. */
  readonly watch: QueueWithDeadLetters;
  /** watch → deliver: first attempts, which never wait behind retries. */
  readonly delivery: QueueWithDeadLetters;
  /** deliver → deliver: later attempts, sent with a delay. */
  readonly retry: QueueWithDeadLetters;

  /** @param encryptionKey in place of the keys of SQS */
  constructor(scope: Construct, id: string, encryptionKey?: IKey) {
    super(scope, id);
    this.#encryption = encryptionKey
      ? { encryption: QueueEncryption.KMS, encryptionMasterKey: encryptionKey }
      : { encryption: QueueEncryption.SQS_MANAGED };
    this.watch = this.#queue('watch');
    this.delivery = this.#queue('delivery');
    this.retry = this.#queue('retry');
  }

  get all(): readonly QueueWithDeadLetters[] {
    return [this.watch, this.delivery, this.retry];
  }

  named(name: ConsumedQueueName): Queue {
    const queue = queueOf(name);
    return name === queue ? this[queue].queue : this[queue].deadLetters;
  }

  #queue(queueName: QueueName): QueueWithDeadLetters {
    const name = constructId(queueName);
    const protection = { ...this.#encryption, enforceSSL: true };
    const deadLetters = new Queue(this, `${name}DeadLetters`, {
      ...protection,
      retentionPeriod: Duration.days(messageRetentionDays.deadLetters),
      visibilityTimeout: visibilityOf(`${queueName}DeadLetters`),
    });
    acceptRules(deadLetters, 'deadLetters');
    const queue = new Queue(this, `${name}Queue`, {
      ...protection,
      retentionPeriod: Duration.days(messageRetentionDays.queue),
      visibilityTimeout: visibilityOf(queueName),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: maximumReceives },
    });
    return { queue, deadLetters };
  }
}
