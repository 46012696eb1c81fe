/** The bundled functions of this working tree, or of another commit in a folder of its own. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { extractCommit, git, gitIn, repository, runInSources } from '../../scripts/commit-sources.ts';

export interface BuiltFunction {
  /** Folder with `index.mjs` and `settings.json`. */
  readonly directory: string;
  /** Size of `index.mjs`. */
  readonly bytes: number;
}

export interface Build {
  /** Of what it was built, for tables. */
  readonly name: string;
  readonly functions: Readonly<Record<string, BuiltFunction>>;
  /** Removes everything that was made for it. */
  close(): Promise<void>;
}

/** Prints the folders and sizes of the bundles of the sources in the current folder. */
const script = (outDir: string) => `
const { bundleFunctions } = await at('lib/bundle.ts');
const { exampleConfiguration } = await at('config/example.ts');
const bundles = await bundleFunctions({ configuration: exampleConfiguration, outDir: ${JSON.stringify(outDir)} });
console.log(JSON.stringify(bundles));
`;

/** The receivers of the benchmark listen on loopback. */
const allowLoopback = (directory: string): void => {
  const file = join(directory, 'settings.json');
  const settings = JSON.parse(readFileSync(file, 'utf8')) as { callbacks?: object };
  const callbacks = { allowedHosts: [], ...settings.callbacks, allowLoopback: true };
  writeFileSync(file, JSON.stringify({ ...settings, callbacks }));
};

const bundle = (sources: string, outDir: string): Readonly<Record<string, BuiltFunction>> => {
  const output = runInSources(sources, script(outDir));
  const functions = JSON.parse(output) as Record<string, BuiltFunction>;
  for (const { directory } of Object.values(functions)) allowLoopback(directory);
  return functions;
};

/** The functions of the sources in this working tree. */
export const buildOwn = async (): Promise<Build> => {
  const outDir = await mkdtemp(join(tmpdir(), 'insights-connector-bench-'));
  return {
    name: 'this',
    functions: bundle(repository, join(outDir, 'functions')),
    close: () => rm(outDir, { recursive: true, force: true }),
  };
};

const isClone = (folder: string): boolean =>
  existsSync(folder) && statSync(folder).isDirectory() && existsSync(join(folder, 'node_modules'));

/**
 * The functions of another commit: its sources in a folder, with the packages that its own lock file names. The folder
 * is removed by `close`, and when anything fails.
 * @param commitOrFolder a commit, or the folder of a clone with its packages installed, which is left as it is
 * @throws Error of git or npm
 */
export const buildOther = async (commitOrFolder: string): Promise<Build> => {
  const outDir = await mkdtemp(join(tmpdir(), 'insights-connector-bench-'));
  const sources = isClone(commitOrFolder) ? resolve(commitOrFolder) : join(outDir, 'sources');
  const ours = sources.startsWith(outDir);
  const close = () => rm(outDir, { recursive: true, force: true });
  try {
    if (ours) {
      extractCommit(commitOrFolder, sources);
      process.stderr.write(`npm ci for ${commitOrFolder}\n`);
      execFileSync('npm', ['ci', '--no-fund', '--no-audit', '--silent'], { cwd: sources, stdio: 'inherit' });
    }
    const name = ours
      ? git('rev-parse', '--short', commitOrFolder)
      : gitIn(sources, 'rev-parse', '--short', 'HEAD');
    return { name, functions: bundle(sources, join(outDir, 'functions')), close };
  } catch (error) {
    await close();
    throw error;
  }
};
