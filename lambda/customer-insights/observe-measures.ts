/** Measures in the normal form of detection: which value belongs to which evaluation. */
import { toDecimal } from '../runtime/decimal.ts';
import type { ObservedEvaluation, ObservedMeasure } from '../triggers/observation.ts';
import type { SourceTime } from '../triggers/occurrence.ts';
import { boundedName, longestName } from './bounded-text.ts';
import { isAnyOf } from './fields.ts';
import {
  isScalarMeasure,
  type MeasureEvaluation,
  type MeasureMetadata,
  type ScalarOutput,
} from './models.ts';
import { ownershipIn } from './ownership.ts';

interface Completed {
  readonly runId: string | undefined;
  readonly endedAt: SourceTime;
}

interface Output {
  /** Start of the evaluation. */
  readonly at: SourceTime;
  readonly text: string;
}

const timeOf = (instant: string | undefined): SourceTime | undefined =>
  instant === undefined ? undefined : Date.parse(instant);

/** In order of time, each once. */
const ordered = <Dated>(all: readonly Dated[], timeOfDated: (dated: Dated) => SourceTime) =>
  [...new Map(all.map((dated) => [timeOfDated(dated), dated])).values()].sort(
    (a, b) => timeOfDated(a) - timeOfDated(b),
  );

const runIdOf = (evaluation: MeasureEvaluation | undefined): string | undefined =>
  evaluation?.lastSuccessfulRunId === undefined ? undefined : boundedName(evaluation.lastSuccessfulRunId);

const completedOf = (evaluation: MeasureEvaluation | undefined): readonly Completed[] => {
  const endedAt = timeOf(evaluation?.endTime);
  return endedAt !== undefined && isAnyOf(evaluation?.state, 'completed')
    ? [{ runId: runIdOf(evaluation), endedAt }]
    : [];
};

/** A scalar has exactly one value, under a name that is not published. */
const outputOf = (output: ScalarOutput | undefined, unknownAt?: SourceTime): readonly Output[] => {
  const at = timeOf(output?.evaluationTime) ?? unknownAt;
  const [text, ...others] = Object.values(output?.values ?? {});
  return at !== undefined && text !== undefined && others.length === 0 ? [{ at, text }] : [];
};

/**
 * Outputs carry the start of their evaluation, evaluations their end, and neither names the other: an output
 * belongs to the first evaluation that ended after it began, and before the next one began.
 */
const paired = (outputs: readonly Output[], completed: readonly Completed[]) => {
  let next = 0;
  return outputs.map((output, index) => {
    const until = outputs[index + 1]?.at ?? Number.POSITIVE_INFINITY;
    while ((completed[next]?.endedAt ?? Number.POSITIVE_INFINITY) < output.at) next += 1;
    const evaluation = completed[next];
    if (evaluation === undefined || evaluation.endedAt > until) return { output };
    next += 1;
    return { output, evaluation };
  });
};

/**
 * @param alone read with its history. A list shows the latest evaluation only, whose value may not be there
 * yet. Whether the two belong together is unknown then, so no run is named
 */
export const observedMeasure = (measure: MeasureMetadata, alone: boolean): readonly ObservedMeasure[] => {
  const { name, displayName, latestEvaluation, output, evaluationHistory, outputHistory } = measure;
  // One with a longer name cannot be chosen, so no subscription follows it.
  if (name === undefined || name.length > longestName) return [];
  const completed = ordered(
    [...(evaluationHistory ?? []), latestEvaluation].flatMap(completedOf),
    ({ endedAt }) => endedAt,
  );
  const outputs = ordered(
    [
      ...(outputHistory ?? []).flatMap((each) => outputOf(each)),
      ...outputOf(output, completed.at(-1)?.endedAt),
    ],
    ({ at }) => at,
  );
  const evaluations: ObservedEvaluation[] = [];
  const unreadable: SourceTime[] = [];
  for (const { output: each, evaluation } of paired(outputs, alone ? completed : [])) {
    const value = toDecimal(each.text);
    if (value === undefined) {
      unreadable.push(each.at);
      continue;
    }
    evaluations.push({
      at: each.at,
      value,
      ...(evaluation?.runId !== undefined && { runId: evaluation.runId }),
      ...(evaluation && { endedAt: evaluation.endedAt }),
    });
  }
  return [
    {
      name,
      displayName: boundedName(displayName ?? name),
      scalar: isScalarMeasure(measure),
      lastRunId: runIdOf(latestEvaluation),
      evaluations,
      unreadable,
      ...ownershipIn(measure),
    },
  ];
};
