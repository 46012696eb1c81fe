import { type Cursor, emptyCursor, type StartingValue } from '../triggers/cursor.ts';
import { recordKind, type Stored } from './record.ts';
import type { Expected, Key, Table, Version } from './table.ts';

const cursors = recordKind<Cursor>('cursor', 1);
const startingValues = recordKind<StartingValue>('starting value', 1);

export interface StoredCursor {
  readonly cursor: Cursor;
  readonly version: Expected;
}

export interface FoundStartingValue extends Stored<StartingValue> {
  readonly key: Key;
}

/**
 * `C#<instance>` / `CURSOR`: how far each instance has been worked off. Apart from the lease, which is written far more often.
 * `C#<instance>` / `START#<kind>#<name>`: values that registrations found, for the next look to take over.
 */
export interface CursorStore {
  find(instanceId: string): Promise<StoredCursor>;
  /** @returns undefined when another watch got further in between; nothing was written then */
  save(instanceId: string, cursor: Cursor, expected: Expected): Promise<Version | undefined>;
  /** Leaves an earlier one of the same subject as it is. */
  start(instanceId: string, value: StartingValue): Promise<void>;
  startingValues(instanceId: string): Promise<readonly FoundStartingValue[]>;
  /** Once a saved cursor holds them. */
  forget(values: readonly FoundStartingValue[]): Promise<void>;
}

export const cursorStore = (table: Table): CursorStore => {
  const pk = (instanceId: string) => `C#${instanceId}`;
  const keyOf = (instanceId: string) => ({ pk: pk(instanceId), sk: 'CURSOR' });
  return {
    async find(instanceId) {
      const stored = await cursors.get(table, keyOf(instanceId));
      return stored
        ? { cursor: stored.body, version: stored.version }
        : { cursor: emptyCursor, version: 'absent' };
    },
    save: (instanceId, cursor, expected) => table.swap(cursors.write(keyOf(instanceId), cursor), expected),
    async start(instanceId, value) {
      const key = { pk: pk(instanceId), sk: `START#${value.kind}#${value.name}` };
      await table.swap(startingValues.write(key, value), 'absent');
    },
    async startingValues(instanceId) {
      const found: FoundStartingValue[] = [];
      for await (const item of table.range(pk(instanceId), 'START#', 'START$'))
        found.push({ ...startingValues.read(item), key: { pk: item.pk, sk: item.sk } });
      return found;
    },
    async forget(values) {
      for (const { key, version } of values) await table.remove(key, version);
    },
  };
};
