/** What the operator's commands and the console read of dead letters. */
import type { DeadLetter, DeadLetterName, DeadLetterStore } from '../store/dead-letters.ts';
import type { DeliveryMessage } from '../store/delivery-message.ts';
import { readMessage } from '../store/delivery-message-reader.ts';
import { UnknownMessage } from '../store/message-reader.ts';
import type { Stored } from '../store/record-store.ts';

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

const messageOf = ({ body }: DeadLetter): DeliveryMessage | UnknownMessage => {
  try {
    return readMessage(body);
  } catch (error) {
    if (error instanceof UnknownMessage) return error;
    throw error;
  }
};

/** A letter with its message. */
export const readLetter = (stored: Stored<DeadLetter>): DeliveryLetter => ({
  stored,
  message: messageOf(stored.body),
});

/** The deliveries that were given up: of each queue in the order in which they were sent. */
export async function* deliveryLetters(
  letters: Pick<DeadLetterStore, 'of'>,
  { subscription, since }: LetterSelection,
): AsyncGenerator<DeliveryLetter> {
  for (const queue of deliveryQueues)
    for await (const stored of letters.of(queue, since)) {
      const letter = readLetter(stored);
      const { message } = letter;
      const isMeant =
        subscription === undefined ||
        (!(message instanceof UnknownMessage) && message.subscriptionId === subscription);
      if (isMeant) yield letter;
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

// Letters as the console lists them: in one order over the queues, page by page.

/** As the console calls a letter, and a place between letters. */
export const letterIdOf = ({ queue, sentAt, messageId }: DeadLetterName): string =>
  `${queue}.${sentAt}.${messageId}`;

/** Undefined for a text that is not the id of a delivery's letter. */
export const readLetterId = (text: string): DeadLetterName | undefined => {
  const [, queue, sentAt, messageId] = /^(delivery|retry)\.(\d{1,15})\.([\w-]{1,128})$/.exec(text) ?? [];
  return queue === undefined || messageId === undefined
    ? undefined
    : { queue: queue as (typeof deliveryQueues)[number], sentAt: Number(sentAt), messageId };
};

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** By time; at the same time by queue, and then as the store has them. */
const inOrder = (a: DeadLetterName, b: DeadLetterName): number =>
  a.sentAt - b.sentAt || compare(a.queue, b.queue) || compare(a.messageId, b.messageId);

/** The deliveries that were given up, by the time at which they were sent; of all queues. @param after behind this one */
async function* lettersInOrder(
  letters: Pick<DeadLetterStore, 'of'>,
  after: DeadLetterName | undefined,
): AsyncGenerator<DeliveryLetter> {
  const sources = deliveryQueues.map((queue) => letters.of(queue, after?.sentAt)[Symbol.asyncIterator]());
  const nextOf = async (source: AsyncIterator<Stored<DeadLetter>>) => {
    for (;;) {
      const { done, value } = await source.next();
      if (done) return undefined;
      if (after === undefined || inOrder(value.body, after) > 0) return { source, stored: value };
    }
  };
  let heads = (await Promise.all(sources.map(nextOf))).filter((head) => head !== undefined);
  while (heads.length > 0) {
    const [first] = heads.toSorted((a, b) => inOrder(a.stored.body, b.stored.body));
    if (first === undefined) return;
    yield readLetter(first.stored);
    const following = await nextOf(first.source);
    heads = heads.flatMap((head) => (head !== first ? [head] : following === undefined ? [] : [following]));
  }
}

/** Letters that a page looks at, at most: about one read of the table. */
const mostExamined = 1_000;

export interface LetterPage {
  readonly letters: readonly DeliveryLetter[];
  /** The last letter that was looked at, behind which the next page begins; undefined at the end. */
  readonly last: DeadLetterName | undefined;
}

/** The next letters that are shown. @param sentBefore epoch ms */
export const letterPage = async (
  store: Pick<DeadLetterStore, 'of'>,
  isShown: (letter: DeliveryLetter) => boolean,
  {
    after,
    sentBefore = Number.POSITIVE_INFINITY,
    most,
  }: {
    readonly after: DeadLetterName | undefined;
    readonly sentBefore?: number;
    readonly most: number;
  },
): Promise<LetterPage> => {
  const letters: DeliveryLetter[] = [];
  let last: DeadLetterName | undefined;
  let examined = 0;
  for await (const letter of lettersInOrder(store, after)) {
    if (letter.stored.body.sentAt >= sentBefore) break;
    const shown = isShown(letter);
    if ((shown && letters.length === most) || examined === mostExamined) return { letters, last };
    last = letter.stored.body;
    examined += 1;
    if (shown) letters.push(letter);
  }
  return { letters, last: undefined };
};
