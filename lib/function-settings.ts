import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Configuration, functionSettingKeys } from '../config/schema.ts';

/** The name of the settings file beside each `index.mjs`. */
export const settingsFile = 'settings.json';

/** Puts what the configuration says to the functions beside a bundle, where its function reads it. */
export const writeSettings = (directory: string, configuration: Configuration): void => {
  const settings = Object.fromEntries(functionSettingKeys.map((key) => [key, configuration[key]]));
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, settingsFile), `${JSON.stringify(settings, null, 2)}\n`);
};
