/** Reads the command line, runs the command, and turns errors into messages and an exit code. */
import { installCommand, packageVersion } from '../../config/this-package.ts';
import { type Command, type OptionValues, type ShownError, type Terminal, UsageError } from './command.ts';
import { commands } from './index.ts';
import { parseCommand, parseCommands } from './parser.ts';

export const program = 'insights-connector';

const isShown = (error: Error): error is ShownError => 'exitCode' in error;

const isSystemError = (error: Error): boolean => 'syscall' in error && 'code' in error;

/** Names a missing package that the command needs, and the command that installs it. */
const missingPackage = (error: Error): string | undefined => {
  if (!('code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) return undefined;
  const name = /^Cannot find package '([^']+)'/.exec(error.message)?.[1] ?? '';
  const command = installCommand(name);
  return command && `This command needs the package ${name}, which is not installed. Run: ${command}`;
};

const tellUsage = ({ message }: UsageError, help: string, { complain }: Terminal): 2 => {
  complain(`${message}\nRun \`${help}\` for usage.`);
  return 2;
};

/** Runs the command line of the package. @returns the exit code: 0; 1 for a failure; 2 for wrong arguments */
export const runCommandLine = async (given: readonly string[], terminal: Terminal): Promise<number> => {
  try {
    const parsed = parseCommands({ program, version: packageVersion, commands }, given, terminal);
    return parsed === undefined ? 0 : await parsed.command.run(parsed.values, terminal, parsed.positional);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error instanceof UsageError) {
      const command = commands.find(({ name, hidden }) => name === given[0] && !hidden);
      return tellUsage(error, `${program} help${command ? ` ${command.name}` : ''}`, terminal);
    }
    const missing = missingPackage(error);
    if (missing !== undefined || isShown(error) || isSystemError(error)) {
      terminal.complain(missing ?? error.message);
      return 1;
    }
    throw error;
  }
};

export const processTerminal: Terminal = {
  print: (text) => process.stdout.write(`${text}\n`),
  complain: (text) => process.stderr.write(`${text}\n`),
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
