import { ConnectorError } from '../runtime/errors.ts';
import type { Item, Key, Table } from './table.ts';

/** A stored record together with the version under which it may be overwritten. */
export interface Stored<Body> {
  readonly version: string;
  readonly body: Body;
}

/** An item was written by a newer program than this one. Nothing is lost: the newer one can read it. */
export class UnknownSchemaVersion extends ConnectorError<'UnknownSchemaVersion'> {
  constructor(message: string) {
    super('UnknownSchemaVersion', message);
  }
}

/**
 * One kind of record in the table: its schema version, and how it is written and read.
 * @param v stands first in every body, so that an upgrade recognises what it meets
 */
export const recordKind = <Body extends object>(kind: string, v: number) => {
  const read = (item: Item): Stored<Body> => {
    const parsed = JSON.parse(item.body) as { readonly v: number; readonly record: Body };
    if (parsed.v !== v)
      throw new UnknownSchemaVersion(
        `${kind} ${item.pk}/${item.sk} has schema version ${parsed.v}; this program knows ${v}. Deploy the newer one.`,
      );
    return { version: item.version, body: parsed.record };
  };
  const write = (key: Key, record: Body, version: string, expiresAt?: number): Item => ({
    pk: key.pk,
    sk: key.sk,
    version,
    body: JSON.stringify({ v, record }),
    ...(expiresAt !== undefined && { expiresAt }),
  });
  return {
    read,
    write,
    async get(table: Table, key: Key): Promise<Stored<Body> | undefined> {
      const item = await table.get(key);
      return item && read(item);
    },
  };
};
