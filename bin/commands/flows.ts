import {
  type Command,
  JsonText,
  type OptionValues,
  report,
  type Terminal,
  textOf,
  UsageError,
} from './command.ts';
import { readJsonFile } from './read-json-file.ts';
import { readRequest, sourceOptions } from './request.ts';

const defaultFolder = 'dist/flows';

const oneOf = <Word extends string>(
  values: OptionValues,
  name: string,
  words: readonly Word[],
  otherwise: Word,
): Word => {
  const given = textOf(values, name);
  const found = words.find((word) => word.toLowerCase() === given?.toLowerCase());
  if (given !== undefined && found === undefined)
    throw new UsageError(`--${name} is "${given}"; there are ${words.join(', ')}.`);
  return found ?? otherwise;
};

const build = async (values: OptionValues, terminal: Terminal): Promise<0 | 1> => {
  const { flowSources } = await import('../../flows/definitions/index.ts');
  const { buildPackages, formats } = await import('../../flows/packages/build.ts');
  const { checkSources } = await import('../../flows/packages/check-sources.ts');
  const { readEnvironmentIds } = await import('../../flows/packages/environment-ids.ts');
  const { inLanguage } = await import('../../flows/definitions/authoring.ts');
  const { flowTexts } = await import('../../flows/definitions/flow-texts.ts');
  const { languageOf } = await import('../../connector/texts/language.ts');
  const { hostVariable } = await import('../../flows/packages/package-names.ts');
  const { ownConnector } = await import('../../flows/packages/own-connector.ts');
  const { packageSources } = await import('../../flows/packages/sources.ts');
  const { withOutputs } = await import('../../connector/emit/outputs.ts');
  const { mkdirSync, writeFileSync } = await import('node:fs');
  const { dirname, join } = await import('node:path');

  const format = oneOf(values, 'format', formats, 'solution');
  const style = oneOf(values, 'style', ['A', 'B'] as const, 'A');
  const wanted = textOf(values, 'flow');
  const chosen = flowSources.filter(
    ({ id, name }) => wanted === undefined || id === wanted || name === wanted,
  );
  if (chosen.length === 0)
    throw new UsageError(`Unknown flow "${wanted}". Flows: ${flowSources.map(({ id }) => id).join(', ')}.`);
  const idsFile = textOf(values, 'environmentIds');
  const settings = [...flowSources.flatMap((flow) => flow.settings), hostVariable];
  const ids = idsFile === undefined ? {} : readEnvironmentIds(await readJsonFile(idsFile), idsFile, settings);
  const {
    configuration,
    outputs,
    icon = true,
    locale = 'en',
  } = await readRequest({ ...values, ...(format === 'certification' && { certification: true }) }, terminal);
  const language = languageOf(locale, flowTexts);
  const flows = chosen.map((flow) => inLanguage(flow, language));
  checkSources(flows, ownConnector());
  const sources = await packageSources(
    withOutputs(configuration, outputs),
    { icon, certification: format === 'certification', locale },
    flows,
    ids,
  );
  const files = buildPackages(sources, {
    format,
    style,
    single: values.single === true,
    rootEnvironmentVariables: values.rootEnvironmentVariables === true,
  });
  const out = textOf(values, 'out') ?? defaultFolder;
  for (const { name, content } of files) {
    const path = join(out, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    terminal.print(`${String(content.length).padStart(8)}  ${path}`);
  }
  const open = settings.filter(({ key }) => key !== hostVariable.key && ids.values?.[key] === undefined);
  if (
    format === 'legacy' &&
    open.some(({ key }) => flows.some((flow) => flow.settings.some((setting) => setting.key === key)))
  )
    terminal.complain(
      'Values that were not given (--environment-ids, "values") are invented; set them in each flow after the import.',
    );
  return 0;
};

const check = async (file: string, terminal: Terminal): Promise<0 | 1> => {
  const { readFileSync } = await import('node:fs');
  const { checkPackage } = await import('../../flows/checks/check-package.ts');
  const { ownConnector } = await import('../../flows/packages/own-connector.ts');
  const { readPackage } = await import('../../flows/packages/read-package.ts');
  const read = readPackage(readFileSync(file), file);
  const found = checkPackage(read, ownConnector());
  const grave = found.filter(({ severity }) => severity !== 'doubtful');
  if (terminal.result) {
    terminal.result({ file, kind: read.kind, flows: read.flows.map(({ name }) => name), findings: found });
    return grave.length > 0 ? 1 : 0;
  }
  const count = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`;
  terminal.print(
    `${file}: ${read.kind}, ${count(read.flows.length, 'flow')}, ${count(read.connectors.length, 'connector')}, ${count(read.files.size, 'file')}`,
  );
  for (const { severity, place, problem } of found)
    terminal.print(`${severity.padEnd(8)}  ${place}\n          ${problem}`);
  terminal.print(
    found.length === 0
      ? 'No problems found.'
      : `${grave.length} would be refused or fail, ${found.length - grave.length} doubtful.`,
  );
  return grave.length > 0 ? 1 : 0;
};

const startOf = (values: OptionValues): number => {
  const at = textOf(values, 'at');
  if (at === undefined) return Date.now();
  const ms = Date.parse(at);
  if (Number.isNaN(ms)) throw new UsageError(`--at is "${at}"; it is a time such as 2026-06-01T10:00:00Z.`);
  return ms;
};

const run = async (file: string, values: OptionValues, terminal: Terminal): Promise<0 | 1> => {
  const { readFileSync } = await import('node:fs');
  const { jsonText, parseJsonValue } = await import('../../flows/expressions/values.ts');
  const { ownConnector } = await import('../../flows/packages/own-connector.ts');
  const { readPackage } = await import('../../flows/packages/read-package.ts');
  const { noMocks, readMocks } = await import('../../flows/runner/connectors/mocks.ts');
  const { shownRun } = await import('../../flows/runner/record.ts');
  const { chooseFlow, eventProblem, runPackage } = await import('../../flows/runner/run-package.ts');
  const { resultText } = await import('../../flows/runner/run-text.ts');

  const at = startOf(values);
  const triggerFile = textOf(values, 'trigger');
  const mockFile = textOf(values, 'mock');
  const mocks = mockFile === undefined ? noMocks : readMocks(await readJsonFile(mockFile), mockFile);
  if (triggerFile !== undefined) await readJsonFile(triggerFile);
  const body = triggerFile === undefined ? undefined : parseJsonValue(readFileSync(triggerFile, 'utf8'));
  const read = readPackage(readFileSync(file), file);
  const flow = chooseFlow(read, textOf(values, 'flow'));
  const given = { flow, read, body, mocks, at, own: ownConnector() };
  const unfit = eventProblem(given);
  if (unfit !== undefined)
    terminal.complain(
      `The event${triggerFile === undefined ? ', which --trigger gives,' : ''} is not what the trigger posts; the platform would refuse it: ${unfit}`,
    );
  const result = await runPackage(given);
  const record = () =>
    jsonText(
      result.fired
        ? { fired: true, runs: result.runs.map(shownRun) }
        : { fired: false, reason: result.reason },
    );
  report(terminal, terminal.result && new JsonText(record()), () => resultText(result));
  for (const action of mocks.unused()) terminal.complain(`The mock of "${action}" was not used.`);
  return result.fired && result.runs.some(({ status }) => status !== 'Succeeded') ? 1 : 0;
};

export const flows: Command = {
  name: 'flows',
  arguments: '[verb] [file]',
  summary:
    'Write the flows as packages; `flows check <file>` checks a package, `flows run <file>` runs a flow here',
  examples: [
    'flows --out dist/flows',
    'flows --flow teams-on-refresh-failed --format legacy',
    'flows check CustomerInsightsFlows.zip',
    'flows run CustomerInsightsFlows.zip --trigger payload.json',
  ],
  options: [
    { flags: '--out <folder>', description: 'Where to write', default: defaultFolder },
    { flags: '--flow <name>', description: 'One flow, by its id or name (all by default)' },
    {
      flags: '--format <format>',
      description: 'solution, legacy, logic-apps or certification (default: solution)',
    },
    { flags: '--single', description: 'One solution for connector and flows instead of two' },
    {
      flags: '--style <style>',
      description: 'Spelling of connections in legacy packages, A or B (default: A)',
    },
    {
      flags: '--environment-ids <file>',
      description:
        'Internal id of the connector, ids of connections, values of settings in the target environment',
    },
    {
      flags: '--root-environment-variables',
      description: 'List environment variables as components of the solution too',
    },
    ...sourceOptions.filter(({ flags }) => flags !== '--certification'),
    { flags: '--trigger <file>', description: 'run: body of the event, JSON' },
    { flags: '--mock <file>', description: 'run: responses of actions that this machine does not simulate' },
    { flags: '--at <time>', description: 'run: when it starts (default: now)' },
  ],
  run: async (values, terminal, [verb, file]) => {
    if (verb === undefined) return build(values, terminal);
    if (verb !== 'check' && verb !== 'run')
      throw new UsageError(
        `flows has no "${verb}"; there are \`flows\`, \`flows check <file>\` and \`flows run <file>\`.`,
      );
    if (file === undefined)
      throw new UsageError(`\`flows ${verb}\` needs a file: a zip, an ARM template or a definition.`);
    return verb === 'check' ? check(file, terminal) : run(file, values, terminal);
  },
};
