/**
 * Messages that were given up: `Q#<queue>` / `<time of sending>#<message>`. The record holds the message itself,
 * so nothing has to be received to list, to count or to send it again.
 */
import type { QueueName } from '../functions.ts';
import { daySeconds, iso } from '../runtime/time.ts';
import { packText, unpackText } from './packed-text.ts';
import { recordStore, type Stored } from './record-store.ts';
import type { Table } from './table.ts';

export interface DeadLetter {
  /** The queue whose dead letters it was among. */
  readonly queue: QueueName;
  /** As SQS calls it. */
  readonly messageId: string;
  /** Epoch ms. Of a message that SQS moved by itself, the time at which it was sent to its first queue. */
  readonly sentAt: number;
  /** Epoch ms; when this record was written. */
  readonly storedAt: number;
  /** The message, as it was sent. */
  readonly body: string;
}

/**
 * As it is stored. Packed, the body fits into an item whatever it holds: 256 KB of text that JSON escapes would
 * double in a JSON text. It is as readable as the payloads of the ledger, and like these it holds no callback URL.
 */
type PackedLetter = Omit<DeadLetter, 'body'> & {
  readonly packed: string;
};

/** As long as the record of its delivery (deliveries.ts), seconds. */
export const deadLetterRetentionSeconds = 30 * daySeconds;

const pack = ({ body, ...letter }: DeadLetter): PackedLetter => ({
  ...letter,
  packed: packText(body),
});

const unpack = ({ packed, ...letter }: PackedLetter): DeadLetter => ({
  ...letter,
  body: unpackText(packed),
});

/** What names a letter. */
export type DeadLetterName = Pick<DeadLetter, 'queue' | 'messageId' | 'sentAt'>;

export interface DeadLetterStore {
  /**
   * @returns false when it is there already
   * @throws RecordTooLarge
   */
  keep(letter: DeadLetter): Promise<boolean>;
  find(name: DeadLetterName): Promise<Stored<DeadLetter> | undefined>;
  /**
   * In the order in which they were sent, and those of one millisecond by their message ids.
   * @param since epoch ms
   */
  of(queue: QueueName, since?: number): AsyncIterable<Stored<DeadLetter>>;
  remove(letter: Stored<DeadLetter>): Promise<void>;
}

export const deadLetterStore = (table: Table): DeadLetterStore => {
  const partition = (queue: QueueName) => `Q#${queue}`;
  const letters = recordStore<DeadLetterName, PackedLetter>(table, {
    kind: 'dead letter',
    schemaVersion: 1,
    key: ({ queue, messageId, sentAt }) => ({ pk: partition(queue), sk: `${iso(sentAt)}#${messageId}` }),
    expiresAt: ({ storedAt }) => Math.floor(storedAt / 1000) + deadLetterRetentionSeconds,
  });
  return {
    keep: async (letter) => (await letters.save(letter, pack(letter), 'absent')) !== undefined,
    async find(name) {
      const found = await letters.find(name);
      return found && { version: found.version, body: unpack(found.body) };
    },
    async *of(queue, since = 0) {
      for await (const { version, body } of letters.range(partition(queue), iso(since), '~'))
        yield { version, body: unpack(body) };
    },
    async remove({ body, version }) {
      await letters.remove(body, version);
    },
  };
};
