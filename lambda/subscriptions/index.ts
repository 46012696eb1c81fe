/** The function `subscriptions` as it is deployed. */

import { validators } from 'validators:subscriptions';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { createCallbackCipher } from '../callback/sealed-url.ts';
import { observe } from '../customer-insights/observe.ts';
import { createHttpHandler } from '../http/handler.ts';
import {
  authority,
  callerVerifier,
  customerInsightsAccess,
  logger,
  newSecret,
  now,
  settings,
} from '../production.ts';
import { environment } from '../settings.ts';
import { dynamoDbTable } from '../store/dynamodb-table.ts';
import { subscriptionStore } from '../store/subscriptions.ts';
import { subscriptionImplementations } from './implementations.ts';

const issuer = authority();
const access = customerInsightsAccess(issuer);

export const handler = createHttpHandler({
  function: 'subscriptions',
  validators,
  verifyCaller: callerVerifier(issuer),
  implementations: subscriptionImplementations({
    settings,
    store: subscriptionStore(dynamoDbTable(new DynamoDBClient({}), environment('STATE_TABLE'))),
    cipher: createCallbackCipher(new KMSClient({}), environment('CALLBACK_KEY_ID'), now),
    sourceOf: ({ caller, deadline }) => observe(access.forUser(caller, deadline)),
    now,
    newSecret,
  }),
  logger: logger('subscriptions'),
  now,
});
