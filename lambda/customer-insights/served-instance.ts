import type { FunctionSettings } from '../../config/schema.ts';
import { ConnectorError } from '../runtime/errors.ts';
import { instanceWith } from '../triggers/instance.ts';

type InstanceOf<Settings extends Pick<FunctionSettings, 'instances'>> = Settings['instances'][number];

/**
 * The served instance of this id, in any casing.
 * @throws ConnectorError InstanceUnknown; the known ones are not listed, because the caller may not be
 * allowed to see them
 */
export const servedInstance = <Settings extends Pick<FunctionSettings, 'instances'>>(
  settings: Settings,
  instanceId: string,
): InstanceOf<Settings> => {
  const instance = instanceWith(settings.instances, instanceId);
  if (instance === undefined)
    throw new ConnectorError(
      'InstanceUnknown',
      `This connector does not serve the instance ${JSON.stringify(instanceId)}. Choose one from the list of instances; an operator adds instances with "insights-connector instances add".`,
    );
  return instance;
};
