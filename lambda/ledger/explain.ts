/**
 * Why a subscription fired or did not: derived from the ledger, the deliveries and the subscription itself.
 * Pure.
 */

import type { Decimal } from '../runtime/decimal.ts';
import type { Attempt, Delivery } from '../store/deliveries.ts';
import type {
  EvaluationRecord,
  InstanceRecord,
  Noted,
  OccurrenceRecord,
  PresenceRecord,
  SubjectRecord,
} from '../store/ledger-records.ts';
import { timeOf } from '../store/ledger-records.ts';
import type { Subscription } from '../store/subscriptions.ts';
import { isAfter } from '../triggers/baseline.ts';
import { concerns, mismatchOf, type Triggers } from '../triggers/trigger-set.ts';
import { count, number, time } from '../triggers/wording.ts';
import { deliverySentence } from './delivery-sentence.ts';
import { absenceReason } from './describe.ts';

/** - note: explains why there may be no decision */
export type DecisionOutcome = 'fired' | 'notFired' | 'note';

export interface Decision {
  /** Epoch ms; of what happened. */
  readonly at: number;
  readonly outcome: DecisionOutcome;
  readonly sentence: string;
  readonly values: { readonly previous: Decimal; readonly current: Decimal } | null;
  readonly eventId: string | null;
  readonly deliveryId: string | null;
  readonly attempts: readonly Attempt[];
}

export interface Evidence {
  readonly subscription: Subscription;
  readonly subjectRecords: readonly Noted<SubjectRecord>[];
  readonly instanceRecords: readonly Noted<InstanceRecord>[];
  readonly deliveries: readonly Delivery[];
}

const undelivered = {
  values: null,
  eventId: null,
  deliveryId: null,
  attempts: [],
} as const;

/** Why an event that matches the subscription was not delivered. */
const unsent = (subscription: Subscription, record: Noted<OccurrenceRecord>): string => {
  const { status, conditions, createdAt, baseline } = subscription;
  if (!isAfter(record.occurrence, baseline))
    // An activation after a move sets both to the same time.
    return record.occurrence.finalAt > Date.parse(createdAt) && baseline.at === Date.parse(status.since)
      ? `Not sent: the trigger was moved here at ${time(baseline.at)}, after the event. An operator can send it with "replay"`
      : `Not sent: the flow was registered at ${time(createdAt)}, after the event`;
  if (status.state !== 'active' && record.seenAt >= Date.parse(status.since))
    return `Not sent: the subscription has been ${status.state} since ${time(status.since)}. Reason: ${status.reason}`;
  if (record.setAside !== undefined)
    return 'Not sent: the event could not be sent, or was withheld. An operator can send it with "replay"';
  if (record.occurrence.kind === 'value' && conditions && conditions.rearmLevel !== null)
    return `Not sent: the value has not returned to the reset level (${number(conditions.rearmLevel)}) since the trigger last fired`;
  return 'Queued, but no attempt is recorded yet: the message is in transit or in the dead-letter queue';
};

const decisionsOf = (
  triggers: Triggers,
  { subscription, deliveries }: Evidence,
  record: Noted<OccurrenceRecord>,
): readonly Decision[] => {
  const { occurrence } = record;
  if (!concerns(subscription, occurrence)) return [];
  const happened = triggers.of(occurrence.trigger).happened(occurrence);
  const common = {
    at: occurrence.finalAt,
    values:
      occurrence.kind === 'value' ? { previous: occurrence.previous, current: occurrence.current } : null,
    eventId: occurrence.eventId,
  };
  const sent = deliveries.filter(({ eventId }) => eventId === occurrence.eventId);
  if (sent.length > 0)
    return sent.map((delivery) => ({
      ...common,
      outcome: 'fired',
      sentence: `${happened}. ${deliverySentence(delivery)}`,
      deliveryId: delivery.deliveryId,
      attempts: delivery.attempts,
    }));
  const mismatch = mismatchOf(triggers, subscription, occurrence);
  const why = mismatch === undefined ? unsent(subscription, record) : `Not sent: ${mismatch}`;
  return [
    {
      ...common,
      outcome: 'notFired',
      sentence: `${happened}. ${why.replace(/\.$/, '')}.`,
      deliveryId: null,
      attempts: [],
    },
  ];
};

