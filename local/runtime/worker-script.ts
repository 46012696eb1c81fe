import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

let built: string | undefined;

/**
 * The worker's start-up as one script for `new Worker(script, { eval: true })`. Built once per process, and
 * synchronously, because that leaves no esbuild service behind.
 */
export const workerScript = (): string => {
  built ??= build();
  return built;
};

const build = (): string => {
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL('./worker.ts', import.meta.url))],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'silent',
  });
  const [script] = outputFiles;
  if (script === undefined) throw new Error('esbuild gave no output for local/runtime/worker.ts');
  return script.text;
};
