/** The names of instances: in their rows, and in the configuration while a deployment has no rows. */
import { ConfigurationError } from '../../config/check.ts';
import { exampleConfiguration } from '../../config/example.ts';
import { addedKeysPrefix } from '../../config/instance-keys.ts';
import { loadConfiguration } from '../../config/load.ts';
import { addedKeysOutput } from '../../config/operator-outputs.ts';
import type { Configuration } from '../../config/schema.ts';
import { outputNames } from '../../connector/emit/outputs.ts';
import { rowsOf } from '../../lambda/store/instances.ts';
import { instanceNameOf } from '../../lambda/triggers/instance.ts';
import { type OptionValues, type Terminal, textOf, UsageError } from '../commands/command.ts';
import type { Deployment, DeploymentPlace } from './deployment-place.ts';

/** The name of the instance that a subscription is about, or of what takes its place. */
export const shownInstance = (names: ReadonlyMap<string, string>, instanceId: string): string | undefined =>
  names.get(instanceId.toLowerCase()) ?? instanceNameOf([], instanceId);

/** Whether a deployment was made from a configuration, as far as its outputs say. */
const isOf = ({ all }: DeploymentPlace, configuration: Configuration): boolean => {
  const [prefix, api] = [addedKeysPrefix(configuration), configuration.applications.api.clientId];
  return (
    (all[addedKeysOutput] ?? prefix) === prefix &&
    (all[outputNames.apiClientId] ?? api).toLowerCase() === api.toLowerCase()
  );
};

/**
 * The instances of the configuration at hand. One that is wrong, or of another deployment, does not keep an operator from
 * the deployment: it is told, and there are none.
 */
const configuredInstances = (
  values: OptionValues,
  place: DeploymentPlace,
  terminal: Terminal,
): Configuration['instances'] => {
  const file = textOf(values, 'config');
  if (place.services !== undefined && file === undefined) return exampleConfiguration.instances;
  try {
    const { configuration, isExample } = loadConfiguration(file);
    if (isExample) return [];
    if (isOf(place, configuration)) return configuration.instances;
    terminal.complain('The configuration is of another deployment, so it names no instances of this one.');
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationError) || file !== undefined) throw error;
    terminal.complain(
      `Instances are shown by their ids, because the configuration has no names for them.\n${error.message}`,
    );
    return [];
  }
};

/** Instance id in lower case → name: of the rows; of the configuration where an earlier release made the deployment. */
export const instanceNames = async (
  values: OptionValues,
  { instances, place }: Pick<Deployment, 'instances' | 'place'>,
  terminal: Terminal,
): Promise<ReadonlyMap<string, string>> => {
  const list = await instances.list();
  // Of removed ones too: their subscriptions stay visible.
  const named = list ? rowsOf(list) : configuredInstances(values, place, terminal);
  return new Map(named.map(({ id, name }) => [id.toLowerCase(), name]));
};

/**
 * The instance that an option names, by its id or its name.
 * @param known ids of the deployment
 * @throws UsageError that lists the instances
 */
export const chosenInstance = (
  given: string | undefined,
  known: readonly string[],
  names: ReadonlyMap<string, string>,
): string | undefined => {
  if (given === undefined) return undefined;
  const wanted = given.toLowerCase();
  const found = known.find(
    (id) => id.toLowerCase() === wanted || names.get(id.toLowerCase())?.toLowerCase() === wanted,
  );
  if (found !== undefined) return found;
  const list = known.map((id) => `${names.get(id.toLowerCase()) ?? ''} ${id}`.trim()).join(', ');
  throw new UsageError(`This deployment watches no instance "${given}". There are: ${list || 'none yet'}.`);
};
