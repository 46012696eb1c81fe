import type { CheckInput } from '../../connector/check/read.ts';
import type { Finding, Level, Profile, Severity } from '../../connector/check/rule.ts';
import type { RuleId } from '../../connector/check/rules/index.ts';
import { type Command, type OptionValues, type Terminal, textOf, UsageError } from './command.ts';

const formats = ['text', 'json', 'sarif', 'junit'] as const;
type Format = (typeof formats)[number];

const oneOf = <Word extends string>(
  values: OptionValues,
  name: string,
  words: readonly Word[],
  absent: Word,
): Word => {
  const given = textOf(values, name);
  if (given === undefined) return absent;
  const word = words.find((candidate) => candidate === given);
  if (word === undefined) throw new UsageError(`--${name} is one of ${words.join(', ')}, not "${given}".`);
  return word;
};

const unknownRule = (name: string, suggestion: string | undefined): UsageError =>
  new UsageError(
    `Unknown rule "${name}".${suggestion ? ` Did you mean ${suggestion}?` : ''} docs/check/rules.md lists them.`,
  );

const levelsOf = async (values: OptionValues): Promise<ReadonlyMap<RuleId, Level>> => {
  const [{ severities }, { ruleIds }, { ruleNamed }] = await Promise.all([
    import('../../connector/check/rule.ts'),
    import('../../connector/check/rules/index.ts'),
    import('../../connector/check/explain.ts'),
  ]);
  const given =
    textOf(values, 'rule')
      ?.split(',')
      .filter((part) => part.trim() !== '') ?? [];
  return new Map(
    given.map((part) => {
      const [name = '', word] = part.split('=').map((piece) => piece.trim());
      const level = severities.find((known) => known === word);
      if (level === undefined)
        throw new UsageError(`--rule is written <id>=${severities.join('|')}, not "${part}".`);
      const { id, suggestion } = ruleNamed(name, ruleIds);
      if (id === undefined) throw unknownRule(name, suggestion);
      return [id, level] as const;
    }),
  );
};

const explain = async (name: string, terminal: Terminal): Promise<0> => {
  const [{ ruleIds }, { explainRule, ruleNamed }] = await Promise.all([
    import('../../connector/check/rules/index.ts'),
    import('../../connector/check/explain.ts'),
  ]);
  const { id, suggestion } = ruleNamed(name, ruleIds);
  if (id === undefined) throw unknownRule(name, suggestion);
  terminal.print(explainRule(id));
  return 0;
};

interface Settings {
  readonly profile: Profile;
  readonly levels: ReadonlyMap<RuleId, Level>;
}

const check = async (inputs: readonly CheckInput[], settings: Settings): Promise<readonly Finding[]> => {
  const { checkConnector } = await import('../../connector/check/check-connector.ts');
  const zips = inputs.some(({ kind }) => kind === 'zip')
    ? await import('../../connector/check/zip-package.ts')
    : undefined;
  return inputs.flatMap((input) => {
    if (input.kind === 'folder') return checkConnector(input.files, settings);
    return zips?.checkPackage(input.path, input.content, settings) ?? [];
  });
};

/** Fixes the files, or shows what would change. */
const fix = async (
  inputs: readonly CheckInput[],
  settings: Settings,
  dryRun: boolean,
  terminal: Terminal,
): Promise<void> => {
  const [{ fixConnector }, { createTwoFilesPatch }, { writeFileSync }] = await Promise.all([
    import('../../connector/check/fix.ts'),
    import('diff'),
    import('node:fs'),
  ]);
  for (const input of inputs) {
    if (input.kind === 'zip') {
      terminal.complain(`${input.path}: --fix does not change zips. Unpack it first.`);
      continue;
    }
    const { files, count } = fixConnector(input.files, settings);
    for (const { name, before, after } of files) {
      const [old, changed] = [before, after].map((bytes) =>
        new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes),
      );
      if (dryRun)
        terminal.print(createTwoFilesPatch(name, name, old ?? '', changed ?? '', 'as it is', 'mended'));
      else writeFileSync(name, after);
    }
    if (count > 0)
      terminal.complain(
        `${input.path}: ${count} ${count === 1 ? 'finding' : 'findings'} ${dryRun ? 'would be fixed' : 'mended'} in ${files.map(({ name }) => name).join(', ')}`,
      );
  }
};

const show = async (
  format: Format,
  findings: readonly Finding[],
  inputs: readonly CheckInput[],
  { profile }: Settings,
  least: Severity,
): Promise<string> => {
  if (format !== 'text') {
    const [machine, { connectorVersion }] = await Promise.all([
      import('../../connector/check/formats/machine.ts'),
      import('../../connector/emit/version.ts'),
    ]);
    const run = { findings, profile, version: connectorVersion };
    const files = inputs.flatMap((input) =>
      input.kind === 'zip'
        ? [input.path]
        : input.files.filter(({ content }) => content.length > 0).map(({ name }) => name),
    );
    return {
      json: machine.jsonOfRun,
      sarif: machine.sarifOfRun,
      junit: (of: typeof run) => machine.junitOfRun(of, files),
    }[format](run);
  }
  const [{ textOfFindings }, { countsOf, countsText }, { Source }] = await Promise.all([
    import('../../connector/check/formats/text.ts'),
    import('../../connector/check/summary.ts'),
    import('../../connector/check/source.ts'),
  ]);
  const contents = new Map(
    inputs.flatMap((input) =>
      input.kind === 'folder' ? input.files.map(({ name, content }) => [name, content] as const) : [],
    ),
  );
  const sources = new Map<string, InstanceType<typeof Source>>();
  const line = (file: string, number: number): string | undefined => {
    const content = contents.get(file);
    if (content === undefined) return undefined;
    const source = sources.get(file) ?? new Source(file, content);
    sources.set(file, source);
    return source.line(number);
  };
  const text = textOfFindings(findings, { least, line });
  const connectors = `${inputs.length} ${inputs.length === 1 ? 'connector' : 'connectors'} checked (profile ${profile})`;
  return `${text === '' ? '' : `${text}\n`}${connectors}: ${findings.length === 0 ? 'no findings' : countsText(countsOf(findings))}`;
};

