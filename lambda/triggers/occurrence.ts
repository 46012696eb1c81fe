/** What detection finds: things that happened in Customer Insights and may concern subscriptions. */
import type { OperationById, TriggerId } from '../../connector/contract/index.ts';
import type { NotificationOf } from '../../connector/contract/operation.ts';
import type { Decimal } from '../runtime/decimal.ts';
import type { EventId } from '../runtime/ids.ts';
import type { Completion, ThresholdTrigger } from './conditions.ts';

/** Epoch milliseconds of the source's clock. */
export type SourceTime = number;

/**
 * Keys that detection does not know (they differ per subscription) or that it holds in exact form beside the
 * payload.
 */
export type FilledInLater = 'deliveryId' | 'threshold' | 'direction' | 'previousValue' | 'currentValue';

/** The event as every subscription gets it, but for what differs per subscription. */
export type EventPayload<Trigger extends TriggerId = TriggerId> = Trigger extends TriggerId
  ? Omit<NotificationOf<OperationById<Trigger>>, FilledInLater>
  : never;

interface Common {
  readonly trigger: TriggerId;
  readonly eventId: EventId;
  /** The source's stable id of this occurrence: a task id, a job id, a run id, an evaluation time. */
  readonly occurrence: string;
  /** By which subscriptions find it: data source id, segment name, job id. */
  readonly subject: string;
  /**
   * The subject as every poll tells it; `subject` when absent. A data source whose name others have too is found by
   * its id in one poll and only by its name in another.
   */
  readonly stableSubject?: string;
  /** When it became final in the source: compared with a subscription's baseline. */
  readonly finalAt: SourceTime;
  readonly payload: EventPayload;
}

/** Something that happened to a subject; owed to every subscription of that subject, or of any subject. */
export interface SubjectOccurrence extends Common {
  readonly kind: 'subject';
}

/** The end of a refresh of the whole instance; owed to every subscription that asks for such an end. */
export interface CompletionOccurrence extends Common {
  readonly kind: 'completion';
  readonly completion: Completion;
}

/** A new value of a subject; owed to every subscription whose threshold it crossed. */
export interface ValueOccurrence extends Common {
  readonly kind: 'value';
  readonly trigger: ThresholdTrigger;
  readonly previous: Decimal;
  readonly current: Decimal;
}

export type Occurrence = SubjectOccurrence | CompletionOccurrence | ValueOccurrence;
export type OccurrenceKind = Occurrence['kind'];

/**
 * Whether the ledger keeps occurrences of a kind by subject; the others lie together, because many
 * subscriptions are to any.
 */
export const keptBySubject: Readonly<Record<OccurrenceKind, boolean>> = {
  subject: false,
  completion: false,
  value: true,
};
