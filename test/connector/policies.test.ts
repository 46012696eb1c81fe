import { describe, expect, it } from 'vitest';
import { operations } from '../../connector/contract/index.ts';
import type { Operation } from '../../connector/contract/operation.ts';
import { connectorPolicies } from '../../connector/emit/connector-policies.ts';
import {
  type Policy,
  routeRequest,
  type SetHeader,
  setQueryParameter,
  type UpdateNextLink,
} from '../../connector/emit/policies.ts';
import { policyInstance } from '../../connector/emit/policy-instances.ts';
import { connectorVersion } from '../../connector/emit/version.ts';

const getItems = operations.find(({ operationId }) => operationId === 'GetItems') as Operation;

/** Each of these must not compile; an unused directive fails the type check. */
const wrongPolicies = () => {
  const header = {
    template: 'setheader',
    title: 'T',
    section: 'Request',
    name: 'n',
    value: 'v',
    existsAction: 'skip',
  } as const;
  // @ts-expect-error there is no operation GetNothing
  const operation: SetHeader = { ...header, operations: ['GetNothing'] };
  const page: UpdateNextLink = {
    template: 'updatenextlink',
    title: 'T',
    // @ts-expect-error ListSegments exists, but its answer has no next link
    operations: ['ListSegments'],
    nextLinkPropertyName: '@odata.nextLink',
  };
  const link: UpdateNextLink = {
    template: 'updatenextlink',
    title: 'T',
    operations: ['GetItems'],
    // @ts-expect-error the page's property is @odata.nextLink
    nextLinkPropertyName: 'nextLink',
  };
  const query = { title: 'T', value: '50', existsAction: 'skip' } as const;
  // @ts-expect-error GetItems has no query parameter $count
  const parameter = setQueryParameter({ ...query, operations: ['GetItems'], name: '$count' });
  // @ts-expect-error ListSegments has no $top, so not every operation of the policy has it
  const shared = setQueryParameter({ ...query, operations: ['GetItems', 'ListSegments'], name: '$top' });
  const path = routeRequest({
    title: 'T',
    operations: ['GetItems'],
    // @ts-expect-error GetItems has no path parameter {entity}
    newPath: '/datasets/{dataset}/entities/{entity}',
    httpMethod: 'GET',
  });
  // @ts-expect-error the template does not exist
  const template: Policy = { template: 'setbody', title: 'T' };
  return [operation, page, link, parameter, shared, path, template];
};

describe('policies', () => {
  it('that name what does not exist do not compile', () => {
    expect(wrongPolicies()).toHaveLength(7);
  });

  it('of this connector: its version to every operation, next links through the connector', () => {
    expect(connectorPolicies(operations).map(policyInstance)).toEqual([
      {
        templateId: 'setheader',
        title: expect.any(String),
        parameters: {
          'x-ms-apimTemplateParameter.name': 'x-insights-connector-version',
          'x-ms-apimTemplateParameter.value': connectorVersion,
          'x-ms-apimTemplateParameter.existsAction': 'override',
          'x-ms-apimTemplate-policySection': 'Request',
        },
      },
      {
        templateId: 'updatenextlink',
        title: expect.any(String),
        parameters: {
          'x-ms-apimTemplate-operationName': ['GetItems', 'RetrieveDataFromPartition'],
          'x-ms-apimTemplateParameter.nextLinkPropertyName': '@odata.nextLink',
        },
      },
      {
        templateId: 'setconnectionstatustounauthenticated',
        title: expect.any(String),
        parameters: { 'x-ms-apimTemplateParameter.statusCode': 401 },
      },
    ]);
  });

  it('disconnect on 401 only where a connection can be tested', () => {
    const templates = (contract: readonly Operation[]) =>
      connectorPolicies(contract).map(({ template }) => template);
    expect(templates([getItems])).not.toContain('setconnectionstatustounauthenticated');
    expect(templates([{ ...getItems, testsConnection: true }])).toContain(
      'setconnectionstatustounauthenticated',
    );
  });

  it('take the host from an environment variable when asked to, with the base path', () => {
    const [first] = connectorPolicies(operations, { hostEnvironmentVariable: 'contoso_InsightsHost' });
    expect(first && policyInstance(first).parameters).toEqual({
      'x-ms-apimTemplateParameter.urlTemplate': 'https://@environmentVariables("contoso_InsightsHost")/v1',
    });
  });

  it('are written with the keys of their template', () => {
    const query = setQueryParameter({
      title: 'Page size',
      operations: ['GetItems'],
      name: '$top',
      value: '50',
      existsAction: 'skip',
    });
    const route = routeRequest({
      title: 'Route',
      operations: ['GetItems'],
      newPath: '/datasets/{dataset}/rows/{table}',
      httpMethod: '@Request.OriginalHTTPMethod',
    });
    expect(policyInstance(query)).toEqual({
      templateId: 'setqueryparameter',
      title: 'Page size',
      parameters: {
        'x-ms-apimTemplate-operationName': ['GetItems'],
        'x-ms-apimTemplateParameter.name': '$top',
        'x-ms-apimTemplateParameter.value': '50',
        'x-ms-apimTemplateParameter.existsAction': 'skip',
      },
    });
    expect(policyInstance(route).parameters).toMatchObject({
      'x-ms-apimTemplateParameter.newPath': '/datasets/{dataset}/rows/{table}',
    });
  });
});
