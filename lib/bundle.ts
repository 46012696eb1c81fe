import { cp, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import type { Configuration } from '../config/schema.ts';
import { packageVersion } from '../config/this-package.ts';
import { type FunctionName, functionNames } from '../lambda/functions.ts';
import { builtInModules, contractFormats, contractRoutes, contractValidators } from './bundle-plugins.ts';
import { buildConsole } from './console-pages.ts';
import { writeSettings } from './function-settings.ts';

export const projectDirectory = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** Folder of the bundles for the command line and the CDK app, relative to the project. */
export const defaultFunctionsDirectory = join(projectDirectory, 'dist/functions');

export interface BundledFunction {
  /** Folder with `index.mjs` and `settings.json`, which is uploaded. */
  readonly directory: string;
  /** Size of `index.mjs`, minified. */
  readonly bytes: number;
  /** Names of the npm packages that some of its code is from, sorted. */
  readonly packages: readonly string[];
}

const unusedImport = '@smithy/core/event-streams';

/** The options that all functions are bundled with. */
export const bundleOptions = {
  absWorkingDir: projectDirectory,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  mainFields: ['module', 'main'],
  legalComments: 'none',
  charset: 'utf8',
  logLevel: 'silent',
  // A module that no function uses imports it when it is called. esbuild would make each module that both share one that
  // is loaded later, and keep it whole.
  external: [unusedImport],
  plugins: [
    contractValidators(projectDirectory),
    contractFormats(projectDirectory),
    contractRoutes(projectDirectory),
    builtInModules,
  ],
} as const satisfies BuildOptions;

const packagesOf = (metafile: Metafile, output: string): readonly string[] => {
  const inputs = Object.entries(metafile.outputs[output]?.inputs ?? {});
  const names = inputs.flatMap(([file, { bytesInOutput }]) => {
    const name = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*\/node_modules\/)/.exec(file)?.[1];
    return name === undefined || bytesInOutput === 0 ? [] : [name];
  });
  return [...new Set(names)].sort();
};

/** @throws Error when the bundle imports what is not uploaded with it */
const refuseMissing = (metafile: Metafile, output: string): void => {
  const missing = metafile.outputs[output]?.imports.find(({ path }) => path === unusedImport);
  if (missing)
    throw new Error(
      `${output} uses ${unusedImport}, which lib/bundle.ts leaves out; take it out of "external" there.`,
    );
};

/** The package as a bundle knows it: its version, and as its folder that of the bundle. */
const thisPackage: Plugin = {
  name: 'this-package',
  setup({ onLoad }) {
    onLoad({ filter: /config[\\/]this-package\.ts$/ }, () => ({
      contents: `export const packageVersion = ${JSON.stringify(packageVersion)};
export const packageDirectory = import.meta.dirname;`,
      loader: 'js',
    }));
  },
};

/** What makes the files to import, as a module beside the pages of the console, with the icon that it puts into them. */
const buildDownloads = async (outDir: string): Promise<void> => {
  await build({
    ...bundleOptions,
    plugins: [thisPackage],
    entryPoints: [{ in: join(projectDirectory, 'flows/packages/downloads.ts'), out: 'downloads' }],
    outdir: outDir,
  });
  await cp(join(projectDirectory, 'connector/icon.png'), join(outDir, 'connector/icon.png'));
};

/**
 * Bundles every function, each into `<outDir>/<function>/index.mjs` with the checked configuration as
 * `settings.json` beside it. One esbuild call for all; `outDir` is emptied first, so that no stale file is
 * uploaded.
 *
 * Packages are bundled through their module entry points, which are smaller and faster to import. AWS is called without
 * its SDK (lambda/runtime/aws-client.ts).
 *
 * @param options.configuration omitted for the package, which gets it at the deployment
 * @param options.sourceRoot holds one folder per function with an `index.ts` that exports `handler`
 * @throws esbuild's BuildFailure, whose message names file and line
 */
export const bundleFunctions = async (options: {
  readonly configuration?: Configuration;
  readonly outDir?: string;
  readonly sourceRoot?: string;
}): Promise<Readonly<Record<FunctionName, BundledFunction>>> => {
  const outDir = options.outDir ?? defaultFunctionsDirectory;
  const sourceRoot = options.sourceRoot ?? join(projectDirectory, 'lambda');
  await rm(outDir, { recursive: true, force: true });
  const { metafile } = await build({
    ...bundleOptions,
    plugins: [...bundleOptions.plugins],
    entryPoints: functionNames.map((name) => ({
      in: join(sourceRoot, name, 'index.ts'),
      out: `${name}/index`,
    })),
    outdir: outDir,
    metafile: true,
  });
  await buildConsole(join(outDir, 'console', 'assets'));
  await buildDownloads(join(outDir, 'console', 'assets'));
  const bundled = await Promise.all(
    functionNames.map(async (name) => {
      const directory = join(outDir, name);
      if (options.configuration !== undefined) writeSettings(outDir, name, options.configuration);
      const file = join(directory, 'index.mjs');
      const output = relative(projectDirectory, file);
      refuseMissing(metafile, output);
      const { size } = await stat(file);
      const packages = packagesOf(metafile, output);
      return [name, { directory, bytes: size, packages }] as const;
    }),
  );
  return Object.fromEntries(bundled) as Record<FunctionName, BundledFunction>;
};
