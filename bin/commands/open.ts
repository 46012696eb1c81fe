import type { DeployedName } from '../../connector/diff/deployed.ts';
import { outputsFileOf, outputsOption } from '../operator/options.ts';
import { type Command, report, textOf, UsageError } from './command.ts';

export const open: Command = {
  name: 'open',
  arguments: '[page]',
  summary:
    'Open a page of the deployment in the browser: console, connector, dashboard, alarms, logs, stack, control',
  page: 'docs/operating.md',
  options: [
    { flags: '--print', description: 'Print the address and do not open it' },
    { flags: '--environment <id>', description: 'connector: environment of Power Platform that has it' },
    {
      flags: '--config <file>',
      description: 'Configuration (default: insights-connector.json, if it is there)',
    },
    outputsOption,
  ],
  examples: ['open', 'open console', 'open dashboard --print'],
  run: async (values, terminal, [name]) => {
    const { addressOf, hasBrowser, isPage, pages } = await import('../operator/deployment-pages.ts');
    if (name === undefined) {
      const list = Object.entries(pages).map(([page, { title }]) => ({ page, title }));
      report(terminal, { pages: list }, () =>
        list.map(({ page, title }) => `${page.padEnd(9)}  ${title}`).join('\n'),
      );
      return 0;
    }
    if (!isPage(name))
      throw new UsageError(`There is no page "${name}"; there are ${Object.keys(pages).join(', ')}.`);
    const { readDeploymentPlace } = await import('../operator/deployment-place.ts');
    const { deployedNameIn } = await import('../operator/doctor/power-platform.ts');
    const { loadConfiguration } = await import('../../config/load.ts');
    const place = readDeploymentPlace(await outputsFileOf(values));
    const environment = textOf(values, 'environment');
    const loaded = name === 'connector' ? loadConfiguration(textOf(values, 'config')) : undefined;
    const connector: Pick<DeployedName, 'environment'> | undefined =
      environment === undefined ? deployedNameIn('dist/connector') : { environment };
    const address = addressOf(name, place, {
      configuration: loaded === undefined || loaded.isExample ? undefined : loaded.configuration,
      connector,
    });
    // A program that asks for the address opens it itself.
    const opens =
      values.print !== true &&
      terminal.ask !== undefined &&
      !terminal.result &&
      hasBrowser(process.platform, process.env);
    if (opens) {
      const { default: openInBrowser } = await import('open');
      await openInBrowser(address);
    }
    report(terminal, { page: name, address, opened: opens }, () => address);
    return 0;
  },
};
