import { describe, expect, it } from 'vitest';
import { compileAnswerValidators } from '../../../connector/contract/validation.ts';
import { renderJson } from '../../../lambda/runtime/json.ts';
import { ownership, proxyOver, settings } from './fake-instance.ts';

const [contoso, alpha, beta] = settings.instances;
const checks = compileAnswerValidators();
const noRequest = { path: {}, query: {}, body: null } as const;
const inContoso = { path: { dataset: contoso.id }, query: {}, body: null } as const;

describe('the list of instances', () => {
  it('holds those configured that the user sees, by name, and survives nameless ones', async () => {
    const proxy = proxyOver(() => ({
      body: [
        { instanceId: contoso.id.toUpperCase(), name: 'Upstream name' },
        { instanceId: alpha.id, name: null },
        { instanceId: '99999999-9999-4999-8999-999999999999', name: 'Not ours' },
        { name: 'No id' },
        null,
      ],
    }));
    const { body } = await proxy.ListInstances(noRequest, proxy.context);
    expect(body.value).toEqual([
      { instanceId: alpha.id, name: 'alpha' },
      { instanceId: contoso.id, name: 'Contoso Retail' },
    ]);
    expect(checks.ListInstances.response?.(body)).toBe(true);
    expect(proxy.seen.map(({ path }) => path)).toEqual(['/instances']);
  });

  it("tries another instance's key when one is refused", async () => {
    const proxy = proxyOver(({ headers }) =>
      headers.get('ocp-apim-subscription-key') === 'key-of-instances/beta'
        ? { body: [{ instanceId: beta.id }] }
        : { status: 401, body: { message: 'invalid subscription key' } },
    );
    const { body } = await proxy.ListInstances(noRequest, proxy.context);
    expect(body.value).toEqual([{ instanceId: beta.id, name: 'Beta' }]);
  });

  it('with no key accepted is a 502, never a 401', async () => {
    const proxy = proxyOver(() => ({ status: 401, body: { message: 'invalid subscription key' } }));
    await expect(proxy.ListInstances(noRequest, proxy.context)).rejects.toMatchObject({
      code: 'UpstreamKeyRefused',
      status: 502,
    });
    expect(proxy.seen).toHaveLength(3);
  });
});

describe('the list of segments', () => {
  const success = (entityCount: number, evaluationDate = '2026-03-01T00:00:00Z') => ({
    jobStatus: 'CompletedSuccess',
    entityCount,
    evaluationDate,
    lastSuccessfulRunId: 'run',
  });

  it('is by display name, with member counts; null before the first evaluation', async () => {
    const proxy = proxyOver(() => ({
      body: [
        {
          name: 'B',
          friendlyName: 'beta',
          evaluationStatus: success(7),
          createdBy: 'maria@contoso.example',
          updatedBy: 'admin@contoso.example',
        },
        { name: 'A', friendlyName: 'Alpha', evaluationStatus: { jobStatus: 'None' } },
        { name: 'C', state: 'Inactive', createdBy: 'an application', updatedBy: 'an application' },
        { friendlyName: 'nameless' },
      ],
    }));
    const { body } = await proxy.ListSegments(inContoso, proxy.context);
    expect(body.value).toEqual([
      {
        name: 'A',
        displayName: 'Alpha',
        memberCount: null,
        countedAt: null,
        status: 'notStarted',
        isActive: true,
        ...ownership('/segments/A'),
      },
      {
        name: 'B',
        displayName: 'beta',
        memberCount: 7,
        countedAt: '2026-03-01T00:00:00Z',
        status: 'successful',
        isActive: true,
        ...ownership('/segments/B', 'maria@contoso.example', 'admin@contoso.example'),
      },
      {
        name: 'C',
        displayName: 'C',
        memberCount: null,
        countedAt: null,
        status: 'skipped',
        isActive: false,
        ...ownership('/segments/C', null, 'an application'),
      },
    ]);
    expect(checks.ListSegments.response?.(body)).toBe(true);
    expect(proxy.seen).toHaveLength(1);
  });

  it('takes the last success from the history while the latest evaluation is none', async () => {
    const proxy = proxyOver(({ query }) => ({
      body: [
        {
          name: 'A',
          evaluationStatus: { jobStatus: 'running', entityCount: 0, lastSuccessfulRunId: 'run' },
          ...(query.get('includeHistoricStats') === 'true' && {
            evaluationStatusHistory: [
              success(5, '2026-02-01T00:00:00Z'),
              success(9, '2026-02-27T00:00:00Z'),
              { jobStatus: 'CompletedFailure', entityCount: 0, evaluationDate: '2026-02-28T00:00:00Z' },
            ],
          }),
        },
      ],
    }));
    const { body } = await proxy.ListSegments(inContoso, proxy.context);
    expect(body.value).toMatchObject([
      { name: 'A', memberCount: 9, countedAt: '2026-02-27T00:00:00Z', status: 'running' },
    ]);
  });
});

describe('the test of a connection', () => {
  it('says how many instances can be used', async () => {
    const proxy = proxyOver(() => ({ body: [{ instanceId: contoso.id }, { instanceId: 'not ours' }] }));
    const { body } = await proxy.TestConnection(noRequest, proxy.context);
    expect(body).toEqual({ instances: 1 });
    expect(proxy.seen).toHaveLength(1);
  });

  it('fails when the account sees none of them', async () => {
    const proxy = proxyOver(() => ({ body: [{ instanceId: 'not ours' }] }));
    await expect(proxy.TestConnection(noRequest, proxy.context)).rejects.toMatchObject({
      code: 'NoInstance',
      status: 403,
    });
  });
});

