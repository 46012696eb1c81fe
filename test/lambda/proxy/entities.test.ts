import { describe, expect, it } from 'vitest';
import { compileAnswerValidators } from '../../../connector/contract/validation.ts';
import type { Answered, SeenRequest } from '../customer-insights/fake-upstream.ts';
import { proxyOver, settings } from './fake-instance.ts';

const { id: dataset } = settings.instances[0];
const checks = compileAnswerValidators();

const customer = {
  name: 'Customer',
  qualifiedEntityName: 'Customer',
  entityType: 'profile',
  attributes: [
    { name: 'CustomerId', dataType: 'Edm.String' },
    { name: 'BirthDate', friendlyName: 'Birth date', dataType: 'Edm.Date', semanticType: 'PersonBirthDate' },
    { name: 'Score', dataType: 'Edm.Double' },
    { name: 'Shape', dataType: 'Edm.Geography' },
    { name: 'Points', dataType: 'Edm.Int64' },
  ],
  keys: [[{ name: 'CustomerId' }]],
  refreshTime: '2026-03-01T00:00:00Z',
};
const purchases = {
  name: 'posPurchases',
  qualifiedEntityName: 'PoS_posPurchases',
  dataSourceName: 'PoS',
  entityType: 'Activity',
  attributes: [
    { name: 'PurchaseId', dataType: 'Edm.Int64' },
    { name: 'Line', dataType: 'Edm.Guid' },
  ],
  keys: [[{ name: 'PurchaseId' }]],
};
const spend = {
  name: 'Spend',
  entityType: 'aggregateKpi',
  attributes: [],
  keys: [[{ name: 'CustomerId' }, { name: 'Channel' }]],
};

const rowAnswer = { CustomerId: 'c1', Score: 1 };

const answer = ({ path }: SeenRequest): Answered => {
  if (path.endsWith('/manage/entities'))
    return { body: { entities: [purchases, customer, spend, { entityType: 'corrupt' }] } };
  for (const entity of [customer, purchases, spend])
    if (
      path.endsWith(
        `/manage/entities/${'qualifiedEntityName' in entity ? entity.qualifiedEntityName : entity.name}`,
      )
    )
      return { body: entity };
  if (path.endsWith('/manage/entities/Secret')) return { status: 403 };
  if (path.includes('/data/Nobody')) return { status: 404, body: '' };
  if (path.includes('/data/')) return { body: { value: [rowAnswer] } };
  return { status: 404, body: '' };
};

const entity = (table: string) => ({ path: { dataset, table }, query: {}, body: null });
const item = (table: string, id: string) => ({ path: { dataset, table, id }, query: {}, body: null });

describe('the entities', () => {
  it('are by display name, with what can be done to them', async () => {
    const proxy = proxyOver(answer);
    const { body } = await proxy.GetEntities({ path: { dataset }, query: {}, body: null }, proxy.context);
    expect(body.value).toEqual([
      {
        name: 'Customer',
        displayName: 'Customer',
        entityType: 'profile',
        dataSourceName: null,
        canBeWritten: true,
        columnCount: 5,
        refreshedAt: '2026-03-01T00:00:00Z',
      },
      {
        name: 'PoS_posPurchases',
        displayName: 'posPurchases (PoS)',
        entityType: 'Activity',
        dataSourceName: 'PoS',
        canBeWritten: true,
        columnCount: 2,
        refreshedAt: null,
      },
      {
        name: 'Spend',
        displayName: 'Spend',
        entityType: 'aggregateKpi',
        dataSourceName: null,
        canBeWritten: false,
        columnCount: 0,
        refreshedAt: null,
      },
    ]);
    expect(checks.GetEntities.response?.(body)).toBe(true);
  });
});

