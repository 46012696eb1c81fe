/** The template that a run is made from, and the folders of its functions. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Configuration } from '../config/schema.ts';
import type { CleanUp } from './clean-up.ts';
import type { Template } from './template/template.ts';

/** A synthesised template and the folders of its functions. */
export interface Synthesised {
  readonly template: Template;
  readonly assets: ReadonlyMap<string, string>;
}

/**
 * Makes the functions and synthesises the app, both in this process.
 * @param directory where the bundles are written
 */
export const synthesiseLocally = async (
  configuration: Configuration,
  directory: string,
): Promise<Synthesised> => {
  const { makeFunctions } = await import('../lib/function-code.ts');
  const [{ synthesise }] = await Promise.all([
    import('./synthesise.ts'),
    makeFunctions(configuration, directory),
  ]);
  return synthesise({
    configuration,
    source: 'the configuration of the local run',
    isExample: true,
    functionsDir: directory,
  });
};

/**
 * Bundles into a new folder, so that two runs do not affect each other.
 * @param parent where that folder is made; where the system keeps temporary files by default
 */
export const synthesiseTemporarily = async (
  configuration: Configuration,
  ending: CleanUp,
  parent: string = tmpdir(),
): Promise<Synthesised> => {
  const directory = await mkdtemp(join(parent, 'insights-connector-'));
  ending.add(() => rm(directory, { recursive: true, force: true }));
  return synthesiseLocally(configuration, directory);
};
