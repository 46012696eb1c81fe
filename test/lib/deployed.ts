/** Templates of deployments, for tests that look at what an option makes of them. */
import { checkConfiguration } from '../../config/check.ts';
import { exampleConfiguration } from '../../config/example.ts';
import { synthesise } from '../../local/synthesise.ts';
import type { Properties, Template } from '../../local/template/template.ts';

/** The example's values without those that depend on a preset. */
const { preset: _, logs: __, monitoring: ___, updates: ____, ...given } = exampleConfiguration;

/** @param functionsDir a folder of stand-ins for the functions */
export const deployOptions = (functionsDir: string, changes: object) => ({
  configuration: checkConfiguration({ ...given, ...changes }, 'the test'),
  source: 'the test',
  isExample: false,
  functionsDir,
  mode: 'deploy' as const,
  validate: false,
});

export const deployedTemplate = (functionsDir: string, changes: object): Template =>
  synthesise(deployOptions(functionsDir, changes)).template;

export const resourcesOf = ({ Resources }: Template, type: string): readonly Properties[] =>
  Object.values(Resources).flatMap(({ Type, Properties: properties = {} }) =>
    Type === type ? [properties] : [],
  );
