import { describe, expect, it } from 'vitest';
import { emptyCursor, horizonMs } from '../../../lambda/triggers/cursor.ts';
import { needsNodes } from '../../../lambda/triggers/data-source-of-task.ts';
import { needsOf } from '../../../lambda/triggers/detect.ts';
import { jobChangesSince } from '../../../lambda/triggers/job-changes.ts';
import type { ObservedNode } from '../../../lambda/triggers/observation.ts';
import { unexplainedRefreshes } from '../../../lambda/triggers/readings.ts';
import { triggers } from '../../../lambda/triggers/registry.ts';
import { job, look, looks, minute, running, second, shop, start, task } from './example.ts';

/*
 * State: which jobs and tasks have been handled.
 * Events: a look at the job list, with the data sources (and the workflow status) that it called for.
 * Invariants:
 *  - a failure is reported once, and only when nothing can change it any more; a success once, at once;
 *  - the same refresh has the same event id in every look that finds it, whatever was known of its source;
 *  - an event is never pinned on a source that it may not belong to.
 */

const triggersOf = (occurrences: readonly { readonly trigger: string }[]) =>
  occurrences.map(({ trigger }) => trigger);

describe('failures of a data source', () => {
  it('are silent while the job still runs, for the product retries by itself', () => {
    expect(look(emptyCursor, { jobs: [job(running)] }).occurrences).toEqual([]);
  });

  it('are reported once when the job has ended, with the time at which they became final', () => {
    const failed = task({ errorCode: 'E1', errorMessage: 'No access.' });
    const first = look(emptyCursor, { jobs: [job({ tasks: [failed] })] });
    expect(first.occurrences).toMatchObject([
      {
        kind: 'subject',
        trigger: 'OnDataSourceRefreshFailed',
        subject: shop.dataSourceId,
        finalAt: start + 2 * second,
        payload: {
          dataSourceId: shop.dataSourceId,
          dataSourceName: 'Web shop',
          jobId: job().jobId,
          status: 'failed',
          occurredAt: new Date(start + 2 * second).toISOString(),
          submittedAt: new Date(start).toISOString(),
          endedAt: new Date(start + second).toISOString(),
          errorCode: 'E1',
          errorMessage: 'No access.',
        },
      },
    ]);
    expect(look(first.cursor, { jobs: [job()] }).occurrences).toEqual([]);
  });

  it('by time-out are final at once', () => {
    const jobs = [job({ ...running, tasks: [task({ status: 'timedout' })] })];
    expect(look(emptyCursor, { jobs }).occurrences).toMatchObject([
      { finalAt: start + second, payload: { status: 'timedOut' } },
    ]);
  });

  it('of a task shared by two jobs wait for both, and are reported once', () => {
    const other = job({ jobId: 'b3b2a1f0-0000-4000-8000-000000000002', ...running });
    const ended = { ...other, status: 'failed', endedAt: start + 9 * second };
    const { occurrences } = looks(
      { jobs: [job(), other] },
      { jobs: [job(), ended] },
      { jobs: [job(), ended] },
    );
    expect(occurrences).toMatchObject([{ finalAt: start + 9 * second, payload: { jobId: job().jobId } }]);
  });

  it('of a task that a later job lists again are reported once', () => {
    const later = job({ jobId: 'later', submittedAt: start + minute, endedAt: start + 2 * minute });
    expect(looks({ jobs: [job()] }, { jobs: [later, job()] }).occurrences).toHaveLength(1);
  });

  it.each(['skipped', 'aborted', 'deleted'])('do not include %s, nor do successes', (status) => {
    expect(look(emptyCursor, { jobs: [job({ status, tasks: [task({ status })] })] }).occurrences).toEqual([]);
  });

  it('older than the horizon are not replayed', () => {
    const recent = job({
      jobId: 'recent',
      submittedAt: start + horizonMs + 10 * second,
      ...running,
      tasks: [],
    });
    expect(look(emptyCursor, { jobs: [job(), recent] }).occurrences).toEqual([]);
  });
});

describe('successes of a data source', () => {
  const success = task({ status: 'successful' });

  it('are reported once, at once, however long the job around them takes', () => {
    const jobs = [job({ ...running, tasks: [success] })];
    const { occurrences } = looks({ jobs }, { jobs: [job({ status: 'successful', tasks: [success] })] });
    expect(occurrences).toMatchObject([
      {
        trigger: 'OnDataSourceRefreshSucceeded',
        finalAt: start + second,
        payload: { status: 'successful', dataSourceId: shop.dataSourceId },
      },
    ]);
    expect(occurrences[0]?.payload).not.toHaveProperty('errorCode');
  });

  it('after a retry are one success and no failure', () => {
    const { occurrences } = looks(
      { jobs: [job({ ...running, tasks: [task({ ...running })] })] },
      { jobs: [job(running)] },
      { jobs: [job({ ...running, tasks: [task(running)] })] },
      { jobs: [job({ ...running, tasks: [task({ status: 'successful', endedAt: start + minute })] })] },
      {
        jobs: [
          job({
            status: 'successful',
            endedAt: start + minute,
            tasks: [task({ status: 'successful', endedAt: start + minute })],
          }),
        ],
      },
    );
    expect(triggersOf(occurrences)).toEqual(['OnDataSourceRefreshSucceeded']);
  });
});

