import { describe, expect, it } from 'vitest';
import { recordsWithoutOccurrence } from '../../../lambda/ledger/poll-records.ts';
import { ledgerRetentionSeconds, ledgerStore } from '../../../lambda/store/ledger.ts';
import { type Cursor, emptyCursor } from '../../../lambda/triggers/cursor.ts';
import { observedIn, type Reads } from '../../../lambda/triggers/detect.ts';
import type { Gap } from '../../../lambda/triggers/gap.ts';
import { type FinalTask, jobChangesSince } from '../../../lambda/triggers/job-changes.ts';
import { triggers } from '../../../lambda/triggers/registry.ts';
import { memoryTable } from '../memory-table.ts';
import { decimal, instanceId } from '../store/example-subscription.ts';
import { crashBefore, steppedTable } from '../store/schedules.ts';
import { at, failure, noon, step } from './occurrences.ts';

const world = () => {
  const items = memoryTable();
  const clock = { now: noon };
  const sources = { now: () => clock.now };
  return {
    items,
    clock,
    ledger: ledgerStore(items, sources),
    on: (table: typeof items) => ledgerStore(table, sources),
  };
};

const occurrence = (of: ReturnType<typeof step> | ReturnType<typeof failure>, deliveries = 1) =>
  ({ kind: 'occurrence', occurrence: of, deliveries }) as const;

describe('the ledger', () => {
  it('gives a subject its own records, newest first, from a time on', async () => {
    const { ledger } = world();
    await ledger.record(instanceId, [
      occurrence(step(1, 1, 2)),
      occurrence(step(3, 2, 3)),
      occurrence(step(2, 3, 2)),
      occurrence({ ...step(1, 1, 2), subject: 'Another' }),
      occurrence(failure(1)),
    ]);
    const found = await ledger.ofSubject(instanceId, 'OnSegmentThresholdCrossed', 'HighValue', at(2), 10);
    expect(found.map((record) => record.kind === 'occurrence' && record.occurrence.finalAt)).toEqual([
      at(3),
      at(2),
    ]);
    expect(await ledger.ofSubject(instanceId, 'OnDataSourceRefreshFailed', null, 0, 10)).toHaveLength(1);
    expect(await ledger.ofInstance(instanceId, 0, 10)).toEqual([]);
  });

  it('keeps what a look found, however often it is repeated, for 30 days', async () => {
    const { ledger, items, clock } = world();
    const records = [
      occurrence(step(1, 1, 2), 7),
      { kind: 'gap', gap: { kind: 'jobs', from: at(0), to: at(1), reason: 'x' } },
      { kind: 'source failed', at: at(1), reason: 'x' },
    ] as const;
    await ledger.record(instanceId, records);
    const before = [...items.items.values()];
    expect(before.every(({ expiresAt }) => expiresAt === noon / 1000 + ledgerRetentionSeconds)).toBe(true);
    clock.now += 60_000;
    await ledger.record(instanceId, records);
    expect([...items.items.values()]).toEqual(before);
    expect(await ledger.ofInstance(instanceId, 0, 10)).toHaveLength(2);
  });

  it('is whole once a look that died has been repeated', async () => {
    const records = Array.from({ length: 60 }, (_, minute) => occurrence(step(minute, minute, minute + 1)));
    for (let calls = 1; ; calls += 1) {
      const { items, on, ledger } = world();
      const crashed = await crashBefore(
        (step) => on(steppedTable(items, step) as typeof items).record(instanceId, records),
        calls,
      );
      await ledger.record(instanceId, records);
      expect(
        await ledger.ofSubject(instanceId, 'OnSegmentThresholdCrossed', 'HighValue', 0, 100),
      ).toHaveLength(60);
      if (!crashed) break;
    }
  });

  it('costs nothing when there is nothing to say', async () => {
    const { ledger, items } = world();
    await ledger.record(instanceId, []);
    expect(items.items.size).toBe(0);
  });
});

describe('a poll', () => {
  const segment = (...evaluations: readonly (readonly [minute: number, value: number])[]) => ({
    name: 'HighValue',
    displayName: 'High value',
    evaluations: evaluations.map(([minute, value]) => ({ at: at(minute), value: decimal(value) })),
  });
  const cursor: Cursor = { ...emptyCursor, segments: { HighValue: { at: at(1), value: decimal(5) } } };
  const recordsOf = (tasks: readonly FinalTask[], reads: Partial<Reads>, gaps: readonly Gap[]) =>
    recordsWithoutOccurrence(
      triggers,
      observedIn(cursor, { ...jobChangesSince(cursor.jobs, []), tasks }, { jobs: [], ...reads }),
      gaps,
    );
  const task = (operation: string, status: string) => ({
    task: {
      taskId: `${operation} ${status}`,
      operation,
      status,
      objectName: 'High value',
      endedAt: at(4),
      errorCode: undefined,
      errorMessage: undefined,
    },
    jobId: 'job',
    jobIds: ['job'],
    finalAt: at(4),
  });

  it('notes evaluations that changed nothing since it looked last', () => {
    const reads = { segments: [segment([0, 5], [1, 5], [2, 5], [3, 6], [4, 6])] };
    expect(recordsOf([], reads, [])).toEqual([
      {
        kind: 'unchanged',
        trigger: 'OnSegmentThresholdCrossed',
        subject: 'HighValue',
        at: at(4),
        value: '6',
      },
      {
        kind: 'unchanged',
        trigger: 'OnSegmentThresholdCrossed',
        subject: 'HighValue',
        at: at(2),
        value: '5',
      },
    ]);
  });

  it('notes evaluations without a value, and none of what gave one or is no evaluation', () => {
    const tasks = [
      task('segmentation', 'failed'),
      task('segmentation', 'successful'),
      task('ingestion', 'failed'),
      task('measures', 'skipped'),
    ];
    expect(
      recordsOf(tasks, {}, []).map((record) => 'status' in record && [record.trigger, record.status]),
    ).toEqual([
      ['OnSegmentThresholdCrossed', 'failed'],
      ['OnMeasureThresholdCrossed', 'skipped'],
    ]);
  });

  it('is bounded, however much there is, and says every gap', () => {
    const many = segment(...Array.from({ length: 2_000 }, (_, index) => [index + 2, 5] as const));
    const gap = { kind: 'jobs', from: 0, to: 1, reason: 'x' } as const;
    const records = recordsOf([], { segments: [many] }, [gap]);
    expect(records).toHaveLength(501);
    expect(records[0]).toEqual({ kind: 'gap', gap });
    expect(records[1]).toMatchObject({ at: at(2_001) });
  });
});
