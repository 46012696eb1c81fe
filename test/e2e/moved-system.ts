/** A second deployment beside a running one: its own tables, key, queues and functions, and the same world around it. */
import { Readable } from 'node:stream';
import { expect, inject, vi } from 'vitest';
import { type Envelope, runCommandLine } from '../../bin/commands/run.ts';
import { type ConnectedSystem, startConnectedSystem } from '../../local/connected-system.ts';
import { outsideOf } from '../../local/system.ts';
import { keepingUse, type TestSystem } from './test-system.ts';

/** Customer Insights, sign-in, clock and configuration are those of the first. */
export const startSecondDeployment = async (first: TestSystem): Promise<ConnectedSystem> => {
  const { configuration, clock } = first;
  const { template, assets } = inject('synthesised');
  return keepingUse(
    await startConnectedSystem({
      clock,
      real: { configuration, outside: outsideOf(first) },
      synthesised: { template, assets: new Map(assets) },
    }),
  );
};

/** Commands at the time of the systems; what is asked without an echo is answered with a passphrase. */
export const commandsAt = (clock: () => { now(): number }, passphrase: string) => {
  const run = async (outputs: string, given: readonly string[], secret: readonly string[] = []) => {
    const answers = [...secret];
    const [out, error]: [string[], string[]] = [[], []];
    vi.useFakeTimers({ toFake: ['Date'], now: clock().now() });
    try {
      const code = await runCommandLine([...given, '--outputs', outputs], {
        print: (text) => out.push(text),
        complain: (text) => error.push(text),
        askHidden: async () => answers.shift() ?? passphrase,
      });
      return { code, out: out.join('\n'), error: error.join('\n') };
    } finally {
      vi.useRealTimers();
    }
  };
  /** What the command gives as data. It must end well. */
  const result = async <Result>(outputs: string, ...given: readonly string[]) => {
    // With --json nothing is asked; the passphrase comes on standard input.
    const input = Readable.from([`${passphrase}\n`]) as typeof process.stdin;
    vi.spyOn(process, 'stdin', 'get').mockReturnValue(input);
    const { out, code } = await run(outputs, [...given, '--json']);
    const envelope = JSON.parse(out) as Envelope;
    expect(code, JSON.stringify(envelope.error)).toBe(0);
    return envelope.result as Result;
  };
  return { run, result };
};