describe('whose refresh it was', () => {
  const twin = { ...shop, dataSourceId: 'd0000000-0000-4000-8000-000000000002', name: 'WebShop2' };
  const node = (over: Partial<ObservedNode>): ObservedNode => ({
    operation: 'ingestion',
    identifier: shop.dataSourceId,
    objectName: 'Web shop',
    jobIds: [job().jobId],
    status: 'failed',
    endedAt: start + second,
    ...over,
  });
  const found = (dataSources: readonly (typeof shop)[], nodes: readonly ObservedNode[] = []) =>
    look(emptyCursor, { jobs: [job()], dataSources, nodes }).occurrences[0];
  const { tasks } = jobChangesSince(emptyCursor.jobs, [job()]);

  it('is told by the display name where only one source bears it, without any further read', () => {
    expect(needsNodes(tasks, [shop])).toBe(false);
    expect(found([shop])).toMatchObject({ subject: shop.dataSourceId });
  });

  it('is told by the unique name where the task bears that', () => {
    const other = { ...shop, name: 'Web shop', displayName: 'Shop on the web' };
    expect(found([other])).toMatchObject({ payload: { dataSourceName: 'Shop on the web' } });
  });

  it('is told by the workflow status where two sources bear the name', () => {
    expect(needsNodes(tasks, [shop, twin])).toBe(true);
    const idle = node({ identifier: shop.dataSourceId, jobIds: ['another'] });
    expect(found([shop, twin], [idle, node({ identifier: twin.dataSourceId })])).toMatchObject({
      subject: twin.dataSourceId,
    });
    expect(found([shop, twin], [idle, node({ identifier: twin.name })])).toMatchObject({
      subject: twin.dataSourceId,
    });
  });

  it('is told by how and when it ended where both were refreshed in one job', () => {
    const nodes = [node({ status: 'successful' }), node({ identifier: twin.dataSourceId })];
    expect(found([shop, twin], nodes)).toMatchObject({ subject: twin.dataSourceId });
  });

  it('is told by the workflow status where the source was renamed since', () => {
    const renamed = { ...shop, displayName: 'New name' };
    expect(needsNodes(tasks, [renamed])).toBe(true);
    expect(found([renamed], [node({})])).toMatchObject({
      subject: shop.dataSourceId,
      payload: { dataSourceName: 'New name' },
    });
  });

  it('stays open rather than wrong', () => {
    const both = [node({}), node({ identifier: twin.dataSourceId })];
    // The shop has been refreshed again since: of the job's two nodes only the other one is left.
    const movedOn = [node({ identifier: twin.dataSourceId, endedAt: start + 2 * second })];
    for (const occurrence of [
      found([shop, twin]),
      found([shop, twin], both),
      found([shop, twin], movedOn),
      found([]),
    ]) {
      expect(occurrence).toMatchObject({ subject: 'Web shop', payload: { dataSourceName: 'Web shop' } });
      expect(occurrence?.payload).not.toHaveProperty('dataSourceId');
    }
  });

  it('does not change the event id', () => {
    const ids = [found([shop]), found([]), found([shop, twin], [node({})])].map((each) => each?.eventId);
    expect(new Set(ids).size).toBe(1);
  });
});

describe('further reads', () => {
  const needs = (...tasks: Parameters<typeof task>[0][]) =>
    needsOf(
      triggers,
      jobChangesSince(emptyCursor.jobs, [job({ ...running, tasks: tasks.map(task) })]).tasks,
      false,
    );

  it('are called for only by what happened', () => {
    expect(needs()).toEqual({ dataSources: false, segments: false, measures: false });
    expect(needs({ status: 'successful' })).toEqual({ dataSources: true, segments: false, measures: false });
    expect(needs({ operation: 'merge', status: 'successful' })).toMatchObject({ dataSources: false });
  });

  it.each([
    ['segmentation', 'segments'],
    ['measures', 'measures'],
    ['entitymeasures', 'measures'],
    ['attributemeasures', 'measures'],
  ])('after %s are of the %s, as soon as one is evaluated', (operation, read) => {
    expect(needs({ operation, status: 'successful' })).toMatchObject({ [read]: true });
    expect(needs({ operation, ...running })).toMatchObject({ [read]: false });
    expect(needs({ operation, status: 'failed' })).toMatchObject({ [read]: false });
  });

  it('are all made in a sweep', () => {
    expect(needsOf(triggers, [], true)).toEqual({ dataSources: true, segments: true, measures: true });
  });
});

describe('a refresh that no listed job accounts for', () => {
  const at = (lastRefresh: number) => [{ ...shop, lastRefresh }];
  const seen = { [shop.dataSourceId]: start };
  const hour = 60 * minute;

  it('is a gap', () => {
    expect(unexplainedRefreshes(seen, at(start + 3 * hour), [job()])).toMatchObject([
      { kind: 'data source', subject: shop.dataSourceId, from: start, to: start + 3 * hour },
    ]);
  });

  it('is none when a task did it, when it is still running, when nothing moved, or when the source is new', () => {
    expect(unexplainedRefreshes(seen, at(start + second), [job()])).toEqual([]);
    const going = job({ ...running, tasks: [task(running)] });
    expect(unexplainedRefreshes(seen, at(start + 3 * hour), [going])).toEqual([]);
    expect(unexplainedRefreshes(seen, at(start), [])).toEqual([]);
    expect(unexplainedRefreshes({}, at(start + hour), [])).toEqual([]);
  });

  it('is reported once', () => {
    const { cursor } = look(emptyCursor, { dataSources: at(start) });
    const first = look(cursor, { dataSources: at(start + 3 * hour) });
    expect(first.gaps).toHaveLength(1);
    expect(look(first.cursor, { dataSources: at(start + 3 * hour) }).gaps).toEqual([]);
  });
});
