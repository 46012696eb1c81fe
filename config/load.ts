import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigurationError, checkConfiguration } from './check.ts';
import { exampleConfiguration } from './example.ts';
import type { Configuration } from './schema.ts';

/** Where the configuration is looked for when nothing else is said; relative to the working directory. */
export const defaultConfigurationFile = 'insights-connector.json';

export interface LoadedConfiguration {
  readonly configuration: Configuration;
  /** What it came from, for messages. */
  readonly source: string;
  /** Whether these are the embedded example values, which cannot be deployed. */
  readonly isExample: boolean;
}

/**
 * Reads the configuration: the file given, else the one that INSIGHTS_CONNECTOR_CONFIG names, else
 * `insights-connector.json` in the working directory, else the embedded example values.
 * @throws ConfigurationError when the file is absent though named, is no JSON, or has wrong values
 */
export const loadConfiguration = (
  file: string | undefined = process.env.INSIGHTS_CONNECTOR_CONFIG,
  directory: string = process.cwd(),
): LoadedConfiguration => {
  const path = resolve(directory, file ?? defaultConfigurationFile);
  if (!existsSync(path)) {
    if (file !== undefined)
      throw new ConfigurationError(path, [
        `there is no such file. Copy config/insights-connector.example.json to it and fill it in.`,
      ]);
    return {
      configuration: exampleConfiguration,
      source: 'the embedded example configuration',
      isExample: true,
    };
  }
  let values: unknown;
  try {
    values = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new ConfigurationError(path, [
      `it is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`,
    ]);
  }
  return { configuration: checkConfiguration(values, path), source: path, isExample: false };
};
