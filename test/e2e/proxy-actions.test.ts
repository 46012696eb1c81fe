import { beforeEach, describe, expect, it } from 'vitest';
import { exampleCustomerId } from '../../connector/contract/example.ts';
import type { OperationById, OperationId } from '../../connector/contract/index.ts';
import type { ResponseOf } from '../../connector/contract/operation.ts';
import { type firstInstance, type TestSystem, useTestSystem } from './test-system.ts';

let system: TestSystem;
let instance: ReturnType<typeof firstInstance>;

useTestSystem((started, first) => {
  [system, instance] = [started, first];
});
// Each test starts with the whole limit.
beforeEach(() => system.clock.advance(60_000));

/** The answer as the contract types it; where it is a refusal, its error. */
type Answer<Id extends OperationId> = ResponseOf<OperationById<Id>> & {
  readonly error: { readonly code: string };
};

const call = async <Id extends OperationId>(
  operationId: Id,
  values: Readonly<Record<string, unknown>> = {},
) => {
  const { status, body, headers } = await system.client.call(operationId, {
    dataset: instance.id,
    ...values,
  });
  return { status, headers, body: body as unknown as Answer<Id> };
};

const idsOf = (rows: readonly Readonly<Record<string, unknown>>[]) =>
  rows.map(({ CustomerId }) => String(CustomerId));

describe('entities and items', () => {
  it('are found by the drop-down, described by the schema, and read by their key', async () => {
    const entities = await call('GetEntities');
    const names = entities.body.value.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['Customer', 'UnifiedActivity', 'PoS_posPurchases']));
    for (const table of names) {
      const schema = await call('GetEntitySchema', { table });
      expect([table, schema.status, schema.body.schema.type]).toEqual([table, 200, 'object']);
    }
    const { body: described } = await call('GetEntitySchema', { table: 'Customer' });
    const item = await call('GetItem', { table: 'Customer', id: exampleCustomerId });
    expect(item.status).toBe(200);
    expect(Object.keys(item.body)).toEqual(Object.keys(described.schema.properties as object));
    const byMeasure = await call('GetItem', { table: 'RevenueByChannel', id: 'Web purchase' });
    expect(byMeasure.body.Channel).toBe('Web purchase');
    expect((await call('GetItem', { table: 'Customer', id: 'nobody' })).body.error.code).toBe('ItemUnknown');
  });

  it('that are updated are seen as long as was asked, then as the data source has them', async () => {
    const read = async () => (await call('GetItem', { table: 'Customer', id: exampleCustomerId })).body.City;
    const update = (body: object) => call('UpdateItem', { table: 'Customer', id: exampleCustomerId, body });
    const before = await read();
    const until = system.clock.now() + 300_000;
    const updated = await update({
      item: { City: 'Reykjavík' },
      validUntil: new Date(until).toISOString(),
      caller: 'a test',
    });
    expect([updated.status, updated.headers.location]).toEqual([202, undefined]);
    expect(Date.parse(updated.body.validUntil)).toBe(until);
    expect(await read()).toBe('Reykjavík');
    await system.clock.advance(300_000);
    expect(await read()).toBe(before);
    const standard = await update({ item: { City: before } });
    expect(Date.parse(standard.body.validUntil)).toBe(system.clock.now() + 4 * 3_600_000);
  });

  it('that are created twice by the platform are created once, and others conflict', async () => {
    const row = {
      PurchaseId: 'E2E_1',
      LoyaltyId: 'LOYID_000002',
      PurchasedOn: '2026-05-30T10:00:00Z',
      TotalPrice: 1234567.89,
      ActivityTypeDisplay: 'Store purchase',
    };
    const create = (item: object) => call('CreateItem', { table: 'PoS_posPurchases', body: { item } });
    const [first, second] = [await create(row), await create(row)];
    expect([first.status, first.body.id, first.body.alreadyAccepted]).toEqual([202, 'E2E_1', false]);
    expect([second.status, second.body.alreadyAccepted]).toEqual([202, true]);
    const other = await create({ ...row, TotalPrice: 1 });
    expect([other.status, other.body.error.code]).toEqual([409, 'UpstreamConflict']);
    const purchases = await call('GetItems', { table: 'PoS_posPurchases', $orderby: 'PurchaseId', $top: 1 });
    expect(purchases.body.value).toEqual([expect.objectContaining(row)]);
  });

  it('whose answer was lost on the way are created once', async () => {
    const item = {
      PurchaseId: 'E2E_2',
      LoyaltyId: 'LOYID_000002',
      PurchasedOn: '2026-05-30T10:00:00Z',
      TotalPrice: 2,
      ActivityTypeDisplay: 'Store purchase',
    };
    const create = () => call('CreateItem', { table: 'PoS_posPurchases', body: { item } });
    system.simulator.world.faults.add(
      { kind: 'status', status: 500 },
      { operation: 'Create-an-entity', times: 1, afterEffect: true },
    );
    const [lost, repeated] = [await create(), await create()];
    expect([lost.status, lost.body.error.code]).toEqual([502, 'UpstreamFailed']);
    expect([repeated.status, repeated.body.alreadyAccepted]).toEqual([202, true]);
  });
});

