import { CfnParameter, type Stack } from 'aws-cdk-lib/core';
import type { Configuration } from '../config/schema.ts';

const address = { type: 'String', allowedPattern: '^https?://[^\\s]*[^\\s/]$' };

export interface Parameters {
  readonly customerInsightsUrl: CfnParameter;
  readonly authority: CfnParameter;
}

/**
 * What a run of the template may point elsewhere: the local run passes loopback addresses here and changes nothing else.
 * A deployment keeps the defaults.
 */
export const createParameters = (
  stack: Stack,
  { customerInsights, tenantId }: Configuration,
): Parameters => ({
  customerInsightsUrl: new CfnParameter(stack, 'CustomerInsightsUrl', {
    ...address,
    default: customerInsights.url,
    description: 'Base URL of the Customer Insights REST API, without a slash at the end.',
  }),
  authority: new CfnParameter(stack, 'Authority', {
    ...address,
    default: `https://login.microsoftonline.com/${tenantId}/v2.0`,
    description: 'Issuer of the tokens that callers present, without a slash at the end.',
  }),
});
