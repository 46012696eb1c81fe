/** A command of the command line. */

/** The output of a command. */
export interface Terminal {
  readonly print: (text: string) => void;
  /** Warnings and errors. */
  readonly complain: (text: string) => void;
  /** Takes the result of a command as data. Present where it was called with `--json`. */
  readonly result?: (value: unknown) => void;
  /** Asks the person at the terminal. Absent without a terminal. */
  readonly ask?: (question: string) => Promise<string>;
  /** The same without showing the answer. */
  readonly askHidden?: (question: string) => Promise<string>;
  /** Width in characters. Absent where the output goes into a file or to another program. */
  readonly columns?: number | undefined;
}

/** JSON that is printed as it is, because its numbers have more digits than a double. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Values, asked for without showing them, or from standard input; one per line. @param words what to ask for */
export const hiddenText = async (terminal: Terminal, words: readonly string[]): Promise<string> => {
  if (terminal.askHidden === undefined) return (await import('node:stream/consumers')).text(process.stdin);
  const lines: string[] = [];
  for (const word of words) lines.push(await terminal.askHidden(`${word} (not shown): `));
  return lines.join('\n');
};

/** Gives a result: as data to a caller that asked for JSON, otherwise as text. */
export const report = ({ print, result }: Terminal, value: unknown, text: () => string): void => {
  if (result) result(value);
  else print(text());
};

/** By name without dashes, in camel case; `--no-icon` is `icon`. */
export type OptionValues = Readonly<Record<string, string | boolean | undefined>>;

export interface CommandOption {
  /** As commander reads it: `--out <folder>`, `--designer [operation]`, `--no-icon`. */
  readonly flags: `--${string}`;
  readonly description: string;
  readonly default?: string;
  /** The command cannot run without it. */
  readonly required?: true;
  /** Whether it may be given several times; the values are joined by commas. */
  readonly repeatable?: true;
}

export interface Command {
  readonly name: string;
  /** As commander reads it: `<one>`, `[one that may be absent]`, `<several...>`. */
  readonly arguments?: string;
  readonly summary: string;
  /** Not listed in help. */
  readonly hidden?: true;
  readonly options: readonly CommandOption[];
  /** Where docs/ says more about it; named in help and below errors. */
  readonly page?: `docs/${string}`;
  /** It runs on for as long as its user wants: with `--json` each line that it prints is a JSON object of its own. */
  readonly streams?: true;
  /** Shown in help; without the name of the program. */
  readonly examples?: readonly string[];
  /**
   * Runs the command. It imports its modules here and not at the top of its file, so that `help` stays fast.
   * @returns the exit code: 0; 1 for a negative result
   * @throws a {@link ShownError}, or an error that is shown with its stack trace
   */
  readonly run: (values: OptionValues, terminal: Terminal, positional: readonly string[]) => Promise<number>;
}

/**
 * An error whose message is complete: it is shown without a stack trace, and ends the command line with this
 * code. Any error class can declare it, so that `help` need not load the module of every class.
 */
export interface ShownError extends Error {
  /** 2: called wrongly; 3: the question could not be answered; any other failure is 1. */
  readonly exitCode: 1 | 2 | 3;
  /** Where docs/ says what to do about it; that of the command when absent. */
  readonly page?: string;
}

/** The command line was called with unknown or missing arguments. */
export class UsageError extends Error implements ShownError {
  override readonly name = 'UsageError';
  readonly exitCode = 2;
}

/** The value of a text option. */
export const textOf = (values: OptionValues, name: string): string | undefined => {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
};

/**
 * The value of an option that is a whole number.
 * @throws UsageError when it is none, or below `least` or above `most`
 */
export const wholeOf = (
  values: OptionValues,
  name: string,
  { least = 0, most = Number.MAX_SAFE_INTEGER }: { readonly least?: number; readonly most?: number } = {},
): number | undefined => {
  const text = textOf(values, name);
  if (text === undefined) return undefined;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  const written = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const range = most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `${least} to ${most}`;
  throw new UsageError(`--${written} is "${text}"; it takes a whole number, ${range}.`);
};

/**
 * The value of an option that is one of a few words.
 * @throws UsageError that lists them
 */
export const oneOf = <Word extends string>(
  values: OptionValues,
  name: string,
  words: readonly Word[],
): Word | undefined => {
  const given = textOf(values, name);
  const found = words.find((word) => word === given);
  if (given !== undefined && found === undefined)
    throw new UsageError(`--${name} is "${given}"; there are ${words.join(', ')}.`);
  return found;
};

/**
 * What a command does for its first argument.
 * @throws UsageError that lists the verbs
 */
export const verbOf = <Verb>(command: string, verbs: Readonly<Record<string, Verb>>, word: string): Verb => {
  const verb = Object.hasOwn(verbs, word) ? verbs[word] : undefined;
  if (verb === undefined)
    throw new UsageError(`${command} has no "${word}"; there are ${Object.keys(verbs).join(', ')}.`);
  return verb;
};

/** Options that every command takes. */
export const commonOptions: readonly CommandOption[] = [
  { flags: '--json', description: 'Print one JSON object instead of text: { command, exitCode, result, … }' },
  {
    flags: '--verbose',
    description: 'Say more about an error: its causes and where in the program it arose',
  },
];

/** All options of a command. */
export const optionsOf = ({ options }: Pick<Command, 'options'>): readonly CommandOption[] => [
  ...options,
  ...commonOptions.filter(({ flags }) => !options.some((own) => own.flags === flags)),
];

/**
 * Asks before an irreversible action if there is a terminal; otherwise `--yes` is required.
 * @returns whether to go on
 * @throws UsageError without a terminal and without `--yes`
 */
export const confirmed = async (
  values: OptionValues,
  terminal: Terminal,
  question: string,
): Promise<boolean> => {
  if (values.yes === true) return true;
  if (terminal.ask === undefined || terminal.result !== undefined)
    throw new UsageError(`${question} There is no terminal to answer: repeat the command with --yes.`);
  const answer = (await terminal.ask(`${question} [y/N] `)).trim().toLowerCase();
  if (answer === 'y' || answer === 'yes') return true;
  terminal.complain('Nothing was changed.');
  return false;
};

export const yesOption: CommandOption = {
  flags: '--yes',
  description: 'Do not ask; required without a terminal',
};
