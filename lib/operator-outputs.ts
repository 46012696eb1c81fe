import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { type OperatorOutputs, operatorOutputNames } from '../config/operator-outputs.ts';
import type { Queues } from './queues.ts';

const descriptions: OperatorOutputs = {
  stateTable: 'Table of the subscriptions, their deliveries and decisions.',
  deliveryQueue: 'Queue of first attempts.',
  retryQueue: 'Queue of later attempts.',
  deliveryDeadLetters: 'Deliveries that were given up, until their record is written.',
  retryDeadLetters: 'Later attempts that could not be handled, until their record is written.',
  watchDeadLetters: 'Polls of instances that could not be handled, until their record is written.',
};

/** The outputs by which the operator commands (why, redrive, replay) find a deployment. */
export const operatorOutputs = ({
  state,
  queues: { watch, delivery, retry },
}: {
  readonly state: Pick<ITableV2, 'tableName'>;
  readonly queues: Queues;
}) => {
  const values: OperatorOutputs = {
    stateTable: state.tableName,
    deliveryQueue: delivery.queue.queueUrl,
    retryQueue: retry.queue.queueUrl,
    deliveryDeadLetters: delivery.deadLetters.queueUrl,
    retryDeadLetters: retry.deadLetters.queueUrl,
    watchDeadLetters: watch.deadLetters.queueUrl,
  };
  return (Object.keys(values) as (keyof OperatorOutputs)[]).map((key) => ({
    name: operatorOutputNames[key],
    value: values[key],
    description: descriptions[key],
  }));
};
