/**
 * The operations that the pages of the console call. They are not for makers: they are no part of the connector, have
 * a path prefix, a function, a scope and a budget of their own. Where the connector has the operation already, the
 * console's is made from it.
 */
import { type HttpFunction, noParameters, type Operation, operation } from './operation.ts';
import { listDataSources } from './operations/list-data-sources.ts';
import { listInstances } from './operations/list-instances.ts';
import { listScalarMeasures } from './operations/list-scalar-measures.ts';
import { listSegments } from './operations/list-segments.ts';
import { previewThreshold } from './operations/preview-threshold.ts';
import { dateTime, flag, integer, nullable, record, type TObject, type TSchema, text } from './schema.ts';

/** Below the base path. */
export const consolePrefix = '/console';

/** What all operations of the console share. */
const ofConsole = {
  kind: 'console',
  function: 'console',
  authentication: 'console',
  counted: true,
  visibility: 'internal',
  notification: null,
} as const;

/** An operation of the connector for the console: the same parameters and the same answer. */
const forConsole = <
  const Id extends string,
  Path extends TObject,
  Query extends TObject,
  Body extends TSchema | null,
  Response extends TSchema | null,
>(
  declared: Operation<Id, HttpFunction, Path, Query, Body, Response, null>,
): Operation<`Console${Id}`, 'console', Path, Query, Body, Response, null> => ({
  ...declared,
  ...ofConsole,
  operationId: `Console${declared.operationId}`,
  path: `${consolePrefix}${declared.path}`,
});

export const consoleGetOverview = operation({
  ...ofConsole,
  operationId: 'ConsoleGetOverview',
  method: 'GET',
  path: `${consolePrefix}/overview`,
  summary: 'Get the state of the connector',
  description: 'Tells who is signed in, whether the connector is in use, and how many flows are registered.',
  pathParameters: noParameters,
  queryParameters: noParameters,
  body: null,
  response: {
    status: 200,
    description: 'The state of the connector',
    schema: record(
      {
        userName: nullable(
          text({ summary: 'User Name', description: 'The name that the person signed in with.' }),
        ),
        isOperator: flag({
          summary: 'Is Operator',
          description: 'Whether the person has the operator role, and so sees what others own.',
        }),
        version: text({ summary: 'Version', description: 'Version of this deployment.' }),
        connectorSeenAt: nullable(
          dateTime({
            summary: 'Connector Seen At',
            description:
              'About when a connector called last, to ten minutes; UTC, null when none has called.',
          }),
        ),
        connectorVersion: nullable(
          text({
            summary: 'Connector Version',
            description: 'The version that it named; null when none has called.',
          }),
        ),
        registered: integer({
          summary: 'Registered',
          description: "How many of the person's triggers are registered; ended ones do not count.",
        }),
        ended: integer({ summary: 'Ended', description: "How many of the person's triggers have ended." }),
      },
      { definition: 'ConsoleOverview' },
    ),
  },
  example: { path: {}, query: {}, body: null },
});

/** In the order of the pages that call them. */
export const consoleOperations = [
  consoleGetOverview,
  forConsole(listInstances),
  forConsole(listSegments),
  forConsole(listScalarMeasures),
  forConsole(listDataSources),
  forConsole(previewThreshold),
] as const;
