import type { FunctionSettings } from '../../config/schema.ts';
import { ConnectorError } from '../runtime/errors.ts';

type InstanceOf<Settings extends Pick<FunctionSettings, 'instances'>> = Settings['instances'][number];

/**
 * The configured instance of this id, in any casing.
 * @throws ConnectorError InstanceUnknown; the known ones are not listed, because the caller may not be
 * allowed to see them
 */
export const servedInstance = <Settings extends Pick<FunctionSettings, 'instances'>>(
  settings: Settings,
  instanceId: string,
): InstanceOf<Settings> => {
  const instance = settings.instances.find(({ id }) => id.toLowerCase() === instanceId.toLowerCase());
  if (instance === undefined)
    throw new ConnectorError(
      'InstanceUnknown',
      `The configuration of this connector does not contain the instance ${JSON.stringify(instanceId)}. Choose one from the list of instances; an operator adds instances under "instances" in the configuration and deploys again.`,
    );
  return instance;
};
