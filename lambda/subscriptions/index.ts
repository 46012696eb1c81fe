/** The function `subscriptions` as it is deployed. */

import { validators } from 'validators:subscriptions';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { createCallbackSealer } from '../callback/sealed-url.ts';
import {
  callerVerifier,
  connectionLimiter,
  customerInsightsAccess,
  registrationLimiter,
  signedInFunction,
} from '../customer-insights/from-environment.ts';
import { observe } from '../customer-insights/observe.ts';
import { createHttpHandler } from '../http/handler.ts';
import { dynamoDbPlaceCounters } from '../limiter/index.ts';
import { dynamoDb, kms, sqs } from '../runtime/aws-services.ts';
import { aws, newSecret, newVersion, now, settings } from '../runtime/process.ts';
import { sqsSend } from '../runtime/queue.ts';
import { environment, environmentIfSet } from '../runtime/settings.ts';
import type { CanaryCall } from '../store/canary-runs.ts';
import { connectorUseNoter } from '../store/connector-use.ts';
import { cursorStore } from '../store/cursors.ts';
import { deliveryStore } from '../store/deliveries.ts';
import { instanceRegistry } from '../store/instance-registry.ts';
import { ledgerStore } from '../store/ledger.ts';
import { listedSubscriptionStore } from '../store/listed-subscriptions.ts';
import { listStore } from '../store/lists.ts';
import { sharedSealingKey } from '../store/sealing-key.ts';
import { stateTable } from '../store/state-table.ts';
import { triggers } from '../triggers/registry.ts';
import { canaryRegistration } from './canary.ts';
import { subscriptionImplementations } from './implementations.ts';
import { refusalMemory, releaseOf } from './limits.ts';
import type { SubscriptionPorts } from './service.ts';

const { issuer, log, metrics, ownLog, covered } = signedInFunction('subscriptions');
const database = aws(dynamoDb);
const counters = dynamoDbPlaceCounters(database, environment('LIMITER_TABLE'), {
  newVersion,
  now,
});
const table = stateTable(database, ownLog, metrics);
const { refresh, settings: served } = instanceRegistry(table, settings, { newVersion, now, covered });
const access = customerInsightsAccess(served, issuer, database, covered);

const ports: SubscriptionPorts = {
  triggers,
  settings: served,
  store: listedSubscriptionStore(table, {
    now,
    by: 'owner',
    releasePlace: releaseOf(counters, ownLog),
  }),
  counters,
  refusals: refusalMemory(now),
  lists: listStore(table),
  cursors: cursorStore(table),
  registrations: registrationLimiter(database),
  deliveries: deliveryStore(table),
  ledger: ledgerStore(table, { now }),
  count: metrics.count,
  sendDelivery: sqsSend(aws(sqs), environment('DELIVERY_QUEUE_URL')),
  cipher: createCallbackSealer(sharedSealingKey(table, aws(kms), environment('CALLBACK_KEY_ID'), now)),
  sourceOf: ({ caller, deadline }) => observe(access.forUser(caller, deadline)),
  now,
  newSecret,
};

const serve = createHttpHandler({
  function: 'subscriptions',
  validators,
  verifyCaller: callerVerifier(issuer, covered),
  limiter: connectionLimiter(database),
  ready: refresh,
  implementations: subscriptionImplementations(ports),
  connectorSeen: connectorUseNoter(table, { now, coveredUp: covered }),
  logger: log,
  metrics,
  now,
});
const registerCanary = canaryRegistration(ports, environmentIfSet('CANARY_URL'), log);

/** The API has its own form of event; only a role that may invoke the function can send the other. */
export const handler = async (event: APIGatewayProxyEventV2 | CanaryCall) => {
  if (!('canary' in event)) return serve(event);
  try {
    return await registerCanary(event);
  } finally {
    metrics.publish();
  }
};
