/**
 * What a trigger is: everything that registration, detection, matching, explanation and samples know of it,
 * in one object. A member that is missing does not compile.
 */
import type { NotificationOf, RequestOf } from '../../connector/contract/operation.ts';
import type { Decimal } from '../runtime/decimal.ts';
import type { Baseline } from './baseline.ts';
import type { TriggerInputs } from './conditions.ts';
import type { Cursor, DetectionStart, StartingValue } from './cursor.ts';
import type { FinalTask, JobChanges } from './job-changes.ts';
import type { LinkedObject } from './links.ts';
import type {
  ObservedDataSource,
  ObservedJob,
  ObservedMeasure,
  ObservedNode,
  ObservedSegment,
} from './observation.ts';
import type { FilledInLater, Occurrence, OccurrenceKind, SourceTime } from './occurrence.ts';
import type { Source } from './source.ts';
import type { ExactNumbers } from './threshold.ts';

/** What a poll reads beside the job list. */
export type Read = 'dataSources' | 'segments' | 'measures';

/** What one poll knows; a list that was not read is empty. */
export interface Observed {
  /** How far the instance was processed before this poll. */
  readonly cursor: Cursor;
  /** What the job list says happened since. */
  readonly changes: JobChanges;
  readonly jobs: readonly ObservedJob[];
  readonly dataSources: readonly ObservedDataSource[];
  readonly nodes: readonly ObservedNode[];
  readonly segments: readonly ObservedSegment[];
  /** Those with a single value, or of which the source does not say. */
  readonly measures: readonly ObservedMeasure[];
}

/** Keys of a notification that every trigger has. */
type EventKey = 'eventId' | 'deliveryId' | 'trigger' | 'instanceId' | 'instanceName' | 'occurredAt' | 'link';

/** What a trigger's notification says beside what the registry and the delivery fill in. */
export type OwnPayload<Op> = Omit<NotificationOf<Op>, EventKey | FilledInLater>;

interface PartOfKind {
  readonly subject: object;
  readonly completion: Pick<Extract<Occurrence, { readonly kind: 'completion' }>, 'completion'>;
  readonly value: { readonly previous: Decimal; readonly current: Decimal };
}

/** What detection finds, without what follows from the trigger and the instance. */
export type Found<Payload, Kind extends OccurrenceKind> = Kind extends OccurrenceKind
  ? {
      /** By which subscriptions find it: data source id, segment name, job id. */
      readonly subject: string;
      /**
       * The subject as it enters the event id: never something that one poll can tell and the next cannot.
       */
      readonly stableSubject: string;
      /** The source's stable id of this occurrence: a task id, a job id, a run id, an evaluation time. */
      readonly occurrence: string;
      /** When it became final in the source. */
      readonly finalAt: SourceTime;
      /** When it happened, as the notification says; `finalAt` when absent. */
      readonly occurredAt?: SourceTime;
      readonly payload: Payload;
    } & PartOfKind[Kind]
  : never;

/** An occurrence of one trigger, as it is matched and explained. */
export type OccurrenceOf<Payload, Kind extends OccurrenceKind> = Kind extends OccurrenceKind
  ? Omit<Extract<Occurrence, { readonly kind: Kind }>, 'payload' | 'trigger'> & {
      readonly payload: Payload;
    }
  : never;

/** What a registration reads before it is confirmed. */
export interface RegistrationBaseline {
  readonly baseline: Baseline;
  /** The subject as the source has it: the choice may have been another name of it. Absent for none. */
  readonly subject?: { readonly id: string; readonly displayName: string };
  /** For values: what the first step is measured from, should no poll have met the subject before. */
  readonly startingValue?: StartingValue;
  /** For jobs: how far the first look must reach back, should there have been none. */
  readonly start?: DetectionStart;
}

/**
 * An evaluation that led to no occurrence: the ledger keeps it, so that a flow that did not run can be
 * explained.
 */
