import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Configuration } from '../config/schema.ts';

/** The name of the settings file beside each `index.mjs`. */
export const settingsFile = 'settings.json';

/** Puts the configuration beside a bundle, where its function reads it. */
export const writeSettings = (directory: string, configuration: Configuration): void => {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, settingsFile), `${JSON.stringify(configuration, null, 2)}\n`);
};
