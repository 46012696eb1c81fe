/** What a cold start loads, beside a bundle of a bare DynamoDB client that is made in the same way. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundleOptions } from '../../lib/bundle.ts';
import { interleave, medianRatio } from '../statistics/interleave.ts';
import { median } from '../statistics/median.ts';
import { bareClientPlugins } from './bare-client-plugins.ts';
import { importMs } from './import-time.ts';

/**
 * The client as esbuild bundles it, which is what a function gets that is made in the usual way; and trimmed, without what
 * it never uses in Lambda, which is the least that it can be.
 */
export type BareClientKind = 'usual' | 'trimmed';

const pluginsOf = { usual: [], trimmed: [...bareClientPlugins] } satisfies Record<BareClientKind, unknown>;

export interface ImportTimes {
  /** ms, in the order of the files. */
  readonly ms: readonly number[];
  /** Of the bare client. */
  readonly bareMs: number;
  /** To the bare client, in the order of the files. */
  readonly ratios: readonly number[];
}

export interface BareClient {
  /** @param files bundles; each is imported in a new process, in rounds that alternate */
  readonly importsBeside: (files: readonly string[], rounds: number) => Promise<ImportTimes>;
  readonly close: () => Promise<void>;
}

export const buildBareClient = async (kind: BareClientKind): Promise<BareClient> => {
  const directory = await mkdtemp(join(tmpdir(), 'insights-connector-start-'));
  await build({
    ...bundleOptions,
    plugins: pluginsOf[kind],
    entryPoints: [{ in: fileURLToPath(new URL('./bare-client.ts', import.meta.url)), out: 'index' }],
    outdir: directory,
  });
  const bareFile = join(directory, 'index.mjs');
  return {
    async importsBeside(files, rounds) {
      const all = [bareFile, ...files];
      // Once each, so that all are in the file system's cache.
      for (const file of all) importMs(file);
      const [bare = [], ...own] = await interleave(all, rounds, async (file) => importMs(file));
      return {
        ms: own.map(median),
        bareMs: median(bare),
        ratios: own.map((times) => medianRatio(times, bare, (ms) => ms)),
      };
    },
    close: () => rm(directory, { recursive: true, force: true }),
  };
};
