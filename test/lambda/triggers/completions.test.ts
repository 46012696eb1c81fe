import { describe, expect, it } from 'vitest';
import { type Conditions, defaultConditions } from '../../../lambda/triggers/conditions.ts';
import { emptyCursor } from '../../../lambda/triggers/cursor.ts';
import type { ObservedJob } from '../../../lambda/triggers/observation.ts';
import type { Occurrence } from '../../../lambda/triggers/occurrence.ts';
import { triggers } from '../../../lambda/triggers/registry.ts';
import { mismatchOf } from '../../../lambda/triggers/trigger-set.ts';
import { unificationEnd } from '../../../lambda/triggers/unification.ts';
import { job, look, looks, running, second, stage, start } from './example-observations.ts';

/*
 * State: which ends of jobs have been reported.
 * Events: looks at the job list while jobs go on and end.
 * Invariants:
 *  - one full-refresh event per job of everything, when it has ended, however it ended;
 *  - one unification event per job that unifies, no earlier than nothing of it can change;
 *  - a look that finds the same end again, because what came after it was lost, finds the same time;
 *  - the payload says how each stage ended, and the outcome says whether all is well.
 */

const unified = (over: Partial<ObservedJob>) =>
  job({ operation: 'merge', submissionKind: 'scheduled', ...over });
const full = (over: Partial<ObservedJob>) => job({ operation: 'all', submissionKind: 'scheduled', ...over });
const stages = (map: string, match: string, merge: string) => [
  stage('map', map, 10),
  stage('match', match, 20),
  stage('merge', merge, 30),
];
const good = stages('successful', 'successful', 'successful');
const at = (seconds: number) => start + seconds * second;

describe('unification ends', () => {
  it('with its last stage when all succeeded, while the rest of a full refresh goes on', () => {
    const tasks = [...good, stage('segmentation', 'running')];
    expect(unificationEnd(full({ ...running, tasks }))).toBe(at(30));
  });

  it('not before its last stage is there', () => {
    expect(unificationEnd(full({ ...running, tasks: good.slice(0, 2) }))).toBeUndefined();
    expect(
      unificationEnd(full({ ...running, tasks: [...good.slice(0, 2), stage('merge', 'queued')] })),
    ).toBeUndefined();
  });

  it('with map alone in a job for map alone', () => {
    expect(unificationEnd(unified({ operation: 'map', ...running, tasks: good.slice(0, 1) }))).toBe(at(10));
    expect(
      unificationEnd(unified({ operation: 'match', ...running, tasks: good.slice(0, 1) })),
    ).toBeUndefined();
  });

  it('with the job when a stage failed or was skipped, for it may be retried until then', () => {
    for (const tasks of [
      stages('successful', 'failed', 'skipped'),
      stages('skipped', 'skipped', 'skipped'),
    ]) {
      expect(unificationEnd(full({ ...running, tasks }))).toBeUndefined();
      expect(unificationEnd(full({ status: 'failed', endedAt: at(99), tasks }))).toBe(at(99));
    }
  });

  it('at once when what did not succeed timed out or was canceled', () => {
    expect(unificationEnd(full({ ...running, tasks: stages('successful', 'timedout', 'aborted') }))).toBe(
      at(30),
    );
  });

  it('at the same time as before when another job heals a stage after the job has ended', () => {
    const ended = { status: 'failed', endedAt: at(40) };
    const healed = [...good.slice(0, 2), stage('merge', 'successful', 70)];
    expect(unificationEnd(full({ ...ended, tasks: stages('successful', 'successful', 'failed') }))).toBe(
      at(40),
    );
    expect(unificationEnd(full({ ...ended, tasks: healed }))).toBe(at(40));
  });

  it('never in a job that does not unify', () => {
    expect(unificationEnd(job())).toBeUndefined();
  });
});

describe('the event of unification', () => {
  it('is one for each job, with the result of each stage', () => {
    const tasks = [...good, stage('segmentation', 'running')];
    const { occurrences } = looks(
      {
        jobs: [
          full({
            ...running,
            tasks: [stage('map', 'running'), stage('match', 'queued'), stage('merge', 'queued')],
          }),
        ],
      },
      { jobs: [full({ ...running, tasks })] },
      { jobs: [full({ ...running, tasks })] },
      {
        jobs: [
          full({
            status: 'successful',
            endedAt: at(90),
            tasks: [...good, stage('segmentation', 'successful', 90)],
          }),
        ],
      },
    );
    const own = occurrences.filter(({ trigger }) => trigger === 'OnUnificationRefreshCompleted');
    expect(own).toMatchObject([
      {
        occurrence: job().jobId,
        finalAt: at(30),
        completion: { outcome: 'succeeded', scheduled: true },
        payload: {
          jobId: job().jobId,
          outcome: 'succeeded',
          status: 'running',
          startedBy: 'scheduled',
          stageCount: 3,
          successfulCount: 3,
          endedAt: new Date(at(30)).toISOString(),
          stages: [
            { operation: 'map', status: 'successful' },
            { operation: 'match', status: 'successful' },
            { operation: 'merge', status: 'successful' },
          ],
        },
      },
    ]);
  });

  it('tells what failed, once the job is over', () => {
    const tasks = stages('successful', 'failed', 'skipped').map((each) =>
      each.status === 'failed' ? { ...each, errorCode: 'E7', errorMessage: 'No memory.' } : each,
    );
    const { occurrences } = looks(
      { jobs: [unified({ ...running, tasks })] },
      { jobs: [unified({ status: 'failed', endedAt: at(50), tasks })] },
    );
    expect(occurrences).toMatchObject([
      {
        finalAt: at(50),
        completion: { outcome: 'failed' },
        payload: {
          outcome: 'failed',
          failedCount: 1,
          skippedCount: 1,
          stages: [{ status: 'successful' }, { status: 'failed', errorCode: 'E7' }, { status: 'skipped' }],
        },
      },
    ]);
  });

  it('of two jobs that share their stages is one for each', () => {
    const other = unified({
      jobId: 'b3b2a1f0-0000-4000-8000-000000000002',
      tasks: good,
      status: 'successful',
    });
    const { occurrences } = looks({ jobs: [unified({ tasks: good, status: 'successful' }), other] });
    expect(new Set(occurrences.map(({ eventId }) => eventId)).size).toBe(2);
  });
});

