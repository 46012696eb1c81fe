/** The function `console` as it is deployed: the pages, and the operations that they call. */

import { validators } from 'validators:console';
import { consolePath, consoleScope } from '../../config/console.ts';
import { basePath } from '../../connector/contract/index.ts';
import {
  callerVerifier,
  consoleLimiter,
  customerInsightsAccess,
  signedInFunction,
} from '../customer-insights/from-environment.ts';
import { createHttpHandler, type HttpHandler } from '../http/handler.ts';
import { now, settings } from '../runtime/process.ts';
import { environment } from '../runtime/settings.ts';
import { lastConnectorUse } from '../store/connector-use.ts';
import { dynamoDbClient } from '../store/dynamodb-client.ts';
import { listStore } from '../store/lists.ts';
import { stateTable } from '../store/state-table.ts';
import { consoleImplementations } from './console-operations.ts';
import { withEntityTags } from './entity-tag.ts';
import { createPages, filesBeside } from './pages.ts';

const { issuer, log, metrics, ownLog, covered } = signedInFunction('console');
const database = dynamoDbClient();
const { clientId, connectorUrl } = settings.console ?? {};
const { files, read } = filesBeside(import.meta.url);
const table = stateTable(database, ownLog, metrics);

const localRun = environment('LOCAL_RUN_URL');

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
    verifyCaller: callerVerifier(issuer, covered, {
      clientApps: clientId === undefined ? [] : [clientId],
      scope: consoleScope,
    }),
    limiter: consoleLimiter(database),
    implementations: consoleImplementations({
      version: files.version,
      settings,
      access: customerInsightsAccess(issuer, database, covered),
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
