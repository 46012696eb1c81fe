/** What the operator's commands read of dead letters. */
import type { DeadLetter, DeadLetterStore } from '../../lambda/store/dead-letters.ts';
import type { DeliveryMessage } from '../../lambda/store/delivery-message.ts';
import { readMessage } from '../../lambda/store/delivery-message-reader.ts';
import { UnknownMessage } from '../../lambda/store/message-reader.ts';
import type { Stored } from '../../lambda/store/record-store.ts';

/** Which letters are meant. */
export interface LetterSelection {
  /** Only of this subscription. */
  readonly subscription?: string | undefined;
  /** Only messages that were sent since, epoch ms. */
  readonly since?: number | undefined;
}

/** A delivery that was given up. */
export interface DeliveryLetter {
  readonly stored: Stored<DeadLetter>;
  /** UnknownMessage: another version of the program wrote it. */
  readonly message: DeliveryMessage | UnknownMessage;
}

/** Queues whose messages are deliveries. */
const deliveryQueues = ['delivery', 'retry'] as const satisfies readonly DeadLetter['queue'][];

const readLetter = ({ body }: DeadLetter): DeliveryMessage | UnknownMessage => {
  try {
    return readMessage(body);
  } catch (error) {
    if (error instanceof UnknownMessage) return error;
    throw error;
  }
};

/** The deliveries that were given up: of each queue in the order in which they were sent. */
export async function* deliveryLetters(
  letters: Pick<DeadLetterStore, 'of'>,
  { subscription, since }: LetterSelection,
): AsyncGenerator<DeliveryLetter> {
  for (const queue of deliveryQueues)
    for await (const stored of letters.of(queue, since)) {
      const message = readLetter(stored.body);
      const isMeant =
        subscription === undefined ||
        (!(message instanceof UnknownMessage) && message.subscriptionId === subscription);
      if (isMeant) yield { stored, message };
    }
}

export interface DeadLetterCounts {
  readonly deliveries: number;
  /** Deliveries that this program cannot read. */
  readonly unreadable: number;
  /** Looks at instances; the next look goes on with them. */
  readonly looks: number;
}

/** A letter that is listed. */
export type ListedLetter =
  | ({ readonly kind: 'delivery' } & DeliveryLetter)
  | { readonly kind: 'look'; readonly stored: Stored<DeadLetter> };

/**
 * Counts the letters.
 * @param listed called for each of them
 */
export const countLetters = async (
  letters: Pick<DeadLetterStore, 'of'>,
  selection: LetterSelection,
  listed: (letter: ListedLetter) => void = () => undefined,
): Promise<DeadLetterCounts> => {
  const counts = { deliveries: 0, unreadable: 0, looks: 0 };
  for await (const letter of deliveryLetters(letters, selection)) {
    counts[letter.message instanceof UnknownMessage ? 'unreadable' : 'deliveries'] += 1;
    listed({ kind: 'delivery', ...letter });
  }
  if (selection.subscription === undefined)
    for await (const stored of letters.of('watch', selection.since)) {
      counts.looks += 1;
      listed({ kind: 'look', stored });
    }
  return counts;
};
