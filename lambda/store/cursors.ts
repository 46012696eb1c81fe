import { hasCode } from '../runtime/errors.ts';
import { type Cursor, type DetectionStart, emptyCursor, type StartingValue } from '../triggers/cursor.ts';
import { packText, unpackText } from './packed-text.ts';
import { type Found, recordStore } from './record-store.ts';
import { type Expected, type Key, type Table, untilWritten, type Version } from './table.ts';

export interface StoredCursor {
  readonly cursor: Cursor;
  readonly version: Expected;
}

export type FoundStartingValue = Found<StartingValue>;

/**
 * `C#<instance>` / `CURSOR`: up to where the events of an instance were detected. Apart from the lease, which
 * is written far more often. `C#<instance>` / `START#<kind>#<name>`: values that registrations have read, for
 * the next watch. A cursor of thousands of segments or measures that does not fit into an item is packed, as schema
 * version 2: names and numbers of one form deflate to about a fifth. `C#<instance>` / `JOBS`: from where on the first look owes jobs.
 * `C#<instance>` / `ABSENT#<segment>`: followed segments that the source does not list, for their owners.
 */
export interface CursorStore {
  find(instanceId: string): Promise<StoredCursor>;
  /** @returns undefined when another watch got further in between; nothing was written then */
  save(instanceId: string, cursor: Cursor, expected: Expected): Promise<Version | undefined>;
  /** Leaves an earlier one of the same subject as it is. */
  start(instanceId: string, value: StartingValue): Promise<void>;
  /** Keeps the one that reaches back further. */
  begin(instanceId: string, start: DetectionStart): Promise<void>;
  /** Undefined without a registration for jobs. */
  beginning(instanceId: string): Promise<DetectionStart | undefined>;
  /**
   * Notes that a followed segment is not listed; an earlier note stays.
   * @returns since when, epoch ms
   */
  notListed(instanceId: string, segment: string, now: number): Promise<number>;
  /** Removes the note, if there is one. */
  listedAgain(instanceId: string, segment: string): Promise<void>;
  /** Followed segments that are not listed → since when, epoch ms. */
  absentSegments(instanceId: string): Promise<ReadonlyMap<string, number>>;
  startingValues(instanceId: string): Promise<readonly FoundStartingValue[]>;
  /** Removes them once a saved cursor contains them. */
  forget(values: readonly FoundStartingValue[]): Promise<void>;
}

export const cursorStore = (table: Table): CursorStore => {
  const pk = (instanceId: string) => `C#${instanceId}`;
  const cursors = recordStore<string, Cursor>(table, {
    kind: 'cursor',
    schemaVersion: 1,
    key: (instanceId) => ({ pk: pk(instanceId), sk: 'CURSOR' }),
  });
  const packed = recordStore<string, { readonly packed: string }>(table, {
    kind: 'packed cursor',
    schemaVersion: 2,
    key: (instanceId) => ({ pk: pk(instanceId), sk: 'CURSOR' }),
  });
  /** Undefined for a cursor of another form. */
  const findPacked = async (instanceId: string): Promise<StoredCursor | undefined> => {
    const stored = await packed.find(instanceId);
    return stored && { cursor: JSON.parse(unpackText(stored.body.packed)), version: stored.version };
  };
  const starting = recordStore<Key, StartingValue>(table, {
    kind: 'starting value',
    schemaVersion: 1,
    key: (key) => key,
  });
  const absences = recordStore<Key, { readonly name: string; readonly since: number }>(table, {
    kind: 'absent segment',
    schemaVersion: 1,
    key: (key) => key,
  });
  const starts = recordStore<string, DetectionStart>(table, {
    kind: 'detection start',
    schemaVersion: 1,
    key: (instanceId) => ({ pk: pk(instanceId), sk: 'JOBS' }),
  });
  return {
    begin: (instanceId, start) =>
      untilWritten(async () => {
        const known = await starts.find(instanceId);
        if (known && known.body.jobsFrom <= start.jobsFrom) return undefined;
        return (await starts.save(instanceId, start, known?.version ?? 'absent')) ? undefined : 'overtaken';
      }, 'Several flows are being registered at the same time. Save this flow again.'),
    async notListed(instanceId, name, now) {
      const key = { pk: pk(instanceId), sk: `ABSENT#${name}` };
      await absences.save(key, { name, since: now }, 'absent');
      return (await absences.find(key))?.body.since ?? now;
    },
    async listedAgain(instanceId, name) {
      const key = { pk: pk(instanceId), sk: `ABSENT#${name}` };
      const version = await absences.versionOf(key);
      if (version !== 'absent') await absences.remove(key, version);
    },
    async absentSegments(instanceId) {
      const found = new Map<string, number>();
      for await (const { body } of absences.range(pk(instanceId), 'ABSENT#', 'ABSENT$'))
        found.set(body.name, body.since);
      return found;
    },
    beginning: async (instanceId) => (await starts.find(instanceId))?.body,
    async find(instanceId) {
      try {
        const stored = await cursors.find(instanceId);
        return stored
          ? { cursor: stored.body, version: stored.version }
          : { cursor: emptyCursor, version: 'absent' };
      } catch (error) {
        if (!hasCode(error, 'UnknownSchemaVersion')) throw error;
        return (await findPacked(instanceId)) ?? { cursor: emptyCursor, version: 'absent' };
      }
    },
    async save(instanceId, cursor, expected) {
      try {
        return await cursors.save(instanceId, cursor, expected);
      } catch (error) {
        if (!hasCode(error, 'RecordTooLarge')) throw error;
        return packed.save(instanceId, { packed: packText(JSON.stringify(cursor)) }, expected);
      }
    },
    async start(instanceId, value) {
      const key = { pk: pk(instanceId), sk: `START#${value.kind}#${value.name}` };
      await starting.save(key, value, 'absent');
    },
    async startingValues(instanceId) {
      const found: FoundStartingValue[] = [];
      for await (const each of starting.range(pk(instanceId), 'START#', 'START$')) found.push(each);
      return found;
    },
    async forget(values) {
      for (const { key, version } of values) await starting.remove(key, version);
    },
  };
};
