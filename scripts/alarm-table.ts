/** The table of the alarms in docs/runbook.md. */
import { exampleConfiguration } from '../config/example.ts';
import { type AlarmDefinition, alarmDefinitions, ofCanary, severities } from '../lib/alarms.ts';

const minutes = (count: number): string => (count % 60 === 0 ? `${count / 60} h` : `${count} min`);

const condition = ({ rings, threshold, periods, datapoints, periodMinutes }: AlarmDefinition): string => {
  const times =
    periods === 1
      ? `in ${minutes(periodMinutes)}`
      : `in ${datapoints ?? periods} of ${periods} × ${minutes(periodMinutes)}`;
  return `${rings} ${threshold.toLocaleString('en')}, ${times}`;
};

export const alarmTable = (): string => {
  const { monthlyUsd } = exampleConfiguration.monitoring;
  return [
    '| severity | alarm | rings when | what to do | [undoes an update](deployment.md#updates-that-undo-themselves) |',
    '|---|---|---|---|---|',
    ...alarmDefinitions(monthlyUsd, { canary: true }).map(
      (alarm) =>
        `| ${alarm.severity} | \`${alarm.name}\` (${condition(alarm)}) | ${alarm.meaning}${ofCanary(alarm) ? ' Only with `monitoring.canary`.' : ''} | [${alarm.runbook.replaceAll('-', ' ')}](#${alarm.runbook}) | ${alarm.stopsUpdates ? 'yes' : ''} |`,
    ),
    '',
    ...Object.entries(severities).map(([severity, what]) => `- **${severity}**: ${what}`),
  ].join('\n');
};
