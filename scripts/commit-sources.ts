/** Other commits of this repository: benchmarks and tests run them beside the working tree. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const repository = fileURLToPath(new URL('..', import.meta.url));

/** @throws Error of git, also where there is none */
export const gitIn = (folder: string, ...words: readonly string[]): string =>
  execFileSync('git', words, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
export const git = (...words: readonly string[]): string => gitIn(repository, ...words);

/** Why a commit cannot be run: neither a shallow clone nor an unpacked archive has it. Undefined where it can. */
export const missingCommit = (commit: string): string | undefined => {
  try {
    git('cat-file', '-e', `${commit}^{commit}`);
    return undefined;
  } catch {
    return `${commit} is not in the history of this folder: it is a shallow clone (git fetch --unshallow), or no clone.`;
  }
};

const mostBytes = 256 * 1024 * 1024;

/**
 * Writes the files of a commit into a folder, which is made.
 * @param paths folders or files of it; everything by default
 * @throws Error of git or tar
 */
export const extractCommit = (commit: string, folder: string, ...paths: readonly string[]): void => {
  mkdirSync(folder, { recursive: true });
  const input = execFileSync('git', ['archive', commit, ...paths], {
    cwd: repository,
    maxBuffer: mostBytes,
  });
  execFileSync('tar', ['-x'], { cwd: folder, input });
};

/**
 * Runs a module, given as text, in the folder of other sources, with their tsx. It imports their files with `at('lib/bundle.ts')`.
 * @returns what it printed
 * @throws Error when it fails
 */
export const runInSources = (sources: string, module: string): string => {
  const tsx = pathToFileURL(join(sources, 'node_modules/tsx/dist/loader.mjs')).href;
  const at = `const at = (file) => import(${JSON.stringify('file://')} + process.cwd() + '/' + file);`;
  return execFileSync(
    process.execPath,
    ['--import', tsx, '--input-type=module', '--eval', `${at}\n${module}`],
    { cwd: sources, encoding: 'utf8', maxBuffer: mostBytes, stdio: ['ignore', 'pipe', 'inherit'] },
  );
};

/** Lets sources in another folder use the packages of this one. Only for commits that need no others. */
export const linkPackages = (folder: string): void =>
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'), 'junction');
