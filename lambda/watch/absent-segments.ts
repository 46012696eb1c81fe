import type { LedgerRecord } from '../store/ledger-records.ts';
import type { Cursor } from '../triggers/cursor.ts';
import type { WatchedInstance } from '../triggers/instance.ts';
import type { ObservedSegment } from '../triggers/observation.ts';
import { triggersReading } from '../triggers/trigger-set.ts';
import type { WatchPorts } from './ports.ts';
import { isFollowed } from './read-source.ts';

interface Noted {
  /** Segments that a user follows and the source does not list → since when, epoch ms of our clock. */
  readonly absent: Readonly<Record<string, number>>;
  readonly records: readonly LedgerRecord[];
}

/**
 * Notes which followed segments the source no longer lists, and which it lists again. Their state is
 * kept: a segment that was deleted by mistake and comes back is compared with its last value. Can be repeated.
 * @param written the notes in the table: another watch, or one that saved no cursor, may have changed them since
 * @param segments all that are listed
 */
export const noteAbsentSegments = async (
  ports: WatchPorts,
  instance: WatchedInstance,
  { cursor, written }: { readonly cursor: Cursor; readonly written: ReadonlyMap<string, number> },
  segments: readonly ObservedSegment[],
  now: number,
): Promise<Noted> => {
  const { cursors, log, triggers } = ports;
  const listed = new Set(segments.map(({ name }) => name));
  const before = cursor.absentSegments ?? {};
  const names = [
    ...new Set([...Object.keys(cursor.segments), ...Object.keys(before), ...written.keys()]),
  ].sort();
  const absent: Record<string, number> = {};
  const records: LedgerRecord[] = [];
  const note = (kind: 'not listed' | 'listed again', subject: string, at: number) => {
    log.warn(`segment ${kind}`, { instanceId: instance.id, subject });
    for (const trigger of triggersReading(triggers, 'segments')) records.push({ kind, trigger, subject, at });
  };
  for (const name of names) {
    const known = before[name];
    const isKnown = known !== undefined || written.has(name);
    if (listed.has(name)) {
      if (!isKnown) continue;
      await cursors.listedAgain(instance.id, name);
      note('listed again', name, now);
    } else if (await isFollowed(ports, instance.id, name, 'segments')) {
      const since = written.get(name) ?? (await cursors.notListed(instance.id, name, known ?? now));
      absent[name] = since;
      if (known === undefined) note('not listed', name, since);
    } else if (isKnown) await cursors.listedAgain(instance.id, name);
  }
  return { absent, records };
};
