import { runCommandLine } from '../../bin/commands/run.ts';

export interface CommandResult {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** Runs a command in this process: the code behind the launcher without its start. Paths have to be absolute. */
export const commandInProcess = async (...given: readonly string[]): Promise<CommandResult> => {
  const out: string[] = [];
  const error: string[] = [];
  const code = await runCommandLine(given, {
    print: (text) => out.push(text),
    complain: (text) => error.push(text),
  });
  return { code, out: out.join('\n'), error: error.join('\n') };
};
