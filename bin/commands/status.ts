import type { Deployment } from '../operator/deployment-place.ts';
import { namesOption, outputsOption, withDeployment } from '../operator/options.ts';
import type { DeploymentStatus, InstanceStatus } from '../operator/status.ts';
import { type Command, report } from './command.ts';

const clock = (at: string | null): string => (at === null ? '-' : at.slice(11, 19));

/** `2026-06-01 10:00` */
const minuteOf = (at: string): string => at.slice(0, 16).replace('T', ' ');

const lookOf = (
  { failuresInARow, overdueMs, nextLookAt, pausedAt }: InstanceStatus,
  span: (ms: number) => string,
): string => {
  if (pausedAt !== null) return 'paused';
  if (failuresInARow > 0) return `${failuresInARow} failed`;
  return overdueMs > 0 ? `${span(overdueMs)} late` : clock(nextLookAt);
};

const textOfStatus = async (
  { at, instances, others, queues, connectorVersions, attention }: DeploymentStatus,
  width: number | undefined,
) => {
  const { coloured, span, table } = await import('./columns.ts');
  const rows = instances.map((instance) => [
    instance.name ?? instance.instanceId,
    clock(instance.lastLookAt),
    lookOf(instance, span),
    String(instance.subscriptions.active),
    String(instance.subscriptions.paused),
    String(instance.deliveries.lastHour),
    String(instance.deliveries.lastDay),
    String(instance.deliveries.byState.dead),
  ]);
  const columns = [
    { title: 'instance', shrinks: true as const },
    ...['last poll', 'next poll', 'active', 'paused', 'per hour', 'per day', 'dead'].map((title) => ({
      title,
    })),
  ];
  const uncounted = instances.filter(
    ({ subscriptions: { active, paused, ended }, deliveries }) =>
      deliveries.ofSubscriptions < active + paused + ended,
  );
  return [
    `At ${at.slice(0, 19).replace('T', ' ')} UTC. All times are UTC.`,
    '',
    instances.length === 0
      ? 'No instance has been polled yet. The first poll follows within a minute of the deployment.'
      : table(columns, rows, width),
    ...(others > 0 ? [`${others} more instances are not shown. These fail or wait most.`] : []),
    ...uncounted.map(
      ({ name, instanceId, deliveries }) =>
        `${name ?? instanceId}: deliveries of its first ${deliveries.ofSubscriptions} subscriptions.`,
    ),
    '',
    ...queues.map(
      ({ queue, waiting, inFlight, delayed }) =>
        `${queue}: ${waiting}${inFlight > 0 ? `, ${inFlight} in work` : ''}${delayed > 0 ? `, ${delayed} later` : ''}`,
    ),
    '',
    ...(connectorVersions.length === 0
      ? ['No connector has named its version in a call yet.']
      : connectorVersions.map(
          ({ version, lastCallAt }) => `connector ${version}: last call ${minuteOf(lastCallAt)}`,
        )),
    '',
    ...(attention.length === 0
      ? [coloured('good', 'Nothing needs attention.')]
      : attention.flatMap(({ what, mend }) => [coloured('bad', what), `  → ${mend}`])),
  ].join('\n');
};

export const status: Command = {
  name: 'status',
  summary:
    'Show the state of a deployment: polls, subscriptions, deliveries, queues; ends with 1 if something needs attention',
  page: 'docs/operating.md',
  options: [outputsOption, namesOption],
  examples: ['status', 'status --json'],
  run: (values, terminal) =>
    withDeployment<0 | 1>(values, async (deployment: Deployment) => {
      const { instanceNames } = await import('../operator/instance-names.ts');
      const { readStatus } = await import('../operator/status.ts');
      const names = await instanceNames(values, deployment, terminal);
      const found = await readStatus(deployment, names, Date.now());
      const text = terminal.result ? '' : await textOfStatus(found, terminal.columns);
      report(terminal, found, () => text);
      return found.attention.length === 0 ? 0 : 1;
    }),
};
