/**
 * What is pinned: names and forms that outlive a version of the program, because they are stored, sent or typed in by somebody
 * outside. The expected values lie beside the tests as JSON and were written once, by `test/pins/record.ts`. They are changed by
 * hand only, together with what makes the change harmless to those who have the old value.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkConfiguration } from '../../config/check.ts';
import type { Configuration } from '../../config/schema.ts';

/** Where the expected values lie. */
export const pinsDirectory = import.meta.dirname;

/** @param file below test/pins */
export const pinned = (file: string): unknown =>
  JSON.parse(readFileSync(join(pinsDirectory, file), 'utf8')) as unknown;

/** The configuration that all expected values are of; it must stay a valid one. */
export const pinnedConfiguration: Configuration = checkConfiguration(
  pinned('configuration.json'),
  'the configuration of the pins',
);