const weight = { info: 0, warning: 1, error: 2 } as const;

/** Whether the connector in a folder keeps the rules, in a sentence; undefined where there is nothing to say. */
export const summaryOfFolder = async (): Promise<(folder: string) => string | undefined> => {
  const [{ checkConnector }, { readInputs }, { countsOf, countsText }] = await Promise.all([
    import('../../connector/check/check-connector.ts'),
    import('../../connector/check/read.ts'),
    import('../../connector/check/summary.ts'),
  ]);
  return (folder) => {
    const inputs = readInputs(folder).flatMap((input) => (input.kind === 'folder' ? [input.files] : []));
    const findings = inputs.flatMap((files) => checkConnector(files));
    const [first] = findings.filter(({ severity }) => severity === 'error');
    if (!findings.some(({ severity }) => severity !== 'info')) return undefined;
    return `The connector to compare with: ${countsText(countsOf(findings))}; \`insights-connector check\` lists them.${first ? ` ${first.file}:${first.line}:${first.column} ${first.message}` : ''}`;
  };
};

/**
 * What `build` says about the files it has written.
 * @returns the exit code: 1 where there is an error
 */
export const checkBuilt = async (
  folder: string,
  certification: boolean,
  terminal: Terminal,
): Promise<0 | 1> => {
  const { readInputs } = await import('../../connector/check/read.ts');
  const inputs = readInputs(folder);
  const settings: Settings = {
    profile: certification ? 'certification' : 'import',
    // The host is that of the configuration, for every caller.
    levels: new Map([['HostLooksTemporary', 'off']]),
  };
  const findings = await check(inputs, settings);
  terminal.print(await show('text', findings, inputs, settings, 'warning'));
  return findings.some(({ severity }) => severity === 'error') ? 1 : 0;
};

/** `check` in the list of verbs. */
export const checkFiles: Command = {
  name: 'check',
  arguments: '[paths...]',
  summary: 'Check the files of any connector offline: folders, zips; ends with 1 on errors',
  examples: [
    'check connector',
    'check connector solution.zip --profile certification --format sarif',
    'check connector --rule ExtensionMisspelt=error --rule HostLooksTemporary=off',
    'check --explain SchemaReferenceNotFound',
  ],
  options: [
    { flags: '--format <format>', description: 'text, json, sarif or junit', default: 'text' },
    { flags: '--profile <profile>', description: 'import, certification or independent', default: 'import' },
    {
      flags: '--rule <id=level>',
      description: 'Level of a rule: off, info, warning, error; may be repeated',
      repeatable: true,
    },
    { flags: '--baseline <file>', description: 'Leave out what this report of --format json contains' },
    {
      flags: '--level <level>',
      description: 'Text shows findings from this level on and counts the others',
      default: 'warning',
    },
    { flags: '--fail-on <level>', description: 'Level from which the exit code is 1', default: 'error' },
    { flags: '--fix', description: 'Fix what can be fixed mechanically and safely, then check' },
    { flags: '--dry-run', description: 'With --fix: show the changes, write nothing' },
    { flags: '--explain <rule>', description: 'Explain a rule' },
  ],
  run: async (values, terminal, paths) => {
    const topic = textOf(values, 'explain');
    if (topic !== undefined) return explain(topic, terminal);
    if (paths.length === 0) throw new UsageError('Name what to check: check <folder|zip…>.');
    const { profiles } = await import('../../connector/check/rule.ts');
    const levels: readonly Severity[] = ['info', 'warning', 'error'];
    const format = oneOf(values, 'format', formats, 'text');
    const least = oneOf(values, 'level', levels, 'warning');
    const failOn = oneOf(values, 'failOn', levels, 'error');
    const settings: Settings = {
      profile: oneOf(values, 'profile', profiles, 'import'),
      levels: await levelsOf(values),
    };
    if (values.dryRun && !values.fix) throw new UsageError('--dry-run goes with --fix.');
    const { readInputs } = await import('../../connector/check/read.ts');
    let inputs = paths.flatMap(readInputs);
    if (values.fix) {
      await fix(inputs, settings, values.dryRun === true, terminal);
      if (values.dryRun) return 0;
      inputs = paths.flatMap(readInputs);
    }
    let findings = await check(inputs, settings);
    const baseline = textOf(values, 'baseline');
    if (baseline !== undefined) {
      const [{ readFileSync }, { withoutBaseline }] = await Promise.all([
        import('node:fs'),
        import('../../connector/check/summary.ts'),
      ]);
      const { fresh, known, gone } = withoutBaseline(findings, readFileSync(baseline, 'utf8'));
      terminal.complain(
        `Baseline ${baseline}: ${known} known findings left out, ${gone} of it no longer there.`,
      );
      findings = fresh;
    }
    terminal.print(await show(format, findings, inputs, settings, least));
    return findings.some(({ severity }) => weight[severity] >= weight[failOn]) ? 1 : 0;
  },
};
