/** The function `proxy` as it is deployed. */

import { validators } from 'validators:proxy';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createHttpHandler } from '../http/handler.ts';
import { createLimiter, dynamoDbLimiterStore } from '../limiter/index.ts';
import { authority, callerVerifier, customerInsightsAccess, logger, now, settings } from '../production.ts';
import { environment } from '../settings.ts';
import { createEntityFacts } from './entity-facts.ts';
import { proxyImplementations } from './implementations.ts';

const issuer = authority();

export const handler = createHttpHandler({
  function: 'proxy',
  validators,
  verifyCaller: callerVerifier(issuer),
  limiter: createLimiter({
    store: dynamoDbLimiterStore(new DynamoDBClient({}), environment('LIMITER_TABLE')),
    limit: settings.limit.calls,
    windowMs: settings.limit.windowSeconds * 1_000,
    now,
  }),
  implementations: proxyImplementations({
    settings,
    access: customerInsightsAccess(issuer),
    facts: createEntityFacts(now),
  }),
  logger: logger('proxy'),
  now,
});
