/** The function `console` as it is deployed: the pages, and the operations that they call. */

import { validators } from 'validators:console';
import { consolePath, consoleScope } from '../../config/console.ts';
import { basePath } from '../../connector/contract/index.ts';
import {
  consoleCallerVerifier,
  consoleLimiter,
  customerInsightsAccess,
  signedInFunction,
} from '../customer-insights/from-environment.ts';
import { withEntityTags } from '../http/entity-tag.ts';
import { createHttpHandler, type HttpHandler } from '../http/handler.ts';
import { isOperator } from '../http/operator.ts';
import { dynamoDbUpstreamPauseStore, pauseKey, windowUseReader } from '../limiter/index.ts';
import { dynamoDb, sqs } from '../runtime/aws-services.ts';
import { aws, newSecret, newVersion, now, settings } from '../runtime/process.ts';
import { sqsSend } from '../runtime/queue.ts';
import { environment } from '../runtime/settings.ts';
import { pauseStore } from '../store/agenda.ts';
import { lastConnectorUse } from '../store/connector-use.ts';
import { cursorStore } from '../store/cursors.ts';
import { deliveryStore } from '../store/deliveries.ts';
import { instanceRegistry } from '../store/instance-registry.ts';
import { leaseStore } from '../store/leases.ts';
import { ledgerStore } from '../store/ledger.ts';
import { listedSubscriptionStore } from '../store/listed-subscriptions.ts';
import { listStore } from '../store/lists.ts';
import { stateTable } from '../store/state-table.ts';
import { triggers } from '../triggers/registry.ts';
import { consoleImplementations } from './console-operations.ts';
import { createPages, filesBeside } from './pages.ts';

const { issuer, log, metrics, ownLog, covered } = signedInFunction('console');
const database = aws(dynamoDb);
const { clientId, connectorUrl } = settings.console ?? {};
const { files, read } = filesBeside(import.meta.url);
const table = stateTable(database, ownLog, metrics);
const { refresh, settings: served } = instanceRegistry(table, settings, { newVersion, now, covered });

const localRun = environment('LOCAL_RUN_URL');

const limiterTable = environment('LIMITER_TABLE');
const upstreamPauses = dynamoDbUpstreamPauseStore(database, limiterTable);

const storeOf = (by: string) => listedSubscriptionStore(table, { now, by });

const pages = createPages({
  settings: {
    authority: environment('AUTHORITY'),
    clientId: clientId ?? null,
    scope: `api://${settings.applications.api.clientId}/${consoleScope} offline_access`,
    basePath,
    connectorUrl: connectorUrl ?? null,
    localRun: localRun === 'none' ? null : localRun,
  },
  files,
  read,
});

const serve = withEntityTags(
  createHttpHandler({
    function: 'console',
    validators,
    verifyCaller: consoleCallerVerifier(issuer, covered),
    limiter: consoleLimiter(database),
    ready: refresh,
    implementations: consoleImplementations({
      version: files.version,
      // Beside the pages, and no part of this bundle: it has the whole contract, and is seldom asked for.
      downloads: () => import(new URL('./assets/downloads.mjs', import.meta.url).href),
      settings: served,
      access: customerInsightsAccess(served, issuer, database, covered),
      triggers,
      store: storeOf('owner'),
      storeOf,
      cursors: cursorStore(table),
      deliveries: deliveryStore(table),
      ledger: ledgerStore(table, { now }),
      leases: leaseStore(table),
      pauses: pauseStore(table),
      pausedUntil: (instanceId) => upstreamPauses.read(pauseKey(instanceId)),
      windowUse: windowUseReader(database, limiterTable, { now }),
      sendDelivery: sqsSend(aws(sqs), environment('DELIVERY_QUEUE_URL')),
      count: metrics.count,
      isOperator,
      newSecret,
      now,
      lists: listStore(table),
      connectorUse: () => lastConnectorUse(table),
    }),
    logger: log,
    metrics,
    now,
  }),
);

export const handler: HttpHandler = async (event) =>
  event.routeKey.startsWith(`GET ${consolePath}`) ? pages(event) : serve(event);
