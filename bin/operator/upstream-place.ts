/** Where the tenant, Customer Insights and the secrets of a deployment are, in AWS or in a local run. */
import { existsSync } from 'node:fs';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { exampleConfiguration } from '../../config/example.ts';
import { addedKeysPrefix } from '../../config/instance-keys.ts';
import { loadConfiguration, noConfiguration } from '../../config/load.ts';
import { addedKeysOutput, type LocalServices } from '../../config/operator-outputs.ts';
import { clouds } from '../../config/presets.ts';
import type { Configuration } from '../../config/schema.ts';
import { hasCode } from '../../lambda/runtime/errors.ts';
import { type InstanceList, rowsOf, servedInstances } from '../../lambda/store/instances.ts';
import { type OptionValues, type Terminal, textOf, UsageError } from '../commands/command.ts';
import {
  type Deployment,
  type DeploymentPlace,
  openDeployment,
  readDeploymentPlace,
  serviceClient,
} from './deployment-place.ts';
import { NotThere, outputsFileOf } from './options.ts';
import { mustBeTriable } from './store-keys.ts';
import type { TrialPlace } from './stored-secrets.ts';

/** @param services of a local run; undefined for AWS */
export const upstreamPlace = (
  { tenantId, cloud, customerInsights }: Configuration,
  services: LocalServices | undefined,
): { readonly authority: string; readonly customerInsightsUrl: string } => ({
  authority: services?.authority ?? `https://${clouds[cloud].signIn}/${tenantId}/v2.0`,
  customerInsightsUrl: services?.customerInsights ?? customerInsights.url,
});

/** Region and credentials of the environment, or those of a local run. */
export const secretsClient = (services: LocalServices | undefined): SecretsManagerClient =>
  new SecretsManagerClient(services ? serviceClient(services, services.secretsManager) : {});

/** What the commands work on that store secrets. */
export interface OpenedUpstream {
  /** With the instances that the deployment serves, where there is one, and those of its next update. */
  readonly configuration: Configuration;
  readonly client: SecretsManagerClient;
  readonly place: TrialPlace;
}

/** Those of the configuration that have no row: the next deployment writes it. */
export const withoutRow = (
  list: InstanceList | undefined,
  configured: Configuration['instances'],
): Configuration['instances'] => {
  const known = new Set(list && rowsOf(list).map(({ id }) => id.toLowerCase()));
  return configured.filter(({ id }) => !known.has(id.toLowerCase()));
};

/**
 * The instances that are served, and those that are once their configuration is deployed.
 * @param note told that the state table cannot be read; they are those of the configuration then
 */
export const servedWith = async (
  place: DeploymentPlace,
  configured: Configuration['instances'],
  note: (text: string) => void,
): Promise<Configuration['instances']> => {
  const deployment = openDeployment(place);
  try {
    const list = await deployment.instances.list();
    return [...(list ? servedInstances(list) : []), ...withoutRow(list, configured)];
  } catch (error) {
    if (!hasCode(error, 'StoreUnavailable')) throw error;
    note('The state table could not be read, so the instances are those of the configuration.');
    return configured;
  } finally {
    deployment.close();
  }
};

/**
 * @param note takes warnings
 * @throws UsageError without a configuration
 */
export const openUpstream = async (
  values: OptionValues,
  note: (text: string) => void,
): Promise<OpenedUpstream> => {
  const outputs = await outputsFileOf(values);
  const given = values.outputs !== undefined || process.env.INSIGHTS_CONNECTOR_OUTPUTS !== undefined;
  // Secrets may be stored before the first deployment.
  const deployed = given || existsSync(outputs) ? readDeploymentPlace(outputs) : undefined;
  const services = deployed?.services;
  const file = textOf(values, 'config');
  const loaded = loadConfiguration(file);
  if (services === undefined && loaded.isExample) throw new UsageError(noConfiguration());
  const fromFile = services !== undefined && file === undefined ? exampleConfiguration : loaded.configuration;
  const instances = deployed ? await servedWith(deployed, fromFile.instances, note) : fromFile.instances;
  const configuration = { ...fromFile, instances };
  return {
    configuration,
    client: secretsClient(services),
    place: {
      configuration,
      ...upstreamPlace(configuration, services),
      now: Date.now,
      wait: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
    },
  };
};

/**
 * Opens what adding instances needs: the configuration, and where the keys of added instances are.
 * @throws NotThere, UsageError when keys cannot be stored so that the functions read them
 */
export const withKeys = async (
  {
    deployment,
    values,
    terminal,
  }: {
    readonly deployment: Pick<Deployment, 'place'>;
    readonly values: OptionValues;
    readonly terminal: Pick<Terminal, 'complain'>;
  },
  work: (opened: OpenedUpstream, prefix: string) => Promise<0 | 1>,
): Promise<0 | 1> => {
  const prefix = deployment.place.all[addedKeysOutput];
  if (prefix === undefined)
    throw new NotThere(
      'The functions of this deployment may read only the secrets of its configuration. Deploy this version once, and give the outputs of that deployment.',
    );
  const opened = await openUpstream(values, terminal.complain);
  try {
    const configured = addedKeysPrefix(opened.configuration);
    if (prefix !== configured)
      throw new UsageError(
        `The configuration is of another deployment: its instances have secrets that begin with ${configured}, those of the outputs with ${prefix}. Give the configuration and the outputs of one deployment.`,
      );
    mustBeTriable(opened.configuration, values.untried === true);
    return await work(opened, prefix);
  } finally {
    opened.client.destroy();
  }
};
