import { ConnectorError } from '../runtime/errors.ts';
import type { Check } from '../runtime/shape.ts';

/** A message that this program cannot read. It stays in the queue and ends in the dead-letter queue. */
export class UnknownMessage extends ConnectorError<'UnknownMessage'> {
  constructor(message: string, options?: ErrorOptions) {
    super('UnknownMessage', message, options);
  }
}

const parsed = (kind: string, body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new UnknownMessage(`A ${kind} message is not JSON.`, { cause });
  }
};

/**
 * Reads messages of one kind. Code that gets such a message need not check it again.
 * @param kind as error messages name it
 */
export const messageReader =
  <Message extends { readonly v: number }>(kind: string, schemaVersion: Message['v'], check: Check) =>
  /** @throws UnknownMessage that names the schema version or the first field that is not as it should be */
  (body: string): Message => {
    const message = parsed(kind, body);
    const version = typeof message === 'object' && message !== null && 'v' in message ? message.v : undefined;
    if (version !== schemaVersion)
      throw new UnknownMessage(
        `A ${kind} message has schema version ${String(version)}; this program knows ${schemaVersion}.`,
      );
    const problem = check(message, '');
    if (problem !== undefined) throw new UnknownMessage(`A ${kind} message cannot be read: ${problem}.`);
    return message as Message;
  };
