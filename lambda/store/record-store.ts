import { ConnectorError, hasCode } from '../runtime/errors.ts';
import type { CallLog } from '../runtime/log.ts';
import type { Count } from '../runtime/metrics.ts';
import {
  checkItemSize,
  type Expected,
  type Item,
  type Key,
  type OnUnreadable,
  type Removal,
  type Table,
  type Version,
} from './table.ts';

/** A stored record together with the version under which it may be overwritten. */
export interface Stored<Body> {
  readonly version: Version;
  readonly body: Body;
  /** Epoch seconds. */
  readonly expiresAt?: number;
}

/** A record with the place where it was found. */
export interface Found<Body> extends Stored<Body> {
  readonly key: Key;
}

/** An item was written by a newer program than this one, which can read it. */
export class UnknownSchemaVersion extends ConnectorError<'UnknownSchemaVersion'> {
  constructor(message: string) {
    super('UnknownSchemaVersion', message);
  }
}

/** One kind of record in the table. */
export interface RecordKind<Name, Body> {
  /** As error messages name it. */
  readonly kind: string;
  /** The first key of every body, so that a newer program recognises older records. */
  readonly schemaVersion: number;
  readonly key: (name: Name) => Key;
  /** Epoch seconds after which a record may be dropped; absent when records stay. */
  readonly expiresAt?: (body: Body) => number;
}

export interface RecordStore<Name, Body> {
  /**
   * An item that was read with others.
   * @throws UnknownSchemaVersion
   */
  read(item: Item): Found<Body>;
  /** The same; empty for one of another schema version, which is reported as in {@link RecordStore.range}. */
  readable(item: Item): readonly Found<Body>[];
  /** @throws UnknownSchemaVersion */
  find(name: Name): Promise<Found<Body> | undefined>;
  /** The version that a write must expect. Does not read the body. */
  versionOf(name: Name): Promise<Expected>;
  /**
   * @param over `expiresAt` (epoch seconds) instead of that of the kind; `version` of the record that this
   * one belongs to
   * @returns the version that the next write must expect; undefined when another process wrote in between:
   * nothing was written then
   * @throws RecordTooLarge
   */
  save(
    name: Name,
    body: Body,
    expected: Expected,
    over?: { readonly expiresAt?: number; readonly version?: Version },
  ): Promise<Version | undefined>;
  remove(name: Name, expected: Version): Promise<Removal>;
  /**
   * Of one partition, with sort keys in [from, to], in byte order. A record of another schema version is
   * left out and reported to the table's `onUnreadable`: it must not keep the others from being found.
   */
  range(pk: string, from: string, to: string): AsyncIterable<Found<Body>>;
  /**
   * The last ones of the same range, the last one first; as above.
   */
  last(pk: string, from: string, to: string, most: number): Promise<readonly Found<Body>[]>;
}

const warned: OnUnreadable = (_, error) => process.emitWarning(error);

/** Records of one kind. Only this function decides which schema versions are written and read. */
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
  /** Empty for a record that was set aside. */
  const readable = (item: Item): readonly Found<Body>[] => {
    try {
      return [read(item)];
    } catch (error) {
      if (!hasCode(error, 'UnknownSchemaVersion')) throw error;
      (table.onUnreadable ?? warned)({ pk: item.pk, sk: item.sk }, error);
      return [];
    }
  };
  return {
    read,
    readable,
    async find(name) {
      const item = await table.get(key(name));
      return item && read(item);
    },
    versionOf: async (name) => (await table.get(key(name)))?.version ?? 'absent',
    async save(name, record, expected, over) {
      const item = {
        ...key(name),
        body: JSON.stringify({ v: schemaVersion, record }),
        ...(expiresAt && { expiresAt: expiresAt(record) }),
        ...over,
      };
      checkItemSize(item);
      return table.swap(item, expected);
    },
    remove: (name, expected) => table.remove(key(name), expected),
    async *range(pk, from, to) {
      for await (const item of table.range(pk, from, to)) yield* readable(item);
    },
    last: async (pk, from, to, most) => (await table.last(pk, from, to, most)).flatMap(readable),
  };
};

// Records that this program cannot read are left alone, so that one of them stops nothing else.

/** Logs and counts each record that is set aside, every time it is met. */
export const setAside =
  (log: Pick<CallLog, 'error'>, count: Count): OnUnreadable =>
  (key, { message }) => {
    count('RecordsSetAside');
    log.error('record set aside', { ...key, reason: message });
  };

interface SetAsidePorts {
  readonly log: CallLog;
  readonly count: Count;
}

/**
 * What `work` gives, or `instead` where a single record that it reads is of another schema version.
 * @param subscriptionId to which the record belongs
 */
export const unlessUnreadable = async <Result, Instead>(
  { log, count }: SetAsidePorts,
  subscriptionId: string,
  work: () => Promise<Result>,
  instead: Instead,
): Promise<Result | Instead> => {
  try {
    return await work();
  } catch (error) {
    if (!hasCode(error, 'UnknownSchemaVersion')) throw error;
    count('RecordsSetAside');
    log.error('record set aside', { subscriptionId, reason: error.message });
    return instead;
  }
};
