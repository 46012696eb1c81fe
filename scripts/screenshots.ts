/** Copies the screenshots of the documentation from those that the browser tests have taken: `npm run screenshots`. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageDirectory } from '../config/this-package.ts';

/** Of `dist/screenshots`: page, theme and width. */
const shown = [
  'destinations-light-1280',
  'subscription-dark-1280',
  'deliveries-light-1280',
  'local-run-dark-1280',
] as const;

const target = join(packageDirectory, 'docs/images');
mkdirSync(target, { recursive: true });
for (const name of shown)
  copyFileSync(
    join(packageDirectory, 'dist/screenshots', `${name}.png`),
    join(target, `console-${name.replace(/-(light|dark)-1280$/, '')}.png`),
  );
