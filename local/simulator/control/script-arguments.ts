import { isRecord } from '../../../lambda/runtime/json.ts';
import type { JsonObject } from '../routes/body.ts';
import type { TaskOutcome } from '../workflow/types.ts';
import { oneOf, optional } from './arguments.ts';
import type { RefreshScript } from './instance-control.ts';

export const taskOutcomes: readonly TaskOutcome[] = [
  'succeed',
  'fail',
  'retryThenSucceed',
  'timeOut',
  'cancel',
  'skip',
];

/** How a refresh goes, from the fields of a control body. */
export const scriptOf = (body: JsonObject): RefreshScript => {
  const outcomes = body.outcomes;
  if (outcomes !== undefined && !isRecord(outcomes)) throw new RangeError('"outcomes" must be an object');
  return {
    outcome: oneOf(body, 'outcome', taskOutcomes),
    durationMs: optional(body, 'durationMs', 'number'),
    queueMs: optional(body, 'queueMs', 'number'),
    retries: optional(body, 'retries', 'number'),
    error: optional(body, 'error', 'string'),
    instant: optional(body, 'instant', 'boolean'),
    outcomes: outcomes === undefined ? undefined : outcomesOf(outcomes),
  };
};

const outcomesOf = (outcomes: JsonObject): RefreshScript['outcomes'] =>
  Object.fromEntries(
    Object.keys(outcomes).map((name) => {
      const given = outcomes[name];
      return [name, isRecord(given) ? scriptOf(given) : { outcome: oneOf(outcomes, name, taskOutcomes) }];
    }),
  );
