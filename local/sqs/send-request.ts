import type { Fields } from '../aws/fields.ts';
import type { ServiceError } from '../aws/service-error.ts';
import type { LocalQueue } from './local-queue.ts';
import { attributesDigest, bodyDigest } from './message-digest.ts';
import type { MessageAttribute, MessageAttributes } from './queue-state.ts';
import { invalidParameterValue, sqsError } from './sqs-error.ts';

/** Characters that SQS takes in a body: those of XML 1.0. https://www.w3.org/TR/REC-xml/#charsets */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the standard names them
const outsideXml = /[^\u{9}\u{A}\u{D}\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/**
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html (MessageGroupId)
 */
const groupForm = /^[\w!"#$%&'()*+,./:;<=>?@[\\\]^`{|}~-]{1,128}$/;

/** A message to send, checked against the limits of the API. */
export interface SendRequest {
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly delaySeconds: number | undefined;
  readonly group: string | undefined;
  /** Of body and attributes, as the size limits count. */
  readonly bytes: number;
}

export const sendMembers: readonly string[] = [
  'MessageBody',
  'DelaySeconds',
  'MessageAttributes',
  'MessageGroupId',
];

/** Reads the members of SendMessage, or of an entry of SendMessageBatch. Throws a ServiceError. */
export const readSend = (input: Fields, queue: LocalQueue): SendRequest => {
  const body = input.string('MessageBody');
  const attributes = readAttributes(input);
  const delaySeconds = input.optionalInteger('DelaySeconds', { min: 0, max: 900 });
  const group = input.optionalString('MessageGroupId');
  const bytes = Buffer.byteLength(body) + attributesBytes(attributes);
  if (body === '') throw invalidParameterValue('The request must contain the parameter MessageBody.');
  if (outsideXml.test(body))
    throw sqsError(
      'InvalidMessageContents',
      'Invalid characters found. SQS takes the characters of XML 1.0.',
    );
  if (bytes > queue.settings.maximumMessageBytes)
    throw invalidParameterValue(
      `One or more parameters are invalid. Reason: Message must be shorter than ${queue.settings.maximumMessageBytes} bytes; it has ${bytes}.`,
    );
  if (group !== undefined && !groupForm.test(group))
    throw invalidParameterValue(
      `Value ${group} for parameter MessageGroupId is invalid. Reason: MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
    );
  return { body, attributes, delaySeconds, group, bytes };
};

/** Sends and answers as SendMessage does. */
export const sendTo = (queue: LocalQueue, request: SendRequest): Readonly<Record<string, string>> => {
  const message = queue.send(request.body, {
    attributes: request.attributes,
    delaySeconds: request.delaySeconds,
    ...(request.group !== undefined && { group: request.group }),
  });
  const digest = attributesDigest(request.attributes);
  return {
    MessageId: message.id,
    MD5OfMessageBody: bodyDigest(request.body),
    ...(digest === undefined ? {} : { MD5OfMessageAttributes: digest }),
  };
};

const readAttributes = (input: Fields): MessageAttributes => {
  const given = input.structureMap('MessageAttributes');
  if (given.size > 10)
    throw invalidParameterValue(`A message carries at most 10 attributes, not ${given.size}.`);
  return Object.fromEntries([...given].map(([name, fields]) => [name, readAttribute(name, fields)]));
};

const readAttribute = (name: string, fields: Fields): MessageAttribute => {
  const dataType = fields.string('DataType');
  if (/^Binary(\.|$)/.test(dataType))
    return {
      DataType: dataType,
      BinaryValue: fields.optionalString('BinaryValue') ?? throwIt(emptyAttribute(name)),
    };
  if (/^(String|Number)(\.|$)/.test(dataType))
    return {
      DataType: dataType,
      StringValue: fields.optionalString('StringValue') || throwIt(emptyAttribute(name)),
    };
  throw invalidParameterValue(
    `The type of message attribute '${name}' is invalid: ${dataType}. It must start with String, Number or Binary.`,
  );
};

const attributesBytes = (attributes: MessageAttributes): number =>
  Object.entries(attributes).reduce((sum, [name, { DataType, StringValue, BinaryValue }]) => {
    const value =
      BinaryValue === undefined ? Buffer.from(StringValue ?? '') : Buffer.from(BinaryValue, 'base64');
    return sum + Buffer.byteLength(name) + Buffer.byteLength(DataType) + value.length;
  }, 0);

const emptyAttribute = (name: string): ServiceError =>
  invalidParameterValue(
    `Message attribute '${name}' must contain a value that is not empty and fits its type.`,
  );

function throwIt(error: Error): never {
  throw error;
}
