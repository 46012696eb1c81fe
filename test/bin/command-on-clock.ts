import { vi } from 'vitest';
import { runCommandLine } from '../../bin/commands/run.ts';

export interface EndedCommand {
  /** Undefined when it did not end. */
  readonly code: number | undefined;
  readonly out: string;
  readonly errors: string;
}

/**
 * Runs commands of the operator against a system whose time only moves when a test moves it.
 * @param hidden answers to the hidden questions of a command, in their order
 */
export const commandOnClock =
  (
    clock: () => { now(): number; advance(milliseconds: number): Promise<unknown> },
    hidden: readonly string[] = [],
  ) =>
  async (...given: readonly string[]): Promise<EndedCommand> => {
    const out: string[] = [];
    const errors: string[] = [];
    const answers = [...hidden];
    let code: number | undefined;
    vi.useFakeTimers({ toFake: ['Date'], now: clock().now() });
    const running = runCommandLine(given, {
      print: (text) => out.push(text),
      complain: (text) => errors.push(text),
      ...(hidden.length > 0 && { askHidden: async () => answers.shift() ?? '' }),
    }).then((ended) => {
      code = ended;
    });
    // A long poll of an empty queue ends by the clock only.
    if (given[0] === 'redrive') while (code === undefined) await clock().advance(100);
    await running.finally(() => vi.useRealTimers());
    return { code, out: out.join('\n'), errors: errors.join('\n') };
  };
