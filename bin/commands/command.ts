/** What a verb of the command line is. */

/** Where a command's words go. */
export interface Terminal {
  readonly print: (text: string) => void;
  /** Warnings and errors. */
  readonly complain: (text: string) => void;
}

/** By name as written, without dashes; `--no-icon` is `icon`. */
export type OptionValues = Readonly<Record<string, string | boolean | undefined>>;

export interface CommandOption {
  /** As cac reads it: `--out <folder>`, `--no-icon`. */
  readonly flags: `--${string}`;
  readonly description: string;
  readonly default?: string;
  /** Whether it may be given several times; the values are joined by commas. */
  readonly repeatable?: true;
}

export interface Command {
  readonly name: string;
  /** As cac reads it: `<one>`, `[one that may be absent]`. */
  readonly arguments?: string;
  readonly summary: string;
  readonly options: readonly CommandOption[];
  /**
   * Does the work. Imports what it needs here and not at the top of its file, so that `help` stays fast.
   * @returns the exit code: 0, or 1 when the command's finding is a bad one
   * @throws what the command line tells without a stack trace: see `told` in run.ts
   */
  readonly run: (values: OptionValues, terminal: Terminal, positional: readonly string[]) => Promise<0 | 1>;
}

/** The command line was called in a way that it does not know. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The value of a text option. */
export const textOf = (values: OptionValues, name: string): string | undefined => {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
};
