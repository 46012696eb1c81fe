import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigurationError, checkConfiguration } from './check.ts';
import { exampleConfiguration } from './example.ts';
import { jsonErrorIndex } from './json-error.ts';
import type { Configuration } from './schema.ts';
import { exampleFile } from './this-package.ts';

/** The default file of the configuration, relative to the working directory. */
export const defaultConfigurationFile = 'insights-connector.json';

/** A place in a text, by line and column from 1. */
const placeOf = (text: string, index: number): string => {
  const lines = text.slice(0, index).split('\n');
  const place = `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
  return index >= text.length ? `it ends too early, in ${place}.` : `see ${place}.`;
};

export interface LoadedConfiguration {
  readonly configuration: Configuration;
  /** Its origin, for messages. */
  readonly source: string;
  /** Whether these are the embedded example values, which cannot be deployed. */
  readonly isExample: boolean;
}

/**
 * Reads the configuration: the file given, else the one that INSIGHTS_CONNECTOR_CONFIG names, else
 * `insights-connector.json` in the working directory, else the embedded example values.
 * @throws ConfigurationError when a named file is missing, is not JSON, or has wrong values
 */
export const loadConfiguration = (
  file: string | undefined = process.env.INSIGHTS_CONNECTOR_CONFIG,
  directory: string = process.cwd(),
): LoadedConfiguration => {
  const path = resolve(directory, file ?? defaultConfigurationFile);
  if (!existsSync(path)) {
    if (file !== undefined)
      throw new ConfigurationError(path, [
        `the file does not exist. Copy ${exampleFile()} to it and enter your values.`,
      ]);
    return {
      configuration: exampleConfiguration,
      source: 'embedded example configuration',
      isExample: true,
    };
  }
  // Windows editors begin a file with a byte order mark.
  const text = readFileSync(path, 'utf8').replace(/^\ufeff/, '');
  let values: unknown;
  try {
    values = JSON.parse(text);
  } catch {
    // The parser's own message repeats the text, which may contain a secret.
    throw new ConfigurationError(path, [`it is not JSON: ${placeOf(text, jsonErrorIndex(text))}`]);
  }
  return { configuration: checkConfiguration(values, path), source: path, isExample: false };
};
