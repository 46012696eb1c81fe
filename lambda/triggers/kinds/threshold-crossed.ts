/** The triggers that compare a value with a threshold, over one builder. */
import type { OperationById } from '../../../connector/contract/index.ts';
import { compareDecimals } from '../../runtime/decimal.ts';
import { iso } from '../../runtime/time.ts';
import { baselineOfValue } from '../baseline.ts';
import { defaultConditions } from '../conditions.ts';
import { believedUntil, type SeenValue, type StartingValue } from '../cursor.ts';
import { evaluationId, stepsSince, unchangedSince } from '../evaluations.ts';
import { crosses, type ValueStep } from '../firings.ts';
import { instantOf } from '../instance.ts';
import type { FinalTask } from '../job-changes.ts';
import type { LinkedObject } from '../links.ts';
import { type ObservedEvaluation, type Ownership, ownershipOf } from '../observation.ts';
import type { SourceTime } from '../occurrence.ts';
import { longestHistoryDays, type Source } from '../source.ts';
import { scalarMeasureNamed, segmentNamed } from '../subjects.ts';
import { type RequestedThreshold, readThreshold, type Threshold, thresholdOf } from '../threshold.ts';
import type {
  DefinitionOfKind,
  EvaluationNote,
  Observed,
  Read,
  RegistrationBaseline,
  TriggerDefinition,
} from '../trigger-definition.ts';
import { number } from '../wording.ts';

/** Why a step does not cross a threshold, as a clause; undefined when it does. */
const stepMismatch = (
  step: Pick<ValueStep, 'previous' | 'current'>,
  { threshold, direction }: Threshold,
): string | undefined => {
  if (crosses(step, { threshold, direction })) return undefined;
  const compared = compareDecimals(step.current, threshold);
  if (compared === 0) return `exactly at the threshold (${number(threshold)}), not ${direction} it`;
  return (direction === 'above' ? compared < 0 : compared > 0)
    ? `not ${direction} the threshold (${number(threshold)})`
    : `already ${direction} the threshold (${number(threshold)})`;
};

interface Valued extends Ownership {
  readonly name: string;
  readonly displayName: string;
  readonly evaluations: readonly ObservedEvaluation[];
}

/** What is particular to one value. */
interface ValueFacts<Body, Payload extends object, Subject extends Valued> {
  readonly kind: StartingValue['kind'];
  readonly reads: Read;
  /** Operations of the tasks that evaluate it, in lower case. */
  readonly evaluatedBy: readonly string[];
  /** The value in words. */
  readonly valueName: string;
  readonly requested: (body: Body) => {
    readonly subject: string;
    readonly threshold: RequestedThreshold;
  };
  /**
   * The subject, and its last successful evaluation that is dated no later than `until`.
   * @throws ConnectorError when the subject cannot be followed
   */
  readonly found: (
    source: Source,
    instanceId: string,
    name: string,
    until: SourceTime,
  ) => Promise<{ readonly displayName: string; readonly last: ObservedEvaluation | undefined }>;
  readonly observed: (observed: Observed) => {
    readonly seen: Readonly<Record<string, SeenValue>>;
    readonly subjects: readonly Subject[];
  };
  readonly occurrenceId: (evaluation: ObservedEvaluation) => string;
  readonly payload: (subject: Subject, evaluation: ObservedEvaluation) => Payload;
  readonly displayName: (payload: Payload) => string;
  readonly linked: (payload: Payload) => LinkedObject;
  readonly sample: (subject: RegistrationBaseline['subject'] | null) => Payload;
}

const lastUntil = (until: SourceTime, subject: Valued | undefined): ObservedEvaluation | undefined =>
  subject?.evaluations.findLast(({ at }) => at <= until);

const startingAt = (
  kind: StartingValue['kind'],
  name: string,
  last: ObservedEvaluation | undefined,
  readAt: number,
): RegistrationBaseline => ({
  baseline: baselineOfValue(last),
  startingValue: {
    kind,
    name,
    at: last?.at ?? 0,
    value: last?.value ?? null,
    ...(last?.runId !== undefined && { runId: last.runId }),
    readAt,
  },
});