describe('the columns of an entity', () => {
  it('have title, type, format, key and read-only marks', async () => {
    const proxy = proxyOver(answer);
    const { body } = await proxy.GetEntitySchema(entity('Customer'), proxy.context);
    expect(body).toEqual({
      name: 'Customer',
      title: 'Customer',
      'x-ms-permission': 'read-write',
      schema: {
        type: 'object',
        properties: {
          CustomerId: {
            type: 'string',
            title: 'CustomerId',
            'x-ms-summary': 'CustomerId',
            readOnly: true,
            'x-ms-permission': 'read-only',
            'x-ms-keyType': 'primary',
            'x-ms-keyOrder': 0,
          },
          BirthDate: {
            type: 'string',
            format: 'date',
            title: 'Birth date',
            'x-ms-summary': 'Birth date',
            description: 'Meaning: PersonBirthDate.',
            'x-ms-keyType': 'none',
            'x-nullable': true,
          },
          Score: {
            type: 'number',
            format: 'double',
            title: 'Score',
            'x-ms-summary': 'Score',
            'x-ms-keyType': 'none',
            'x-nullable': true,
          },
          Shape: {
            type: 'string',
            title: 'Shape',
            'x-ms-summary': 'Shape',
            'x-ms-keyType': 'none',
            'x-nullable': true,
          },
          Points: {
            type: 'integer',
            format: 'int64',
            title: 'Points',
            'x-ms-summary': 'Points',
            'x-ms-keyType': 'none',
            'x-nullable': true,
          },
        },
      },
    });
    expect(checks.GetEntitySchema.response?.(body)).toBe(true);
  });

  it('of an activity may have its key given; of what is calculated nothing', async () => {
    const proxy = proxyOver(answer);
    const { body } = await proxy.GetEntitySchema(entity('PoS_posPurchases'), proxy.context);
    expect(JSON.stringify(body.schema)).not.toContain('readOnly');
    const { body: measured } = await proxy.GetEntitySchema(entity('Spend'), proxy.context);
    expect(measured['x-ms-permission']).toBe('read-only');
  });

  it('are asked of the source each time, because it is the user’s right that answers', async () => {
    const proxy = proxyOver(answer);
    await proxy.GetEntitySchema(entity('Customer'), proxy.context);
    await proxy.GetEntitySchema(entity('Customer'), proxy.context);
    expect(proxy.seen).toHaveLength(2);
    await expect(proxy.GetEntitySchema(entity('Secret'), proxy.context)).rejects.toMatchObject({
      code: 'UpstreamForbidden',
    });
    for (const table of ['Nobody', 'a/b'])
      await expect(proxy.GetEntitySchema(entity(table), proxy.context)).rejects.toMatchObject({
        code: 'EntityUnknown',
      });
  });
});

describe('one item', () => {
  it.each([
    ['Customer', "it's me", "CustomerId eq 'it''s me'", 0],
    ['UnifiedActivity', 'a/b?c', "ActivityId eq 'a/b?c'", 0],
    ['PoS_posPurchases', '0042', 'PurchaseId eq 42', 1],
  ])('of %s is asked for by its key %j', async (table, id, filter, metadataCalls) => {
    const proxy = proxyOver(answer);
    const { body } = await proxy.GetItem(item(table, id), proxy.context);
    expect(body).toEqual(rowAnswer);
    const reads = proxy.seen.filter(({ path }) => path.includes('/data/'));
    expect(reads.map(({ query }) => [query.get('$filter'), query.get('$top')])).toEqual([[filter, '1']]);
    expect(proxy.seen).toHaveLength(1 + metadataCalls);
    expect(checks.GetItem.response?.(body)).toBe(true);
  });

  it('that is not there is a 404 that names the key', async () => {
    const proxy = proxyOver(() => ({ body: { value: [] } }));
    await expect(proxy.GetItem(item('Customer', 'c9'), proxy.context)).rejects.toMatchObject({
      code: 'ItemUnknown',
      status: 404,
      message: expect.stringContaining('"c9"'),
    });
  });

  it.each([
    ['Spend', 'x', 'ItemNotAddressable', /CustomerId, Channel/],
    ['Secret', 'x', 'ItemNotAddressable', /a single item cannot be read/],
    ['PoS_posPurchases', 'ten', 'RequestInvalid', /a number/],
    ['Nobody', 'x', 'EntityUnknown', /no entity/],
    ['../x', 'x', 'EntityUnknown', /no entity/],
  ])('of %s with the key %j is refused', async (table, id, code, message) => {
    const proxy = proxyOver(answer);
    const error = await proxy.GetItem(item(table, id), proxy.context).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(proxy.seen.some(({ path }) => path.includes('/data/'))).toBe(false);
  });
});
