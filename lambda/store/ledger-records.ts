/** What the decision ledger holds: what was read and found at one look, per subject. What it meant for a subscription is derived. */
import type { TriggerId } from '../../connector/contract/index.ts';
import type { Gap } from '../triggers/gap.ts';
import { keptBySubject, type Occurrence } from '../triggers/occurrence.ts';
import type { EvaluationNote } from '../triggers/trigger-definition.ts';

/** Something happened, or a value changed. */
export interface OccurrenceRecord {
  readonly kind: 'occurrence';
  readonly occurrence: Occurrence;
  /** Subscriptions that it was sent to; of an event that is sent in parts, those of its first part. */
  readonly deliveries: number;
  /** A sentence: why it was not sent. "replay" sends it. */
  readonly setAside?: string;
}

/** An evaluation that led to no occurrence. */
export type EvaluationRecord = EvaluationNote & { readonly trigger: TriggerId };

/** Whether the source lists a followed segment; its value stays in the meantime. */
interface Presence<Kind extends string> {
  readonly kind: Kind;
  readonly trigger: TriggerId;
  readonly subject: string;
  /** Epoch ms of our clock. */
  readonly at: number;
}
export type PresenceRecord = Presence<'not listed'> | Presence<'listed again'>;

export interface GapRecord {
  readonly kind: 'gap';
  readonly gap: Gap;
}

/** Customer Insights stopped to answer. */
export interface SourceFailedRecord {
  readonly kind: 'source failed';
  /** Epoch ms of our clock. */
  readonly at: number;
  readonly reason: string;
}

/** It answers again. */
export interface SourceBackRecord {
  readonly kind: 'source back';
  readonly at: number;
  readonly failures: number;
}

export type SubjectRecord = OccurrenceRecord | EvaluationRecord | PresenceRecord;
export type InstanceRecord = GapRecord | SourceFailedRecord | SourceBackRecord;
export type LedgerRecord = SubjectRecord | InstanceRecord;

/** A record with the time at which it was found, epoch ms of our clock. */
export type Noted<Record extends LedgerRecord = LedgerRecord> = Record & { readonly seenAt: number };

/** Where a record lies in time. */
export const timeOf = (record: LedgerRecord): number => {
  switch (record.kind) {
    case 'occurrence':
      return record.occurrence.finalAt;
    case 'gap':
      return record.gap.to;
    default:
      return record.at;
  }
};

/**
 * The subject under which a record is found: of values each its own; what happens to data sources and to the whole instance lies
 * together, because many subscriptions are to any.
 */
export const placeOf = (
  record: SubjectRecord,
): { readonly trigger: TriggerId; readonly subject: string | null } => {
  if (record.kind === 'succeeded later') return { trigger: record.trigger, subject: null };
  if (record.kind !== 'occurrence') return { trigger: record.trigger, subject: record.subject };
  const { trigger, kind, subject } = record.occurrence;
  return { trigger, subject: keptBySubject[kind] ? subject : null };
};

export interface Ledger {
  /** Notes records once; those that are there already stay as they are. */
  record(instanceId: string, records: readonly LedgerRecord[]): Promise<void>;
  /** Whether an occurrence was noted: then it was handled, whether or not the cursor has moved since. */
  isRecorded(instanceId: string, occurrence: Occurrence): Promise<boolean>;
}
