/** The release before this one. An operator comes from it, and goes back to it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Synthesised } from '../../local/system.ts';
import { extractCommit, linkPackages, missingCommit, runInSources } from '../../scripts/commit-sources.ts';

/** 0.1.0. */
export const predecessor = '6b29f0e';

/** Whether its sources are there; prints why not. @param what is left out then */
export const predecessorIsHere = (what: string): boolean => {
  const reason = missingCommit(predecessor);
  if (reason !== undefined) console.log(`Skipped: ${what}. ${reason}`);
  return reason === undefined;
};

/** Its sources with the packages of this clone: it needs no others. */
export const extractPredecessor = (folder: string): void => {
  extractCommit(predecessor, folder);
  linkPackages(folder);
};

interface Current {
  readonly tenantId: string;
  readonly applications: {
    readonly connector: { readonly clientId: string };
    readonly api: { readonly clientId: string; readonly secretName?: string };
  };
  readonly instances: readonly { readonly id: string; readonly name: string; readonly secretName: string }[];
  readonly limit: object;
  readonly connector: object;
  readonly callbacks?: object;
}

const textsOfPredecessor = ['host', 'publisher', 'contact', 'website', 'privacyPolicy'];

/** What the predecessor knows of a configuration, with its names. */
export const asPredecessorNames = ({
  tenantId,
  applications: { connector: registration, api },
  instances,
  limit,
  connector,
  callbacks,
}: Current) => ({
  tenantId,
  applications: { connector: registration, api: { clientId: api.clientId, secret: api.secretName } },
  instances: instances.map(({ id, name, secretName }) => ({ id, name, secret: secretName })),
  limit,
  connector: Object.fromEntries(
    Object.entries(connector).filter(
      ([key, value]) => textsOfPredecessor.includes(key) && value !== undefined,
    ),
  ),
  ...(callbacks && { callbacks }),
});

const script = (configurationFile: string, functionsDir: string) => `
import { readFileSync } from 'node:fs';
const { synthesiseLocally } = await at('local/synthesised.ts');
const { checkConfiguration } = await at('config/check.ts');
const configuration = checkConfiguration(
  JSON.parse(readFileSync(${JSON.stringify(configurationFile)}, 'utf8')),
  'the configuration of the predecessor',
);
const { template, assets } = await synthesiseLocally(configuration, ${JSON.stringify(functionsDir)});
console.log(JSON.stringify({ template, assets: [...assets] }));
`;

/**
 * Its template and bundles, made by its own sources in a process of its own.
 * @param folder an empty one, which holds the bundles as long as they run
 * @param configuration with the names of the predecessor
 */
export const synthesisePredecessor = (folder: string, configuration: object): Synthesised => {
  const sources = join(folder, predecessor);
  extractPredecessor(sources);
  const file = join(folder, 'configuration.json');
  writeFileSync(file, JSON.stringify(configuration));
  const output = runInSources(sources, script(file, join(folder, 'functions')));
  const { template, assets } = JSON.parse(output) as {
    readonly template: Synthesised['template'];
    readonly assets: readonly (readonly [string, string])[];
  };
  return { template, assets: new Map(assets) };
};
