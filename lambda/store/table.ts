/**
 * What the domain asks of its store: single items, compared and swapped by version, and ordered ranges. No transactions:
 * every decision is read, decided by a pure function, and written only if nobody wrote in between.
 */

import { ConnectorError } from '../runtime/errors.ts';

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** An item as stored. `body` is JSON whose first key is its schema version. */
export interface Item extends Key {
  /** Unguessable, new with every write; compared on the next. */
  readonly version: string;
  readonly body: string;
  /** Epoch seconds after which the store may drop the item. */
  readonly expiresAt?: number;
}

export interface Table {
  /** Strongly consistent. */
  get(key: Key): Promise<Item | undefined>;
  /**
   * Writes `item` if the stored version is `expected` ("absent": if there is none).
   * @returns false when somebody else wrote in between; nothing was written then
   */
  swap(item: Item, expected: string | 'absent'): Promise<boolean>;
  /** Deletes the item if its version is `expected`; true also when it is already gone. */
  remove(key: Key, expected: string): Promise<boolean>;
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

/** The store did not answer, or refused to. Nothing is known of the write. To an HTTP caller a 503. */
export class StoreUnavailable extends ConnectorError<'StoreUnavailable'> {
  constructor(message: string, options?: ErrorOptions) {
    super('StoreUnavailable', message, options);
  }
}
