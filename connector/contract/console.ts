/**
 * The operations that the pages of the console call. They are not for makers: they are no part of the connector, have
 * a path prefix, a function, a scope and a budget of their own. Where the connector has the operation already, the
 * console's is made from it.
 */
import {
  consoleGetDeadLetterPayload,
  consoleGetDeliveryPayload,
  consoleListDeadLetters,
  consoleListRecentDeliveries,
} from './console-deliveries.ts';
import { consoleGetDownload, consoleListDownloads } from './console-downloads.ts';
import { consolePrefix, forConsole, readOfConsole } from './console-operation.ts';
import { consoleRedrive, consoleReplay } from './console-resend.ts';
import { consoleSearchSubscriptions } from './console-search.ts';
import { consoleListInstanceStates, consoleListLimits } from './console-states.ts';
import { operation } from './operation.ts';
import { explainSubscription } from './operations/explain-subscription.ts';
import { listDataSources } from './operations/list-data-sources.ts';
import { listDeliveries } from './operations/list-deliveries.ts';
import { listInstances } from './operations/list-instances.ts';
import { listScalarMeasures } from './operations/list-scalar-measures.ts';
import { listSegments } from './operations/list-segments.ts';
import { previewThreshold } from './operations/preview-threshold.ts';
import { removeSubscription } from './operations/remove-subscription.ts';
import { sendSampleEvent } from './operations/send-sample-event.ts';
import { dateTime, flag, integer, nullable, record, text } from './schema.ts';

export const consoleGetOverview = operation({
  ...readOfConsole,
  operationId: 'ConsoleGetOverview',
  path: `${consolePrefix}/overview`,
  summary: 'Get the state of the connector',
  description: 'Tells who is signed in, whether the connector is in use, and how many flows are registered.',
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
});

/** In the order of the pages that call them. */
export const consoleOperations = [
  consoleGetOverview,
  consoleListDownloads,
  consoleGetDownload,
  consoleSearchSubscriptions,
  forConsole(explainSubscription),
  forConsole(listDeliveries),
  forConsole(sendSampleEvent),
  forConsole(removeSubscription),
  consoleReplay,
  consoleListRecentDeliveries,
  consoleGetDeliveryPayload,
  consoleListDeadLetters,
  consoleGetDeadLetterPayload,
  consoleRedrive,
  forConsole(listInstances),
  forConsole(listSegments),
  forConsole(listScalarMeasures),
  forConsole(listDataSources),
  forConsole(previewThreshold),
  consoleListInstanceStates,
  consoleListLimits,
] as const;
