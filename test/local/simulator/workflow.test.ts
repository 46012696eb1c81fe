import { describe, expect, it } from 'vitest';
import { benchForEach, type Json, MINUTE, SECOND } from './harness.ts';

describe('jobs and tasks', () => {
  const one = benchForEach();

  const control = () => one().simulator.world.instance();
  const job = async (jobId: string): Promise<Json> =>
    (await one().call(`workflows/main/jobs/${jobId}?includeTasks=true`)).json;
  const source = async (name: string): Promise<Json> => {
    const list: Json[] = (await one().call('manage/datasources')).json;
    return list.find((each) => each.dataSourceMetadata.name === name)?.dataSourceMetadata;
  };

  it('passes a task from queued over running to its end as the clock moves', async () => {
    const { jobId } = control().refreshDataSource('PoS', { queueMs: 5 * SECOND, durationMs: 60 * SECOND });
    const statuses: unknown[] = [];
    for (const step of [0, 6 * SECOND, 60 * SECOND]) {
      one().clock.advance(step);
      const seen = await job(jobId);
      statuses.push([
        seen.jobStatus,
        seen.tasks[0].taskStatus,
        (await source('PoS')).refreshState,
        'endTimestamp' in seen,
      ]);
    }
    expect(statuses).toEqual([
      ['queued', 'queued', 'updated', false],
      ['running', 'running', 'updating', false],
      ['successful', 'successful', 'updated', true],
    ]);
  });

  it('shows a failed task that is being retried while its job still runs, and then one success', async () => {
    const { jobId, tasks } = control().refreshDataSource('PoS', {
      outcome: 'retryThenSucceed',
      queueMs: 0,
      durationMs: 30 * SECOND,
      error: 'Login failed',
    });
    const seen: unknown[] = [];
    for (const step of [SECOND, 10 * SECOND, 10 * SECOND, 10 * SECOND]) {
      one().clock.advance(step);
      const { jobStatus, tasks: listed } = await job(jobId);
      seen.push([
        jobStatus,
        listed[0].taskStatus,
        listed[0].ciError?.message,
        listed[0].taskId === tasks[0]?.taskId,
      ]);
    }
    expect(seen).toEqual([
      ['running', 'running', undefined, true],
      ['running', 'failed', 'Login failed', true],
      ['running', 'running', undefined, true],
      ['successful', 'successful', undefined, true],
    ]);
  });

  it('ends a permanent failure and skips its downstream tasks', async () => {
    const { jobId } = control().refreshAll({
      kind: 'scheduled',
      outcomes: { eCommerce: 'fail' },
      durationMs: 1000,
    });
    const before = (await source('eCommerce')).lastRefresh;
    one().clock.advance(10 * MINUTE);
    const { jobStatus, jobSubmissionKind, operationType, tasks } = await job(jobId);
    expect([jobStatus, jobSubmissionKind, operationType]).toEqual(['failed', 'scheduled', 'all']);
    const by = (status: string): string[] =>
      tasks.filter((task: Json) => task.taskStatus === status).map((task: Json) => task.operationType);
    expect(by('failed')).toEqual(['ingestion']);
    expect(by('successful')).toEqual(['ingestion', 'ingestion']);
    expect(new Set(by('skipped'))).toEqual(
      new Set([
        'map',
        'match',
        'merge',
        'profileStore',
        'search',
        'activity',
        'segmentation',
        'measures',
        'export',
        'insights',
      ]),
    );
    expect(await source('eCommerce')).toMatchObject({ refreshState: 'updateFailed', lastRefresh: before });
  });

  it('keeps the order of refresh in a full run and skips only the inactive segment', async () => {
    const { jobId } = control().refreshAll({ durationMs: 10 * SECOND });
    one().clock.advance(60 * MINUTE);
    const { jobStatus, tasks } = await job(jobId);
    expect(jobStatus).toBe('successful');
    const skipped = tasks.filter((task: Json) => task.taskStatus === 'skipped');
    expect(skipped.map((task: Json) => task.friendlyName)).toEqual(['Spring campaign']);
    const end = (operation: string): number =>
      Math.max(
        ...tasks
          .filter((task: Json) => task.operationType === operation && task.taskStatus === 'successful')
          .map((task: Json) => Date.parse(task.endTimestamp)),
      );
    const order = ['ingestion', 'map', 'match', 'merge', 'segmentation', 'export'].map(end);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(new Set(order).size).toBe(order.length);
  });

  it('reports a timeout and a cancel as such', async () => {
    control().refreshDataSource('Loyalty', { outcome: 'timeOut', durationMs: 1000 });
    const running = control().refreshDataSource('eCommerce', { durationMs: MINUTE });
    one().clock.advance(10 * SECOND);
    const answer = await one().call(`workflows/main/jobs/${running.jobId}/cancel`, { method: 'POST' });
    expect(answer.json).toMatchObject({
      jobStatus: 'aborted',
      endTimestamp: new Date(one().clock.now()).toISOString(),
    });
    expect((await source('eCommerce')).refreshState).toBe('updateCancelled');
    const status: Json[] = (await one().call('workflows/main/status')).json;
    const loyalty = status.find((node) => node.friendlyName === 'Loyalty programme');
    expect(loyalty).toMatchObject({
      taskStatus: 'timedOut',
      ciError: { errorCode: 'dataSourceRefreshTimeout' },
    });
    expect(loyalty?.identifier).toBe((await source('Loyalty')).dataSourceId);
  });

  it('lets two jobs share the tasks that are still under way; cancelling one leaves them to the other', async () => {
    const submit = async (query: string): Promise<Json> =>
      (await one().call(`manage/workflows/main/jobs?${query}`, { method: 'POST' })).json;
    const first = await submit('operationType=all&forceRunRequested=true');
    one().clock.advance(30 * SECOND);
    const { dataSourceId } = await source('PoS');
    const second = await submit(
      `operationType=Ingestion&identifiers='${dataSourceId}'&forceRunRequested=true`,
    );
    const shared = first.tasks.find((task: Json) => task.taskId === second.tasks[0].taskId);
    expect(shared.friendlyName).toBe('Point of sale');
    expect(second.tasks[0].jobIds).toEqual([first.jobId, second.jobId]);
    expect(second.idList).toEqual([dataSourceId]);
    await one().call(`workflows/main/jobs/${first.jobId}/cancel`, { method: 'POST' });
    one().clock.advance(10 * MINUTE);
    expect((await job(first.jobId)).jobStatus).toBe('aborted');
    expect((await job(second.jobId)).jobStatus).toBe('successful');
  });

  it('refuses a submit that cannot be meant', async () => {
    const status = async (query: string) =>
      (await one().call(`workflows/main/jobs?${query}`, { method: 'POST' })).status;
    expect(await status('operationType=all&identifiers=x')).toBe(400);
    expect(await status('operationType=everything')).toBe(400);
    expect(await status('operationType=ingestion&identifiers=unknown')).toBe(404);
    expect((await one().call('workflows/side/jobs')).status).toBe(404);
  });

  it('runs unification as one job, with what follows only on request', async () => {
    const plain = control().refreshUnification({ instant: true });
    expect(plain.tasks.map((task) => task.operationType)).toEqual(['map', 'match', 'merge']);
    const full = control().refreshUnification({ instant: true, downstream: true });
    expect(full.tasks.map((task) => task.operationType)).toContain('segmentation');
    expect((await job(plain.jobId)).jobStatus).toBe('successful');
  });

  it('starts the scheduled full refresh by itself, once a day, until it is switched off', async () => {
    const scheduled = async () =>
      (await one().call('workflows/main/jobs?top=200')).json.filter(
        (each: Json) => each.jobSubmissionKind === 'scheduled',
      );
    expect(await scheduled()).toHaveLength(30);
    one().clock.advance(3 * 1440 * MINUTE);
    const after = await scheduled();
    expect(after).toHaveLength(33);
    expect(after[0]).toMatchObject({ jobStatus: 'successful', operationType: 'all' });
    control().setSchedule({ active: false });
    one().clock.advance(3 * 1440 * MINUTE);
    expect(await scheduled()).toHaveLength(33);
  });

  it('looks back on 30 days with failures, a retry and runs by hand', async () => {
    const jobs: Json[] = (await one().call('workflows/main/jobs?top=200&includeTasks=true')).json;
    expect(jobs).toHaveLength(32);
    expect(jobs.filter((each) => each.jobSubmissionKind === 'onDemand')).toHaveLength(2);
    expect(jobs.filter((each) => each.jobStatus === 'failed').length).toBeGreaterThanOrEqual(3);
    const times = jobs.map((each) => each.submittedTimestamp);
    expect(times).toEqual([...times].sort().reverse());
    expect((await one().call('workflows/main/jobs')).json[0]).not.toHaveProperty('tasks');
  });

  it('scripts the next task, regardless of what starts it', async () => {
    control().setOutcomeAtNextRefresh('eCommerce', { outcome: 'timeOut', durationMs: 1000 });
    await one().call('workflows/main/jobs?operationType=ingestion', { method: 'POST' });
    one().clock.advance(10 * MINUTE);
    expect((await source('eCommerce')).refreshState).toBe('updateFailed');
    await one().call('workflows/main/jobs?operationType=ingestion', { method: 'POST' });
    one().clock.advance(10 * MINUTE);
    expect((await source('eCommerce')).refreshState).toBe('updated');
  });
});
