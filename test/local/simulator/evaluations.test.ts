import { describe, expect, it } from 'vitest';
import { benchForEach, type Json, MINUTE, SECOND } from './harness.ts';

const GOLD = 'LoyaltyGold';
const REVENUE = 'TotalRevenue';

describe('evaluations of segments and measures', () => {
  const one = benchForEach();

  const control = () => one().simulator.world.instance();
  const segment = async (name = GOLD, query = ''): Promise<Json> => {
    const list: Json[] = (await one().call(`manage/segments${query}`)).json;
    return list.find((each) => each.name === name) ?? {};
  };
  const measure = async (name = REVENUE): Promise<Json> =>
    (await one().call(`manage/measures/${name}?includeHistoricStats=true`)).json;

  it('has six segments with 30 days of history, one of them inactive and never evaluated', async () => {
    const list: Json[] = (await one().call('manage/segments?includeHistoricStats=true&historicStatsDays=30'))
      .json;
    expect(list).toHaveLength(6);
    const [inactive] = list.filter((each) => each.state === 'inactive');
    expect(inactive?.evaluationStatus).toEqual({ jobStatus: 'None' });
    const gold = list.find((each) => each.name === GOLD);
    expect(gold?.evaluationStatusHistory.length).toBeGreaterThan(25);
    expect(gold?.evaluationStatusHistory.some((row: Json) => row.jobStatus === 'CompletedFailure')).toBe(
      true,
    );
    const { lastSuccessfulRunId: _run, ...live } = gold?.evaluationStatus ?? {};
    expect(gold?.evaluationStatusHistory.at(-1)).toEqual(live);
    expect(await segment(GOLD, '?includeHistoricStats=true&historicStatsDays=2')).toHaveProperty(
      'evaluationStatusHistory.length',
      2,
    );
    expect(await segment()).not.toHaveProperty('evaluationStatusHistory');
  });

  it('changes count and run id when the evaluation ends, not before', async () => {
    const before = (await segment()).evaluationStatus;
    control().refreshSegment(GOLD, { growBy: 25, queueMs: 0, durationMs: 10 * SECOND });
    one().clock.advance(5 * SECOND);
    expect((await segment()).evaluationStatus).toEqual({ ...before, jobStatus: 'Running' });
    one().clock.advance(5 * SECOND);
    const after = (await segment()).evaluationStatus;
    expect(after).toMatchObject({ jobStatus: 'CompletedSuccess', entityCount: 835 });
    expect(after.evaluationDate).toBe(new Date(one().clock.now()).toISOString());
    expect(after.lastSuccessfulRunId).not.toBe(before.lastSuccessfulRunId);
    expect((await one().call(`manage/entities/${GOLD}/entitysize`)).json.rowCount).toBe(835);
  });

  it.each(['CompletedFailure', 'Cancelled', 'Interrupted', 'NotQualified'] as const)(
    'keeps count and run id through an evaluation that ends as %s',
    async (status) => {
      const before = (await segment()).evaluationStatus;
      control().refreshSegment(GOLD, { count: 5, status, instant: true });
      const after = (await segment()).evaluationStatus;
      expect(after).toMatchObject({
        jobStatus: status,
        entityCount: 810,
        lastSuccessfulRunId: before.lastSuccessfulRunId,
      });
    },
  );

  it('evaluates nothing when the task is skipped', async () => {
    const before = (await segment()).evaluationStatus;
    control().refreshSegment(GOLD, { count: 5, outcome: 'skip', instant: true });
    control().setSegmentActive(GOLD, false);
    control().refreshSegment(GOLD, { count: 5, instant: true });
    expect((await segment()).evaluationStatus).toEqual(before);
  });

  it('applies a count set for the next refresh exactly once, after a failure in between', async () => {
    control().setSegmentCountAtNextRefresh(GOLD, 900);
    control().refreshSegment(GOLD, { outcome: 'fail', instant: true });
    expect((await segment()).evaluationStatus.entityCount).toBe(810);
    control().refreshAll({ instant: true });
    expect((await segment()).evaluationStatus.entityCount).toBe(900);
    control().refreshSegment(GOLD, { growBy: 1, instant: true });
    expect((await segment()).evaluationStatus.entityCount).toBe(901);
  });

  it('gives two evaluations in the same millisecond different dates', async () => {
    control().refreshSegment(GOLD, { count: 1, instant: true });
    control().refreshSegment(GOLD, { count: 2, instant: true });
    const { evaluationStatusHistory: rows } = await segment(GOLD, '?includeHistoricStats=true');
    const [first, second] = rows.slice(-2);
    expect([first.entityCount, second.entityCount]).toEqual([1, 2]);
    expect(first.evaluationDate < second.evaluationDate).toBe(true);
  });

  it('appends a backlog of evaluations with their jobs', async () => {
    one().clock.advance(60 * MINUTE);
    const now = one().clock.now();
    const jobs = control().appendSegmentHistory(GOLD, [
      { at: now - 50 * MINUTE, count: 1000 },
      { at: now - 40 * MINUTE, outcome: 'fail' },
      { at: now - 30 * MINUTE, count: 700 },
    ]);
    const { evaluationStatusHistory: rows } = await segment(GOLD, '?includeHistoricStats=true');
    expect(rows.slice(-3).map((row: Json) => [row.entityCount, row.jobStatus])).toEqual([
      [1000, 'CompletedSuccess'],
      [1000, 'CompletedFailure'],
      [700, 'CompletedSuccess'],
    ]);
    const listed: Json[] = (await one().call('workflows/main/jobs?top=3')).json;
    expect(listed.map((each) => each.jobId)).toEqual(jobs.map((each) => each.jobId).reverse());
    expect(() => control().appendSegmentHistory(GOLD, [{ at: now - 45 * MINUTE, count: 1 }])).toThrow(
      /must lie after/,
    );
  });

  it('tells the two scalar business measures from the others', async () => {
    const list: Json[] = (await one().call('manage/measures')).json;
    const shape = list.map(({ name, definition, output }) => [
      name,
      definition.kind,
      definition.isScalar || (definition.type === 'manual' && definition.isManualQueryScalar),
      definition.dimensions.length,
      output?.values[name],
    ]);
    expect(shape).toEqual([
      ['TotalRevenue', 'entity', true, 0, '7654321.50'],
      ['AverageOrderValue', 'entity', true, 0, '125.9375'],
      ['RevenueByChannel', 'entity', false, 1, undefined],
      ['SpendByCustomerAndChannel', 'entity', false, 2, undefined],
      ['LifetimeSpend', 'attribute', false, 1, undefined],
    ]);
  });

  it('carries a value of 38 digits unchanged, with history and run ids', async () => {
    const value = '12345678901234567890123456789012345.678';
    const before = await measure();
    control().refreshMeasure(REVENUE, { value, instant: true });
    const after = await measure();
    expect(after.output.values).toEqual({ TotalRevenue: value });
    expect(after.outputHistory.at(-1)).toEqual(after.output);
    expect(after.evaluationHistory).toHaveLength(before.evaluationHistory.length + 1);
    expect(after.latestEvaluation.lastSuccessfulRunId).not.toBe(before.latestEvaluation.lastSuccessfulRunId);
    expect(() => control().refreshMeasure(REVENUE, { value: '1e9' })).toThrow(/not a decimal/);
  });

  it('keeps value and run id of a failed evaluation and counts failures', async () => {
    const before = await measure();
    control().refreshMeasure(REVENUE, {
      value: '1',
      outcome: 'fail',
      instant: true,
      error: 'Division by zero',
    });
    const after = await measure();
    expect(after.output).toEqual(before.output);
    expect(after.latestEvaluation).toMatchObject({
      state: 'failed',
      error: 'Division by zero',
      lastSuccessfulRunId: before.latestEvaluation.lastSuccessfulRunId,
    });
    expect(after.evaluationStats.consecutiveFailureCount).toBe(1);
    expect(after.outputHistory).toHaveLength(before.outputHistory.length);
  });

  it('stops showing a value once a dimension is added, and forgets what is removed', async () => {
    control().addDimension(REVENUE, 'Country');
    expect((await measure()).definition.isScalar).toBe(false);
    expect(await measure()).not.toHaveProperty('output');
    control().removeMeasure(REVENUE);
    expect((await one().call(`manage/measures/${REVENUE}`)).status).toBe(404);
    control().renameSegment(GOLD, 'Gold');
    expect(await segment()).toMatchObject({ name: GOLD, friendlyName: 'Gold' });
    control().removeSegment(GOLD);
    expect(await segment()).toEqual({});
    expect((await one().call(`data/${GOLD}`)).status).toBe(404);
  });

  it('creates, edits, activates and deletes segments and measures over the API', async () => {
    const created = await one().call('manage/segments', {
      method: 'POST',
      body: { name: 'Fresh', friendlyName: 'Fresh' },
    });
    expect([created.status, created.json.state]).toEqual([201, 'active']);
    expect((await one().call('manage/segments/Fresh/deactivate', { method: 'PUT' })).json).toBe(true);
    expect((await segment('Fresh')).state).toBe('inactive');
    const renamed = await one().call('manage/segments/Fresh', {
      method: 'PUT',
      body: { friendlyName: 'Newer' },
    });
    expect(renamed.json).toMatchObject({ name: 'Fresh', friendlyName: 'Newer', version: 3 });
    expect((await one().call('manage/segments/Fresh', { method: 'DELETE' })).status).toBe(200);
    expect((await one().call('manage/segments/Fresh', { method: 'DELETE' })).json.errorCode).toBe(
      'segmentNotFound',
    );
    const body = { definition: { dimensions: [{ field: 'City' }] } };
    const changed = await one().call(`manage/measures/${REVENUE}`, { method: 'PUT', body });
    expect(changed.json.definition.isScalar).toBe(false);
    const wrong = await one().call('manage/measures', { method: 'POST', body: { name: '1 2' } });
    expect([wrong.status, wrong.json.code]).toEqual([400, 'parsingFailed']);
  });
});
