import { type Cursor, emptyCursor } from '../triggers/cursor.ts';
import { recordKind } from './record.ts';
import type { Table } from './table.ts';

const cursors = recordKind<Cursor>('cursor', 1);

export interface StoredCursor {
  readonly cursor: Cursor;
  readonly version: string | 'absent';
}

/** `C#<instance>` / `CURSOR`: how far each instance has been worked off. Apart from the lease, which is written far more often. */
export interface CursorStore {
  find(instanceId: string): Promise<StoredCursor>;
  /** @returns false when another watch got further in between; nothing was written then */
  save(instanceId: string, cursor: Cursor, version: string, expected: string | 'absent'): Promise<boolean>;
}

export const cursorStore = (table: Table): CursorStore => {
  const keyOf = (instanceId: string) => ({ pk: `C#${instanceId}`, sk: 'CURSOR' });
  return {
    async find(instanceId) {
      const stored = await cursors.get(table, keyOf(instanceId));
      return stored
        ? { cursor: stored.body, version: stored.version }
        : { cursor: emptyCursor, version: 'absent' };
    },
    save: (instanceId, cursor, version, expected) =>
      table.swap(cursors.write(keyOf(instanceId), cursor, version), expected),
  };
};
