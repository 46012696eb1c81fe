import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { RunningEngine } from './engine.ts';
import { freePort } from './free-port.ts';

const guard = fileURLToPath(new URL('./engine-guard.sh', import.meta.url));
const startLimitMs = 10_000;
const portAttempts = 5;

class PortTaken extends Error {}

/** Path of the binary; undefined where its optional package is not installed (it exists for Linux on x64). */
export const dynoxideBinary = (): string | undefined => {
  let manifest: string;
  try {
    manifest = createRequire(import.meta.url).resolve('@dynoxide/linux-x64/package.json');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
  const binary = join(dirname(manifest), 'dynoxide');
  return process.platform === 'linux' && process.arch === 'x64' && existsSync(binary) ? binary : undefined;
};

/** Starts dynoxide in memory, on loopback. Rejects with what the engine printed when it does not start. */
export const startDynoxide = async (binary: string, port: number | undefined): Promise<RunningEngine> => {
  if (port !== undefined) return start(binary, port);
  // The engine does not report the port that it got, so a free port is found here; another process may take
  // it first.
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(binary, await freePort());
    } catch (error) {
      if (!(error instanceof PortTaken) || attempt === portAttempts) throw error;
    }
  }
};

const start = async (binary: string, port: number): Promise<RunningEngine> => {
  const url = `http://127.0.0.1:${port}`;
  // Its own process group, because Ctrl-C in the terminal is for the parent, which still writes while it ends.
  const child = spawn('sh', [guard, binary, 'serve', '--host', '127.0.0.1', '--port', String(port)], {
    stdio: ['pipe', 'ignore', 'pipe'],
    detached: true,
  });
  const exited = once(child, 'exit').then(() => child.stdin.destroy());
  let printed = '';
  child.stderr.on('data', (chunk) => {
    printed = (printed + String(chunk)).slice(-2_000);
  });
  try {
    await listening(child);
    const answer = await fetch(url, { signal: AbortSignal.timeout(startLimitMs) });
    await answer.arrayBuffer();
  } catch (error) {
    child.stdin.destroy();
    await exited;
    const reason = printed.trim() || (error instanceof Error ? error.message : String(error));
    const message = `The DynamoDB engine dynoxide (${binary}) did not start on port ${port}: ${reason}`;
    throw /already in use/.test(printed) ? new PortTaken(message) : new Error(message, { cause: error });
  }
  return {
    url,
    close: async () => {
      child.stdin.destroy();
      await exited;
    },
  };
};

/** Resolves when the child prints that it listens; rejects when it ends or takes too long. */
const listening = async (child: ChildProcessByStdio<Writable, null, Readable>): Promise<void> => {
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`It did not listen within ${startLimitMs / 1_000} s.`)),
      startLimitMs,
    );
    const settle = (error?: Error): void => {
      clearTimeout(timer);
      if (error === undefined) resolve();
      else reject(error);
    };
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (line.includes('listening on')) settle();
    });
    child.once('error', settle);
    // `close` comes after all output has been read, unlike `exit`.
    child.once('close', (code) => settle(new Error(`It ended with exit code ${code}.`)));
  });
};
