/** The package, packed and installed by npm into an empty folder, and called without the programs of the clone. */
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
/** What a user installs beside it, in the versions of the clone. */
export const peers = ['aws-cdk-lib', 'constructs'].map((name) => `${name}@${manifest.devDependencies[name]}`);
export const cdk = `aws-cdk@${manifest.devDependencies['aws-cdk']}`;

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** With the Node.js of this process in front of any other. */
export const outsideTheClone = (): NodeJS.ProcessEnv => {
  const others = (process.env.PATH ?? '').split(delimiter).filter((part) => !part.includes('node_modules'));
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|INIT_CWD$|INSIGHTS_|CUSTOMER_INSIGHTS)/.test(name),
  );
  return { ...Object.fromEntries(kept), PATH: [dirname(process.execPath), ...others].join(delimiter) };
};

export const run = (folder: string, program: string, ...given: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const options = { cwd: folder, env: outsideTheClone(), maxBuffer: 64 * 1024 * 1024 };
    execFile(program, given, options, (failure, out, error) =>
      resolve({ code: failure === null ? 0 : Number(failure.code ?? 1), out, error }),
    );
  });

export const done = async (ended: Promise<Ended>): Promise<Ended> => {
  const all = await ended;
  expect(all, all.error).toMatchObject({ code: 0 });
  return all;
};

/** @returns the path of the tarball, in an empty folder */
export const pack = async (folder: string): Promise<string> => {
  await done(run(root, 'npm', 'pack', '--pack-destination', folder));
  const [file = ''] = readdirSync(folder);
  return join(folder, file);
};

const quiet = ['--no-fund', '--no-audit', '--prefer-offline', '--loglevel=error'];

/** @returns the folder, which is made */
export const installInto = async (
  folder: string,
  tarball: string,
  ...given: readonly string[]
): Promise<string> => {
  mkdirSync(folder);
  await done(run(folder, 'npm', 'install', ...quiet, tarball, ...given));
  return folder;
};
