import { EventSourceMapping, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { ServingFunctionName } from '../lambda/functions.ts';
import { acceptRules } from './accepted-rules.ts';
import { consumptions, type Queues } from './queues.ts';

/** Which function consumes which queue. Only the messages that failed come back. */
export class EventSources extends Construct {
  constructor(
    scope: Construct,
    id: string,
    queues: Queues,
    functions: Readonly<Record<ServingFunctionName, IFunction>>,
  ) {
    super(scope, id);
    for (const { queue, consumer, batchSize, maximumConcurrency } of consumptions)
      new EventSourceMapping(this, queue, {
        target: functions[consumer],
        eventSourceArn: queues.named(queue).queueArn,
        batchSize,
        maxConcurrency: maximumConcurrency,
        reportBatchItemFailures: true,
      });
    acceptRules(this, 'eventSource');
  }
}
