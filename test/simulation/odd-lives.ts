/**
 * Lives that few instances have, each in some of the seeds: looks that are refused for long, dates of the
 * future, clocks of hosts that are hours ahead, an instance that is not served for a while, records of other
 * schema versions, calls that never settle, segments made and deleted by the hundred. They draw from a chance of their own, so that the other lives stay as they are.
 */
import { shardOf } from '../../lambda/store/instances.ts';
import type { Table } from '../../lambda/store/table.ts';
import type { Chance } from './chance.ts';
import type { Scheduler } from './scheduler.ts';
import type { InstanceWorld } from './source-world.ts';

const minute = 60_000;
const hour = 60 * minute;

export interface OddLife {
  /** Until when looks at the first instance are refused, though registrations are not; 0 for never. */
  readonly looksRefusedUntil: number;
  /** Whether the first instance is not served at this time. */
  readonly isRemoved: (now: number) => boolean;
  /** How far the clock of a new host of the watch is ahead, ms. */
  readonly hostAheadMs: () => number;
  /** Schema version of records that some other program left; undefined for none. */
  readonly otherVersion: number | undefined;
  /** When a segment of the first instance is deleted for good; undefined for never. */
  readonly segmentLostAt: number | undefined;
  /** Whether a call of a host gets no answer and no error, ever. */
  readonly neverSettles: (port: string, now: number) => boolean;
  /** Whether an event may be found long after it can be seen, though nothing fails. */
  readonly delays: boolean;
  /** Those that this seed has, as people call them. */
  readonly names: readonly string[];
}

export const drawOddLife = (
  chance: Chance,
  start: number,
  activeMs: number,
  instances: readonly InstanceWorld[],
): OddLife => {
  const looksRefused = chance.happens(0.12);
  const removed = chance.happens(0.1);
  const removedFrom = start + chance.random() * activeMs * 0.7;
  const removedUntil = removedFrom + chance.random() * activeMs * 0.3;
  const aheadMs = chance.happens(0.1) ? chance.pick([3 * hour, 30 * hour, 50 * hour]) : 0;
  const [first] = instances;
  if (first && chance.happens(0.12))
    first.ghost = {
      from: start + chance.random() * activeMs * 0.5,
      to: start + activeMs * chance.pick([0.6, 3]),
      aheadMs: chance.pick([20 * hour, 3 * 365 * 24 * hour]),
    };
  const refusedMs = activeMs * chance.within(0.5, 1);
  const otherVersion = chance.happens(0.12) ? chance.pick([0, 7]) : undefined;
  const segmentLostAt = chance.happens(0.2) ? start + chance.within(0.4, 0.95) * activeMs : undefined;
  const forHours = looksRefused && chance.happens(0.4);
  const hoursMs = chance.within(2, 6) * hour;
  const unsettled = chance.happens(0.12);
  const unsettledRate = chance.pick([0.003, 0.02]);
  const crowded = chance.happens(0.1);
  if (first && crowded) first.crowd = { from: start, to: start + activeMs, size: chance.pick([50, 200]) };
  const names: Readonly<Record<string, boolean>> = {
    'first looks that fail': looksRefused && !forHours,
    'first looks that fail for hours': forHours,
    'instance removed and put back': removed,
    'host clocks hours ahead': aheadMs > 0,
    'source clocks ahead': first?.ghost !== undefined,
    'records of another schema version': otherVersion !== undefined,
    'a segment deleted for ever': segmentLostAt !== undefined,
    'calls that never settle': unsettled,
    'segments made and deleted by the hundred': crowded,
  };
  return {
    looksRefusedUntil: looksRefused ? start + (forHours ? activeMs + hoursMs : refusedMs) : 0,
    isRemoved: (now) => removed && removedFrom <= now && now < removedUntil,
    hostAheadMs: () => (aheadMs > 0 && chance.happens(0.3) ? aheadMs : 0),
    otherVersion,
    segmentLostAt,
    // Of its own chance at each call; only while the instance lives.
    neverSettles: (_, now) => unsettled && now < start + activeMs && chance.happens(unsettledRate),
    delays: looksRefused || removed || aheadMs > 0 || unsettled,
    names: Object.keys(names).filter((name) => names[name]),
  };
};

/** Deletes the first segment, between two of its evaluations. */
export const loseSegment = async (
  { segments: [segment] }: InstanceWorld,
  scheduler: Scheduler,
  at: number,
): Promise<void> => {
  if (!segment) return;
  await scheduler.sleep(at - scheduler.now());
  const isBusy = () =>
    segment.running.some(({ to }) => to >= scheduler.now()) ||
    segment.reborn.some(({ createdAt }) => createdAt > scheduler.now());
  while (isBusy()) await scheduler.sleep(2_000);
  const deletedAt = scheduler.now();
  segment.reborn.push({ deletedAt, createdAt: deletedAt + 30 * 24 * hour, dimension: false });
};

/** Leaves records that no program of this version can read wherever ranges are read. */
export const leaveOtherRecords = async (
  table: Table,
  scheduler: Scheduler,
  v: number,
  instances: readonly InstanceWorld[],
): Promise<void> => {
  await scheduler.sleep(minute);
  const body = JSON.stringify({ v, record: {} });
  for (const { id, segments, measures } of instances) {
    const ofAny = ['OnDataSourceRefreshFailed', 'OnDataSourceRefreshSucceeded', 'OnFullRefreshCompleted'];
    const keys = [
      ...ofAny.map((trigger) => ({ pk: `I#${id}#${trigger}#*`, sk: 'E#another' })),
      ...segments.map(({ name }) => ({ pk: `I#${id}#OnSegmentThresholdCrossed#=${name}`, sk: 'T#~' })),
      ...measures.map(({ name }) => ({ pk: `I#${id}#OnMeasureThresholdCrossed#=${name}`, sk: 'T#~' })),
      { pk: `C#${id}`, sk: 'START#segment#another' },
      { pk: `N#${id}`, sk: 'another' },
      { pk: `L#${id}`, sk: '2026-03-01T06:00:00.000Z#another' },
      { pk: 'WATCH', sk: `another ${id}` },
      { pk: `WATCH#${shardOf(id)}`, sk: `another ${id}` },
    ];
    for (const key of keys) await table.swap({ ...key, body }, 'absent');
  }
};

/** When the person who registers the flows of others loses their role; infinite for never. */
export const drawRevocation = (chance: Chance, start: number, activeMs: number): number =>
  chance.happens(0.25) ? start + chance.random() * activeMs * 0.5 : Number.POSITIVE_INFINITY;