describe('partitions', () => {
  it('hold every row of the entity once, read page by page, and no secret leaves or goes there', async () => {
    const listed = await call('RetrievePartitionsV2', { table: 'Customer' });
    const seen: string[] = [];
    const sizes: number[] = [];
    for (const { partition, expiresAt } of listed.body.value) {
      expect(Date.parse(expiresAt)).toBe(system.clock.now() + 3_600_000);
      const values = { dataset: instance.id, table: 'Customer', partition, pageSize: 170 };
      let page: Awaited<ReturnType<typeof system.client.call>> | undefined = await system.client.call(
        'RetrieveDataFromPartition',
        values,
      );
      while (page) {
        expect(page.status).toBe(200);
        const { value } = page.body as unknown as Answer<'RetrieveDataFromPartition'>;
        sizes.push(value.length);
        seen.push(...idsOf(value));
        page = await system.client.nextPage('RetrieveDataFromPartition', page);
      }
    }
    expect(sizes).toEqual([170, 170, 160]);
    const read: string[] = [];
    for (let skip = 0; skip < seen.length; skip += 100) {
      const { body } = await call('GetItems', { table: 'Customer', $skip: skip, $select: 'CustomerId' });
      read.push(...idsOf(body.value));
    }
    expect(seen).toEqual(read);
    expect(JSON.stringify(listed.body)).not.toMatch(/https?:|sig=|x-ms-version/);
    expect(system.simulator.requests.counters.credentialLeaks).toBe(0);
  });

  it('have rows as Get items has them, values and types alike', async () => {
    for (const table of ['Customer', 'HighValueCustomers']) {
      const listed = await call('RetrievePartitions', { table });
      const { body } = await call('RetrieveDataFromPartition', {
        table,
        partition: listed.body.partitions[0],
        pageSize: 20,
      });
      const items = await call('GetItems', { table, $top: 20 });
      expect(body.value).toEqual(items.body.value);
    }
  });

  it('of somebody else are refused, and so are those that have expired', async () => {
    const listed = await call('RetrievePartitions', { table: 'Customer' });
    const values = { table: 'Customer', partition: listed.body.partitions[0] };
    const [, other] = system.issuer.users;
    const path = `/v1/datasets/${instance.id}/tables/Customer/partitions/data?partition=${values.partition}`;
    const theirs = await fetch(`${system.deployment.apiUrl}${path}`, {
      headers: { authorization: `Bearer ${await system.issuer.userToken(other ? { user: other } : {})}` },
    });
    expect(theirs.status).toBe(400);
    expect(await theirs.json()).toMatchObject({ error: { code: 'PartitionHandleInvalid' } });
    await system.clock.advance(3_600_000);
    const late = await call('RetrieveDataFromPartition', values);
    expect([late.status, late.body.error.code]).toEqual([400, 'PartitionHandleInvalid']);
  });
});

