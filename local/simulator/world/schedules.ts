import { Cron } from 'croner';
import { hourMs } from '../../../lambda/runtime/time.ts';

export interface Schedule {
  readonly scheduleId: string;
  readonly operationType: string;
  readonly subType: string;
  readonly jobType: 'full' | 'incremental';
  readonly identifiers: readonly string[];
  readonly isActive: boolean;
  readonly timezoneId: string;
  /** Five-field cron expressions in the schedule's time zone. */
  readonly cronSchedules: readonly string[];
}

/** Time zones as the product names them (Windows names), with their IANA twins. */
export const timeZones = [
  { id: 'UTC', name: '(UTC) Coordinated Universal Time', iana: 'UTC' },
  { id: 'GMT Standard Time', name: '(UTC+00:00) Dublin, Edinburgh, Lisbon, London', iana: 'Europe/London' },
  {
    id: 'W. Europe Standard Time',
    name: '(UTC+01:00) Amsterdam, Berlin, Rome, Vienna',
    iana: 'Europe/Berlin',
  },
  {
    id: 'India Standard Time',
    name: '(UTC+05:30) Chennai, Kolkata, Mumbai, New Delhi',
    iana: 'Asia/Kolkata',
  },
  { id: 'Tokyo Standard Time', name: '(UTC+09:00) Osaka, Sapporo, Tokyo', iana: 'Asia/Tokyo' },
  { id: 'Eastern Standard Time', name: '(UTC-05:00) Eastern Time (US & Canada)', iana: 'America/New_York' },
  {
    id: 'Pacific Standard Time',
    name: '(UTC-08:00) Pacific Time (US & Canada)',
    iana: 'America/Los_Angeles',
  },
] as const;

/**
 * The first run of an active schedule after `after` (ms), or undefined.
 * @throws RangeError for a cron expression or a time zone that does not exist.
 */
export const nextRun = (schedule: Schedule, after: number): number | undefined => {
  if (!schedule.isActive) return undefined;
  const zone = timeZones.find((candidate) => candidate.id === schedule.timezoneId);
  if (zone === undefined)
    throw new RangeError(`unknown time zone "${schedule.timezoneId}"; see schedules/supportedTimezones`);
  const runs = schedule.cronSchedules.map((expression) => {
    try {
      return new Cron(expression, { timezone: zone.iana, paused: true }).nextRun(new Date(after))?.getTime();
    } catch (cause) {
      throw new RangeError(`"${expression}" is not a cron expression, such as "0 2 * * *"`, { cause });
    }
  });
  const future = runs.filter((run) => run !== undefined);
  return future.length === 0 ? undefined : Math.min(...future);
};

/**
 * Daily at a full hour three to four hours before the start, so that no scheduled refresh comes soon after
 * it.
 */
export const dailyRefresh = (scheduleId: string, startAt: number): Schedule => {
  const hour = new Date(Math.floor(startAt / hourMs) * hourMs - 3 * hourMs).getUTCHours();
  return {
    scheduleId,
    operationType: 'all',
    subType: 'noSubType',
    jobType: 'full',
    identifiers: [],
    isActive: true,
    timezoneId: 'UTC',
    cronSchedules: [`0 ${hour} * * *`],
  };
};
