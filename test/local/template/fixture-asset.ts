import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface FixtureAssets {
  /** The folder that holds them. */
  readonly root: string;
  /** Writes a bundle under an asset key. */
  add(assetKey: string, source: string): void;
  directory(assetKey: string): string | undefined;
  remove(): void;
}

/** Small bundles for tests, in a folder of their own. */
export const fixtureAssets = (): FixtureAssets => {
  const root = mkdtempSync(join(tmpdir(), 'template-test-'));
  const known = new Map<string, string>();
  return {
    root,
    add(assetKey, source) {
      const directory = join(root, assetKey);
      mkdirSync(directory, { recursive: true });
      writeFileSync(join(directory, 'index.mjs'), source);
      known.set(assetKey, directory);
    },
    directory: (assetKey) => known.get(assetKey),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
};

/** The bundle of a function that answers CloudFormation. @param answer as JavaScript, of `event` */
export const answeringFunction = (answer = "{ Status: 'SUCCESS' }"): string => `
export const handler = async (event) => {
  await fetch(event.ResponseURL, { method: 'PUT', body: JSON.stringify(${answer}) });
};`;
