/** This package: its folder and its version. */
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

const require = createRequire(import.meta.url);

/**
 * The folder with package.json: of the clone, or of the installed package, whose compiled code is in a deeper
 * folder.
 */
export const packageDirectory: string = dirname(require.resolve('#package.json'));

type Versions = Readonly<Record<string, string>>;

const manifest: {
  readonly version: string;
  readonly optionalDependencies: Versions;
  readonly peerDependencies: Versions;
  readonly devDependencies: Versions;
} = require('#package.json');

export const packageVersion = manifest.version;

/**
 * The command that installs a package which an installation of this one may lack: a peer, an optional
 * package, or one of the clone only.
 * @returns undefined for any other package
 */
export const installCommand = (name: string): string | undefined => {
  const { optionalDependencies, peerDependencies, devDependencies } = manifest;
  const version = peerDependencies[name] ?? optionalDependencies[name] ?? devDependencies[name];
  return version === undefined ? undefined : `npm install --save-dev "${name}@${version}"`;
};

/** The path of the example configuration, relative to this working directory where possible. */
export const exampleFile = (): string =>
  relative(process.cwd(), join(packageDirectory, 'config/insights-connector.example.json'));
