/** The function `proxy` as it is deployed. */

import { validators } from 'validators:proxy';
import {
  authority,
  callerVerifier,
  clientSecretOf,
  connectionLimiter,
  customerInsightsAccess,
  secretsCache,
} from '../customer-insights/from-environment.ts';
import { createHttpHandler } from '../http/handler.ts';
import { coveredUp } from '../runtime/covered-up.ts';
import { embeddedMetrics } from '../runtime/embedded-metrics.ts';
import { logWith } from '../runtime/log.ts';
import { logger, newSecret, now, settings } from '../runtime/process.ts';
import { environment } from '../runtime/settings.ts';
import { dynamoDbClient } from '../store/dynamodb-client.ts';
import { dynamoDbTable } from '../store/dynamodb-table.ts';
import { createEntityFacts } from './entity-facts.ts';
import { createPartitionHandles } from './partitions/handle.ts';
import { proxyImplementations } from './proxy-operations.ts';
import { createSentRows } from './sent-rows.ts';

const issuer = authority();
const database = dynamoDbClient();
const log = logger('proxy');
const covered = coveredUp(logWith(log, {}), embeddedMetrics('proxy', settings));
const secrets = secretsCache(covered);

export const handler = createHttpHandler({
  function: 'proxy',
  validators,
  verifyCaller: callerVerifier(issuer, covered),
  limiter: connectionLimiter(database),
  implementations: proxyImplementations({
    settings,
    access: customerInsightsAccess(issuer, database, covered, secrets),
    customerInsightsUrl: environment('CUSTOMER_INSIGHTS_URL'),
    facts: createEntityFacts(now),
    handles: createPartitionHandles({ secret: () => clientSecretOf(secrets)({ fresh: false }), now }),
    sentRows: createSentRows({
      table: dynamoDbTable(database, environment('STATE_TABLE'), { newVersion: newSecret }),
      now,
    }),
    fetch: (...request) => fetch(...request),
    now,
  }),
  logger: log,
  now,
});
