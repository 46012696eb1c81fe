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

/** Key beside the stack in the outputs file of a local run; its value is a `LocalServices`. */
export const localServicesKey = 'LocalServices';

/** What stands for AWS in a local run. With these in the file, its commands can reach no other run and no account. */
export interface LocalServices {
  readonly region: string;
  /** URLs. */
  readonly dynamoDb: string;
  readonly sqs: string;
  /** What the services take as a signature; random for each run. */
  readonly accessKeyId: string;
}
