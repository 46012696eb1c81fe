import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Configuration,
  functionSettingKeys,
  type InstanceRowsSettings,
  type StoredSettings,
} from '../config/schema.ts';
import type { FunctionName } from '../lambda/functions.ts';

/** The name of the settings file beside each `index.mjs`. */
export const settingsFile = 'settings.json';

const settingsOf = (
  name: FunctionName,
  configuration: Configuration,
): StoredSettings | InstanceRowsSettings => {
  if (name === 'instance-rows') return { instances: configuration.instances };
  const settings = functionSettingKeys.map((key) => [key, configuration[key]] as const);
  return Object.fromEntries(settings) as unknown as StoredSettings;
};

/**
 * Puts what the configuration says to a function beside its bundle, where it reads it.
 * @param directory holds one folder per function
 */
export const writeSettings = (directory: string, name: FunctionName, configuration: Configuration): void => {
  const folder = join(directory, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, settingsFile), `${JSON.stringify(settingsOf(name, configuration), null, 2)}\n`);
};
