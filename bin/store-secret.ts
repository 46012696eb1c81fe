/**
 * Checks a secret that comes in on standard input and only then runs the command that stores it: the end of a pipe decides
 * its exit code, and a check in the middle would not keep that end from storing an empty value.
 *
 *     <what prints the value> | node --import tsx bin/store-secret.ts <api|instance> <command> [argument…]
 *
 * `{file}` in an argument of the command stands for a file that holds the secret as JSON, that only this user may read, and that is
 * removed when the command has ended: not every system has /dev/stdin. Ends with the command's exit code, or 1 when the value is refused.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { readKind, SecretRefused, secretValue } from './operator/secret-value.ts';

const placeholder = '{file}';

/** Ctrl-C ends the command, and this program only after it has removed the file. */
const outliveSignals = (): void => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
};

/** @returns the command's exit code */
const store = (value: string, command: string, given: readonly string[]): number => {
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

const [kind, command, ...given] = process.argv.slice(2);
try {
  const checked = secretValue(readKind(kind), await text(process.stdin));
  if (command === undefined)
    throw new SecretRefused('The command that stores the secret is missing. Nothing was stored.');
  process.exitCode = store(checked, command, given);
} catch (error) {
  if (!(error instanceof SecretRefused)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
