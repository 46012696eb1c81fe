import { describe, expect, it } from 'vitest';
import { LocalClock } from '../../../local/clock.ts';
import type { ScheduleModel } from '../../../local/template/model.ts';
import { nextRunOf, scheduleEvent, startSchedule } from '../../../local/template/schedule.ts';

const start = Date.parse('2026-03-01T10:00:20Z');

const schedule = (expression: string, changes: Partial<ScheduleModel> = {}): ScheduleModel => ({
  logicalId: 'Tick',
  name: 'tick',
  arn: 'arn:aws:scheduler:eu-west-1:000000000000:schedule/default/tick',
  expression,
  timezone: 'Etc/UTC',
  enabled: true,
  role: 'arn:aws:iam::000000000000:role/Heartbeat',
  functionName: 'dispatch',
  ...changes,
});

const runsOf = async (model: ScheduleModel, ms: number): Promise<readonly string[]> => {
  const clock = LocalClock.frozen(start);
  const runs: string[] = [];
  const running = startSchedule(model, clock, (at) => {
    expect(clock.now()).toBe(at);
    runs.push(new Date(at).toISOString());
  });
  await clock.advance(ms);
  running.stop();
  await clock.advance(ms);
  return runs;
};

describe('a schedule', () => {
  it('of a rate runs once each period, counted from its start, until stopped', async () => {
    expect(await runsOf(schedule('rate(1 minute)'), 180_000)).toEqual([
      '2026-03-01T10:01:20.000Z',
      '2026-03-01T10:02:20.000Z',
      '2026-03-01T10:03:20.000Z',
    ]);
    expect(await runsOf(schedule('rate(2 hours)'), 3 * 3_600_000)).toEqual(['2026-03-01T12:00:20.000Z']);
  });

  it('that is disabled never runs', async () => {
    expect(await runsOf(schedule('rate(1 minute)', { enabled: false }), 600_000)).toEqual([]);
  });

  it.each([
    ['cron(0 12 * * ? *)', '2026-03-01T12:00:00.000Z'],
    ['cron(*/15 * * * ? *)', '2026-03-01T10:15:00.000Z'],
    // 1 March 2026 is a Sunday: day 1 of AWS's week.
    ['cron(30 10 ? * 1 *)', '2026-03-01T10:30:00.000Z'],
    ['cron(30 10 ? * 2-6 *)', '2026-03-02T10:30:00.000Z'],
    ['cron(0 9 ? * 2#2 *)', '2026-03-09T09:00:00.000Z'],
    ['cron(0 9 1 1 ? 2028)', '2028-01-01T09:00:00.000Z'],
  ])('%s runs next at %s', (expression, expected) => {
    expect(new Date(nextRunOf(schedule(expression), start)(start) ?? 0).toISOString()).toBe(expected);
  });

  it('follows its time zone', () => {
    const next = nextRunOf(schedule('cron(0 12 * * ? *)', { timezone: 'America/New_York' }), start)(start);
    expect(new Date(next ?? 0).toISOString()).toBe('2026-03-01T17:00:00.000Z');
  });

  it.each([
    'at(2026-01-01T00:00:00)',
    'rate(0 minutes)',
    'rate(1 fortnight)',
    'cron(0 12 * *)',
    'cron(99 12 * * ? *)',
  ])('refuses %s and names itself', (expression) => {
    expect(() => nextRunOf(schedule(expression), start)).toThrow(
      'Tick (AWS::Scheduler::Schedule) property ScheduleExpression',
    );
  });

  it("sends the template's input with the keywords filled in, or an event of its own", () => {
    const run = { scheduledAt: start, executionId: 'run-1', accountId: '000000000000', region: 'eu-west-1' };
    const input = '{"at":"<aws.scheduler.scheduled-time>","id":"<aws.scheduler.execution-id>"}';
    expect(scheduleEvent(schedule('rate(1 minute)', { input }), run)).toEqual({
      at: '2026-03-01T10:00:20Z',
      id: 'run-1',
    });
    expect(scheduleEvent(schedule('rate(1 minute)'), run)).toMatchObject({
      source: 'aws.scheduler',
      id: 'run-1',
    });
  });
});
