/** What one poll of an instance puts into the ledger beside its occurrences: pure. */
import type { GapRecord, LedgerRecord } from '../store/ledger-records.ts';
import type { Gap } from '../triggers/gap.ts';
import type { Observed } from '../triggers/trigger-definition.ts';
import type { Triggers } from '../triggers/trigger-set.ts';

/** One poll records at most so many evaluations without an occurrence; occurrences are always recorded. */
const mostEvaluations = 500;

/** Gaps, and evaluations that led to no occurrence, the newest of these. */
export const recordsWithoutOccurrence = (
  triggers: Triggers,
  observed: Observed,
  gaps: readonly Gap[],
): readonly LedgerRecord[] => [
  ...gaps.map((gap): GapRecord => ({ kind: 'gap', gap })),
  ...triggers.ids
    .flatMap((trigger) =>
      triggers
        .of(trigger)
        .evaluationNotes(observed)
        .map((note) => ({ ...note, trigger })),
    )
    .sort((a, b) => b.at - a.at)
    .slice(0, mostEvaluations),
];
