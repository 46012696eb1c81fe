import { isGuid, type Question, questions } from '../operator/init-questions.ts';
import {
  type Command,
  type CommandOption,
  type OptionValues,
  oneOf,
  report,
  type Terminal,
  textOf,
  UsageError,
} from './command.ts';

type Values = { [key: string]: unknown };

const at = (values: Values, [first = '', ...rest]: readonly string[]): unknown => {
  const value = values[first];
  return rest.length === 0 || typeof value !== 'object' || value === null
    ? rest.length === 0
      ? value
      : undefined
    : at(value as Values, rest);
};

const put = (values: Values, [first = '', ...rest]: readonly string[], value: unknown): void => {
  if (rest.length === 0) values[first] = value;
  else {
    const below =
      typeof values[first] === 'object' && values[first] !== null ? (values[first] as Values) : {};
    values[first] = below;
    put(below, rest, value);
  }
};

const flagOf = (option: string): string =>
  `--${option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** `<id>=<name>` or `<id>`. @throws UsageError */
const instanceOf = (text: string): { readonly id: string; readonly name: string } => {
  const [id = '', ...name] = text.split('=');
  const wrong = isGuid(id.trim());
  if (wrong !== undefined)
    throw new UsageError(`--instance is "${text}"; give <id>=<name>. The id: ${wrong}`);
  return { id: id.trim(), name: name.join('=').trim() || 'Customer Insights' };
};

const secretNameOf = (name: string, taken: readonly string[]): string => {
  const base = `insights-connector/instances/${
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '') || 'instance'
  }`;
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? base : `${base}-${number}`;
    if (!taken.includes(candidate)) return candidate;
  }
};

/** Asks until the answer is right. @returns undefined for an optional value that is left out */
const answerTo = async (
  question: Question,
  known: string | undefined,
  terminal: Terminal,
): Promise<string | undefined> => {
  if (terminal.ask === undefined) return known;
  for (;;) {
    terminal.print(`\n${question.asks}\n  ${question.where}`);
    const given = (await terminal.ask(known === undefined ? '> ' : `[${known}] > `)).trim() || known;
    if (given === undefined || given === '') {
      if (question.optional) return undefined;
      terminal.complain('It is needed.');
      continue;
    }
    const wrong = question.check(given);
    if (wrong === undefined) return given;
    terminal.complain(`"${given}" cannot be used. ${wrong}`);
  }
};

/** Whether the tenant exists. @returns what is wrong; undefined also where nothing could be asked, which is told */
const tenantProblem = async (tenant: string, terminal: Terminal): Promise<string | undefined> => {
  const { openAuthority } = await import('../../lambda/identity/authority.ts');
  const base = process.env.INSIGHTS_CONNECTOR_LOGIN ?? 'https://login.microsoftonline.com';
  const address = `${base}/${tenant}/v2.0/.well-known/openid-configuration`;
  let status: number;
  try {
    ({ status } = await fetch(address, { signal: AbortSignal.timeout(10_000), redirect: 'error' }));
  } catch (error) {
    terminal.complain(
      `The tenant could not be checked: ${error instanceof Error ? error.message : ''}. \`doctor\` checks it later.`,
    );
    return undefined;
  }
  if (status === 400 || status === 404)
    return `Microsoft Entra ID knows no tenant ${tenant}. Compare it with: az account show --query tenantId`;
  if (status !== 200) return undefined;
  await openAuthority({ authority: `${base}/${tenant}/v2.0` }).metadata();
  return undefined;
};

const questionOptions: readonly CommandOption[] = questions.map(({ option, asks }) => ({
  flags: `${flagOf(option)} <value>` as `--${string}`,
  description: asks,
}));

const readExisting = async (file: string): Promise<Values> => {
  const { existsSync, readFileSync } = await import('node:fs');
  if (!existsSync(file)) return {};
  const { parseConfiguration } = await import('../../config/load.ts');
  const values = parseConfiguration(readFileSync(file, 'utf8'), file);
  if (typeof values !== 'object' || values === null || Array.isArray(values))
    throw new UsageError(`${file} is not a JSON object. Move it away, or give another --out.`);
  return values as Values;
};

/** The instances: those of the file, and those of the option and of the answers. */
const instancesOf = async (
  existing: Values,
  values: OptionValues,
  terminal: Terminal,
): Promise<readonly Values[]> => {
  const found = Array.isArray(existing.instances) ? (existing.instances as Values[]) : [];
  const given = (textOf(values, 'instance')?.split(',') ?? []).map(instanceOf);
  if (terminal.ask !== undefined && values.yes !== true)
    for (;;) {
      terminal.print(
        `\nCustomer Insights instance: <id>=<name>, empty to go on. There are ${found.length + given.length}.\n  The id is the GUID in the address of its pages`,
      );
      const answer = (await terminal.ask('> ')).trim();
      if (answer === '') break;
      try {
        given.push(instanceOf(answer));
      } catch (error) {
        terminal.complain(error instanceof Error ? error.message : '');
      }
    }
  const all = [...found];
  for (const { id, name } of given) {
    const known = all.find((one) => String(one.id).toLowerCase() === id.toLowerCase());
    const taken = all.map((one) => String(one.secretName));
    if (known !== undefined) known.name = name;
    else all.push({ id, name, secretName: secretNameOf(name, taken) });
  }
  return all;
};

