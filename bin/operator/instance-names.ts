/** The names of instances, which only a configuration has: the state table knows their ids. */
import { ConfigurationError } from '../../config/check.ts';
import { exampleConfiguration } from '../../config/example.ts';
import { loadConfiguration } from '../../config/load.ts';
import type { Configuration } from '../../config/schema.ts';
import { instanceNameOf } from '../../lambda/triggers/instance.ts';
import { type OptionValues, type Terminal, textOf, UsageError } from '../commands/command.ts';
import type { DeploymentPlace } from './deployment-place.ts';

const namesOf = ({ instances }: Configuration): ReadonlyMap<string, string> =>
  new Map(instances.map(({ id, name }) => [id.toLowerCase(), name]));

/** The name of the instance that a subscription is about, or of what takes its place. */
export const shownInstance = (names: ReadonlyMap<string, string>, instanceId: string): string | undefined =>
  names.get(instanceId.toLowerCase()) ?? instanceNameOf([], instanceId);

/**
 * Instance id in lower case → name. A configuration that is wrong does not keep an operator from the deployment: it is
 * told, and ids are shown instead.
 */
export const instanceNames = (
  values: OptionValues,
  { services }: DeploymentPlace,
  terminal: Terminal,
): ReadonlyMap<string, string> => {
  const file = textOf(values, 'config');
  if (services !== undefined && file === undefined) return namesOf(exampleConfiguration);
  try {
    const { configuration, isExample } = loadConfiguration(file);
    return isExample ? new Map() : namesOf(configuration);
  } catch (error) {
    if (!(error instanceof ConfigurationError) || file !== undefined) throw error;
    terminal.complain(
      `Instances are shown by their ids, because the configuration has no names for them.\n${error.message}`,
    );
    return new Map();
  }
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
