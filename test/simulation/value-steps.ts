/** The steps of a value from one successful evaluation to the next, as they really were. */
import { type Evaluation, type InstanceWorld, stampOf, type Valued } from './source-world.ts';
import type { Truth } from './truth.ts';

/** The longest time in which nobody may look, ms: what is deleted before that, nobody can tell of. */
const longestBlindMs = 2 * 60 * 60 * 1000;

type Successful = Evaluation & { readonly value: string };

const successful = (evaluation: Evaluation): evaluation is Successful =>
  evaluation.status === 'CompletedSuccess' && evaluation.value !== undefined;

const payloads = {
  OnSegmentThresholdCrossed: (
    iso: (time: number) => string,
    { name, displayName }: Valued,
    { at }: Evaluation,
  ) => ({
    occurredAt: iso(at),
    segmentName: name,
    segmentDisplayName: displayName,
  }),
  OnMeasureThresholdCrossed: (
    iso: (time: number) => string,
    { name, displayName }: Valued,
    { runId, from, endedAt }: Evaluation,
  ) => ({
    occurredAt: iso(endedAt),
    measureName: name,
    measureDisplayName: displayName,
    runId,
    startedAt: iso(from),
  }),
} as const;

/**
 * A value of a measure whose history was lost with it: which evaluation it belongs to is unknown, so no run is named and
 * the time is that of the value.
 */
const withoutRun = (iso: (time: number) => string, { name, displayName }: Valued, { from }: Evaluation) => ({
  occurredAt: iso(from),
  measureName: name,
  measureDisplayName: displayName,
});

/**
 * A failed, skipped or missing evaluation keeps the state, so the steps lead from one success to the next. A
 * deletion takes the history with it: whether the last evaluations before it are seen, and which of them the
 * first one after it is compared with, nobody can say.
 */
export const stepsOf = (
  instance: InstanceWorld,
  trigger: keyof typeof payloads,
  subject: Valued,
): readonly Truth[] => {
  const iso = (time: number) => new Date(stampOf(instance, time)).toISOString();
  const values = subject.evaluations.filter(successful);
  return values.flatMap((current, index) => {
    const last = values[index - 1];
    // The first evaluation is no step.
    if (!last) return [];
    const reborn = subject.reborn.some(
      ({ deletedAt, createdAt }) => last.at < createdAt && deletedAt <= current.visibleAt,
    );
    const lostSoon = subject.reborn.some(
      ({ deletedAt }) => deletedAt >= current.from && deletedAt < current.visibleAt + longestBlindMs,
    );
    const before = reborn ? [...new Set(values.slice(0, index).map(({ value }) => value))] : [last.value];
    const optional = reborn || lostSoon;
    const told = [
      payloads[trigger](iso, subject, current),
      ...(optional && trigger === 'OnMeasureThresholdCrossed' ? [withoutRun(iso, subject, current)] : []),
    ];
    const pairs = before.flatMap((previous) => told.map((payload) => ({ previous, payload })));
    return pairs.map(({ previous, payload }) => ({
      trigger,
      instance,
      subject: subject.name,
      key: `${subject.name} ${current.runId.slice(0, 8)}`,
      finalAt: trigger === 'OnMeasureThresholdCrossed' ? current.endedAt : current.at,
      visibleAt: current.visibleAt,
      optional,
      expected: {
        ...payload,
        previousValue: previous,
        currentValue: current.value,
      },
      oneOf: {},
      step: { previous, current: current.value },
    }));
  });
};
