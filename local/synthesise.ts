import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type CreateAppOptions, createApp } from '../lib/app.ts';
import type { Template } from './template/template.ts';

export interface Synthesis {
  readonly template: Template;
  /** `Code.S3Key` of a function → the folder that would be uploaded under it. */
  readonly assets: ReadonlyMap<string, string>;
}

interface AssetManifest {
  readonly files: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path: string; readonly packaging: 'zip' | 'file' };
        readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>;
      }
    >
  >;
}

/** The account that the local run pretends to be in. */
export const localEnvironment = { account: '000000000000', region: 'eu-west-1' } as const;

/**
 * Synthesises the app in this process, for the local run and for tests: the template of a deployment, but for
 * one account and region, so that it holds no pseudo parameters but the partition and the URL suffix. Leaves
 * no files behind. Takes about 1 s after the library is loaded.
 */
export const synthesise = (
  options: Omit<CreateAppOptions, 'mode' | 'outDir'> & Partial<Pick<CreateAppOptions, 'mode'>>,
): Synthesis => {
  const outDir = mkdtempSync(join(tmpdir(), 'insights-connector-assembly-'));
  try {
    const { app, stack } = createApp({ env: localEnvironment, mode: 'local', ...options, outDir });
    app.synth();
    const read = (file: string) => JSON.parse(readFileSync(join(outDir, file), 'utf8')) as unknown;
    const { files } = read(`${stack.artifactId}.assets.json`) as AssetManifest;
    const folders = Object.values(files).filter(({ source }) => source.packaging === 'zip');
    return {
      template: read(`${stack.artifactId}.template.json`) as Template,
      assets: new Map(
        folders.flatMap(({ source, destinations }) =>
          Object.values(destinations).map(
            ({ objectKey }) => [objectKey, resolve(outDir, source.path)] as const,
          ),
        ),
      ),
    };
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
};
