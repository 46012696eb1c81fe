/** A part of a benchmark in a process of its own, so that its CPU time is its own. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

export interface Part {
  readonly url: string;
  /** CPU time used so far, in user and system mode, ms. */
  cpuMs(): Promise<number>;
  stop(): Promise<void>;
}

type Message = { readonly url: string } | { readonly cpuMs: number };

const nextMessage = async (child: ChildProcess): Promise<Message> => {
  const ended = new AbortController();
  const { signal } = ended;
  try {
    const [message] = await Promise.race([
      once(child, 'message', { signal }),
      once(child, 'exit', { signal }).then(([code]) => {
        throw new Error(`A part of the benchmark ended with exit code ${code}.`);
      }),
    ]);
    return message as Message;
  } finally {
    ended.abort();
  }
};

/**
 * Starts a module of this folder, which must call {@link serveAsPart}.
 * @param input handed to it as JSON
 */
export async function startPart(
  module: string,
  input: unknown,
  environment: Readonly<Record<string, string>> = {},
): Promise<Part> {
  const child = fork(fileURLToPath(new URL(module, import.meta.url)), [JSON.stringify(input)], {
    execArgv: ['--import', 'tsx', ...(process.env.PROF ? ['--cpu-prof', '--cpu-prof-dir=/tmp/prof'] : [])],
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...environment },
    // What the parts log is made and written, as it would be in service, and read by nobody.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const first = await nextMessage(child);
  if (!('url' in first)) throw new Error(`${module} did not say where it listens.`);
  return {
    url: first.url,
    async cpuMs() {
      const answer = nextMessage(child);
      child.send('cpu');
      const message = await answer;
      if (!('cpuMs' in message)) throw new Error(`${module} did not tell its CPU time.`);
      return message.cpuMs;
    },
    async stop() {
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}

/** What a part was started with. */
export const partInput = <Input>(): Input => JSON.parse(process.argv[2] ?? 'null') as Input;

/** Listens on loopback and tells whoever started this process where, and its CPU time when asked. */
export async function serveAsPart(server: Server): Promise<void> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  tellParent(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

export function tellParent(url: string): void {
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.({ cpuMs: (user + system) / 1_000 });
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.({ url });
}
