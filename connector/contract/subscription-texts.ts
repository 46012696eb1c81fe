/** Shared by the operations on subscriptions. */
import { choice, dateTime, integer, list, nullable, optional, record, text } from './schema.ts';

export const subscriptionState = choice(
  { active: 'Active', paused: 'Paused', ended: 'Ended' },
  {
    summary: 'State',
    description: 'active: events are sent. paused: the flow is turned off. ended: no more events are sent.',
  },
);

export const attempt = record(
  {
    at: dateTime({ summary: 'At', description: 'When the attempt ended; UTC.' }),
    status: nullable(
      integer({ summary: 'Status', description: 'HTTP status of the answer; null if there was none.' }),
    ),
    meaning: text({ summary: 'Meaning', description: 'What the answer means.' }),
  },
  { definition: 'DeliveryAttempt' },
);

export const deliveryState = choice(
  { pending: 'Pending', delivered: 'Delivered', dead: 'Given up', dropped: 'Dropped' },
  {
    summary: 'State',
    description:
      'pending: attempts continue. delivered: the flow accepted it. dead: given up; an operator can send it again. dropped: the subscription was no longer active.',
  },
);

/** One event for one flow, and its outcome. */
export const delivery = record(
  {
    deliveryId: text({ summary: 'Delivery Id', description: 'Identifies the event for this flow.' }),
    eventId: text({ summary: 'Event Id', description: 'Identifies the event.' }),
    occurredAt: dateTime({ summary: 'Occurred At', description: 'When the event happened; UTC.' }),
    origin: choice(
      { event: 'Event', sample: 'Sample', replay: 'Replay' },
      {
        summary: 'Origin',
        description:
          'event: it happened. sample: it was requested as a test. replay: an operator sent it again.',
      },
    ),
    state: deliveryState,
    note: nullable(text({ summary: 'Note', description: 'Why it was dropped, if so.' })),
    attemptCount: integer({ summary: 'Attempt Count', description: 'Attempts made so far.' }),
    attempts: list(attempt, { summary: 'Attempts', description: 'The last 40 attempts, oldest first.' }),
  },
  { definition: 'Delivery' },
);

/** Start of the period to show. */
export const since = record({
  since: optional(
    dateTime({
      summary: 'Since',
      description: 'Start of the period; UTC, at most 30 days ago. If empty, 7 days ago.',
    }),
  ),
});
