/** The commands as commander parses them. */
import {
  CommanderError,
  createCommand,
  InvalidArgumentError,
  Option,
  type Command as Parser,
} from 'commander';
import {
  type Command,
  type CommandOption,
  type OptionValues,
  optionsOf,
  type Terminal,
  UsageError,
} from './command.ts';

/** A command with its options and arguments. */
export interface Parsed {
  readonly command: Command;
  readonly values: OptionValues;
  readonly positional: readonly string[];
}

/** `--out <folder>` → `--out` */
const nameOf = ({ flags }: CommandOption): string => flags.split(' ', 1)[0] ?? flags;

const optionOf = (option: CommandOption, all: readonly CommandOption[]): Option => {
  const made = new Option(option.flags, option.description);
  if (option.default !== undefined) made.default(option.default);
  if (option.required) made.makeOptionMandatory();
  if (!made.required) return made;
  let given: string | undefined;
  return made.argParser((value: string) => {
    // The parser takes any next word, so that an id may begin with a dash.
    if (all.some((other) => nameOf(other) === value))
      throw new InvalidArgumentError(`The value is missing: ${value} is the next option.`);
    if (value === '') throw new InvalidArgumentError('The value is empty.');
    if (given !== undefined && !option.repeatable)
      throw new InvalidArgumentError('The option is given more than once.');
    given = given === undefined ? value : `${given},${value}`;
    return given;
  });
};

const addCommand = (
  parser: Parser,
  program: string,
  command: Command,
  found: (parsed: Parsed) => void,
): void => {
  parser.summary(command.summary).description(command.summary);
  if (command.arguments !== undefined) parser.arguments(command.arguments);
  const options = optionsOf(command);
  for (const option of options) parser.addOption(optionOf(option, options));
  if (command.examples !== undefined)
    parser.addHelpText(
      'after',
      `\nExamples:\n${command.examples.map((example) => `  ${program} ${example}`).join('\n')}`,
    );
  if (command.page !== undefined) parser.addHelpText('after', `\nMore: ${command.page}`);
  parser
    .allowExcessArguments(false)
    .action(() => found({ command, values: parser.opts(), positional: parser.args }));
};

const quiet = (parser: Parser, terminal: Terminal): Parser =>
  parser
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      // The caller prints errors from what is thrown.
      writeErr: () => undefined,
    })
    .configureHelp({ showGlobalOptions: false });

/** Commander's message as a sentence, with a hint when the cause is an argument that begins with a dash. */
const sentence = (
  { code, message }: CommanderError,
  commands: readonly Command[],
  given: readonly string[],
): string => {
  const text = message.replace(/^error: /, '');
  const said = text.charAt(0).toUpperCase() + text.slice(1);
  if (code !== 'commander.unknownOption') return said;
  const [first = ''] = given;
  if (first.startsWith('-') && commands.length > 1) return `${said}\nOptions follow the command.`;
  const command = commands.find(({ name }) => name === first) ?? commands[0];
  return command?.arguments === undefined
    ? said
    : `${said}\nAn argument that begins with a dash follows \`--\`: ${first} -- -example`;
};

/**
 * An id of a subscription, delivery or event whose first character is a dash: 22 characters of base64url, or 33 for
 * a subscription of a person.
 */
const dashedId = /^-[\w-]{21}(?:[\w-]{11})?$/;

/**
 * The arguments with ids that begin with a dash behind `--`, where they cannot be taken for options.
 * @param given of one command; its name first
 */
export const withIdsApart = (command: Command, given: readonly string[]): readonly string[] => {
  if (command.arguments === undefined || given.includes('--')) return given;
  const options = optionsOf(command);
  const names = new Set([...options.map(nameOf), '--help']);
  const takesNext = (word: string | undefined) =>
    options.some((option) => nameOf(option) === word && option.flags.includes(' <'));
  const isId = (word: string, at: number) =>
    at > 0 && dashedId.test(word) && !names.has(word) && !takesNext(given[at - 1]);
  const ids = given.filter(isId);
  return ids.length === 0 ? given : [...given.filter((word, at) => !isId(word, at)), '--', ...ids];
};

/** @throws UsageError */
const parse = (parser: Parser, commands: readonly Command[], given: readonly string[]): void => {
  try {
    parser.parse([...given], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return;
    throw new UsageError(sentence(error, commands, given), { cause: error });
  }
};

/**
 * Reads the command line of a program with several commands.
 * @returns undefined when help or the version was asked for, and is printed
 * @throws UsageError
 */
export const parseCommands = (
  {
    program,
    version,
    commands,
  }: { readonly program: string; readonly version: string; readonly commands: readonly Command[] },
  given: readonly string[],
  terminal: Terminal,
): Parsed | undefined => {
  let parsed: Parsed | undefined;
  const parser = quiet(createCommand(program), terminal)
    .usage('<command> [options]')
    .version(version, '--version', 'Print the version')
    .helpOption('--help', 'Print help')
    .enablePositionalOptions()
    .helpCommand('help [command]', 'List the commands, or the options of a command');
  for (const command of commands)
    addCommand(
      parser.command(command.name, { hidden: command.hidden === true }),
      program,
      command,
      (found) => {
        parsed = found;
      },
    );
  const [verb = 'help', topic] = given;
  // Commander prints the list of commands as an error when the topic is unknown.
  const asked = verb === 'help' ? (topic ?? verb) : verb;
  const known = asked.startsWith('-') || asked === 'help' || commands.some(({ name }) => name === asked);
  const called = commands.find(({ name }) => name === verb);
  const words = called === undefined ? given : withIdsApart(called, given);
  parse(parser, commands, known ? (words.length === 0 ? ['help'] : words) : [asked]);
  return parsed;
};

/**
 * Reads the command line of a program that is one command.
 * @returns undefined when help was asked for, and is printed
 * @throws UsageError
 */
export const parseCommand = (
  command: Command,
  given: readonly string[],
  terminal: Terminal,
): Parsed | undefined => {
  let parsed: Parsed | undefined;
  const parser = quiet(createCommand(command.name), terminal).helpOption('--help', 'Print help');
  addCommand(parser, command.name, command, (found) => {
    parsed = found;
  });
  parse(parser, [command], given);
  return parsed;
};
