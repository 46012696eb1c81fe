/** Stack outputs that the operator's commands work with: where the state and the queues are. */
export const operatorOutputNames = {
  stateTable: 'StateTableName',
  deliveryQueue: 'DeliveryQueueUrl',
  retryQueue: 'RetryQueueUrl',
  deliveryDeadLetters: 'DeliveryDeadLettersUrl',
  retryDeadLetters: 'RetryDeadLettersUrl',
  watchDeadLetters: 'WatchDeadLettersUrl',
} as const;

export type OperatorOutputs = Readonly<Record<keyof typeof operatorOutputNames, string>>;