describe('refresh and status', () => {
  it('starts one job, follows it to its end, and starts another then', async () => {
    const body = { target: 'segment', segment: 'LoyaltyGold' };
    const [started, again] = [await call('Refresh', { body }), await call('Refresh', { body })];
    expect([started.status, started.body.alreadyUnderWay]).toEqual([200, false]);
    expect([again.body.jobId, again.body.alreadyUnderWay]).toEqual([started.body.jobId, true]);
    const status = () => call('GetRefreshStatus', { jobId: started.body.jobId });
    expect((await status()).body).toMatchObject({ isFinished: false, failedTasks: 0 });
    await system.clock.advance(10 * 60_000);
    expect((await status()).body).toMatchObject({
      status: 'successful',
      isFinished: true,
      isSuccessful: true,
      tasks: [{ name: 'Loyalty gold members', status: 'successful' }],
    });
    expect((await call('Refresh', { body })).body).toMatchObject({ alreadyUnderWay: false });
  });

  it('reports what has failed, as a text and in sections', async () => {
    await system.clock.advance(10 * 60_000);
    instance.world.refreshDataSource('PoS', { outcome: 'fail' });
    await system.clock.advance(30 * 60_000);
    const text = await call('SendStatusReport', { reportType: 'all' });
    expect(text.body.subject).toBe(`Customer Insights ${instance.name}: 1 failed`);
    expect(text.body.body).toContain('Failed');
    const sections = await call('SendStatusReportV2', { reportType: 'dataSources' });
    expect(sections.body).toMatchObject({
      healthy: false,
      failed: 1,
      sections: [{ entries: [{ status: 'failed', error: expect.any(String) }, {}, {}] }],
    });
  });
});

describe('lists and preview', () => {
  it('give counts and values', async () => {
    const segments = await call('ListSegments');
    for (const { isActive, memberCount } of segments.body.value)
      expect(isActive).toBe(memberCount !== null && memberCount > 0);
    const measures = await call('ListMeasures');
    const scalars = await call('ListScalarMeasures');
    const { body: objects } = await call('ListObjects', { target: 'segment' });
    expect(objects.value.map(({ object }) => object).sort()).toEqual(
      segments.body.value.map(({ name }) => name).sort(),
    );
    const single = await call('ListObjects', { target: 'scalarMeasure' });
    expect(single.body.value.map(({ object }) => object)).toEqual(scalars.body.value.map(({ name }) => name));
    const valued = measures.body.value.filter(({ hasValue }) => hasValue);
    expect(valued.map(({ name }) => name)).toEqual(scalars.body.value.map(({ name }) => name));
    expect(valued.map(({ value }) => value)).toEqual([125.9375, 7654321.5]);
  });

  it('show when a threshold would have fired', async () => {
    const before = await call('PreviewThreshold', { segment: 'LoyaltyGold', threshold: 1_000 });
    expect([before.status, before.body.firingCount]).toEqual([200, 0]);
    instance.world.refreshSegment('LoyaltyGold', { count: 1_500 });
    await system.clock.advance(10 * 60_000);
    const after = await call('PreviewThreshold', { segment: 'LoyaltyGold', threshold: 1_000 });
    expect(after.body).toMatchObject({
      currentValue: 1_500,
      firings: [{ currentValue: 1_500 }],
    });
    const measure = await call('PreviewThreshold', { measure: 'TotalRevenue', threshold: 0.5 });
    expect(measure.body).toMatchObject({ subject: 'measure', currentValue: 7654321.5 });
    const chosen = await call('PreviewThreshold', {
      target: 'scalarMeasure',
      object: 'TotalRevenue',
      threshold: 0.5,
    });
    expect(chosen.body).toEqual(measure.body);
  });
});

describe('the test of a connection', () => {
  it('succeeds when an instance can be used', async () => {
    expect(await call('TestConnection')).toMatchObject({ status: 200, body: { instances: 1 } });
  });
});