describe('the list of measures', () => {
  const scalar = { kind: 'entity', type: 'structured', isScalar: true, dimensions: [] };
  const measures = [
    {
      name: 'Revenue',
      displayName: 'Total revenue',
      definition: scalar,
      latestEvaluation: { state: 'completed', lastSuccessfulRunId: 'run', endTime: '2026-03-01T01:00:00Z' },
      output: { values: { Revenue: '12345678901234567890.50' }, evaluationTime: '2026-03-01T00:59:00Z' },
    },
    {
      name: 'BySql',
      definition: { kind: 'Entity', type: 'Manual', isManualQueryScalar: true },
      latestEvaluation: { state: 'Failed' },
    },
    {
      name: 'ByChannel',
      definition: { kind: 'entity', isScalar: false, dimensions: [{ field: 'Channel' }] },
      latestEvaluation: { state: 'running' },
    },
    {
      name: 'PerCustomer',
      definition: { kind: 'entity', dimensions: [{ field: 'CustomerId' }, { field: 'Channel' }] },
    },
    { name: 'Lifetime', definition: { kind: 'attribute', isScalar: true } },
    { displayName: 'nameless' },
  ];

  it('tells their kinds, and the values of those without a dimension digit by digit', async () => {
    const proxy = proxyOver(() => ({ body: measures }));
    const { body } = await proxy.ListMeasures(inContoso, proxy.context);
    expect(JSON.parse(renderJson(body).replace('12345678901234567890.5', '"exact"'))).toEqual({
      value: [
        {
          name: 'ByChannel',
          displayName: 'ByChannel',
          kind: 'businessMeasure',
          hasValue: false,
          value: null,
          evaluatedAt: null,
          status: 'running',
          ...ownership('/measures/ByChannel'),
        },
        {
          name: 'BySql',
          displayName: 'BySql',
          kind: 'businessMeasure',
          hasValue: true,
          value: null,
          evaluatedAt: null,
          status: 'failed',
          ...ownership('/measures/BySql'),
        },
        {
          name: 'Lifetime',
          displayName: 'Lifetime',
          kind: 'customerAttribute',
          hasValue: false,
          value: null,
          evaluatedAt: null,
          status: 'notStarted',
          ...ownership('/measures/Lifetime'),
        },
        {
          name: 'PerCustomer',
          displayName: 'PerCustomer',
          kind: 'customerMeasure',
          hasValue: false,
          value: null,
          evaluatedAt: null,
          status: 'notStarted',
          ...ownership('/measures/PerCustomer'),
        },
        {
          name: 'Revenue',
          displayName: 'Total revenue',
          kind: 'businessMeasure',
          hasValue: true,
          value: 'exact',
          evaluatedAt: '2026-03-01T00:59:00Z',
          status: 'successful',
          ...ownership('/measures/Revenue'),
        },
      ],
    });
    expect(proxy.seen).toHaveLength(1);
  });

  it('asks for a value alone that the list left out', async () => {
    const listed = { ...measures[0], output: undefined };
    const proxy = proxyOver(({ path }) => ({
      body: path.endsWith('/measures/Revenue') ? { ...listed, output: { values: { x: '7' } } } : [listed],
    }));
    const { body } = await proxy.ListMeasures(inContoso, proxy.context);
    expect(body.value).toMatchObject([{ name: 'Revenue', value: 7, evaluatedAt: null }]);
    expect(checks.ListMeasures.response?.(body)).toBe(true);
  });

  it('offers those without a dimension to the triggers', async () => {
    const proxy = proxyOver(() => ({ body: measures }));
    const { body } = await proxy.ListScalarMeasures(inContoso, proxy.context);
    expect(body.value).toEqual([
      { name: 'BySql', displayName: 'BySql' },
      { name: 'Revenue', displayName: 'Total revenue' },
    ]);
  });
});

describe('the list of data sources', () => {
  it('is by display name and leaves out what has no id', async () => {
    const ids = ['33333333-3333-4333-8333-333333333333', '44444444-4444-4444-8444-444444444444'] as const;
    const proxy = proxyOver(() => ({
      body: [
        { dataSourceMetadata: { dataSourceId: ids[0], name: 'pos', friendlyName: 'Point of sale' } },
        { DataSourceMetadata: { DataSourceId: ids[1], Name: 'commerce' } },
        { dataSourceMetadata: { name: 'no id' } },
        {},
      ],
    }));
    const { body } = await proxy.ListDataSources(inContoso, proxy.context);
    expect(body.value).toEqual([
      {
        dataSourceId: ids[1],
        name: 'commerce',
        displayName: 'commerce',
        ...ownership(`/datasources/${ids[1]}`),
      },
      {
        dataSourceId: ids[0],
        name: 'pos',
        displayName: 'Point of sale',
        ...ownership(`/datasources/${ids[0]}`),
      },
    ]);
    expect(checks.ListDataSources.response?.(body)).toBe(true);
  });

  it('of an instance outside the configuration is a 404', async () => {
    const proxy = proxyOver(() => ({ body: [] }));
    const request = { path: { dataset: 'x' }, query: {}, body: null };
    await expect(proxy.ListDataSources(request, proxy.context)).rejects.toMatchObject({
      code: 'InstanceUnknown',
    });
    await expect(proxy.ListSegments(request, proxy.context)).rejects.toMatchObject({
      code: 'InstanceUnknown',
    });
  });
});
