import { type Cursor, type DetectionStart, emptyCursor, type StartingValue } from '../triggers/cursor.ts';
import { untilWritten } from './contention.ts';
import { type Found, recordStore } from './record-store.ts';
import type { Expected, Key, Table, Version } from './table.ts';

export interface StoredCursor {
  readonly cursor: Cursor;
  readonly version: Expected;
}

export type FoundStartingValue = Found<StartingValue>;

/**
 * `C#<instance>` / `CURSOR`: up to where the events of an instance were detected. Apart from the lease, which
 * is written far more often. `C#<instance>` / `START#<kind>#<name>`: values that registrations have read, for
 * the next watch. `C#<instance>` / `JOBS`: from where on the first look owes jobs.
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
      const stored = await cursors.find(instanceId);
      return stored
        ? { cursor: stored.body, version: stored.version }
        : { cursor: emptyCursor, version: 'absent' };
    },
    save: cursors.save,
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