/** @returns none for another subject */
const evaluationDecisions = (
  { subject }: Pick<Subscription, 'subject'>,
  record: Noted<EvaluationRecord | PresenceRecord>,
): readonly Decision[] => {
  if (record.kind === 'not listed' || record.kind === 'listed again') {
    const sentence =
      record.kind === 'not listed'
        ? absenceReason(record.subject, record.at)
        : `Customer Insights lists the segment "${record.subject}" again. Its current value is compared with the last known value.`;
    return [{ ...undelivered, at: record.at, outcome: 'note', sentence }];
  }
  if (record.kind !== 'succeeded later') return [valueDecision(record)];
  if (subject !== null && subject !== record.subject) return [];
  const sentence = `The refresh of the data source "${record.displayName}" that had failed at ${time(record.failedAt)} succeeded at ${time(record.at)}: Customer Insights retried it after its job had ended. Flows with the trigger for successes are notified.`;
  return [{ ...undelivered, at: record.at, outcome: 'note', sentence }];
};

const valueDecision = (
  record: Exclude<Noted<EvaluationRecord>, { readonly kind: 'succeeded later' }>,
): Decision =>
  record.kind === 'unchanged'
    ? {
        ...undelivered,
        at: record.at,
        outcome: 'notFired',
        sentence: `"${record.subject}" was evaluated and is still ${number(record.value)}. An unchanged value does not cross the threshold.`,
        values: { previous: record.value, current: record.value },
      }
    : {
        ...undelivered,
        at: record.at,
        outcome: 'notFired',
        sentence: `The evaluation of "${record.subject}" ended as "${record.status}" and gave no value. The previous value is kept.`,
      };

const noteOf = (subscription: Subscription, record: Noted<InstanceRecord>): readonly Decision[] => {
  const note = (sentence: string): readonly Decision[] => [
    { ...undelivered, at: timeOf(record), outcome: 'note', sentence },
  ];
  switch (record.kind) {
    case 'gap': {
      const { gap } = record;
      return gap.subject !== undefined &&
        subscription.subject !== null &&
        gap.subject !== subscription.subject
        ? []
        : note(
            `Gap from ${time(gap.from)} to ${time(gap.to)}: ${gap.reason} Events of this period may be missing.`,
          );
    }
    case 'source failed':
      return note(
        `Customer Insights stopped responding (${record.reason}). When it responds again, polling covers the time of the outage; events that it no longer lists then are reported as a gap.`,
      );
    case 'source back':
      return note(`Customer Insights responds again, after ${count(record.failures, 'failed poll')}.`);
  }
};

const isOccurrence = (record: Noted<SubjectRecord>): record is Noted<OccurrenceRecord> =>
  record.kind === 'occurrence';

/** Samples, and what the ledger no longer knows. */
const unexplained = (evidence: Evidence): readonly Decision[] => {
  const known = new Set(
    evidence.subjectRecords.filter(isOccurrence).map(({ occurrence }) => occurrence.eventId),
  );
  return evidence.deliveries
    .filter(({ eventId }) => !known.has(eventId))
    .map((delivery) => ({
      at: Date.parse(delivery.occurredAt),
      outcome: 'fired',
      sentence: `${delivery.origin === 'sample' ? 'A sample was requested' : 'An event'}. ${deliverySentence(delivery)}`,
      values: null,
      eventId: delivery.eventId,
      deliveryId: delivery.deliveryId,
      attempts: delivery.attempts,
    }));
};

/** Newest first. */
export const decide = (triggers: Triggers, evidence: Evidence): readonly Decision[] =>
  [
    ...evidence.subjectRecords.flatMap((record) =>
      isOccurrence(record)
        ? decisionsOf(triggers, evidence, record)
        : evaluationDecisions(evidence.subscription, record),
    ),
    ...evidence.instanceRecords.flatMap((record) => noteOf(evidence.subscription, record)),
    ...unexplained(evidence),
  ].sort((a, b) => b.at - a.at);
