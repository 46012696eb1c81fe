import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limitUnavailable } from '../../../lambda/limiter/index.ts';
import { ConnectorError } from '../../../lambda/runtime/errors.ts';
import { idleCycleMs, leaseStore, newLease } from '../../../lambda/store/leases.ts';
import { StoreUnavailable } from '../../../lambda/store/table.ts';
import { readWatchMessage } from '../../../lambda/store/watch-message.ts';
import { backOff, digestOf } from '../../../lambda/watch/poll-schedule.ts';
import { sourceFailure } from '../../../lambda/watch/source-failure.ts';
import { memoryTable } from '../memory-table.ts';
import { endedJob, noon } from '../subscriptions/world.ts';

describe('the digest of a job list', () => {
  const job = endedJob('task', 1);
  const [task] = job.tasks;

  it('is the same for the same list', () => {
    expect(digestOf([job])).toBe(digestOf([endedJob('task', 1)]));
  });

  it.each([
    ['a job ends', [{ ...job, endedAt: noon }]],
    ['a job changes its status', [{ ...job, status: 'running' }]],
    ['a job appears', [job, endedJob('next', 2)]],
    ['a job disappears', []],
    ['a task changes its status', [{ ...job, tasks: task ? [{ ...task, status: 'running' }] : [] }]],
    ['a task ends', [{ ...job, tasks: task ? [{ ...task, endedAt: noon }] : [] }]],
    ['a task appears', [{ ...job, tasks: task ? [task, { ...task, taskId: 'next' }] : [] }]],
  ])('changes when %s', (_, jobs) => {
    expect(digestOf(jobs)).not.toBe(digestOf([job]));
  });
});

describe('the pause after failures', () => {
  it('is at least the idle pace and what the source asks for up to two minutes, and at most 15 minutes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.integer({ min: 0, max: 100 * 60 * idleCycleMs }),
        (failures, random, retryAfterMs) => {
          const pause = backOff(failures, noon, random, retryAfterMs) - noon;
          expect(Number.isInteger(pause)).toBe(true);
          expect(pause).toBeGreaterThanOrEqual(
            Math.max(idleCycleMs, Math.min(retryAfterMs, 2 * idleCycleMs)),
          );
          expect(pause).toBeLessThanOrEqual(15 * idleCycleMs);
        },
      ),
    );
  });
});

describe('leases', () => {
  it('are one per instance, listed together, and taken by one of two', async () => {
    const leases = leaseStore(memoryTable());
    expect(await leases.find('a')).toBeUndefined();
    const version = await leases.save('a', { ...newLease, dueAt: 5 }, 'absent');
    expect(await leases.save('a', { ...newLease, dueAt: 6 }, 'absent')).toBeUndefined();
    expect(await leases.save('b', newLease, 'absent')).toBeDefined();
    expect(await leases.save('a', { ...newLease, dueAt: 7 }, version ?? 'absent')).toBeDefined();
    expect([...(await leases.all())]).toEqual([
      ['a', { ...newLease, dueAt: 7 }],
      ['b', newLease],
    ]);
  });
});

describe('a watch message', () => {
  it('of a newer program is refused, so that it stays in the queue', () => {
    expect(() => readWatchMessage('{"v":2,"instanceIds":[]}')).toThrow('schema version 2');
    expect(readWatchMessage('{"v":1,"instanceIds":["a"],"busy":true}')).toEqual({
      v: 1,
      instanceIds: ['a'],
      busy: true,
    });
  });
});

describe('a failure of the source', () => {
  it.each([
    [new ConnectorError('UpstreamThrottled', 'Wait.', { retryAfterSeconds: 30 }), { retryAfterMs: 30_000 }],
    [new ConnectorError('UpstreamFailed', 'No.'), { retryAfterMs: 0 }],
    [new ConnectorError('SecretUnreadable', 'No.'), { retryAfterMs: 0 }],
    [new ConnectorError('DeadlineExceeded', 'No.'), { retryAfterMs: 0 }],
    [limitUnavailable(new Error('throttled')), { retryAfterMs: 1_000 }],
    [new StoreUnavailable('Away.'), undefined],
    [new Error('a fault of ours'), undefined],
  ])('is told from others: %s', (error, expected) => {
    expect(sourceFailure(error)).toEqual(expected);
  });
});