describe('the event of a full refresh', () => {
  const events = (over: Partial<ObservedJob>) =>
    look(emptyCursor, { jobs: [full(over)] }).occurrences.filter(
      ({ trigger }) => trigger === 'OnFullRefreshCompleted',
    );

  it('comes when the job has ended, once', () => {
    const tasks = [stage('ingestion', 'successful', 5), ...good];
    const { occurrences } = looks(
      { jobs: [full({ ...running, tasks })] },
      { jobs: [full({ status: 'successful', endedAt: at(40), tasks })] },
      { jobs: [full({ status: 'successful', endedAt: at(40), tasks })] },
    );
    expect(occurrences.filter(({ trigger }) => trigger === 'OnFullRefreshCompleted')).toMatchObject([
      { finalAt: at(40), payload: { status: 'successful', outcome: 'succeeded', stageCount: 4 } },
    ]);
  });

  it('comes for no other job', () => {
    expect(look(emptyCursor, { jobs: [unified({ status: 'successful', tasks: [] })] }).occurrences).toEqual(
      [],
    );
  });

  it('takes the end of the last task where the job has none', () => {
    expect(events({ status: 'successful', endedAt: undefined, tasks: good })).toMatchObject([
      { finalAt: at(30) },
    ]);
  });

  it.each([
    ['succeeded', 'successful', good],
    ['succeeded', 'successful', [...good, stage('segmentation', 'skipped', 31)]],
    ['failed', 'failed', stages('successful', 'failed', 'skipped')],
    ['failed', 'successful', [...good, stage('export', 'failed', 31)]],
    ['failed', 'aborted', good],
    ['failed', 'timedout', good],
  ])('has %s as its outcome when the job was %s', (outcome, status, tasks) => {
    expect(events({ status, tasks })).toMatchObject([{ completion: { outcome }, payload: { outcome } }]);
  });

  it('shows 100 stages at most, what did not succeed among them, in the order of their ends', () => {
    const many = Array.from({ length: 300 }, (_, index) => ({
      ...stage('segmentation', index === 250 ? 'failed' : 'successful', index),
      taskId: `task ${index}`,
    }));
    const [event] = events({ status: 'failed', tasks: many });
    expect(event?.payload).toMatchObject({ stageCount: 300, successfulCount: 299, failedCount: 1 });
    const shown = event && 'stages' in event.payload ? event.payload.stages : expect.fail();
    expect(shown).toHaveLength(100);
    expect(shown.at(-1)?.status).toBe('failed');
    expect(shown.map(({ endedAt }) => endedAt)).toEqual([...shown.map(({ endedAt }) => endedAt)].sort());
  });

  it('fits into a queue message, with a long error in every stage', () => {
    const many = Array.from({ length: 300 }, (_, index) => ({
      ...stage('segmentation', 'failed', index),
      taskId: `task ${index}`,
      errorMessage: 'x'.repeat(10_000),
    }));
    const [event] = events({ status: 'failed', tasks: many });
    expect(Buffer.byteLength(JSON.stringify(event?.payload))).toBeLessThan(64 * 1024);
  });

  it('fits whatever its stages consist of: those that do not fit are left out, and counted', () => {
    const many = Array.from({ length: 300 }, (_, index) => ({
      ...stage('segmentation', 'failed', index),
      taskId: `task ${index}`,
      objectName: '\u0001'.repeat(200),
      errorMessage: '\u0001'.repeat(4_000),
    }));
    const [event] = events({ status: 'failed', tasks: many });
    expect(Buffer.byteLength(JSON.stringify(event?.payload))).toBeLessThan(128 * 1024);
    const shown = event && 'stages' in event.payload ? event.payload.stages : expect.fail();
    expect(shown.length).toBeGreaterThan(20);
    expect(shown[0]).toMatchObject({ errorMessage: `${'\u0001'.repeat(300)}…` });
    expect(event?.payload).toMatchObject({ stageCount: 300 });
  });
});

describe('what a subscription asks for', () => {
  const [failure, scheduled] = (['ondemand', 'scheduled'] as const).map((submissionKind) => {
    const [occurrence] = look(emptyCursor, {
      jobs: [full({ submissionKind, status: 'failed' })],
    }).occurrences;
    return occurrence ?? expect.fail('no occurrence');
  });
  const asksFor = (chosen: Partial<Conditions>, occurrence: Occurrence = failure ?? expect.fail()) =>
    mismatchOf(triggers, { threshold: null, conditions: { ...defaultConditions, ...chosen } }, occurrence) ===
    undefined;

  it.each([
    [{}, true],
    [{ outcome: 'failed' as const }, true],
    [{ outcome: 'succeeded' as const }, false],
    [{ runs: 'scheduled' as const }, false],
    [{ outcome: 'failed' as const, runs: 'scheduled' as const }, false],
  ])('with %j of a failure that somebody started: %s', (chosen, expected) => {
    expect(asksFor(chosen)).toBe(expected);
  });

  it('is a scheduled one where it asks for those', () => {
    expect(asksFor({ runs: 'scheduled' }, scheduled)).toBe(true);
  });
});
