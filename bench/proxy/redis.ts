/** A Redis server of its own for the peer that counts with one, where the machine has `redis-server`. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { freePort } from '../../local/dynamodb/free-port.ts';

export interface RedisServer {
  readonly url: string;
  close(): Promise<void>;
}

const program = 'redis-server';

/** @returns undefined where the machine has no `redis-server` */
export const startRedis = async (): Promise<RedisServer | undefined> => {
  if (spawnSync(program, ['--version']).error !== undefined) return undefined;
  const port = await freePort();
  // Nothing is kept on a disk, as nothing of the DynamoDB engine is.
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const child = spawn(program, settings, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (/ready to accept connections/i.test(line)) resolve();
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${program} ended with exit code ${code}.`)));
  });
  return {
    url: `redis://127.0.0.1:${port}`,
    async close() {
      child.kill();
      await exited;
    },
  };
};