export const init: Command = {
  name: 'init',
  summary:
    'Write the configuration: asks for each value or takes options, checks it, and prints the registrations to make',
  page: 'docs/tutorial.md',
  options: [
    ...questionOptions,
    {
      flags: '--instance <id=name>',
      description: 'A Customer Insights instance; may be repeated',
      repeatable: true,
    },
    { flags: '--deployment <name>', description: 'Name of this deployment, where there are several' },
    { flags: '--out <file>', description: 'Where to write', default: 'insights-connector.json' },
    {
      flags: '--shell <shell>',
      description: 'Commands for posix or powershell (default: that of this system)',
    },
    { flags: '--registrations', description: 'Only print the registrations to make; write nothing' },
    { flags: '--offline', description: 'Do not ask Microsoft Entra ID whether the tenant exists' },
    { flags: '--yes', description: 'Ask nothing: take the options and the values of an existing file' },
  ],
  examples: [
    'init',
    'init --registrations --shell powershell',
    'init --tenant <id> --connector-app <id> --api-app <id> --instance <id> --yes',
  ],
  run: async (values, terminal) => {
    const {
      portalSteps,
      registrationCommands,
      registrationName: name,
      shells,
    } = await import('../operator/registrations.ts');
    const shell = oneOf(values, 'shell', shells) ?? (process.platform === 'win32' ? 'powershell' : 'posix');
    const registrations = { shell, commands: registrationCommands(shell, name), portal: portalSteps(name) };
    if (values.registrations === true) {
      report(terminal, registrations, () =>
        [
          registrations.commands,
          '',
          '# Or in the portal:',
          ...registrations.portal.map((step, index) => `# ${index + 1}. ${step}`),
        ].join('\n'),
      );
      return 0;
    }
    const out = textOf(values, 'out') ?? 'insights-connector.json';
    const configuration = await readExisting(out);
    const asked = values.yes === true ? { ...terminal, ask: undefined } : terminal;
    const talking: Terminal =
      asked.ask === undefined ? { print: terminal.print, complain: terminal.complain } : terminal;
    for (const question of questions) {
      const flag = flagOf(question.option);
      const given = textOf(values, question.option);
      const wrong = given === undefined ? undefined : question.check(given);
      if (wrong !== undefined)
        throw new UsageError(`${flag} is "${given}". ${wrong} Where it is: ${question.where}.`);
      const known = at(configuration, question.key);
      const value =
        given ?? (await answerTo(question, typeof known === 'string' ? known : undefined, talking));
      if (value !== undefined) put(configuration, question.key, value);
      if (question.option === 'tenant' && value !== undefined && values.offline !== true) {
        const problem = await tenantProblem(value, terminal);
        if (problem !== undefined) throw new UsageError(`${flag}: ${problem}`);
      }
    }
    const deployment = textOf(values, 'deployment');
    if (deployment !== undefined) put(configuration, ['deployment', 'name'], deployment);
    configuration.instances = await instancesOf(configuration, values, talking);
    if (at(configuration, ['applications', 'api', 'secretName']) === undefined)
      put(configuration, ['applications', 'api', 'secretName'], 'insights-connector/api');
    const { dirname, relative, resolve } = await import('node:path');
    const { packageDirectory } = await import('../../config/this-package.ts');
    const schema = relative(
      dirname(resolve(out)),
      resolve(packageDirectory, 'config/insights-connector.schema.json'),
    ).replaceAll('\\', '/');
    const { $schema: _, ...kept } = configuration;
    const whole = { $schema: schema.startsWith('.') ? schema : `./${schema}`, ...kept };
    const { checkConfiguration } = await import('../../config/check.ts');
    const { doubtful } = await import('../../config/plausible.ts');
    const warnings = doubtful(checkConfiguration(whole, out));
    for (const warning of warnings) terminal.complain(warning);
    const { writeFileSync } = await import('node:fs');
    writeFileSync(out, `${JSON.stringify(whole, null, 2)}\n`);
    report(terminal, { file: out, configuration: whole, registrations }, () =>
      [
        `Wrote ${out}.`,
        '',
        'Next:',
        '  1. Make the registrations, if they are not there: insights-connector init --registrations',
        '  2. npx cdk deploy --outputs-file cdk-outputs.json',
        '  3. Store the secrets: docs/deployment.md, step 5',
        '  4. insights-connector doctor',
      ].join('\n'),
    );
    return 0;
  },
};
