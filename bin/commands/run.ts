/** Reads the command line, finds the verb, runs it, and turns what goes wrong into words and an exit code. */
import { type CAC, cac } from 'cac';
import { connectorVersion } from '../../connector/emit/version.ts';
import { type Command, type OptionValues, type Terminal, UsageError } from './command.ts';
import { commands } from './index.ts';

const program = 'insights-connector';

/**
 * Errors whose message says all that is needed. By name, because importing the classes would load the validator and
 * the contract for every `help`.
 */
const told: ReadonlySet<string> = new Set([
  'ConfigurationError',
  'ConnectorFormatError',
  'ConnectorUnreadable',
  'DeployedUnavailable',
  'DeploymentUnreachable',
  'NotThere',
  'ExchangeFailed',
  'ArchiveUnreadable',
  'ConnectorIdNeeded',
  'DefinitionError',
  'EnvironmentIdsUnreadable',
  'EvaluationError',
  'FlowNotChosen',
  'FlowSourceWrong',
  'MocksUnreadable',
  'PackageUnreadable',
  'RunStopped',
]);

const isSystemError = (error: Error): boolean => 'syscall' in error && 'code' in error;

/** cac gives every `--no-…` the default true and points at `--help` once per command. */
const readable = (sections: readonly { readonly title?: string; readonly body: string }[]) =>
  sections
    .filter(({ title }) => !title?.startsWith('For more info'))
    .map((section) => ({ ...section, body: section.body.replaceAll(/ \(default: true\)| +$/gm, '') }));

const declare = (): CAC => {
  const cli = cac(program);
  for (const { name, arguments: positional, summary, options } of commands) {
    const command = cli.command(positional ? `${name} ${positional}` : name, summary);
    for (const option of options)
      command.option(
        option.flags,
        option.description,
        option.default === undefined ? {} : { default: option.default },
      );
  }
  cli.command('help [command]', 'Say what there is, or what the options of a command are');
  cli.help(readable);
  cli.version(connectorVersion);
  return cli;
};

const verbs = (): string => [...commands.map(({ name }) => name), 'help'].join(', ');

const commandNamed = (name: string): Command => {
  const found = commands.find((command) => command.name === name);
  if (found === undefined) throw new UsageError(`There is no command "${name}". Commands: ${verbs()}.`);
  return found;
};

/** The values given, checked: cac would let an unknown option pass until the command runs. */
const valuesOf = (cli: CAC, command: Command): OptionValues => {
  const names = new Set(cli.matchedCommand?.options.map(({ name }) => name));
  const { '--': _, ...given } = cli.options;
  for (const [name, value] of Object.entries(given)) {
    if (!names.has(name))
      throw new UsageError(
        `${command.name} has no option ${name.length > 1 ? '--' : '-'}${name}. Its options: ${command.options.map(({ flags }) => flags).join(', ')}.`,
      );
    if (Array.isArray(value)) throw new UsageError(`--${name} is given more than once.`);
  }
  const text = (value: unknown) =>
    typeof value === 'boolean' || value === undefined ? value : String(value);
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, text(value)]));
};

const run = async (given: readonly string[], terminal: Terminal): Promise<number> => {
  const [verb, topic] = given;
  if (verb === undefined || (verb === 'help' && topic === undefined)) return run(['--help'], terminal);
  if (verb === 'help' && topic !== undefined) {
    commandNamed(topic);
    return run([topic, '--help'], terminal);
  }
  const cli = declare();
  cli.parse(['node', program, ...given], { run: false });
  if (cli.options.help || cli.options.version) return 0;
  if (verb.startsWith('-'))
    throw new UsageError(`"${verb}" stands before any command. Commands: ${verbs()}.`);
  const command = commandNamed(verb);
  const values = valuesOf(cli, command);
  cli.matchedCommand?.checkOptionValue();
  cli.matchedCommand?.checkRequiredArgs();
  cli.matchedCommand?.checkUnusedArgs();
  return command.run(values, terminal, cli.args);
};

/** @returns the exit code: 0 done, 1 something is wrong with what was given, 2 the call itself is not understood */
export const runCommandLine = async (given: readonly string[], terminal: Terminal): Promise<number> => {
  try {
    return await run(given, terminal);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error.name === 'UsageError' || error.name === 'CACError') {
      terminal.complain(`${error.message}\n\`${program} help\` says what there is.`);
      return 2;
    }
    if (told.has(error.name) || isSystemError(error)) {
      terminal.complain(error.message);
      return 1;
    }
    throw error;
  }
};
