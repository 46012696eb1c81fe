import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

let bundled: string | undefined;

/**
 * The worker's start-up for `new Worker`: the URL of the compiled module in the package; in a clone one
 * script, because a worker has no TypeScript loader. It is bundled once per process, and synchronously,
 * because that leaves no esbuild service behind.
 */
export const workerScript = (): URL | string => {
  if (import.meta.url.endsWith('.js')) return new URL('./worker.js', import.meta.url);
  bundled ??= bundle();
  return bundled;
};

const bundle = (): string => {
  const { buildSync }: typeof import('esbuild') = createRequire(import.meta.url)('esbuild');
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL('./worker.ts', import.meta.url))],
    bundle: true,
    write: false,
    platform: 'node',
    target: `node${process.versions.node}`,
    format: 'cjs',
    logLevel: 'silent',
  });
  const [script] = outputFiles;
  if (script === undefined) throw new Error('esbuild gave no output for local/runtime/worker.ts');
  return script.text;
};
