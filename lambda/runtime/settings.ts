import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { StoredSettings } from '../../config/schema.ts';
import type { EnvironmentName } from '../functions.ts';
import { ConnectorError } from './errors.ts';

/**
 * What the configuration says to this function. The build checked it and put it beside the bundle, so it is not
 * checked again here.
 * @throws ConnectorError SettingsInvalid, which ends the function's start, when the file is not there or no
 * JSON
 */
export const readSettings = <Settings extends object = StoredSettings>(
  file: URL = new URL('./settings.json', import.meta.url),
): Settings => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Settings;
  } catch (cause) {
    throw new ConnectorError(
      'SettingsInvalid',
      `${fileURLToPath(file)} cannot be read. The build puts it next to the bundle: run "npm run build" and deploy its output unchanged.`,
      { cause },
    );
  }
};

/** Of a part that a deployment may have or not; undefined where it has not. */
export const environmentIfSet = (name: EnvironmentName): string | undefined => process.env[name] || undefined;

/**
 * @throws ConnectorError SettingsInvalid, which ends the function's start, when the variable is not set or
 * empty
 */
export const environment = (
  name: EnvironmentName,
  variables: Readonly<Record<string, string | undefined>> = process.env,
): string => {
  const value = variables[name];
  if (value === undefined || value === '')
    throw new ConnectorError(
      'SettingsInvalid',
      `The environment variable ${name} is not set. The stack sets it for each function that needs it; deploy the stack again.`,
    );
  return value;
};
