/**
 * Deliveries and dead letters, and sending them again. A function of its own serves them, which has no right to
 * Customer Insights, to callback URLs or to the keys.
 */
import { after, consolePrefix, ofConsole } from './console-operation.ts';
import { noParameters, operation } from './operation.ts';
import { choice, dateTime, flag, list, nullable, optional, record, text } from './schema.ts';
import { attempt, delivery, deliveryState } from './subscription-texts.ts';

export const ofResend = { ...ofConsole, function: 'resend' } as const;

const next = nullable(
  text({
    summary: 'Next',
    description: 'Where the next page begins; null at the end. A page may be empty and have a next one.',
  }),
);

/** What tells whose delivery it is. */
const place = {
  subscriptionId: text({ summary: 'Subscription Id', description: 'The subscription that it is for.' }),
  trigger: text({ summary: 'Trigger', description: 'The trigger of the subscription.' }),
  instanceName: nullable(
    text({
      summary: 'Instance Name',
      description: 'Name of the instance; null if it was removed from the connector.',
    }),
  ),
  flowName: nullable(
    text({ summary: 'Flow Name', description: 'Name of the flow; null if the platform gave none.' }),
  ),
  isOwn: flag({ summary: 'Is Own', description: 'Whether the person who asks owns the subscription.' }),
};

export const subscriptionPath = record({
  subscriptionId: text({
    summary: 'Subscription',
    description: 'The subscription.',
    minLength: 1,
    maxLength: 64,
  }),
});

export const letterId = text({
  summary: 'Letter Id',
  description: 'Id of a dead letter, from the list.',
  minLength: 1,
  maxLength: 200,
});

const payload = text({
  summary: 'Payload',
  description: 'The notification as the flow gets it: JSON.',
});

const payloadResponse = {
  status: 200,
  description: 'The payload',
  schema: record({ payload }, { definition: 'DeliveryPayload' }),
} as const;

export const consoleListRecentDeliveries = operation({
  ...ofResend,
  operationId: 'ConsoleListRecentDeliveries',
  method: 'GET',
  path: `${consolePrefix}/deliveries`,
  summary: 'List the newest deliveries',
  description:
    'Lists the newest deliveries of the subscriptions of the person, or of everybody for an operator, page by page.',
  pathParameters: noParameters,
  queryParameters: record({
    search: optional(
      text({
        summary: 'Search',
        description: 'Words that the subscription must contain, as in the search for subscriptions.',
        maxLength: 200,
      }),
    ),
    state: optional(deliveryState),
    after,
  }),
  body: null,
  response: {
    status: 200,
    description: 'A page of deliveries',
    schema: record(
      {
        value: list(
          record(
            {
              ...place,
              ...delivery.properties,
              nextAttemptAt: nullable(
                dateTime({
                  summary: 'Next Attempt At',
                  description: 'When the next attempt is made; UTC, null where none follows.',
                }),
              ),
            },
            { definition: 'RecentDelivery' },
          ),
          {
            summary: 'Deliveries',
            description: 'The 10 newest of each of at most 20 subscriptions, the newest event first.',
          },
        ),
        next,
      },
      { definition: 'RecentDeliveries' },
    ),
  },
  example: { path: {}, query: {}, body: null },
});

export const consoleGetDeliveryPayload = operation({
  ...ofResend,
  operationId: 'ConsoleGetDeliveryPayload',
  method: 'GET',
  path: `${consolePrefix}/subscriptions/{subscriptionId}/deliveries/{deliveryId}/payload`,
  summary: 'Get the payload of a delivery',
  description: 'Returns what the flow gets, to the owner of the subscription only.',
  pathParameters: record({
    ...subscriptionPath.properties,
    deliveryId: text({
      summary: 'Delivery Id',
      description: 'The delivery.',
      minLength: 1,
      maxLength: 64,
    }),
  }),
  queryParameters: record({
    occurredAt: dateTime({ summary: 'Occurred At', description: 'When its event happened, from the list.' }),
  }),
  body: null,
  response: payloadResponse,
  errors: { 403: 'It is of another person', 404: 'No such subscription or delivery' },
  example: {
    path: { subscriptionId: 'AAAAAAAAAAAAAAAAAAAAAA', deliveryId: 'AAAAAAAAAAAAAAAAAAAAAA' },
    query: { occurredAt: '2026-01-01T00:00:00Z' },
    body: null,
  },
});

export const consoleListDeadLetters = operation({
  ...ofResend,
  operationId: 'ConsoleListDeadLetters',
  method: 'GET',
  path: `${consolePrefix}/dead-letters`,
  summary: 'List dead letters',
  description:
    'Lists the deliveries of the person that were given up, or those of everybody for an operator, with what sending them again would do.',
  pathParameters: noParameters,
  queryParameters: record({ after }),
  body: null,
  response: {
    status: 200,
    description: 'A page of dead letters',
    schema: record(
      {
        value: list(
          record(
            {
              letterId,
              subscriptionId: nullable(place.subscriptionId),
              trigger: nullable(place.trigger),
              instanceName: place.instanceName,
              flowName: place.flowName,
              isOwn: place.isOwn,
              deliveryId: nullable(
                text({
                  summary: 'Delivery Id',
                  description: 'The delivery; null for a letter that this version cannot read.',
                }),
              ),
              occurredAt: nullable(
                dateTime({ summary: 'Occurred At', description: 'When the event happened; UTC.' }),
              ),
              sentAt: dateTime({
                summary: 'Sent At',
                description: 'When it was given up, or first queued where it could not be handled; UTC.',
              }),
              lastAttempt: nullable(attempt),
              decision: choice(
                { send: 'Sent again', done: 'Removed: delivered after all', keep: 'Kept' },
                { summary: 'Decision', description: 'What sending it again would do now.' },
              ),
              reason: nullable(text({ summary: 'Reason', description: 'Why it would be kept.' })),
            },
            { definition: 'DeadLetter' },
          ),
          { summary: 'Dead Letters', description: 'At most 20, the oldest first.' },
        ),
        next,
      },
      { definition: 'DeadLetters' },
    ),
  },
  example: { path: {}, query: {}, body: null },
});

export const consoleGetDeadLetterPayload = operation({
  ...ofResend,
  operationId: 'ConsoleGetDeadLetterPayload',
  method: 'GET',
  path: `${consolePrefix}/dead-letters/{letterId}/payload`,
  summary: 'Get the payload of a dead letter',
  description: 'Returns what the flow was to get, to the owner of the subscription only.',
  pathParameters: record({ letterId }),
  queryParameters: noParameters,
  body: null,
  response: payloadResponse,
  errors: { 403: 'It is of another person', 404: 'No such dead letter' },
  example: { path: { letterId: 'delivery.0.none' }, query: {}, body: null },
});
