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

/** Why something that was asked for led to no delivery. */
const unsent = (subscription: Subscription, record: Noted<OccurrenceRecord>): string => {
  const { status, conditions, createdAt, baseline } = subscription;
  if (!isAfter(record.occurrence, baseline))
    return `not sent, for the flow was registered for it at ${time(createdAt)}, after it happened`;
  if (status.state !== 'active' && record.seenAt >= Date.parse(status.since))
    return `not sent, for the subscription is ${status.state} since ${time(status.since)}: ${status.reason}`;
  if (record.setAside !== undefined)
    return 'not sent, for it could not be; an operator can send it with "replay"';
  if (record.occurrence.kind === 'value' && conditions && conditions.rearmLevel !== null)
    return `not sent, for since it fired last the value has not been back at the re-arm level ${number(conditions.rearmLevel)}`;
  return 'queued, but no attempt is recorded: it is on its way, or the message is a dead letter';
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
  const why = mismatch === undefined ? unsent(subscription, record) : `not sent, for ${mismatch}`;
  return [
    {
      ...common,
      outcome: 'notFired',
      sentence: `${happened}: ${why}.`,
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
        : `Customer Insights lists the segment "${record.subject}" again; what it is now is compared with the last value known.`;
    return [{ ...undelivered, at: record.at, outcome: 'note', sentence }];
  }
  if (record.kind !== 'succeeded later') return [valueDecision(record)];
  if (subject !== null && subject !== record.subject) return [];
  const sentence = `The refresh of the data source "${record.displayName}" that had failed at ${time(record.failedAt)} succeeded at ${time(record.at)}: Customer Insights retried it although its job had ended. Flows that wait for successes are told.`;
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
        sentence: `"${record.subject}" was evaluated and is ${number(record.value)} as before: an unchanged value crosses nothing.`,
        values: { previous: record.value, current: record.value },
      }
    : {
        ...undelivered,
        at: record.at,
        outcome: 'notFired',
        sentence: `The evaluation of "${record.subject}" ended as "${record.status}" and gave no value: the one before stays.`,
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
            `Gap from ${time(gap.from)} to ${time(gap.to)}: ${gap.reason} What happened in it may be missing.`,
          );
    }
    case 'source failed':
      return note(
        `Customer Insights stopped to answer (${record.reason}). What happens meanwhile is looked for when it answers again; what it no longer lists then is told as a gap.`,
      );
    case 'source back':
      return note(`Customer Insights answers again, after ${count(record.failures, 'failed look')}.`);
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
      sentence: `${delivery.origin === 'sample' ? 'A sample was asked for' : 'An event'}. ${deliverySentence(delivery)}`,
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
