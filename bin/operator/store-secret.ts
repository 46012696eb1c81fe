/**
 * Checks a secret from standard input and then runs the command that stores it. The last command of a pipe
 * decides the exit code of the pipe, and a check in the middle would not keep the last command from storing
 * an empty value.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SecretRefused } from './secret-value.ts';

const placeholder = '{file}';

/** Ctrl-C ends the command, and this program only after it has removed the file. */
const outliveSignals = (): void => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
};

/**
 * Runs the command. `{file}` in an argument of it is the path of a file that holds the secret as JSON, that
 * only this user may read, and that is removed when the command has ended: not every system has /dev/stdin.
 * @returns the command's exit code
 * @throws SecretRefused when no argument has `{file}`, or the command cannot be run
 */
export const storeSecret = (value: string, command: string, given: readonly string[]): number => {
  if (!given.some((argument) => argument.includes(placeholder)))
    throw new SecretRefused(`No argument of ${command} has ${placeholder} for the file. Nothing was stored.`);
  outliveSignals();
  const folder = mkdtempSync(join(tmpdir(), 'insights-connector-secret-'));
  try {
    const file = join(folder, 'value.json');
    writeFileSync(file, value, { mode: 0o600 });
    const { error, status } = spawnSync(
      command,
      given.map((argument) => argument.replaceAll(placeholder, file)),
      { stdio: ['ignore', 'inherit', 'inherit'] },
    );
    if (error) throw new SecretRefused(`${command} could not be run (${error.message}). Nothing was stored.`);
    return status ?? 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