export type EvaluationNote =
  | { readonly kind: 'unchanged'; readonly subject: string; readonly at: SourceTime; readonly value: Decimal }
  | {
      readonly kind: 'no value';
      /** As the task names it: the name or the display name. */
      readonly subject: string;
      readonly at: SourceTime;
      /** How its task ended: failed, skipped … */
      readonly status: string;
      readonly taskId: string;
    }
  | {
      /** A task that was told as failed: its job was retried although it seemed to have ended. */
      readonly kind: 'succeeded later';
      /** By which subscriptions find it, as in its occurrence. */
      readonly subject: string;
      readonly displayName: string;
      readonly at: SourceTime;
      readonly failedAt: SourceTime;
      readonly taskId: string;
    };

export interface DefinitionOfKind<Body, Payload, Kind extends OccurrenceKind> {
  /**
   * Decides how subscriptions are found and where the ledger keeps occurrences, see {@link Occurrence}: by
   * subject, for the instance as a whole, or by the thresholds that a value crossed.
   */
  readonly kind: Kind;

  // Registration

  /**
   * Whose triggers a trigger is about that is about subscriptions, in whichever instance; undefined where it is about
   * an instance of Customer Insights. Required of an operation that names no instance.
   */
  across?(body: Body): 'mine' | 'all';
  /**
   * What a registration asks for.
   * @param exactNumbers numbers of the body that a double does not hold
   * @throws ConnectorError RequestInvalid
   */
  inputs(body: Body, exactNumbers: ExactNumbers | undefined): TriggerInputs;
  /**
   * What had happened before, read as the caller.
   * @param now epoch ms of our clock
   * @throws ConnectorError when the subject does not exist or cannot be followed
   */
  baseline(source: Source, instanceId: string, body: Body, now: number): Promise<RegistrationBaseline>;

  // Detection

  /** Beside the job list; null for the job list alone. */
  readonly reads: Read | null;
  /** Whether a task calls for that read: it ended, and may be or have caused an occurrence. */
  needsRead(task: FinalTask): boolean;
  /** What happened since the cursor, in any order. */
  occurrences(observed: Observed): readonly Found<Payload, Kind>[];
  /** Evaluations that led to none. */
  evaluationNotes(observed: Observed): readonly EvaluationNote[];

  // Matching

  /**
   * Why a subscription does not ask for an occurrence of its subject: a clause (`it was above the threshold 5
   * already`); undefined when it does.
   */
  mismatch(
    inputs: Pick<TriggerInputs, 'threshold' | 'conditions'>,
    occurrence: OccurrenceOf<Payload, Kind>,
  ): string | undefined;

  // Words

  /** Shown instead of a subject where there is none: `any segment`. */
  readonly anySubject: string;
  /** The name that people read for the subject of an occurrence; undefined where it has none. */
  displayName(payload: Payload): string | undefined;
  /** What the link of an event opens; undefined for the instance. */
  linked(payload: Payload): LinkedObject | undefined;
  /** When it fires: `member count rises above 1,200`. */
  condition(inputs: Pick<TriggerInputs, 'threshold' | 'conditions'>): string;
  /** What happened, as the beginning of a sentence: `"HighValue" went from 900 to 1,100`. */
  happened(occurrence: OccurrenceOf<Payload, Kind>): string;
  /** Invented values in the form of the real ones. @param occurredAt RFC 3339 */
  sample(occurredAt: string, subject: RegistrationBaseline['subject'] | null): Payload;
}

/** A trigger whose notification tells of a threshold follows a value, and no other does. */
type KindOf<Op> = 'threshold' extends keyof NotificationOf<Op> ? 'value' : Exclude<OccurrenceKind, 'value'>;

type DefinitionIn<Op, Kind extends OccurrenceKind> = DefinitionOfKind<
  RequestOf<Op>['body'],
  OwnPayload<Op>,
  Kind
>;

/** The definition of the trigger that an operation of the contract declares. */
export type TriggerDefinition<Op> = {
  [Kind in OccurrenceKind]: DefinitionIn<Op, Kind> &
    (RequestOf<Op>['path'] extends { readonly dataset: string }
      ? unknown
      : Required<Pick<DefinitionIn<Op, Kind>, 'across'>>);
}[KindOf<Op>];

/** Any trigger: the types of its own operation are gone. */
export type Trigger = DefinitionOfKind<unknown, object, OccurrenceKind>;
