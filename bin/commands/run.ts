/** Reads the command line, finds the verb, runs it, and turns what goes wrong into words and an exit code. */
import { type CAC, cac } from 'cac';
import { connectorVersion } from '../../connector/emit/version.ts';
import { type Command, type OptionValues, type ShownError, type Terminal, UsageError } from './command.ts';
import { commands } from './index.ts';

const program = 'insights-connector';

const isShown = (error: Error): error is ShownError => 'exitCode' in error;

const isSystemError = (error: Error): boolean => 'syscall' in error && 'code' in error;

/** cac gives every `--no-…` the default true and points at `--help` once per command. */
const readable = (sections: readonly { readonly title?: string; readonly body: string }[]) =>
  sections
    .filter(({ title }) => !title?.startsWith('For more info'))
    .map((section) => ({
      ...section,
      body: section.body
        .split('\n')
        .map((line) => line.replaceAll(' (default: true)', '').trimEnd())
        .join('\n'),
    }));

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

/** cac throws nothing but what is wrong with the command line, and exports no class to know it by. */
const asUsage = (read: () => void): void => {
  try {
    read();
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
};

const run = async (given: readonly string[], terminal: Terminal): Promise<number> => {
  const [verb, topic] = given;
  if (verb === undefined || (verb === 'help' && topic === undefined)) return run(['--help'], terminal);
  if (verb === 'help' && topic !== undefined) {
    commandNamed(topic);
    return run([topic, '--help'], terminal);
  }
  const cli = declare();
  asUsage(() => cli.parse(['node', program, ...given], { run: false }));
  if (cli.options.help || cli.options.version) return 0;
  if (verb.startsWith('-'))
    throw new UsageError(`"${verb}" stands before any command. Commands: ${verbs()}.`);
  const command = commandNamed(verb);
  const values = valuesOf(cli, command);
  asUsage(() => {
    cli.matchedCommand?.checkOptionValue();
    cli.matchedCommand?.checkRequiredArgs();
    cli.matchedCommand?.checkUnusedArgs();
  });
  return command.run(values, terminal, cli.args);
};

/** @returns the exit code: 0 done, 1 something is wrong with what was given, 2 the call itself is not understood */
export const runCommandLine = async (given: readonly string[], terminal: Terminal): Promise<number> => {
  try {
    return await run(given, terminal);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (!isShown(error) && !isSystemError(error)) throw error;
    const exitCode = isShown(error) ? error.exitCode : 1;
    terminal.complain(
      exitCode === 2 ? `${error.message}\n\`${program} help\` says what there is.` : error.message,
    );
    return exitCode;
  }
};
