import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { functionNames } from '../../lambda/functions.ts';

/** A folder like the one that the bundles are written to, for tests that only make templates. */
export const createFunctionsFolder = (): { readonly path: string; readonly remove: () => void } => {
  const path = mkdtempSync(join(tmpdir(), 'insights-connector-functions-'));
  for (const name of functionNames) {
    mkdirSync(join(path, name));
    writeFileSync(join(path, name, 'index.mjs'), `export const handler = () => '${name}';\n`);
  }
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
};
