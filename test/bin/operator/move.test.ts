/** What moves decide without a deployment: whether the source runs, and where detection goes on. */
import { describe, expect, it } from 'vitest';
import { mergedCursor, stillPolled } from '../../../bin/operator/move/activate-subscriptions.ts';
import type { Moved } from '../../../bin/operator/move/moved-file.ts';
import { hourMs, minuteMs } from '../../../lambda/runtime/time.ts';
import { type Lease, newLease } from '../../../lambda/store/leases.ts';
import { type Cursor, emptyCursor } from '../../../lambda/triggers/cursor.ts';

const now = Date.UTC(2027, 0, 10, 12);
const moved: Moved = {
  head: { kind: 'head', at: now - hourMs, tenantId: 't', stack: 'Old', program: '0' },
  instances: ['one', 'two'].map((instanceId) => ({ kind: 'instance', instanceId, cursor: null, sweptAt: 0 })),
  subscriptions: [],
};
const polled = (leases: Readonly<Record<string, Lease>>) =>
  stillPolled(
    {
      now: () => now,
      leases: {
        all: async () => new Map(Object.entries(leases)),
        find: async () => undefined,
        save: async () => undefined,
      },
    },
    moved,
  );
const due = (dueAt: number): Lease => ({ ...newLease, dueAt });

describe('the source', () => {
  it('runs while an instance of the file is due soon, or was due just now', async () => {
    expect(await polled({ one: due(now + 30_000), two: due(now - hourMs) })).toEqual(['one']);
    expect(await polled({ one: due(now - 2 * minuteMs) })).toEqual(['one']);
    // Customer Insights does not answer it, and it waits.
    expect(await polled({ two: due(now + hourMs) })).toEqual(['two']);
  });

  it('has stopped when all are overdue for three minutes; other instances do not matter', async () => {
    expect(await polled({ one: due(now - 4 * minuteMs), two: due(now - hourMs), other: due(now) })).toEqual(
      [],
    );
    expect(await polled({})).toEqual([]);
  });
});

describe('the cursor', () => {
  const seen = (value: string | null, at = 5) => ({ at, value: value as never });
  const own: Cursor = {
    ...emptyCursor,
    jobs: { seenUntil: 9, open: {}, closed: {} },
    measures: { followed: seen('7', 8), listed: seen(null, 8) },
    valuesReadAt: 80,
  };
  const from: Cursor = {
    ...emptyCursor,
    jobs: { seenUntil: 3, open: {}, closed: {} },
    segments: { s: seen('1') },
    measures: { followed: seen('2'), listed: seen('3'), absent: seen('4'), none: seen(null) },
    valuesReadAt: 50,
  };

  it('keeps what the target has read, and takes the values that it has not', () => {
    expect(mergedCursor(own, from)).toEqual({
      ...own,
      segments: { s: seen('1') },
      measures: { followed: seen('7', 8), listed: seen('3'), absent: seen('4') },
      // So far back the next look asks for evaluations.
      valuesReadAt: 50,
    });
  });

  it('asks for evaluations as far back as the one that has read values', () => {
    expect(mergedCursor({ ...own, valuesReadAt: null }, from).valuesReadAt).toBe(50);
    expect(mergedCursor(own, { ...from, valuesReadAt: null }).valuesReadAt).toBe(80);
  });
});
