/**
 * The state table: single items with compare-and-swap by version, and ordered ranges. There are no
 * transactions: a caller reads, decides with a pure function, and writes only if nothing was written in
 * between.
 */

import { ConnectorError } from '../runtime/errors.ts';

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

declare const versionBrand: unique symbol;
/**
 * Identifies one write of an item: unguessable, new with every write. The table makes it; the next write
 * compares it.
 */
export type Version = string & { readonly [versionBrand]: true };
/** What a write expects to find: the version that was read, or no item. */
export type Expected = Version | 'absent';

/** An item to be written. `body` is JSON whose first key is its schema version. */
export interface NewItem extends Key {
  readonly body: string;
  /** Epoch seconds after which the store may drop the item. */
  readonly expiresAt?: number;
  /** That of the item to which this one belongs. Absent: the table makes a new one. */
  readonly version?: Version;
}

/** An item as stored. */
export interface Item extends NewItem {
  readonly version: Version;
}

/**
 * What became of a removal: "removed" by this request alone, so that it may be counted; "gone" already, also
 * by a request whose answer was lost; false when another process wrote in between: nothing was removed then.
 */
export type Removal = 'removed' | 'gone' | false;

/**
 * Told of an item in a range that this program cannot read, so that it is left out and the others are used.
 * @param error says why
 */
export type OnUnreadable = (key: Key, error: Error) => void;

/** Where the versions of a table come from, and who is told of what cannot be read. */
export interface TableOptions {
  /** An unguessable text, new each time. */
  readonly newVersion: () => string;
  readonly onUnreadable?: OnUnreadable;
}

export interface Table {
  /** Absent: the process warns on standard error. */
  readonly onUnreadable?: OnUnreadable;
  /** Strongly consistent. */
  get(key: Key): Promise<Item | undefined>;
  /**
   * Writes `item` if the stored version is `expected`.
   * @returns the version of the item, also when it had already been written by a request whose answer was
   * lost; undefined when another process wrote in between: nothing was written then
   */
  swap(item: NewItem, expected: Expected): Promise<Version | undefined>;
  /** Deletes the item if its version is `expected`. */
  remove(key: Key, expected: Version): Promise<Removal>;
  /**
   * Items of one partition whose sort key lies in [from, to], in byte order; strongly consistent.
   * @param from not after `to`: DynamoDB refuses that
   */
  range(pk: string, from: string, to: string): AsyncIterable<Item>;
  /**
   * The last items of the same range, the last one first.
   * @param most at least 1; only so many are read
   */
  last(pk: string, from: string, to: string, most: number): Promise<readonly Item[]>;
}

/** What DynamoDB takes, bytes: an item with its names, a partition key, a sort key. */
const maximumBytes = { item: 400 * 1024, pk: 2_048, sk: 1_024 } as const;
/** Names of the attributes, and `expiresAt` and `version`. */
const otherBytes = 256;

/** A record that the table never takes. Nothing was written. */
export class RecordTooLarge extends ConnectorError<'RecordTooLarge'> {
  constructor(message: string) {
    super('RecordTooLarge', message);
  }
}

/** @throws RecordTooLarge */
export const checkItemSize = ({ pk, sk, body }: NewItem): void => {
  const [pkBytes, skBytes] = [Buffer.byteLength(pk), Buffer.byteLength(sk)];
  const itemBytes = pkBytes + skBytes + Buffer.byteLength(body) + otherBytes;
  const bytes = { item: itemBytes, pk: pkBytes, sk: skBytes };
  for (const part of ['item', 'pk', 'sk'] as const)
    if (bytes[part] > maximumBytes[part])
      throw new RecordTooLarge(
        `A record of ${pk.slice(0, 100)} was not written: its ${part} has ${bytes[part]} bytes of at most ${maximumBytes[part]}.`,
      );
};

/** The store did not answer, or refused to. Nothing is known of the write. To an HTTP caller a 503. */
export class StoreUnavailable extends ConnectorError<'StoreUnavailable'> {
  constructor(message: string, options?: ErrorOptions) {
    super('StoreUnavailable', message, options);
  }
}

/** After so many attempts something is wrong. */
const tries = 10;

/**
 * Repeats an attempt to read, decide and write until no other process writes in between.
 * @param attempt reads again each time; "overtaken" when its write found another version than it had read
 * @param contention message of the error: what several calls change at once, and what to do
 * @throws StoreUnavailable after ten attempts
 */
export const untilWritten = async <Result>(
  attempt: () => Promise<Result | 'overtaken'>,
  contention: string,
): Promise<Result> => {
  for (let made = 0; made < tries; made += 1) {
    const result = await attempt();
    if (result !== 'overtaken') return result;
  }
  throw new StoreUnavailable(contention);
};

/**
 * Waits for all writes, also when one of them fails. What is still under way when a function answers is frozen with
 * its environment, and has its effect whenever that continues: hours later it would put back what was removed since.
 * @throws the error of the first in the list that failed
 */
export const allWritten = async <Result>(writes: readonly Promise<Result>[]): Promise<readonly Result[]> => {
  await Promise.allSettled(writes);
  return Promise.all(writes);
};
