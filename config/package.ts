/** This package: where it lies, and its version. */
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

const require = createRequire(import.meta.url);

/** The folder with package.json: of the clone, or of the installed package, whose compiled code lies deeper. */
export const packageDirectory: string = dirname(require.resolve('#package.json'));

export const packageVersion: string = require('#package.json').version;

/** What a configuration is made from; as a person in this working directory would name it. */
export const exampleFile = (): string =>
  relative(process.cwd(), join(packageDirectory, 'config/insights-connector.example.json'));
