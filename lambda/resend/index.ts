/** The function `resend` as it is deployed: deliveries and dead letters in the console. */

import { validators } from 'validators:resend';
import {
  consoleCallerVerifier,
  consoleLimiter,
  signedInFunction,
} from '../customer-insights/from-environment.ts';
import { withEntityTags } from '../http/entity-tag.ts';
import { createHttpHandler } from '../http/handler.ts';
import { dynamoDb, sqs } from '../runtime/aws-services.ts';
import { aws, newVersion, now, settings } from '../runtime/process.ts';
import { sqsSend } from '../runtime/queue.ts';
import { environment } from '../runtime/settings.ts';
import { pauseStore } from '../store/agenda.ts';
import { auditStore } from '../store/audit-records.ts';
import { deadLetterStore } from '../store/dead-letters.ts';
import { deliveryStore } from '../store/deliveries.ts';
import { instanceRegistry } from '../store/instance-registry.ts';
import { ledgerStore } from '../store/ledger.ts';
import { listStore } from '../store/lists.ts';
import { stateTable } from '../store/state-table.ts';
import { subscriptionStore } from '../store/subscriptions.ts';
import { triggers } from '../triggers/registry.ts';
import { resendImplementations } from './resend-operations.ts';

const { issuer, log, metrics, ownLog, covered } = signedInFunction('resend');
const database = aws(dynamoDb);
const table = stateTable(database, ownLog, metrics);
const { refresh, settings: served } = instanceRegistry(table, settings, { newVersion, now, covered });

export const handler = withEntityTags(
  createHttpHandler({
    function: 'resend',
    validators,
    verifyCaller: consoleCallerVerifier(issuer, covered),
    limiter: consoleLimiter(database),
    ready: refresh,
    implementations: resendImplementations({
      settings: served,
      triggers,
      subscriptions: subscriptionStore(table),
      lists: listStore(table),
      pauses: pauseStore(table),
      deliveries: deliveryStore(table),
      ledger: ledgerStore(table, { now }),
      letters: deadLetterStore(table),
      audit: auditStore(table),
      sendRetry: sqsSend(aws(sqs), environment('RETRY_QUEUE_URL')),
      count: metrics.count,
      now,
    }),
    logger: log,
    metrics,
    now,
  }),
);
