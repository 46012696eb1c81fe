/** A command of the command line. */

/** The output of a command. */
export interface Terminal {
  readonly print: (text: string) => void;
  /** Warnings and errors. */
  readonly complain: (text: string) => void;
}

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
  /** Arguments and options after the first argument belong to another program. */
  readonly passThrough?: true;
  readonly summary: string;
  /** Not listed in help. */
  readonly hidden?: true;
  readonly options: readonly CommandOption[];
  /** Shown in help; without the name of the program. */
  readonly examples?: readonly string[];
  /**
   * Runs the command. It imports its modules here and not at the top of its file, so that `help` stays fast.
   * @returns the exit code: 0; 1 for a negative result; or that of a program that it ran
   * @throws a {@link ShownError}, or an error that is shown with its stack trace
   */
  readonly run: (values: OptionValues, terminal: Terminal, positional: readonly string[]) => Promise<number>;
}

/**
 * An error whose message is complete: it is shown without a stack trace, and ends the command line with this
 * code. Any error class can declare it, so that `help` need not load the module of every class.
 */
export interface ShownError extends Error {
  readonly exitCode: 1 | 2;
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
