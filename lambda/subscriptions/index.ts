/** The function `subscriptions` as it is deployed. */

import { validators } from 'validators:subscriptions';
import { KMSClient } from '@aws-sdk/client-kms';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createCallbackCipher } from '../callback/sealed-url.ts';
import {
  authority,
  callerVerifier,
  connectionLimiter,
  customerInsightsAccess,
} from '../customer-insights/from-environment.ts';
import { observe } from '../customer-insights/observe.ts';
import { createHttpHandler } from '../http/handler.ts';
import { embeddedMetrics } from '../runtime/embedded-metrics.ts';
import { callLog, logger, newSecret, now, settings } from '../runtime/process.ts';
import { sqsSend } from '../runtime/queue.ts';
import { environment } from '../runtime/settings.ts';
import { cursorStore } from '../store/cursors.ts';
import { deliveryStore } from '../store/deliveries.ts';
import { dynamoDbClient } from '../store/dynamodb-client.ts';
import { dynamoDbTable } from '../store/dynamodb-table.ts';
import { ledgerStore } from '../store/ledger.ts';
import { listedSubscriptionStore } from '../store/listed-subscriptions.ts';
import { listStore } from '../store/lists.ts';
import { setAside } from '../store/set-aside.ts';
import { triggers } from '../triggers/registry.ts';
import { subscriptionImplementations } from './implementations.ts';

const issuer = authority();
const database = dynamoDbClient();
const access = customerInsightsAccess(issuer, database);
const metrics = embeddedMetrics('subscriptions', settings);
const table = dynamoDbTable(database, environment('STATE_TABLE'), {
  newVersion: newSecret,
  onUnreadable: setAside(callLog('subscriptions'), metrics.count),
});

const serve = createHttpHandler({
  function: 'subscriptions',
  validators,
  verifyCaller: callerVerifier(issuer),
  limiter: connectionLimiter(database),
  implementations: subscriptionImplementations({
    triggers,
    settings,
    store: listedSubscriptionStore(table, { now }),
    lists: listStore(table),
    cursors: cursorStore(table),
    deliveries: deliveryStore(table),
    ledger: ledgerStore(table, { now }),
    count: metrics.count,
    sendDelivery: sqsSend(new SQSClient({}), environment('DELIVERY_QUEUE_URL')),
    cipher: createCallbackCipher(new KMSClient({}), environment('CALLBACK_KEY_ID'), now),
    sourceOf: ({ caller, deadline }) => observe(access.forUser(caller, deadline)),
    now,
    newSecret,
  }),
  logger: logger('subscriptions'),
  now,
});

export const handler: typeof serve = async (...call) => {
  const answer = await serve(...call);
  metrics.publish();
  return answer;
};
