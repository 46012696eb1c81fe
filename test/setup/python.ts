/** Programs of Python, each set in a virtual environment that is made once, below node_modules. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';

const root = new URL('../..', import.meta.url).pathname;

export interface Ended {
  readonly code: number;
  /** What it printed, standard error last. */
  readonly text: string;
}

export const run = (
  program: string,
  given: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Ended> =>
  new Promise((done) => {
    const child = execFile(
      program,
      [...given],
      { cwd, env, maxBuffer: 64 * 1024 * 1024 },
      (failure, out, error) =>
        done({ code: failure === null ? 0 : Number(failure.code ?? 1), text: `${out}${error}` }),
    );
    child.stdin?.end();
  });

/**
 * Installs packages unless an earlier call has.
 * @param requirements as pip takes them, with exact versions
 * @returns the path of each program of the environment
 */
export const pythonPrograms = async (
  name: string,
  requirements: readonly string[],
): Promise<(program: string) => string> => {
  const home = join(root, 'node_modules/.cache', name);
  const programOf = (program: string): string =>
    process.platform === 'win32' ? join(home, 'Scripts', `${program}.exe`) : join(home, 'bin', program);
  const mark = join(home, 'installed.txt');
  if (!existsSync(mark)) {
    mkdirSync(home, { recursive: true });
    const made = await run('python3', ['-m', 'venv', home], root);
    expect(made, made.text).toMatchObject({ code: 0 });
    const installed = await run(programOf('pip'), ['install', '--quiet', ...requirements], root);
    expect(installed, installed.text).toMatchObject({ code: 0 });
    writeFileSync(mark, `${requirements.join('\n')}\n`);
  }
  return programOf;
};
