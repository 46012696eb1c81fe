/** This package: where it lies, and its version. */
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

const require = createRequire(import.meta.url);

/** The folder with package.json: of the clone, or of the installed package, whose compiled code lies deeper. */
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
 * How to install a package that an installation of this one may lack: a peer, an optional one, or one of the clone only.
 * @returns undefined for any other
 */
export const installCommand = (name: string): string | undefined => {
  const { optionalDependencies, peerDependencies, devDependencies } = manifest;
  const version = peerDependencies[name] ?? optionalDependencies[name] ?? devDependencies[name];
  return version === undefined ? undefined : `npm install --save-dev "${name}@${version}"`;
};

/** What a configuration is made from; as a person in this working directory would name it. */
export const exampleFile = (): string =>
  relative(process.cwd(), join(packageDirectory, 'config/insights-connector.example.json'));
