import { existsSync, readdirSync, readFileSync } from 'node:fs';
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
 * The values of a configuration file. Windows editors begin a file with a byte order mark.
 * @throws ConfigurationError with line and column when it is not JSON
 */
export const parseConfiguration = (content: string, source: string): unknown => {
  const text = content.replace(/^\ufeff/, '');
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message repeats the text, which may contain a secret.
    throw new ConfigurationError(source, [`it is not JSON: ${placeOf(text, jsonErrorIndex(text))}`]);
  }
};

/** Files of the folder whose names are almost that of the configuration. */
const almostNamed = (directory: string): readonly string[] =>
  readdirSync(directory).filter(
    (name) =>
      name !== defaultConfigurationFile &&
      /insight|conector|connector\.json/i.test(name) &&
      /\.json[c5]?$/.test(name) &&
      !/^(cdk|package|tsconfig)/.test(name),
  );

/** Why the embedded example values were taken, for commands that need real ones. */
export const noConfiguration = (directory: string = process.cwd()): string => {
  const almost = almostNamed(directory);
  return `There is no ${defaultConfigurationFile} here, so the embedded example values are used, which cannot be deployed.${almost.length === 0 ? ' `insights-connector init` writes one.' : ` Is ${almost.join(' or ')} meant? Rename it, or set INSIGHTS_CONNECTOR_CONFIG.`}`;
};

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
  const values = parseConfiguration(readFileSync(path, 'utf8'), path);
  return { configuration: checkConfiguration(values, path), source: path, isExample: false };
};
