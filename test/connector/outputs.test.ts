import { describe, expect, it } from 'vitest';
import { parseOutputs, readOutputs } from '../../connector/emit/outputs.ts';

const stack = {
  ConnectorHost: 'abc.execute-api.eu-west-1.amazonaws.com',
  TenantId: '11111111-1111-4111-8111-111111111111',
  ConnectorClientId: '22222222-2222-4222-8222-222222222222',
  ApiClientId: '33333333-3333-4333-8333-333333333333',
};

describe('the outputs of a deployment', () => {
  it('are found whatever the stack is called and whatever else is deployed', () => {
    expect(parseOutputs({ Other: { Url: 'x' }, InsightsConnector: stack }, 'cdk-outputs.json')).toEqual({
      host: stack.ConnectorHost,
      tenantId: stack.TenantId,
      connectorClientId: stack.ConnectorClientId,
      apiClientId: stack.ApiClientId,
    });
  });

  it.each([
    ['no stack of ours', { Other: {} }, /no stack in the file has the output ConnectorHost.*npx cdk deploy/s],
    ['no object', [], /no stack in the file has/],
    ['two stacks of ours', { One: stack, Two: stack }, /2 stacks/],
    ['an output missing', { One: { ...stack, TenantId: undefined } }, /the output TenantId is missing/],
    [
      'an address for a host',
      { One: { ...stack, ConnectorHost: 'https://x.y/v1' } },
      /"https:\/\/x\.y\/v1".*a host without/,
    ],
    ['all problems at once', { One: { ConnectorHost: 'x.y' } }, /TenantId.*ConnectorClientId.*ApiClientId/s],
  ])('are refused with %s', (_, values, message) => {
    expect(() => parseOutputs(values, 'cdk-outputs.json')).toThrow(message);
    expect(() => parseOutputs(values, 'cdk-outputs.json')).toThrow(/^Invalid cdk-outputs\.json:/);
  });

  it('are refused when the file is absent', () => {
    expect(() => readOutputs('/absent/cdk-outputs.json')).toThrow(/it does not exist\. .*--outputs-file/s);
  });

  it('are refused when the file is no JSON', () => {
    expect(() => readOutputs(import.meta.filename)).toThrow(/cannot be read as JSON: .*--outputs-file/s);
  });
});
