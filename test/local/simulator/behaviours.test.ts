import { describe, expect, it } from 'vitest';
import { type Behaviours, behaviourSpecs, behavioursWith } from '../../../local/simulator/behaviours.ts';
import { type Bench, bench, CONTRIBUTOR, type Json } from './harness.ts';

/** For each switch: a value other than the default, and what then differs. */
type Check = readonly [Partial<Behaviours>, (one: Bench) => Promise<void>];

const control = (one: Bench) => one.simulator.world.instance();
const gold = async (one: Bench): Promise<Json> =>
  (await one.call('manage/segments?includeHistoricStats=true')).json.find(
    (each: Json) => each.name === 'LoyaltyGold',
  );
const purchase = { PurchaseId: 'POS_test', TotalPrice: 1 };
const created = (one: Bench) => one.call('data/PoS_posPurchases', { method: 'POST', body: purchase });
const firstIds = async (one: Bench): Promise<string[]> =>
  (await one.call('data/Customer')).json.value.map((row: Json) => row.CustomerId);

const CHECKS: Readonly<Record<keyof Behaviours, Check>> = {
  partitionsOnProxy: [
    { partitionsOnProxy: false },
    async (one) => expect((await one.call('data/Customer?proxy=true')).json.value).toHaveLength(100),
  ],
  retryingJob: [
    { retryingJob: 'failed' },
    async (one) => {
      const { jobId } = control(one).refreshDataSource('PoS', {
        outcome: 'retryThenSucceed',
        queueMs: 0,
        durationMs: 3000,
      });
      one.clock.advance(1500);
      expect((await one.call(`workflows/main/jobs/${jobId}`)).json.jobStatus).toBe('failed');
      one.clock.advance(1500);
      expect((await one.call(`workflows/main/jobs/${jobId}`)).json.jobStatus).toBe('successful');
    },
  ],
  permanentFailure: [
    { permanentFailure: 'timedOut' },
    async (one) =>
      expect(control(one).refreshDataSource('PoS', { outcome: 'fail', instant: true }).tasks[0]?.endsAs).toBe(
        'timedOut',
      ),
  ],
  cancelledTask: [
    { cancelledTask: 'deleted' },
    async (one) => {
      const { jobId } = control(one).refreshDataSource('PoS');
      control(one).cancelJob(jobId);
      expect((await one.call(`workflows/main/jobs/${jobId}`)).json.jobStatus).toBe('deleted');
    },
  ],
  runIdChangesOn: [
    { runIdChangesOn: 'everyEvaluation' },
    async (one) => {
      const before = (await gold(one)).evaluationStatus.lastSuccessfulRunId;
      control(one).refreshSegment('LoyaltyGold', { outcome: 'fail', instant: true });
      expect((await gold(one)).evaluationStatus.lastSuccessfulRunId).not.toBe(before);
    },
  ],
  throttleUndeclared: [
    { throttleUndeclared: false },
    async (one) => {
      one.simulator.world.faults.add({ kind: 'status', status: 429 });
      expect((await one.call('manage/segments')).status).toBe(200);
    },
  ],
  ingestionIdentifier: [
    { ingestionIdentifier: 'name' },
    async (one) => expect((await one.call('workflows/main/status')).json[0].identifier).toBe('eCommerce'),
  ],
  renameKeepsName: [
    { renameKeepsName: false },
    async (one) => {
      control(one).renameSegment('LoyaltyGold', 'Gold members');
      expect(await gold(one)).toBeUndefined();
      expect((await one.call('data/Goldmembers')).status).toBe(200);
    },
  ],
  roleGates: [
    { roleGates: 'adminWrites' },
    async (one) => {
      const path = 'workflows/main/jobs?operationType=map';
      expect((await one.call(path, { method: 'POST', as: CONTRIBUTOR })).status).toBe(403);
    },
  ],
  enumCasing: [
    { enumCasing: 'PascalCase' },
    async (one) => {
      const [job] = (await one.call('workflows/main/jobs?top=1&includeTasks=true')).json;
      expect(job).toMatchObject({
        jobStatus: 'Successful',
        operationType: 'All',
        jobSubmissionKind: 'Scheduled',
      });
      expect(job.tasks[0]).toMatchObject({ operationType: 'Ingestion', friendlyName: 'E-commerce shop' });
      expect((await one.call('manage/entities/Customer')).json.entityType).toBe('Profile');
    },
  ],
  subscriptionKeyInQuery: [
    { subscriptionKeyInQuery: false },
    async (one) => {
      const query = `?subscription-key=${control(one).subscriptionKeys.primary}`;
      expect((await one.call(`manage/segments${query}`, { key: null })).status).toBe(401);
    },
  ],
  nullNamedInstances: [
    { nullNamedInstances: 'absent' },
    async (one) => {
      control(one).setBroken({ name: true });
      expect((await one.call('/instances')).json[0]).not.toHaveProperty('name');
    },
  ],
  lastRefreshMovesOnFailure: [
    { lastRefreshMovesOnFailure: true },
    async (one) => {
      control(one).refreshDataSource('PoS', { outcome: 'fail', instant: true });
      const { dataSourceMetadata } = (await one.call('manage/datasources')).json[2];
      expect(dataSourceMetadata.lastRefresh).toBe(new Date(one.clock.now()).toISOString());
    },
  ],
  measureListOutput: [
    { measureListOutput: false },
    async (one) => {
      expect((await one.call('manage/measures')).json[0]).not.toHaveProperty('output');
      expect((await one.call('manage/measures/TotalRevenue')).json).toHaveProperty('output');
    },
  ],
  measureTaskOperation: [
    { measureTaskOperation: 'byKind' },
    async (one) => {
      const kinds = control(one)
        .refreshAll({ instant: true })
        .tasks.map((task) => task.operationType);
      expect(kinds.filter((kind) => /measures/i.test(kind))).toEqual([
        'attributeMeasures',
        ...Array.from({ length: 4 }, () => 'entityMeasures'),
      ]);
    },
  ],
  segmentEvaluationDate: [
    { segmentEvaluationDate: 'start' },
    async (one) => {
      const began = one.clock.now();
      control(one).refreshSegment('LoyaltyGold', { queueMs: 0, durationMs: 5000 });
      one.clock.advance(5000);
      expect((await gold(one)).evaluationStatus.evaluationDate).toBe(new Date(began).toISOString());
    },
  ],
  countOnFailure: [
    { countOnFailure: 'zero' },
    async (one) => {
      control(one).refreshSegment('LoyaltyGold', { outcome: 'fail', instant: true });
      expect((await gold(one)).evaluationStatus.entityCount).toBe(0);
    },
  ],
  historyDays: [
    { historyDays: 3 },
    async (one) => expect((await gold(one)).evaluationStatusHistory.length).toBeLessThan(6),
  ],
  jobOrder: [
    { jobOrder: 'oldestFirst' },
    async (one) => {
      const times: string[] = (await one.call('workflows/main/jobs')).json.map(
        (job: Json) => job.submittedTimestamp,
      );
      expect(times).toEqual([...times].sort());
    },
  ],
  jobsDefaultTop: [
    { jobsDefaultTop: 2 },
    async (one) => expect((await one.call('workflows/main/jobs')).json).toHaveLength(2),
  ],
  jobsTopCap: [
    { jobsTopCap: 3 },
    async (one) => expect((await one.call('workflows/main/history?top=100')).json).toHaveLength(3),
  ],
  submitPrecedence: [
    { submitPrecedence: 'body' },
    async (one) => {
      const answer = await one.call('workflows/main/jobs?operationType=all', {
        method: 'POST',
        body: { operationType: 'Map' },
      });
      expect(answer.json.operationType).toBe('map');
    },
  ],
  pageSize: [{ pageSize: 10 }, async (one) => expect(await firstIds(one)).toHaveLength(10)],
  pageCap: [
    { pageCap: 5000 },
    async (one) => expect((await one.call('data/Customer?$top=2500')).json.value).toHaveLength(2500),
  ],
  rowOrder: [
    { rowOrder: 'scrambled' },
    async (one) => {
      const ids = await firstIds(one);
      expect(ids).not.toEqual([...ids].sort());
      expect(await firstIds(one)).toEqual(ids);
    },
  ],
  nextLink: [
    { nextLink: true },
    async (one) => {
      const first = (await one.call('data/Customer?$top=150&$select=CustomerId')).json;
      const next = new URL(first['@odata.nextLink']);
      const second = (await one.call(next.pathname.replace('/v1', '') + next.search)).json;
      expect(second.value).toHaveLength(50);
      expect(second).not.toHaveProperty('@odata.nextLink');
      expect(new Set([...first.value, ...second.value].map((row: Json) => row.CustomerId)).size).toBe(150);
    },
  ],
  odataCount: [
    { odataCount: 'page' },
    async (one) => expect((await one.call('data/Customer?$count=true&$top=7')).json['@odata.count']).toBe(7),
  ],
  rowByKeyPath: [
    { rowByKeyPath: true },
    async (one) => {
      const [id] = await firstIds(one);
      expect((await one.call(`data/Customer('${id}')`)).json.CustomerId).toBe(id);
    },
  ],
  customerFilter: [
    { customerFilter: 'indexed' },
    async (one) => {
      expect((await one.call("data/Customer?$filter=City eq 'London'")).status).toBe(200);
      expect((await one.call('data/Customer?$filter=LifetimeValue gt 1')).json.message).toContain(
        'not indexed',
      );
    },
  ],
  createStatus: [{ createStatus: 'accepted' }, async (one) => expect((await created(one)).status).toBe(202)],
  createBody: [{ createBody: 'empty' }, async (one) => expect((await created(one)).text).toBe('')],
  writeVisibleAfterMs: [
    { writeVisibleAfterMs: 2000 },
    async (one) => {
      const found = async () =>
        (await one.call("data/UnifiedActivity?$filter=SourceActivityId eq 'POS_test'")).json.value.length;
      await created(one);
      expect(await found()).toBe(0);
      one.clock.advance(2000);
      expect(await found()).toBe(1);
    },
  ],
  segmentPartitionHeader: [
    { segmentPartitionHeader: false },
    async (one) => {
      const [{ uri, headers }] = (await one.call('data/LoyaltyGold?proxy=true')).json.httpRequests;
      expect(await (await fetch(uri, { headers })).text()).not.toContain('CustomerId');
    },
  ],
};

describe('behaviours', () => {
  it.each(Object.entries(CHECKS))('%s can be switched', async (_name, [behaviours, check]) => {
    const one = await bench({ behaviours });
    try {
      await check(one);
    } finally {
      await one.close();
    }
  });

  it('each name the section that leaves them open, and stand on their defaults', () => {
    for (const [name, spec] of Object.entries(behaviourSpecs)) {
      expect(spec.section, name).toMatch(/^[2-8]/);
      expect(behavioursWith()).toHaveProperty(name, spec.default);
    }
  });

  it('refuse names and values that do not exist, saying what does', () => {
    expect(() => behavioursWith({ enumCasing: 'UPPER' } as never)).toThrow(/allowed: camelCase, PascalCase/);
    expect(() => behavioursWith({ pageSize: 0 })).toThrow(/at least 1/);
    expect(() => behavioursWith({ casing: 'x' } as never)).toThrow(/unknown behaviour "casing"; known: /);
  });
});
