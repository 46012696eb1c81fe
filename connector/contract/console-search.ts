import { after, consolePrefix, ofConsole } from './console-operation.ts';
import { noParameters, operation } from './operation.ts';
import { subscriptionProperties } from './operations/list-subscriptions.ts';
import { choice, decimal, flag, list, nullable, optional, record, text } from './schema.ts';

export const consoleSearchSubscriptions = operation({
  ...ofConsole,
  operationId: 'ConsoleSearchSubscriptions',
  method: 'GET',
  path: `${consolePrefix}/subscriptions`,
  summary: 'Search subscriptions',
  description: 'Finds the subscriptions of the person, or of everybody for an operator, page by page.',
  pathParameters: noParameters,
  queryParameters: record({
    search: optional(
      text({
        summary: 'Search',
        description:
          'Words that id, trigger, subject, name of the subject, name of the flow, instance and threshold must contain, in any casing.',
        maxLength: 200,
      }),
    ),
    state: optional(
      choice(
        { active: 'Active', paused: 'Paused', ended: 'Ended' },
        { summary: 'State', description: 'Only those in this state.' },
      ),
    ),
    after,
  }),
  body: null,
  response: {
    status: 200,
    description: 'A page of subscriptions',
    schema: record(
      {
        value: list(
          record(
            {
              ...subscriptionProperties,
              rearmLevel: nullable(
                decimal({ summary: 'Re-arm Level', description: 'Of a threshold trigger that has one.' }),
              ),
              ownerId: text({ summary: 'Owner Id', description: 'Object id of the owner in Entra ID.' }),
              isOwn: flag({ summary: 'Is Own', description: 'Whether the person who asks owns it.' }),
            },
            { definition: 'FoundSubscription' },
          ),
          {
            summary: 'Subscriptions',
            description: 'At most 20, by instance and then the newest registration first.',
          },
        ),
        next: nullable(
          text({
            summary: 'Next',
            description:
              'Where the next page begins; null at the end. A page may be short, or empty, and have a next one: few reads are made for each.',
          }),
        ),
      },
      { definition: 'FoundSubscriptions' },
    ),
  },
  example: { path: {}, query: {}, body: null },
});
