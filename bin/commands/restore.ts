import { outputsOption, withDeployment } from '../operator/options.ts';
import { type Command, confirmed, report, textOf, UsageError, yesOption } from './command.ts';
import { inBetweenOf, inBetweenOptions } from './move-subscriptions.ts';

export const restore: Command = {
  name: 'restore',
  summary: 'Prepare a state table that was restored from a backup, before a deployment uses it',
  page: 'docs/runbook.md',
  options: [
    { flags: '--table <name>', description: 'Name of the restored table', required: true },
    ...inBetweenOptions(''),
    yesOption,
    outputsOption,
  ],
  examples: [
    'restore --table InsightsConnector-restored',
    'restore --table InsightsConnector-restored --resend',
  ],
  run: async (values, terminal) => {
    const table = textOf(values, 'table');
    const mode = inBetweenOf(values);
    if (table === undefined) throw new UsageError('restore needs --table <name>.');
    return withDeployment<0 | 1>(
      values,
      async (deployment) => {
        const { markRestored } = await import('../operator/restore.ts');
        const { count } = await import('../../lambda/triggers/wording.ts');
        const question =
          mode === 'gap'
            ? `Withhold the events that the first look at each instance of ${table} finds?`
            : `Let the first look at each instance of ${table} send all that it finds, also what was sent before?`;
        if (!(await confirmed(values, terminal, question))) return 1;
        const outcome = await markRestored(deployment, mode);
        report(terminal, { table, mode, ...outcome }, () =>
          [
            `Prepared ${table}: ${count(outcome.instances, 'instance')}, last looked at ${outcome.lastLookAt}.`,
            mode === 'gap'
              ? `Events since then are recorded by the first look, and not sent. To send them to a flow: insights-connector replay --subscription <id> --since ${outcome.lastLookAt}`
              : 'Events since then are sent by the first look; what was sent before comes twice.',
            'Now give the table to the deployment as existing.stateTable: docs/runbook.md, "Restore".',
          ].join('\n'),
        );
        return 0;
      },
      table,
    );
  },
};
