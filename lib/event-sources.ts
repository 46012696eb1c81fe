import { EventSourceMapping, type IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Queues } from './queues.ts';

/**
 * Invocations at once, per queue. They bound the pressure on Customer Insights (watch) and on the callback hosts; first
 * attempts and retries have budgets of their own, so that a backlog of retries takes nothing from first attempts.
 */
export const maximumConcurrency = { watch: 10, delivery: 20, retry: 5 } as const;

/** A watch message is a batch of instances in itself; deliveries are independent and taken ten at a time. */
const batchSize = { watch: 1, delivery: 10, retry: 10 } as const;

/** Which function consumes which queue. Only the messages that failed come back. */
export class EventSources extends Construct {
  constructor(
    scope: Construct,
    id: string,
    queues: Queues,
    functions: Readonly<Record<'watch' | 'deliver', IFunction>>,
  ) {
    super(scope, id);
    const connect = (name: keyof typeof batchSize, { queueArn }: IQueue, target: IFunction) =>
      new EventSourceMapping(this, name, {
        target,
        eventSourceArn: queueArn,
        batchSize: batchSize[name],
        maxConcurrency: maximumConcurrency[name],
        reportBatchItemFailures: true,
      });
    connect('watch', queues.watch.queue, functions.watch);
    connect('delivery', queues.delivery.queue, functions.deliver);
    connect('retry', queues.retry.queue, functions.deliver);
  }
}
