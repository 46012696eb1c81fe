import { type ControlActions, done, target } from './action.ts';
import { momentOf, needed, oneOf, optional, pointsOf } from './arguments.ts';
import { scriptOf, taskOutcomes } from './script-arguments.ts';

/** Jobs and evaluations. */
export const refreshActions: ControlActions = {
  refreshDataSource: {
    text: `Refreshes one data source; outcome: ${taskOutcomes.join(', ')}`,
    example: { dataSource: 'eCommerce', outcome: 'fail', durationMs: 2000, error: 'Login failed' },
    run: (world, body) =>
      target(world, body).refreshDataSource(needed(body, 'dataSource', 'string'), scriptOf(body)),
  },
  refreshAll: {
    text: 'A full refresh; outcomes by object or stage; durationMs is per task',
    example: { kind: 'scheduled', outcomes: { Loyalty: 'retryThenSucceed' }, durationMs: 1000 },
    run: (world, body) =>
      target(world, body).refreshAll({
        ...scriptOf(body),
        kind: oneOf(body, 'kind', ['scheduled', 'onDemand']) ?? 'onDemand',
      }),
  },
  refreshUnification: {
    text: 'Map, match and merge; with downstream also all that follows',
    example: { durationMs: 1000, downstream: false },
    run: (world, body) =>
      target(world, body).refreshUnification({
        ...scriptOf(body),
        upTo: oneOf(body, 'upTo', ['map', 'match', 'merge']) ?? 'merge',
        downstream: optional(body, 'downstream', 'boolean') ?? false,
      }),
  },
  refreshSegment: {
    text: 'Evaluates a segment to a count, or by a difference; status for evaluations that do not succeed',
    example: { segment: 'HighRiskTransactionChurn', count: 1200, durationMs: 1000 },
    run: (world, body) =>
      target(world, body).refreshSegment(needed(body, 'segment', 'string'), {
        ...scriptOf(body),
        count: optional(body, 'count', 'number'),
        growBy: optional(body, 'growBy', 'number'),
        status: oneOf(body, 'status', ['CompletedFailure', 'Cancelled', 'Interrupted', 'NotQualified']),
      }),
  },
  refreshMeasure: {
    text: 'Evaluates a measure; value: a decimal text of up to 38 digits',
    example: { measure: 'TotalRevenue', value: '8000000.25', instant: true },
    run: (world, body) => {
      const value = optional(body, 'value', 'string');
      const given = value === undefined ? scriptOf(body) : { ...scriptOf(body), value };
      return target(world, body).refreshMeasure(needed(body, 'measure', 'string'), given);
    },
  },
  setSegmentCountAtNextRefresh: {
    text: 'The count that the next successful evaluation finds',
    example: { segment: 'LoyaltyGold', count: 900 },
    run: (world, body) =>
      done(
        target(world, body).setSegmentCountAtNextRefresh(
          needed(body, 'segment', 'string'),
          needed(body, 'count', 'number'),
        ),
      ),
  },
  setMeasureValueAtNextRefresh: {
    text: 'The value that the next successful evaluation finds',
    example: { measure: 'TotalRevenue', value: '9000000' },
    run: (world, body) =>
      done(
        target(world, body).setMeasureValueAtNextRefresh(
          needed(body, 'measure', 'string'),
          needed(body, 'value', 'string'),
        ),
      ),
  },
  setOutcomeAtNextRefresh: {
    text: 'How the next task of an object or stage goes, regardless of what starts it',
    example: { object: 'eCommerce', outcome: 'timeOut' },
    run: (world, body) =>
      done(target(world, body).setOutcomeAtNextRefresh(needed(body, 'object', 'string'), scriptOf(body))),
  },
  appendSegmentHistory: {
    text: 'Evaluations of the past with their jobs; each point has at or minutesAgo, and count or outcome',
    example: {
      segment: 'InactiveSixMonths',
      points: [
        { minutesAgo: 30, count: 700 },
        { minutesAgo: 10, count: 650 },
      ],
    },
    run: (world, body) =>
      target(world, body).appendSegmentHistory(
        needed(body, 'segment', 'string'),
        pointsOf(body).map((point) => {
          const count = optional(point, 'count', 'number');
          const base = { at: momentOf(point, world.now()), outcome: oneOf(point, 'outcome', taskOutcomes) };
          return count === undefined ? base : { ...base, count };
        }),
      ),
  },
  appendMeasureHistory: {
    text: 'The same for a measure, with value',
    example: { measure: 'TotalRevenue', points: [{ minutesAgo: 5, value: '9500000' }] },
    run: (world, body) =>
      target(world, body).appendMeasureHistory(
        needed(body, 'measure', 'string'),
        pointsOf(body).map((point) => {
          const value = optional(point, 'value', 'string');
          const base = { at: momentOf(point, world.now()), outcome: oneOf(point, 'outcome', taskOutcomes) };
          return value === undefined ? base : { ...base, value };
        }),
      ),
  },
  cancelJob: {
    text: 'Cancels a job as a user would',
    example: { jobId: '00000000-0000-4000-8000-000000000000' },
    run: (world, body) => done(target(world, body).cancelJob(needed(body, 'jobId', 'string'))),
  },
};
