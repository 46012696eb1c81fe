import { Cron } from 'croner';
import { dayMs, hourMs, minuteMs } from '../../lambda/runtime/time.ts';
import type { LocalClock } from '../clock.ts';
import type { ScheduleModel } from './model.ts';
import { TemplateError } from './template-error.ts';

/** When a schedule runs next. Milliseconds since the Unix epoch. */
export type NextRun = (after: number) => number | undefined;

const unitMs: Readonly<Record<string, number>> = { minute: minuteMs, hour: hourMs, day: dayMs };

/**
 * Reads `rate(…)` and `cron(…)`. A rate counts from the start of the schedule.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 * @throws TemplateError on any other expression
 */
export const nextRunOf = (model: ScheduleModel, startedAt: number): NextRun => {
  const refuse = (problem: string) =>
    new TemplateError(
      { logicalId: model.logicalId, type: 'AWS::Scheduler::Schedule', property: 'ScheduleExpression' },
      `"${model.expression}" ${problem}`,
    );
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(model.expression) ?? [];
  if (count !== undefined && unit !== undefined) {
    const periodMs = Number(count) * (unitMs[unit] ?? 0);
    if (periodMs === 0) throw refuse('has no period');
    return (after) => startedAt + (Math.floor((after - startedAt) / periodMs) + 1) * periodMs;
  }
  const [, fields] = /^cron\((.+)\)$/.exec(model.expression) ?? [];
  const [minute, hour, day, month, weekday, year, ...rest] = fields?.trim().split(/\s+/) ?? [];
  if (year === undefined || rest.length > 0) throw refuse('is neither rate(…) nor cron(…) with six fields');
  try {
    // AWS counts weekdays from Sunday = 1, cron from Sunday = 0.
    const days = weekday?.replace(/(?<![#\d])[1-7]/g, (digit) => String(Number(digit) - 1));
    const pattern = ['0', minute, hour, day, month, days, year].join(' ').replaceAll('?', '*');
    const cron = new Cron(pattern, { timezone: model.timezone, mode: '7-part' });
    return (after) => cron.nextRun(new Date(after))?.getTime();
  } catch (error) {
    throw refuse(`cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
};

export interface RunningSchedule {
  readonly model: ScheduleModel;
  /** Milliseconds since the Unix epoch; undefined when it does not run again. */
  nextRun(): number | undefined;
  stop(): void;
}

/**
 * Fires at each of the schedule's times, in the clock's time. A disabled schedule is read and never fires.
 */
export const startSchedule = (
  model: ScheduleModel,
  clock: LocalClock,
  fire: (scheduledAt: number) => void,
): RunningSchedule => {
  const next = nextRunOf(model, clock.now());
  let due: number | undefined;
  let cancel: () => void = () => undefined;

  const arm = (after: number): void => {
    const at = next(after);
    due = at;
    if (at === undefined) return;
    cancel = clock.at(at, () => {
      // Armed first, so that the next run does not depend on how this one ends.
      arm(at);
      fire(at);
    });
  };

  if (model.enabled) arm(clock.now());
  return { model, nextRun: () => due, stop: () => cancel() };
};

/**
 * The event a schedule sends: the template's input with the scheduler's keywords filled in, or the
 * scheduler's own event.
 */
export const scheduleEvent = (
  model: ScheduleModel,
  run: {
    readonly scheduledAt: number;
    readonly executionId: string;
    readonly accountId: string;
    readonly region: string;
  },
): unknown => {
  const scheduledTime = new Date(run.scheduledAt).toISOString().replace(/\.\d+Z$/, 'Z');
  if (model.input !== undefined)
    return JSON.parse(
      model.input
        .replaceAll('<aws.scheduler.schedule-arn>', model.arn)
        .replaceAll('<aws.scheduler.scheduled-time>', scheduledTime)
        .replaceAll('<aws.scheduler.execution-id>', run.executionId)
        .replaceAll('<aws.scheduler.attempt-number>', '1'),
    );
  return {
    version: '0',
    id: run.executionId,
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account: run.accountId,
    time: scheduledTime,
    region: run.region,
    resources: [model.arn],
    detail: '{}',
  };
};
