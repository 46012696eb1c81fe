import { createCache } from '../runtime/cache.ts';
import { hasCode } from '../runtime/errors.ts';
import { type Cursor, type DetectionStart, emptyCursor, type StartingValue } from '../triggers/cursor.ts';
import { type FanOut, fanOutPrefix, fanOutRecords } from './fan-outs.ts';
import { packText, unpackText } from './packed-text.ts';
import { type Found, recordStore } from './record-store.ts';
import { type Expected, type Item, type Key, type Table, untilWritten, type Version } from './table.ts';

export interface StoredCursor {
  readonly cursor: Cursor;
  readonly version: Expected;
}

export type FoundStartingValue = Found<StartingValue>;

/** What a poll has to know of an instance before it reads the source. */
export interface PollState extends StoredCursor {
  readonly starting: readonly FoundStartingValue[];
  /** Events that were being sent when it was read. */
  readonly fanOuts: readonly FanOut[];
  /** What {@link CursorStore.begin} keeps; undefined without a registration for jobs. Read only when it is asked for. */
  readonly beginning: () => DetectionStart | undefined;
  /** As {@link CursorStore.absentSegments}. */
  readonly absent: ReadonlyMap<string, number>;
}

/**
 * `C#<instance>` / `CURSOR`: up to where the events of an instance were detected. Apart from the lease, which
 * is written far more often. `C#<instance>` / `START#<kind>#<name>`: values that registrations have read, for
 * the next watch. A cursor of thousands of segments or measures that does not fit into an item is packed, as schema
 * version 2: names and numbers of one form deflate to about a fifth. `C#<instance>` / `JOBS`: from where on the first look owes jobs.
 * `C#<instance>` / `ABSENT#<segment>`: followed segments that the source does not list, for their owners.
 */
export interface CursorStore {
  find(instanceId: string): Promise<StoredCursor>;
  /** The cursor, and what else the partition has: one request instead of five. */
  pollState(instanceId: string): Promise<PollState>;
  /** @returns undefined when another watch got further in between; nothing was written then */
  save(instanceId: string, cursor: Cursor, expected: Expected): Promise<Version | undefined>;
  /** Leaves an earlier one of the same subject as it is. */
  start(instanceId: string, value: StartingValue): Promise<void>;
  /** Keeps the one that reaches back further. */
  begin(instanceId: string, start: DetectionStart): Promise<void>;
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

/** Cursors that a process has saved and can use again: as many as it has instances usually, each at most of an item. */
const cursorsKept = 40;

const cursorKey = 'CURSOR';
const beginningKey = 'JOBS';

export const cursorStore = (table: Table): CursorStore => {
  const pk = (instanceId: string) => `C#${instanceId}`;
  const cursors = recordStore<string, Cursor>(table, {
    kind: 'cursor',
    schemaVersion: 1,
    key: (instanceId) => ({ pk: pk(instanceId), sk: cursorKey }),
  });
  const packed = recordStore<string, { readonly packed: string }>(table, {
    kind: 'packed cursor',
    schemaVersion: 2,
    key: (instanceId) => ({ pk: pk(instanceId), sk: cursorKey }),
  });
  /** By instance, as this process has saved them: a version names one write. */
  const saved = createCache<{ readonly cursor: Cursor; readonly version: Version }>({
    now: () => 0,
    capacity: cursorsKept,
  });
  /** @throws UnknownSchemaVersion */
  const readCursor = (instanceId: string, item: Item): StoredCursor => {
    const known = saved.find(instanceId);
    if (known?.version === item.version) return known;
    try {
      const { body, version } = cursors.read(item);
      return { cursor: body, version };
    } catch (error) {
      if (!hasCode(error, 'UnknownSchemaVersion')) throw error;
      const { body, version } = packed.read(item);
      return { cursor: JSON.parse(unpackText(body.packed)), version };
    }
  };
  const noCursor: StoredCursor = { cursor: emptyCursor, version: 'absent' };
  const fanOutsOf = fanOutRecords(table);
  const startingValues = recordStore<Key, StartingValue>(table, {
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
    key: (instanceId) => ({ pk: pk(instanceId), sk: beginningKey }),
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
    async find(instanceId) {
      const item = await table.get({ pk: pk(instanceId), sk: cursorKey });
      return item ? readCursor(instanceId, item) : noCursor;
    },
    async pollState(instanceId) {
      let stored = noCursor;
      let beginning: () => DetectionStart | undefined = () => undefined;
      const starting: FoundStartingValue[] = [];
      const fanOuts: FanOut[] = [];
      const absent = new Map<string, number>();
      for await (const item of table.range(pk(instanceId), 'ABSENT#', 'START$')) {
        const { sk } = item;
        if (sk === cursorKey) stored = readCursor(instanceId, item);
        else if (sk === beginningKey) beginning = () => starts.read(item).body;
        else if (sk.startsWith(fanOutPrefix))
          fanOuts.push(...fanOutsOf.readable(item).map(({ body }) => body));
        else if (sk.startsWith('START#')) starting.push(...startingValues.readable(item));
        else if (sk.startsWith('ABSENT#'))
          for (const { body } of absences.readable(item)) absent.set(body.name, body.since);
      }
      return { ...stored, starting, fanOuts, beginning, absent };
    },
    async save(instanceId, cursor, expected) {
      try {
        const version = await cursors.save(instanceId, cursor, expected);
        if (version !== undefined) saved.set(instanceId, { cursor, version });
        return version;
      } catch (error) {
        if (!hasCode(error, 'RecordTooLarge')) throw error;
        return packed.save(instanceId, { packed: packText(JSON.stringify(cursor)) }, expected);
      }
    },
    async start(instanceId, value) {
      const key = { pk: pk(instanceId), sk: `START#${value.kind}#${value.name}` };
      await startingValues.save(key, value, 'absent');
    },
    async startingValues(instanceId) {
      const found: FoundStartingValue[] = [];
      for await (const each of startingValues.range(pk(instanceId), 'START#', 'START$')) found.push(each);
      return found;
    },
    async forget(values) {
      for (const { key, version } of values) await startingValues.remove(key, version);
    },
  };
};
