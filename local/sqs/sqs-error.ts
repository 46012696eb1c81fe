import { ServiceError } from '../aws/service-error.ts';

/**
 * Errors that the SQS model declares: name in the JSON protocol, code in the older query protocol, HTTP
 * status. Source: the `awsQueryError` and `httpError` traits of the SQS service model, as in
 * @aws-sdk/client-sqs.
 */
const modelled = {
  BatchEntryIdsNotDistinct: ['AWS.SimpleQueueService.BatchEntryIdsNotDistinct', 400],
  BatchRequestTooLong: ['AWS.SimpleQueueService.BatchRequestTooLong', 400],
  EmptyBatchRequest: ['AWS.SimpleQueueService.EmptyBatchRequest', 400],
  InvalidAttributeName: ['InvalidAttributeName', 400],
  InvalidAttributeValue: ['InvalidAttributeValue', 400],
  InvalidBatchEntryId: ['AWS.SimpleQueueService.InvalidBatchEntryId', 400],
  InvalidMessageContents: ['InvalidMessageContents', 400],
  MessageNotInflight: ['AWS.SimpleQueueService.MessageNotInflight', 400],
  QueueDoesNotExist: ['AWS.SimpleQueueService.NonExistentQueue', 400],
  QueueNameExists: ['QueueAlreadyExists', 400],
  ReceiptHandleIsInvalid: ['ReceiptHandleIsInvalid', 404],
  ResourceNotFoundException: ['ResourceNotFoundException', 404],
  TooManyEntriesInBatchRequest: ['AWS.SimpleQueueService.TooManyEntriesInBatchRequest', 400],
  UnsupportedOperation: ['AWS.SimpleQueueService.UnsupportedOperation', 400],
} as const satisfies Readonly<Record<string, readonly [string, number]>>;

export type SqsErrorName = keyof typeof modelled;

export const sqsError = (name: SqsErrorName, message: string): ServiceError => {
  const [queryCode, status] = modelled[name];
  return new ServiceError(`com.amazonaws.sqs#${name}`, message, { queryCode, status });
};

/** An error common to all services, outside the SQS model; SDK clients give it the name of the query code. */
const common =
  (type: string, queryCode: string, status: number) =>
  (message: string): ServiceError =>
    new ServiceError(`com.amazon.coral.service#${type}`, message, { queryCode, status });

export const invalidParameterValue = common('InvalidParameterValueException', 'InvalidParameterValue', 400);
export const unknownAction = common('UnknownOperationException', 'InvalidAction', 400);
export const accessDenied = common('AccessDeniedException', 'AccessDenied', 403);
