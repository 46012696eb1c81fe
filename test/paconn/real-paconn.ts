/** The real paconn, installed into a virtual environment of Python once. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';

const version = '0.0.21';
const root = new URL('../..', import.meta.url).pathname;
const home = join(root, 'node_modules/.cache/paconn');
const binary = (name: string): string =>
  process.platform === 'win32' ? join(home, 'Scripts', `${name}.exe`) : join(home, 'bin', name);

interface Ended {
  readonly code: number;
  readonly text: string;
}

export const runProgram = (
  program: string,
  given: readonly string[],
  cwd: string,
  env = process.env,
): Promise<Ended> =>
  new Promise((done) => {
    const child = execFile(program, [...given], { cwd, env }, (failure, out, error) =>
      done({ code: failure === null ? 0 : Number(failure.code ?? 1), text: `${out}${error}` }),
    );
    child.stdin?.end();
  });

/** @returns its path */
export const realPaconn = async (): Promise<string> => {
  const paconn = binary('paconn');
  if (!existsSync(paconn)) {
    mkdirSync(home, { recursive: true });
    const made = await runProgram('python3', ['-m', 'venv', home], root);
    expect(made, made.text).toMatchObject({ code: 0 });
    const installed = await runProgram(binary('pip'), ['install', '--quiet', `paconn==${version}`], root);
    expect(installed, installed.text).toMatchObject({ code: 0 });
  }
  return paconn;
};

/** Leaves a token in a home folder, as `paconn login` does; the stub takes any. */
export const signIn = (folder: string): void => {
  mkdirSync(join(folder, '.paconn'), { recursive: true });
  writeFileSync(
    join(folder, '.paconn/accessTokens.json'),
    JSON.stringify({
      access_token: 'stub',
      token_type: 'Bearer',
      expires_on: 4_102_444_800,
      oid: 'operator',
    }),
  );
};
