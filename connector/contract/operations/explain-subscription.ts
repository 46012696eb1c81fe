import { operation } from '../operation.ts';
import { choice, dateTime, decimal, list, nullable, record, text } from '../schema.ts';
import { onSubscription } from '../subscription-parameters.ts';
import { attempt, since, subscriptionState } from '../subscription-texts.ts';

export const explainSubscription = operation({
  ...onSubscription,
  operationId: 'ExplainSubscription',
  kind: 'action',
  method: 'GET',
  path: '/subscriptions/{subscriptionId}/explanation',
  summary: 'Explain why a trigger did or did not fire',
  description:
    'Explains for each evaluation of the last days why one of your triggers did or did not fire, and how the flow answered.',
  queryParameters: since,
  response: {
    status: 200,
    description: 'The explanation',
    schema: record(
      {
        subscriptionId: text({ summary: 'Subscription Id', description: 'The subscription.' }),
        state: subscriptionState,
        summary: text({ summary: 'Summary', description: 'The subscription and its state, in sentences.' }),
        since: dateTime({ summary: 'Since', description: 'Start of the period explained; UTC.' }),
        decisions: list(
          record(
            {
              at: dateTime({ summary: 'At', description: 'When it happened in Customer Insights; UTC.' }),
              outcome: choice(
                { fired: 'Fired', notFired: 'Did not fire', note: 'Note' },
                {
                  summary: 'Outcome',
                  description:
                    'fired: an event was sent. notFired: no event was sent. note: explains why there are no events.',
                },
              ),
              sentence: text({
                summary: 'Sentence',
                description: 'What was detected, and why the trigger did or did not fire.',
              }),
              previousValue: nullable(
                decimal({
                  summary: 'Previous Value',
                  description: 'Previous value, for a threshold trigger.',
                }),
              ),
              currentValue: nullable(
                decimal({ summary: 'Current Value', description: 'Current value, for a threshold trigger.' }),
              ),
              eventId: nullable(
                text({ summary: 'Event Id', description: 'Id of the event, if there is one.' }),
              ),
              deliveryId: nullable(
                text({ summary: 'Delivery Id', description: 'Id of the delivery, if there is one.' }),
              ),
              attempts: list(attempt, {
                summary: 'Attempts',
                description: 'The attempts to call the flow, oldest first.',
              }),
            },
            { definition: 'Decision' },
          ),
          { summary: 'Decisions', description: 'Newest first; at most 500.' },
        ),
      },
      { definition: 'Explanation' },
    ),
  },
});
