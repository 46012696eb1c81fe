import type { LoadedConnector } from '../../connector/emit/read.ts';
import {
  type Command,
  type OptionValues,
  report,
  type ShownError,
  type Terminal,
  textOf,
  UsageError,
} from './command.ts';
import { readRequest, sourceOptions } from './request.ts';
import { toldError } from './told-error.ts';

type Against =
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 'deployed'; readonly environment: string; readonly name: string };

const against = (values: OptionValues): Against => {
  const [folder, environment, name] = ['from', 'environment', 'name'].map((option) => textOf(values, option));
  if (folder !== undefined) {
    if (environment !== undefined || name !== undefined)
      throw new UsageError('Give either --from, or --environment and --name; not both.');
    return { kind: 'folder', folder };
  }
  if (environment === undefined || name === undefined)
    throw new UsageError(
      'Nothing to compare with. Give --from <folder> of an export, or --environment <id> and --name <connector> of the deployed connector.',
    );
  return { kind: 'deployed', environment, name };
};

/** Says on the way whether the connector it reads keeps the rules of `check`. */
const readAgainst = async (what: Against, terminal: Terminal): Promise<LoadedConnector> => {
  const { summaryOfFolder } = await import('./check.ts');
  const summary = await summaryOfFolder();
  const inspect = (folder: string): void => {
    const text = summary(folder);
    if (text !== undefined) terminal.complain(text);
  };
  if (what.kind === 'folder') {
    const { readConnector } = await import('../../connector/emit/read.ts');
    inspect(what.folder);
    return readConnector(what.folder);
  }
  const { readDeployed } = await import('../../connector/diff/deployed.ts');
  return readDeployed(what, undefined, inspect);
};

/** Nothing could be compared: exit code 3, so that a pipeline does not take it for changes that break flows. */
class NotCompared extends Error implements ShownError {
  override readonly name = 'NotCompared';
  readonly exitCode = 3;
}

const orNotCompared = async <Result>(read: () => Promise<Result>): Promise<Result> => {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof Error) || error instanceof UsageError) throw error;
    const told = toldError(error);
    if (told === undefined || told.exitCode === 3) throw error;
    throw new NotCompared(`Nothing was compared. ${told.message}`, { cause: error });
  }
};

/** @throws NotCompared where host, ids and texts would be invented ones */
const ownRequest = async (values: OptionValues, terminal: Terminal) => {
  const request = await readRequest(values, { ...terminal, complain: () => undefined });
  const { exampleConfiguration } = await import('../../config/example.ts');
  if (request.configuration === exampleConfiguration && request.outputs === undefined)
    throw new NotCompared(
      'There is no configuration here, so there is nothing of yours to compare with. Give --config <file>, or run the command where insights-connector.json is.',
    );
  return readRequest(values, terminal);
};

export const diff: Command = {
  name: 'diff',
  summary:
    'List the changes that an update of a deployed connector would make; ends with 1 if flows would break, 3 if nothing could be compared',
  page: 'docs/connector.md',
  options: [
    {
      flags: '--from <folder>',
      description: 'Compare with this folder: an export of m365, paconn or pac, or an earlier build',
    },
    {
      flags: '--environment <id>',
      description: 'Compare with a deployed connector, which m365 exports: its environment',
    },
    { flags: '--name <connector>', description: 'Its name, as in `m365 pa connector list`' },
    ...sourceOptions,
  ],
  examples: ['diff --from <folder>', 'diff --environment <id> --name shared_<connector>'],
  run: async (values, terminal) => {
    const what = against(values);
    const [{ connectorFiles }, { loadConnector }, { compareConnectors }, reports] = await Promise.all([
      import('../../connector/emit/files.ts'),
      import('../../connector/emit/read.ts'),
      import('../../connector/diff/compare-connectors.ts'),
      import('../../connector/diff/report.ts'),
    ]);
    const { generated, deployed } = await orNotCompared(async () => ({
      generated: await connectorFiles(await ownRequest(values, terminal)),
      deployed: await readAgainst(what, terminal),
    }));
    const comparison = compareConnectors(
      deployed,
      loadConnector(new Map(generated.map(({ name, content }) => [name, content]))),
    );
    const source = what.kind === 'folder' ? what.folder : `${what.name} in ${what.environment}`;
    report(terminal, reports.reportData(comparison, source), () => reports.reportText(comparison, source));
    return reports.countOf(comparison, 'breaking') > 0 ? 1 : 0;
  },
};
