/** The function `proxy` as it is deployed. */

import { validators } from 'validators:proxy';
import {
  callerVerifier,
  clientSecretOf,
  connectionLimiter,
  customerInsightsAccess,
  secretsCache,
  signedInFunction,
} from '../customer-insights/from-environment.ts';
import { createHttpHandler } from '../http/handler.ts';
import { dynamoDb } from '../runtime/aws-services.ts';
import { aws, newSecret, newVersion, now, settings } from '../runtime/process.ts';
import { environment } from '../runtime/settings.ts';
import { connectorUseNoter } from '../store/connector-use.ts';
import { dynamoDbTable } from '../store/dynamodb-table.ts';
import { instanceRegistry } from '../store/instance-registry.ts';
import { sharedKey } from '../store/shared-key.ts';
import { createEntityFacts } from './entity-facts.ts';
import { createPartitionHandles } from './partitions/handle.ts';
import { proxyImplementations } from './proxy-operations.ts';
import { createSentRows } from './sent-rows.ts';

const { issuer, log, metrics, covered } = signedInFunction('proxy');
const database = aws(dynamoDb);
const secrets = secretsCache(covered);
const table = dynamoDbTable(database, environment('STATE_TABLE'), { newVersion });
const { refresh, settings: served } = instanceRegistry(table, settings, { newVersion, now, covered });

export const handler = createHttpHandler({
  function: 'proxy',
  validators,
  verifyCaller: callerVerifier(issuer, covered),
  limiter: connectionLimiter(database),
  ready: refresh,
  implementations: proxyImplementations({
    settings: served,
    access: customerInsightsAccess(served, issuer, database, covered, secrets),
    customerInsightsUrl: environment('CUSTOMER_INSIGHTS_URL'),
    facts: createEntityFacts(now),
    handles: createPartitionHandles({
      secret: clientSecretOf(secrets) ?? sharedKey(table, 'PARTITIONS', newSecret),
      now,
    }),
    sentRows: createSentRows({ table, now }),
    fetch: (...request) => fetch(...request),
    now,
  }),
  connectorSeen: connectorUseNoter(table, { now, coveredUp: covered }),
  logger: log,
  metrics,
  now,
});
