/** What one look at an instance puts into the ledger beside its occurrences: pure. */

import { compareDecimals } from '../runtime/decimal.ts';
import type {
  GapRecord,
  LedgerRecord,
  NoValueRecord,
  OccurrenceRecord,
  UnchangedRecord,
} from '../store/ledger-records.ts';
import type { ThresholdTrigger } from '../triggers/conditions.ts';
import type { Cursor, SeenValue } from '../triggers/cursor.ts';
import type { Reads } from '../triggers/detect.ts';
import type { FinalTask, Findings } from '../triggers/findings.ts';
import type { ObservedEvaluation } from '../triggers/observation.ts';

/** One look records at most so many unchanged and missing values; what was sent or could have been is always recorded. */
const mostSilentRecords = 500;

/** Operations of tasks that evaluate what a threshold trigger follows. */
const evaluations: Readonly<Record<string, ThresholdTrigger>> = {
  segmentation: 'OnSegmentThresholdCrossed',
  measures: 'OnMeasureThresholdCrossed',
  attributemeasures: 'OnMeasureThresholdCrossed',
  entitymeasures: 'OnMeasureThresholdCrossed',
};

interface Evaluated {
  readonly name: string;
  readonly evaluations: readonly ObservedEvaluation[];
}

const unchangedOf = (
  trigger: ThresholdTrigger,
  seen: Readonly<Record<string, SeenValue>>,
  subjects: readonly Evaluated[],
): readonly UnchangedRecord[] =>
  subjects.flatMap(({ name, evaluations: all }) => {
    const last = seen[name];
    if (!last) return [];
    let before = last.value;
    return all
      .filter(({ at }) => at > last.at)
      .flatMap(({ at, value }) => {
        const same = before !== null && compareDecimals(before, value) === 0;
        before = value;
        return same ? [{ kind: 'unchanged' as const, trigger, subject: name, at, value }] : [];
      });
  });

const withoutValue = ({ task, finalAt }: FinalTask): readonly NoValueRecord[] => {
  const trigger = evaluations[task.operation];
  return trigger === undefined || task.status === 'successful'
    ? []
    : [
        {
          kind: 'no value',
          trigger,
          subject: task.objectName,
          at: finalAt,
          status: task.status,
          taskId: task.taskId,
        },
      ];
};

/**
 * Evaluations that left things as they were, evaluations without a value, and gaps.
 * @param cursor as it was before the look
 */
export const silentRecords = (
  cursor: Pick<Cursor, 'segments' | 'measures'>,
  findings: Pick<Findings, 'tasks'>,
  reads: Pick<Reads, 'segments' | 'measures'>,
  gaps: readonly GapRecord['gap'][],
): readonly LedgerRecord[] => [
  ...gaps.map((gap): GapRecord => ({ kind: 'gap', gap })),
  ...[
    ...findings.tasks.flatMap(withoutValue),
    ...unchangedOf('OnSegmentThresholdCrossed', cursor.segments, reads.segments ?? []),
    ...unchangedOf('OnMeasureThresholdCrossed', cursor.measures, reads.measures ?? []),
  ]
    .sort((a, b) => b.at - a.at)
    .slice(0, mostSilentRecords),
];

export const occurrenceRecord = (
  occurrence: OccurrenceRecord['occurrence'],
  deliveries: number,
): OccurrenceRecord => ({ kind: 'occurrence', occurrence, deliveries });
