import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { versionHeader } from '../../connector/contract/calling-version.ts';

/**
 * Headers by which Power Platform and Logic Apps name a run, an action and a connection, for which their support asks,
 * and the one by which the connector names its version. Lower case, as API Gateway passes them.
 */
const trackingHeaders = [
  'x-ms-client-request-id',
  'x-ms-client-session-id',
  'x-ms-correlation-id',
  'x-ms-correlation-request-id',
  'x-ms-tracking-id',
  'x-ms-activity-vector',
  'x-ms-workflow-id',
  'x-ms-workflow-name',
  'x-ms-workflow-run-id',
  'x-ms-workflow-operation-name',
  'x-ms-workflow-subscription-id',
  'x-ms-environment-id',
  versionHeader,
] as const;

/** Ids and names; anything longer or with other characters is not one and stays out of the log. */
const trackingValue = /^[\w.:;=+/ -]{1,128}$/;

/** The tracking headers of a request, for its log lines. */
export const trackingOf = (headers: APIGatewayProxyEventV2['headers']): Readonly<Record<string, string>> =>
  Object.fromEntries(
    trackingHeaders.flatMap((name) => {
      const value = headers[name];
      return value !== undefined && trackingValue.test(value) ? [[name, value]] : [];
    }),
  );

/** The name that the platform gives the calling flow; nothing where it gives none. */
export const workflowNameOf = (
  headers: APIGatewayProxyEventV2['headers'],
): { readonly workflowName?: string } => {
  const name = trackingOf(headers)['x-ms-workflow-name'];
  return name === undefined ? {} : { workflowName: name };
};
