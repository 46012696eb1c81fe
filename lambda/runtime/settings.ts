import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Configuration } from '../../config/schema.ts';
import type { EnvironmentName } from '../functions.ts';

/** A function that was deployed without something it needs; it ends the function's start. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/**
 * The configuration of the deployment. The build checked it and put it beside the bundle, so it is not checked again here.
 * @throws SettingsError when the file is not there or no JSON
 */
export function readSettings(file: URL = new URL('./settings.json', import.meta.url)): Configuration {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Configuration;
  } catch (cause) {
    throw new SettingsError(
      `${fileURLToPath(file)} cannot be read. The build puts it beside the bundle: run "npm run build" and deploy its output unchanged.`,
      { cause },
    );
  }
}

/** @throws SettingsError when the variable is not set or empty */
export function environment(
  name: EnvironmentName,
  variables: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const value = variables[name];
  if (value === undefined || value === '')
    throw new SettingsError(
      `The environment variable ${name} is not set. The stack sets it for each function that needs it; deploy the stack again.`,
    );
  return value;
}
