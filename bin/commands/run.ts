/** Reads the command line, runs the command, and turns errors into messages and an exit code. */
import { packageVersion } from '../../config/this-package.ts';
import { type Command, JsonText, type OptionValues, type Terminal, UsageError } from './command.ts';
import { commands } from './index.ts';
import { type Parsed, parseCommand, parseCommands } from './parser.ts';
import { toldError, wholeError } from './told-error.ts';

export const program = 'insights-connector';

/** What `--json` prints: one object for every command, whether it succeeds or fails. */
export interface Envelope {
  /** Null when the command line could not be understood. */
  readonly command: string | null;
  readonly version: string;
  /** That of the process. */
  readonly exitCode: number;
  /** What the command found or did; the lines of its output where it gives no data; null after an error. */
  readonly result: unknown;
  /** Warnings. */
  readonly messages: readonly string[];
  readonly error?: { readonly name: string; readonly message: string; readonly page?: string };
}

/** A command line that was run. */
interface Ended {
  readonly code: number;
  readonly error?: Envelope['error'];
}

const usageHint = (given: readonly string[]): string => {
  const command = commands.find(({ name, hidden }) => name === given[0] && !hidden);
  return `Run \`${program} help${command ? ` ${command.name}` : ''}\` for usage.`;
};

const tellUsage = ({ message }: UsageError, help: string, { complain }: Terminal): 2 => {
  complain(`${message}\nRun \`${help}\` for usage.`);
  return 2;
};

/** @throws an error of this program */
const failed = (error: unknown, given: readonly string[], parsed: Parsed | undefined): Required<Ended> => {
  if (!(error instanceof Error)) throw error;
  const told = toldError(error);
  if (told === undefined) throw error;
  const page = told.page ?? (told.exitCode === 2 ? undefined : parsed?.command.page);
  const lines = [
    told.message,
    ...(error instanceof UsageError ? [usageHint(given)] : []),
    ...(page === undefined || told.message.includes(page) ? [] : [`More: ${page}`]),
    ...(parsed?.values.verbose === true ? [wholeError(error)] : []),
  ];
  return {
    code: told.exitCode,
    error: { name: error.name, message: lines.join('\n'), ...(page !== undefined && { page }) },
  };
};

const runAsText = async (
  given: readonly string[],
  terminal: Terminal,
  parse: () => Parsed | undefined,
): Promise<number> => {
  let parsed: Parsed | undefined;
  try {
    parsed = parse();
    return parsed === undefined ? 0 : await parsed.command.run(parsed.values, terminal, parsed.positional);
  } catch (error) {
    const { code, error: told } = failed(error, given, parsed);
    terminal.complain(told?.message ?? '');
    return code;
  }
};

const runAsJson = async (
  given: readonly string[],
  { print }: Terminal,
  parse: () => Parsed | undefined,
): Promise<number> => {
  let parsed: Parsed | undefined;
  const lines: string[] = [];
  const messages: string[] = [];
  let result: unknown;
  const streams = () => parsed?.command.streams === true;
  const end = ({ code, error }: Ended): number => {
    const envelope: Envelope = {
      command: parsed?.command.name ?? null,
      version: packageVersion,
      exitCode: code,
      result: error ? null : (result ?? (streams() ? null : { lines })),
      messages,
      ...(error && { error }),
    };
    if (streams()) print(JSON.stringify(envelope));
    else if (envelope.result instanceof JsonText) {
      // A function as replacement: a text may contain $&.
      const { text } = envelope.result;
      print(
        JSON.stringify({ ...envelope, result: 0 }, null, 2).replace('"result": 0', () => `"result": ${text}`),
      );
    } else print(JSON.stringify(envelope, null, 2));
    return code;
  };
  const terminal: Terminal = {
    print: (text) => {
      if (streams()) print(JSON.stringify({ line: text }));
      else lines.push(...text.split('\n'));
    },
    complain: (text) => messages.push(text),
    result: (value) => {
      if (streams()) print(JSON.stringify(value));
      else result = value;
    },
  };
  try {
    parsed = parse();
    return end({
      code: parsed === undefined ? 0 : await parsed.command.run(parsed.values, terminal, parsed.positional),
    });
  } catch (error) {
    return end(failed(error, given, parsed));
  }
};

/** Whether `--json` is given as an option of a command. */
const asksForJson = (given: readonly string[]): boolean => {
  const command = commands.find(({ name }) => name === given[0]);
  if (given[0] === 'help' || given[0]?.startsWith('-') || given.includes('--help') || command?.hidden)
    return false;
  const dashes = given.indexOf('--');
  return given.slice(0, dashes < 0 ? given.length : dashes).includes('--json');
};

/**
 * Runs the command line of the package.
 * @returns the exit code: 0; 1 for a failure; 2 for wrong arguments; 3 where a question could not be answered
 */
export const runCommandLine = (given: readonly string[], terminal: Terminal): Promise<number> => {
  const parse = () => parseCommands({ program, version: packageVersion, commands }, given, terminal);
  return (asksForJson(given) ? runAsJson : runAsText)(given, terminal, parse);
};

/** Asks on standard error, so that the output of the command can go elsewhere. */
const askOn = async (question: string, echo: boolean): Promise<string> => {
  const { createInterface } = await import('node:readline/promises');
  const { Writable } = await import('node:stream');
  // What the line editor would show is thrown away; the question is written by us.
  const nowhere = new Writable({ write: (_, __, done) => done() });
  const output = echo ? process.stderr : nowhere;
  if (!echo) process.stderr.write(question);
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  lines.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    return await lines.question(echo ? question : '');
  } finally {
    lines.close();
    if (!echo) process.stderr.write('\n');
  }
};

export const processTerminal: Terminal = {
  print: (text) => process.stdout.write(`${text}\n`),
  complain: (text) => process.stderr.write(`${text}\n`),
  ...(process.stdin.isTTY &&
    process.stderr.isTTY && {
      ask: (question: string) => askOn(question, true),
      askHidden: (question: string) => askOn(question, false),
    }),
  columns: process.stdout.isTTY ? process.stdout.columns : undefined,
};

/** What a shell reports for a program that the signal SIGPIPE has ended. */
const closedPipeExitCode = 141;

/**
 * Runs the command line as this process. A reader that has enough (`… | head`) ends it without a message. Work that
 * must not stop in the middle handles an interrupt, and is told of one: it ends at its next safe place.
 * @returns the exit code of the process
 */
export const runProcess = async (): Promise<number> => {
  let failed: number | undefined;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (failed !== undefined) return;
    failed = error.code === 'EPIPE' ? closedPipeExitCode : 1;
    if (failed === 1) processTerminal.complain(toldError(error)?.message ?? wholeError(error));
    if (!process.emit('SIGINT')) process.exit(failed);
  });
  // There is no other place where it could be told.
  process.stderr.on('error', () => undefined);
  const code = await runCommandLine(process.argv.slice(2), processTerminal);
  return failed ?? code;
};

/**
 * The options of a script of the repository. Ends the process after help, or after wrong arguments.
 * @param read what the script takes from them; may throw UsageError
 */
export const scriptOptions = <Options>(
  script: Omit<Command, 'run' | 'arguments'>,
  read: (values: OptionValues) => Options,
): Options => {
  try {
    const command = { ...script, run: async () => 0 };
    const parsed = parseCommand(command, process.argv.slice(2), processTerminal);
    return parsed === undefined ? process.exit(0) : read(parsed.values);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return process.exit(tellUsage(error, `${script.name} --help`, processTerminal));
  }
};
