/** A part of a benchmark in its own process, so that its CPU time can be measured. */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { listenOnLoopback } from '../../local/loopback-server.ts';

export interface Part {
  /** Where it listens; empty for a part that only answers questions. */
  readonly url: string;
  /** CPU time used so far, in user and system mode, ms. */
  cpuMs(): Promise<number>;
  /** One question at a time. */
  ask<Answer>(question: unknown): Promise<Answer>;
  stop(): Promise<void>;
}

const nextMessage = async (child: ChildProcess): Promise<unknown> => {
  const settled = new AbortController();
  const { signal } = settled;
  try {
    const ended = once(child, 'exit', { signal }).then(([code]) => {
      throw new Error(`A part of the benchmark ended with exit code ${code}.`);
    });
    const [message] = (await Promise.race([once(child, 'message', { signal }), ended])) as [unknown];
    return message;
  } finally {
    settled.abort();
  }
};

/**
 * Starts a module of this folder, which must call {@link becomePart}.
 * @param input handed to it as JSON
 */
export const startPart = async (
  module: string,
  input: unknown,
  environment: Readonly<Record<string, string>> = {},
): Promise<Part> => {
  const child = fork(fileURLToPath(new URL(module, import.meta.url)), [JSON.stringify(input)], {
    execArgv: ['--import', 'tsx'],
    env: { PATH: process.env.PATH, NODE_ENV: 'production', NODE_NO_WARNINGS: '1', ...environment },
    // The log output of the parts is written as in service, and discarded.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const { url } = (await nextMessage(child)) as { readonly url: string };
  const ask = async <Answer>(question: unknown): Promise<Answer> => {
    const answer = nextMessage(child);
    child.send(question as object);
    return (await answer) as Answer;
  };
  return {
    url,
    ask,
    cpuMs: () => ask<number>('cpu'),
    async stop() {
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
};

/** What a part was started with. */
export const partInput = <Input>(): Input => JSON.parse(process.argv[2] ?? 'null') as Input;

/** Reports the address of this process to its parent, and answers the questions of the parent from now on. */
export const becomePart = (
  url: string,
  answer: (question: unknown) => Promise<unknown> = async () => null,
) => {
  process.on('message', async (question) => {
    const { user, system } = process.cpuUsage();
    process.send?.(question === 'cpu' ? (user + system) / 1_000 : await answer(question));
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.({ url });
};

/** The address of a server that listens on loopback from now on. */
export const listening = (server: Server): Promise<string> => {
  // Connections are kept longer than a run lasts, as load balancers do.
  server.keepAliveTimeout = 120_000;
  return listenOnLoopback(server);
};
