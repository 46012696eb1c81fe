import { describe, expect, it } from 'vitest';
import { exampleConfiguration } from '../../../config/example.ts';
import { operations } from '../../../connector/contract/index.ts';
import { emitApiProperties } from '../../../connector/emit/api-properties.ts';
import { connectorVersion } from '../../../connector/emit/version.ts';
import { type PolicyInstance, PolicyUnknown, readPolicies } from '../../../local/flow-host/policies.ts';

const setHeader = (parameters: Readonly<Record<string, string | readonly string[]>>): PolicyInstance => ({
  templateId: 'SetHeader',
  title: 'A header',
  parameters: {
    'x-ms-apimTemplateParameter.name': 'X-One',
    'x-ms-apimTemplateParameter.value': 'policy',
    'x-ms-apimTemplate-policySection': 'Request',
    ...parameters,
  },
});

describe('the generated policies', () => {
  const policies = readPolicies(
    emitApiProperties(operations, exampleConfiguration).properties
      .policyTemplateInstances as readonly PolicyInstance[],
  );

  it('name the version of the connector in every request', () => {
    for (const { operationId } of operations)
      expect(policies.requestHeaders(operationId, {})).toEqual({
        'x-insights-connector-version': connectorVersion,
      });
  });

  it('make the next page of every paged operation go through the connector, and no other', () => {
    for (const { operationId, ...operation } of operations)
      expect(policies.nextLinkProperty(operationId)).toBe(
        'pageable' in operation && operation.pageable ? '@odata.nextLink' : undefined,
      );
  });
});

describe('a header', () => {
  it.each([
    ['override', { 'x-one': 'given' }, 'policy'],
    ['skip', { 'x-one': 'given' }, 'given'],
    ['append', { 'x-one': 'given' }, 'given,policy'],
    ['override', {}, 'policy'],
    ['skip', {}, 'policy'],
    ['append', {}, 'policy'],
  ])('to %s, given %j, becomes %s', (existsAction, given, expected) => {
    const policies = readPolicies([setHeader({ 'x-ms-apimTemplateParameter.existsAction': existsAction })]);
    expect(policies.requestHeaders('Any', given)).toEqual({ 'x-one': expected });
  });

  it('overrides where the policy does not say', () => {
    expect(readPolicies([setHeader({})]).requestHeaders('Any', { 'x-one': 'given', other: 'kept' })).toEqual({
      'x-one': 'policy',
      other: 'kept',
    });
  });

  it('is set for the operations named, or for all', () => {
    const named = readPolicies([setHeader({ 'x-ms-apimTemplate-operationName': ['A'] })]);
    expect(named.requestHeaders('A', {})).toEqual({ 'x-one': 'policy' });
    expect(named.requestHeaders('B', {})).toEqual({});
    const empty = readPolicies([setHeader({ 'x-ms-apimTemplate-operationName': [] })]);
    expect(empty.requestHeaders('B', {})).toEqual({ 'x-one': 'policy' });
  });

  it('of an answer is not put into the request', () => {
    const policies = readPolicies([setHeader({ 'x-ms-apimTemplate-policySection': 'Response' })]);
    expect(policies.requestHeaders('A', {})).toEqual({});
  });

  it('of two policies is that of the later', () => {
    const policies = readPolicies([
      setHeader({}),
      setHeader({ 'x-ms-apimTemplateParameter.value': 'later' }),
    ]);
    expect(policies.requestHeaders('A', {})).toEqual({ 'x-one': 'later' });
  });
});

describe('a policy', () => {
  it('that signs the user out names its status', () => {
    const signOut: PolicyInstance = {
      templateId: 'setconnectionstatustounauthenticated',
      title: 'Sign-in has expired',
      parameters: { 'x-ms-apimTemplateParameter.statusCode': 401 },
    };
    expect(readPolicies([signOut]).unauthenticatedStatus).toBe(401);
    expect(readPolicies([]).unauthenticatedStatus).toBeUndefined();
  });

  it('that this host does not know is refused by name, because calls would differ from the platform’s', () => {
    const unknown: PolicyInstance = { templateId: 'stringreplace', title: 'Odd', parameters: {} };
    expect(() => readPolicies([unknown])).toThrow(PolicyUnknown);
    expect(() => readPolicies([unknown])).toThrow('stringreplace ("Odd")');
  });
});
