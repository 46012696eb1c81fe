import type { Fields } from '../aws/fields.ts';
import { attributesDigest, bodyDigest } from './message-digest.ts';
import type { MessageAttributes, ReceivedMessage } from './queue-state.ts';

/** System attributes of a received message, as ReceiveMessage and Lambda's SQS events carry them. */
export const systemAttributes = (message: ReceivedMessage): Readonly<Record<string, string>> => ({
  SenderId: message.senderId,
  SentTimestamp: String(message.sentAtMs),
  ApproximateReceiveCount: String(message.receiveCount),
  ApproximateFirstReceiveTimestamp: String(message.firstReceivedAtMs),
  ...(message.group === undefined ? {} : { MessageGroupId: message.group }),
  ...(message.deadLetterSource === undefined ? {} : { DeadLetterQueueSourceArn: message.deadLetterSource }),
});

/** A message as ReceiveMessage answers it, with the attributes that the request asks for. */
export const receivedAnswer = (message: ReceivedMessage, input: Fields): object => {
  const wantedSystem = [...input.strings('AttributeNames'), ...input.strings('MessageSystemAttributeNames')];
  const system = pick(
    systemAttributes(message),
    (name) => wantedSystem.includes('All') || wantedSystem.includes(name),
  );
  const wanted = input.strings('MessageAttributeNames');
  const attributes: MessageAttributes = pick(message.attributes, (name) =>
    wanted.some((pattern) => matches(pattern, name)),
  );
  const digest = attributesDigest(attributes);
  return {
    MessageId: message.id,
    ReceiptHandle: message.receiptHandle,
    Body: message.body,
    MD5OfBody: bodyDigest(message.body),
    ...(Object.keys(system).length === 0 ? {} : { Attributes: system }),
    ...(digest === undefined ? {} : { MessageAttributes: attributes, MD5OfMessageAttributes: digest }),
  };
};

/** A name, a prefix with `.*`, `.*` or `All`. */
const matches = (pattern: string, name: string): boolean =>
  pattern === 'All' || (pattern.endsWith('.*') ? name.startsWith(pattern.slice(0, -2)) : pattern === name);

const pick = <T>(
  values: Readonly<Record<string, T>>,
  wanted: (name: string) => boolean,
): Readonly<Record<string, T>> => Object.fromEntries(Object.entries(values).filter(([name]) => wanted(name)));
