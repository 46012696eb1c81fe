/** Sending dead letters and past events again, from the console. */
import { letterId, ofResend, subscriptionPath } from './console-deliveries.ts';
import { after, consolePrefix } from './console-operation.ts';
import { noParameters, operation } from './operation.ts';
import {
  choice,
  dateTime,
  decimal,
  flag,
  integer,
  list,
  nullable,
  optional,
  record,
  text,
} from './schema.ts';

const dryRun = flag({
  summary: 'Dry Run',
  description: 'Whether only to tell what would happen.',
});

export const consoleRedrive = operation({
  ...ofResend,
  operationId: 'ConsoleRedrive',
  method: 'POST',
  path: `${consolePrefix}/redrive`,
  summary: 'Send dead letters again',
  description:
    'Sends the named dead letters again, or all that the person may see. Letters that no subscription would accept are kept.',
  pathParameters: noParameters,
  queryParameters: noParameters,
  body: record({
    letterIds: optional(
      list(letterId, {
        summary: 'Letter Ids',
        description: 'The letters, at most 100; all that the person may see when left out.',
      }),
    ),
    sentBefore: optional(
      dateTime({
        summary: 'Sent Before',
        description:
          'Letters that were sent later are left out, so that one that is refused again is not sent in a circle. "sentBefore" of the answer before; by default now.',
      }),
    ),
    after,
    dryRun,
  }),
  response: {
    status: 200,
    description: 'What became of the letters',
    schema: record(
      {
        sent: integer({ summary: 'Sent', description: 'Sent again, or in a dry run would be.' }),
        alreadyDelivered: integer({
          summary: 'Already Delivered',
          description: 'Removed, because the flow accepted the event after all.',
        }),
        kept: integer({ summary: 'Kept', description: 'Left among the dead letters.' }),
        reasons: list(
          record(
            {
              reason: text({ summary: 'Reason', description: 'Why letters are kept.' }),
              count: integer({ summary: 'Count', description: 'How many.' }),
            },
            { definition: 'KeptLetters' },
          ),
          { summary: 'Reasons', description: 'Why letters are kept, and how many for each reason.' },
        ),
        sentBefore: dateTime({
          summary: 'Sent Before',
          description: 'The time that the letters were sent before; UTC.',
        }),
        next: nullable(
          text({ summary: 'Next', description: 'Where the next call goes on; null when it is done.' }),
        ),
      },
      { definition: 'Redriven' },
    ),
  },
  errors: { 404: 'No such dead letter' },
  example: { path: {}, query: {}, body: { dryRun: true } },
});

export const consoleReplay = operation({
  ...ofResend,
  operationId: 'ConsoleReplay',
  method: 'POST',
  path: `${consolePrefix}/subscriptions/{subscriptionId}/replay`,
  summary: 'Send past events again',
  description:
    'Sends past events to the flow of a subscription again, with what became of each before. The events are those that the subscription with its present inputs would have received.',
  pathParameters: subscriptionPath,
  queryParameters: noParameters,
  body: record({
    name: text({
      summary: 'Name',
      description: 'Name of the replay: under the same name no event that was accepted is sent twice.',
      minLength: 1,
      maxLength: 100,
    }),
    hours: integer({
      summary: 'Hours',
      description: 'How far back the events reach, in hours by the clock of the API; at most 720, 30 days.',
      minimum: 1,
      maximum: 720,
    }),
    onlyMissed: flag({
      summary: 'Only Missed',
      description: 'Whether to leave out what the flow has accepted before, and what is under way.',
    }),
    dryRun,
  }),
  response: {
    status: 200,
    description: 'The events',
    schema: record(
      {
        sent: integer({ summary: 'Sent', description: 'Sent again, or in a dry run would be.' }),
        leftOut: integer({ summary: 'Left Out', description: 'Events that are not sent.' }),
        events: list(
          record(
            {
              eventId: text({ summary: 'Event Id', description: 'The event.' }),
              at: dateTime({ summary: 'At', description: 'When it happened; UTC.' }),
              subject: text({ summary: 'Subject', description: 'What it happened to.' }),
              currentValue: nullable(
                decimal({ summary: 'Current Value', description: 'Of a threshold trigger, the value.' }),
              ),
              history: choice(
                {
                  new: 'Never sent to this flow',
                  accepted: 'Accepted before',
                  repeated: 'Accepted in this replay before',
                  underWay: 'An attempt is still to come',
                  notAccepted: 'Sent before, and not accepted',
                },
                { summary: 'History', description: 'What became of it for this flow until now.' },
              ),
              send: flag({ summary: 'Send', description: 'Whether it is sent, or would be.' }),
            },
            { definition: 'ReplayedEvent' },
          ),
          { summary: 'Events', description: 'The events, oldest first.' },
        ),
      },
      { definition: 'Replayed' },
    ),
  },
  errors: {
    404: 'No such subscription',
    409: 'The subscription is paused or has ended',
  },
  example: {
    path: { subscriptionId: 'AAAAAAAAAAAAAAAAAAAAAA' },
    query: {},
    body: { name: 'example', hours: 24, onlyMissed: true, dryRun: true },
  },
});
