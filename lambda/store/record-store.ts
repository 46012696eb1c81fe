import type { Expected, Item, Key, Table, Version } from './table.ts';

/** A stored record together with the version under which it may be overwritten. */
export interface Stored<Body> {
  readonly version: Version;
  readonly body: Body;
}

/** A record with the place where it was found. */
export interface Found<Body> extends Stored<Body> {
  readonly key: Key;
  /** Epoch seconds. */
  readonly expiresAt?: number;
}

/** An item was written by a newer program than this one. Nothing is lost: the newer one can read it. */
export class UnknownSchemaVersion extends Error {
  override readonly name = 'UnknownSchemaVersion';
}

/** One kind of record in the table. */
export interface RecordKind<Name, Body> {
  /** As error messages name it. */
  readonly kind: string;
  /** Stands first in every body, so that an upgrade recognises what it meets. */
  readonly schemaVersion: number;
  readonly key: (name: Name) => Key;
  /** Epoch seconds after which a record may be dropped; absent when records stay. */
  readonly expiresAt?: (body: Body) => number;
}

export interface RecordStore<Name, Body> {
  /** @throws UnknownSchemaVersion */
  find(name: Name): Promise<Found<Body> | undefined>;
  /** What a write has to expect, whatever the body says. */
  versionOf(name: Name): Promise<Expected>;
  /**
   * @param over another time of expiry than the kind's, epoch seconds; the version of the record that this one belongs to
   * @returns the version to be expected next; undefined when somebody else wrote in between: nothing was written then
   */
  save(
    name: Name,
    body: Body,
    expected: Expected,
    over?: { readonly expiresAt?: number; readonly version?: Version },
  ): Promise<Version | undefined>;
  /** @returns false when somebody else wrote in between; true also when it is already gone */
  remove(name: Name, expected: Version): Promise<boolean>;
  /**
   * Of one partition, with sort keys in [from, to], in byte order.
   * @throws UnknownSchemaVersion
   */
  range(pk: string, from: string, to: string): AsyncIterable<Found<Body>>;
  /**
   * The last ones of the same range, the last one first.
   * @throws UnknownSchemaVersion
   */
  last(pk: string, from: string, to: string, most: number): Promise<readonly Found<Body>[]>;
}

/** Records of one kind. What is written and what can be read is decided here alone. */
export const recordStore = <Name, Body extends object>(
  table: Table,
  { kind, schemaVersion, key, expiresAt }: RecordKind<Name, Body>,
): RecordStore<Name, Body> => {
  const read = ({ pk, sk, version, body, expiresAt: expiry }: Item): Found<Body> => {
    const { v, record } = JSON.parse(body) as { readonly v: number; readonly record: Body };
    if (v !== schemaVersion)
      throw new UnknownSchemaVersion(
        `${kind} ${pk}/${sk} has schema version ${v}; this program knows ${schemaVersion}. Deploy the newer one.`,
      );
    return { key: { pk, sk }, version, body: record, ...(expiry !== undefined && { expiresAt: expiry }) };
  };
  return {
    async find(name) {
      const item = await table.get(key(name));
      return item && read(item);
    },
    versionOf: async (name) => (await table.get(key(name)))?.version ?? 'absent',
    save: (name, record, expected, over) =>
      table.swap(
        {
          ...key(name),
          body: JSON.stringify({ v: schemaVersion, record }),
          ...(expiresAt && { expiresAt: expiresAt(record) }),
          ...over,
        },
        expected,
      ),
    remove: (name, expected) => table.remove(key(name), expected),
    async *range(pk, from, to) {
      for await (const item of table.range(pk, from, to)) yield read(item);
    },
    last: async (pk, from, to, most) => (await table.last(pk, from, to, most)).map(read),
  };
};
