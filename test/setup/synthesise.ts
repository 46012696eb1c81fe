/** Bundles and synthesises once for all end-to-end suites. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { localConfiguration, synthesiseLocally } from '../../local/system.ts';
import type { Template } from '../../local/template/template.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    synthesised: { readonly template: Template; readonly assets: readonly (readonly [string, string])[] };
  }
}

export default async function setup(project: TestProject) {
  const directory = await mkdtemp(join(tmpdir(), 'insights-connector-test-'));
  const { template, assets } = await synthesiseLocally(localConfiguration, directory);
  project.provide('synthesised', { template, assets: [...assets] });
  return () => rm(directory, { recursive: true, force: true });
}
