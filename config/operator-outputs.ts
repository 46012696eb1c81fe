/** Stack outputs for the operator commands: the locations of the state and the queues. */
export const operatorOutputNames = {
  stateTable: 'StateTableName',
  deliveryQueue: 'DeliveryQueueUrl',
  retryQueue: 'RetryQueueUrl',
  deliveryDeadLetters: 'DeliveryDeadLettersUrl',
  retryDeadLetters: 'RetryDeadLettersUrl',
  watchDeadLetters: 'WatchDeadLettersUrl',
} as const;

/** What begins the names of secrets of added instances (instance-keys.ts); absent in stacks of earlier versions. */
export const addedKeysOutput = 'AddedKeysPrefix';

export type OperatorOutputs = Readonly<Record<keyof typeof operatorOutputNames, string>>;

/** Name of the output with the ARN of the key of the callback URLs; deployments of earlier versions lack it. */
export const callbackKeyOutput = 'CallbackKeyArn';

/** Key beside the stack in the outputs file of a local run; its value is a `LocalServices`. */
export const localServicesKey = 'LocalServices';

/**
 * The services of a local run. With them in the file, the commands reach neither another run nor an account.
 */
export interface LocalServices {
  readonly region: string;
  /** URLs. */
  readonly dynamoDb: string;
  readonly sqs: string;
  /** What the services take as a signature; random for each run. */
  readonly accessKeyId: string;
  /** URLs of what doctor asks; absent in files of earlier versions. */
  readonly secretsManager?: string;
  readonly kms?: string;
  readonly api?: string;
  readonly customerInsights?: string;
  /** Issuer of tokens. */
  readonly authority?: string;
  /** The control of the run, and its key. */
  readonly control?: string;
  readonly controlKey?: string;
}
