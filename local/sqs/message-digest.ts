import { createHash } from 'node:crypto';
import type { MessageAttributes } from './queue-state.ts';

/** MD5 of a message's body in hexadecimal. SDK clients compare it and throw when it differs. */
export const bodyDigest = (body: string): string => createHash('md5').update(body, 'utf8').digest('hex');

/**
 * MD5 of a message's attributes; undefined when it has none.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation
 */
export const attributesDigest = (attributes: MessageAttributes): string | undefined => {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  const addWithLength = (bytes: Buffer): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const attribute = attributes[name];
    if (attribute === undefined) continue;
    addWithLength(Buffer.from(name, 'utf8'));
    addWithLength(Buffer.from(attribute.DataType, 'utf8'));
    const binary = attribute.BinaryValue !== undefined;
    hash.update(Buffer.from([binary ? 2 : 1]));
    addWithLength(
      binary
        ? Buffer.from(attribute.BinaryValue, 'base64')
        : Buffer.from(attribute.StringValue ?? '', 'utf8'),
    );
  }
  return hash.digest('hex');
};
