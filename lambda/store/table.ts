/**
 * What the domain asks of its store: single items, compared and swapped by version, and ordered ranges. No transactions:
 * every decision is read, decided by a pure function, and written only if nobody wrote in between.
 */

import { ApiError } from '../runtime/errors.ts';

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

declare const versionBrand: unique symbol;
/** Names one write of an item: unguessable, new with every write. Made by the table, compared by the next write. */
export type Version = string & { readonly [versionBrand]: true };
/** What a write expects to find: the version that was read, or no item. */
export type Expected = Version | 'absent';

/** An item to be written. `body` is JSON whose first key is its schema version. */
export interface NewItem extends Key {
  readonly body: string;
  /** Epoch seconds after which the store may drop the item. */
  readonly expiresAt?: number;
  /** That of another item, for one that belongs to it and is removed under its version. Absent: the table makes a new one. */
  readonly version?: Version;
}

/** An item as stored. */
export interface Item extends NewItem {
  readonly version: Version;
}

/** Where the versions of a table come from. */
export interface TableOptions {
  /** An unguessable text, new each time. */
  readonly newVersion: () => string;
}

export interface Table {
  /** Strongly consistent. */
  get(key: Key): Promise<Item | undefined>;
  /**
   * Writes `item` if the stored version is `expected`.
   * @returns the version under which the item now lies, also when a write whose answer was lost had put it there before;
   * undefined when somebody else wrote in between: nothing was written then
   */
  swap(item: NewItem, expected: Expected): Promise<Version | undefined>;
  /** Deletes the item if its version is `expected`; true also when it is already gone. */
  remove(key: Key, expected: Version): Promise<boolean>;
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
export class StoreUnavailable extends ApiError<'StoreUnavailable'> {
  override readonly name = 'StoreUnavailable';

  constructor(message: string, options?: ErrorOptions) {
    super('StoreUnavailable', message, { ...options, retryAfterSeconds: 1 });
  }
}
