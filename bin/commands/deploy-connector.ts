import { type Command, confirmed, report, textOf, yesOption } from './command.ts';

export const deployConnectorCommand: Command = {
  name: 'deploy-connector',
  summary: 'Create or update the built connector in Power Platform with paconn: compare, ask, update, verify',
  page: 'docs/connector.md',
  options: [
    { flags: '--from <folder>', description: 'The built connector', default: 'dist/connector' },
    {
      flags: '--environment <id>',
      description: 'Environment of Power Platform (default: that of settings.json)',
    },
    { flags: '--dry-run', description: 'Compare; change nothing' },
    yesOption,
  ],
  examples: ['deploy-connector --environment <id>', 'deploy-connector --dry-run'],
  run: async (values, terminal) => {
    const { deployConnector, installedPaconn } = await import('../operator/deploy-connector.ts');
    const { reportText } = await import('../../connector/diff/report.ts');
    const folder = textOf(values, 'from') ?? 'dist/connector';
    const outcome = await deployConnector({
      folder,
      environment: textOf(values, 'environment'),
      secret: process.env.CONNECTOR_SECRET || undefined,
      paconn: installedPaconn(),
      dryRun: values.dryRun === true,
      say: (line) => {
        if (!terminal.result) terminal.print(line);
      },
      onBreaking: async (comparison) => {
        terminal.complain(reportText(comparison, 'the deployed connector'));
        return confirmed(values, terminal, 'Flows would break. Update anyway?');
      },
    });
    const words = {
      created: () =>
        values.dryRun === true
          ? 'Nothing was changed.'
          : 'The connector is there. Copy its redirect URL into the registration: docs/connector.md.',
      updated: () => 'The connector is up to date.',
      unchanged: () => 'The deployed connector is the built one; nothing was changed.',
      compared: () =>
        'comparison' in outcome ? reportText(outcome.comparison, 'the deployed connector') : '',
      refused: () => 'Nothing was changed.',
    };
    report(terminal, outcome, words[outcome.kind]);
    return outcome.kind === 'refused' ? 1 : 0;
  },
};
