/** Builds the pages of the console: a script and a style, with hashes of their content in their names. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { packageDirectory, packageVersion } from '../config/this-package.ts';
import { consoleOperations } from '../connector/contract/console.ts';

/** `console:routes`: method and path of each operation. The pages need nothing else of the contract. */
const routes: Plugin = {
  name: 'console-routes',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^console:routes$/ }, ({ path }) => ({ path, namespace: 'console-routes' }));
    onLoad({ filter: /.*/, namespace: 'console-routes' }, () => ({
      contents: `export const routes = ${JSON.stringify(
        Object.fromEntries(
          consoleOperations.map(({ operationId, method, path }) => [operationId, [method, path]]),
        ),
      )};`,
      loader: 'js',
    }));
  },
};

const options = {
  absWorkingDir: packageDirectory,
  bundle: true,
  minify: true,
  platform: 'browser',
  // What `light-dark()` of the style needs, too.
  target: ['chrome123', 'firefox120', 'safari17.5'],
  format: 'esm',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
  charset: 'utf8',
  logLevel: 'silent',
  metafile: true,
  plugins: [routes],
} as const satisfies BuildOptions;

/** Sizes of the pages' files, bytes. */
export interface ConsoleSizes {
  readonly script: number;
  readonly style: number;
  /** What a first load transfers, both compressed with Brotli. */
  readonly compressed: number;
}

/**
 * @param outDir gets both files, each also compressed, and `manifest.json`, which names them
 * @throws esbuild's BuildFailure, whose message names file and line
 */
export const buildConsole = async (outDir: string): Promise<ConsoleSizes> => {
  const { metafile } = await build({
    ...options,
    plugins: [...options.plugins],
    target: [...options.target],
    entryPoints: ['console/main.tsx'],
    entryNames: '[name]-[hash]',
    outdir: outDir,
  });
  mkdirSync(outDir, { recursive: true });
  const named = (ending: string): string => {
    const path = Object.keys(metafile.outputs).find((output) => output.endsWith(ending));
    if (path === undefined) throw new Error(`The console has no file with the ending ${ending}.`);
    return basename(path);
  };
  const files = { script: named('.js'), style: named('.css') };
  const sizeOf = (name: string) => {
    const content = readFileSync(join(outDir, name));
    const brotli = brotliCompressSync(content, {
      params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
    });
    writeFileSync(join(outDir, `${name}.br`), brotli);
    writeFileSync(join(outDir, `${name}.gzip`), gzipSync(content, { level: 9 }));
    return { plain: content.length, compressed: brotli.length };
  };
  const [script, style] = [sizeOf(files.script), sizeOf(files.style)];
  writeFileSync(
    join(outDir, 'manifest.json'),
    `${JSON.stringify({ version: packageVersion, ...files }, null, 2)}\n`,
  );
  return { script: script.plain, style: style.plain, compressed: script.compressed + style.compressed };
};
