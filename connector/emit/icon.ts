/** The icon of the connector. `npm run generate` draws it from connector/icon.svg. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageDirectory } from '../../config/this-package.ts';

/** Edge of the square, pixels. */
export const iconSize = 230;

/** @returns the bytes of a PNG */
export const readIcon = (): Uint8Array => readFileSync(join(packageDirectory, 'connector/icon.png'));