const thresholdTrigger = <Body, Payload extends object, Subject extends Valued>(
  facts: ValueFacts<Body, Payload, Subject>,
): DefinitionOfKind<Body, Payload, 'value'> => {
  const { kind, reads, evaluatedBy, valueName } = facts;
  const evaluates = ({ task }: FinalTask) => evaluatedBy.includes(task.operation);
  return {
    kind: 'value',
    inputs: (body, exactNumbers) => {
      const { subject, threshold: requested } = facts.requested(body);
      const { threshold, direction, rearmLevel } = readThreshold(requested, exactNumbers);
      return { subject, threshold, conditions: { ...defaultConditions, direction, rearmLevel } };
    },
    baseline: async (source, instanceId, body, now) => {
      const { subject } = facts.requested(body);
      const { displayName, last } = await facts.found(source, instanceId, subject, believedUntil(now));
      return { ...startingAt(kind, subject, last, now), subject: { id: subject, displayName } };
    },
    reads,
    needsRead: (task) => task.task.status === 'successful' && evaluates(task),
    occurrences: (observed) => {
      const { seen, subjects } = facts.observed(observed);
      return subjects.flatMap((subject) =>
        stepsSince(seen[subject.name], subject.evaluations).map(({ previous, current }) => ({
          subject: subject.name,
          stableSubject: subject.name,
          occurrence: facts.occurrenceId(current),
          finalAt: current.at,
          occurredAt: current.endedAt ?? current.at,
          previous,
          current: current.value,
          payload: { ...facts.payload(subject, current), ...ownershipOf(subject) },
        })),
      );
    },
    evaluationNotes: (observed) => {
      const { seen, subjects } = facts.observed(observed);
      const withoutValue = observed.changes.tasks.filter(
        (task) => evaluates(task) && task.task.status !== 'successful',
      );
      return [
        ...withoutValue.map(
          ({ task, finalAt }): EvaluationNote => ({
            kind: 'no value',
            subject: task.objectName,
            at: finalAt,
            status: task.status,
            taskId: task.taskId,
          }),
        ),
        ...subjects.flatMap(({ name, evaluations }) =>
          unchangedSince(seen[name], evaluations).map(
            ({ at, value }): EvaluationNote => ({ kind: 'unchanged', subject: name, at, value }),
          ),
        ),
      ];
    },
    mismatch: (inputs, occurrence) => {
      const threshold = thresholdOf(inputs);
      return threshold === null ? undefined : stepMismatch(occurrence, threshold);
    },
    anySubject: `any ${kind}`,
    displayName: facts.displayName,
    linked: facts.linked,
    condition: (inputs) => {
      const asked = thresholdOf(inputs);
      if (asked === null) return valueName;
      const crossing = asked.direction === 'above' ? 'rises above' : 'falls below';
      const rearm = asked.rearmLevel === null ? '' : `, re-armed at ${number(asked.rearmLevel)}`;
      return `${valueName} ${crossing} ${number(asked.threshold)}${rearm}`;
    },
    happened: ({ subject, previous, current }) =>
      `"${subject}" went from ${number(previous)} to ${number(current)}`,
    sample: (_, subject) => facts.sample(subject),
  };
};

export const onSegmentThresholdCrossed: TriggerDefinition<OperationById<'OnSegmentThresholdCrossed'>> =
  thresholdTrigger({
    kind: 'segment',
    reads: 'segments',
    evaluatedBy: ['segmentation'],
    valueName: 'member count',
    requested: (body) => ({ subject: body.segment, threshold: body }),
    found: async (source, instanceId, name, until) => {
      const segment = await segmentNamed(source, instanceId, name, 0);
      const { displayName } = segment;
      const latest = lastUntil(until, segment);
      if (latest) return { displayName, last: latest };
      // While it is being evaluated, or after a failure, only the history holds the latest success.
      const segments = await source.segments(instanceId, longestHistoryDays);
      return {
        displayName,
        last: lastUntil(
          until,
          segments.find((each) => each.name === name),
        ),
      };
    },
    observed: ({ cursor, segments }) => ({ seen: cursor.segments, subjects: segments }),
    occurrenceId: ({ at }) => iso(at),
    payload: ({ name, displayName }) => ({ segmentName: name, segmentDisplayName: displayName }),
    displayName: ({ segmentDisplayName }) => segmentDisplayName,
    linked: ({ segmentName }) => ({ section: 'segments', object: segmentName }),
    sample: (subject) => ({
      segmentName: subject?.id ?? 'SampleSegment',
      segmentDisplayName: subject?.displayName ?? 'Sample segment',
    }),
  });

export const onMeasureThresholdCrossed: TriggerDefinition<OperationById<'OnMeasureThresholdCrossed'>> =
  thresholdTrigger({
    kind: 'measure',
    reads: 'measures',
    evaluatedBy: ['measures', 'attributemeasures', 'entitymeasures'],
    valueName: 'value',
    requested: (body) => ({ subject: body.measure, threshold: body }),
    found: async (source, instanceId, name, until) => {
      const measure = await scalarMeasureNamed(source, instanceId, name);
      return { displayName: measure.displayName, last: lastUntil(until, measure) };
    },
    observed: ({ cursor, measures }) => ({ seen: cursor.measures, subjects: measures }),
    occurrenceId: evaluationId,
    payload: ({ name, displayName }, { runId, at, endedAt }) => ({
      measureName: name,
      measureDisplayName: displayName,
      ...(runId !== undefined && { runId }),
      ...instantOf('startedAt', endedAt === undefined ? undefined : at),
    }),
    displayName: ({ measureDisplayName }) => measureDisplayName,
    linked: ({ measureName }) => ({ section: 'measures', object: measureName }),
    sample: (subject) => ({
      measureName: subject?.id ?? 'SampleMeasure',
      measureDisplayName: subject?.displayName ?? 'Sample measure',
    }),
  });
