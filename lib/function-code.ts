/**
 * The folders of the functions as they are uploaded: the code, which is the same everywhere, and the
 * configuration beside it.
 */
import { cpSync, existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Configuration } from '../config/schema.ts';
import { functionNames } from '../lambda/functions.ts';
import { writeSettings } from './function-settings.ts';

/** Folder of the bundles in the package; a clone does not have it and bundles the functions. */
const shippedFunctions = fileURLToPath(new URL('../functions', import.meta.url));

/**
 * Copies the bundles of the package to `outDir`, which is emptied, and writes the configuration beside them.
 * @throws Error in a clone without bundles
 */
export const copyFunctions = (configuration: Configuration, outDir: string): void => {
  if (!existsSync(shippedFunctions))
    throw new Error(
      'A clone has no bundled functions. Bundle them with `bundleFunctions` of lib/bundle.ts and give their folder as `functionsDir`, as bin/commands/app.ts does.',
    );
  rmSync(outDir, { recursive: true, force: true });
  cpSync(shippedFunctions, outDir, { recursive: true });
  for (const name of functionNames) writeSettings(outDir, name, configuration);
};

/**
 * Bundles the functions of a clone into `dist/functions`.
 * @returns that folder; undefined in the package, where the stack copies its bundles
 */
export const bundleInClone = async (configuration: Configuration): Promise<string | undefined> => {
  if (existsSync(shippedFunctions)) return undefined;
  const { bundleFunctions, defaultFunctionsDirectory } = await import('./bundle.ts');
  await bundleFunctions({ configuration, outDir: defaultFunctionsDirectory });
  return defaultFunctionsDirectory;
};

/**
 * Puts the functions into `outDir`, which is emptied: copied where the package has them, else bundled from
 * the sources.
 */
export const makeFunctions = async (configuration: Configuration, outDir: string): Promise<void> => {
  if (existsSync(shippedFunctions)) return copyFunctions(configuration, outDir);
  const { bundleFunctions } = await import('./bundle.ts');
  await bundleFunctions({ configuration, outDir });
};

/** Ends the bundler's own process, which keeps 80 MB; nothing in the package. A later bundle starts it again. */
export const endBundler = async (): Promise<void> => {
  if (existsSync(shippedFunctions)) return;
  const { stop } = await import('esbuild');
  await stop();
};
