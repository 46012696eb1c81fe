/** Whether the connector in Power Platform is the one that belongs to this deployment. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DeployedName, DeployedUnavailable, readDeployed } from '../../../connector/diff/deployed.ts';
import type { LoadedConnector } from '../../../connector/emit/read.ts';
import { isRecord } from '../../../lambda/runtime/json.ts';
import { fault, type Outcome, skipped, sound } from './finding.ts';

/** The environment and the id that paconn has noted beside the connector's files. */
export const deployedNameIn = (folder: string): DeployedName | undefined => {
  const file = join(folder, 'settings.json');
  if (!existsSync(file)) return undefined;
  const settings: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!isRecord(settings)) return undefined;
  const { environment, connectorId } = settings;
  return typeof environment === 'string' && typeof connectorId === 'string'
    ? { environment, name: connectorId }
    : undefined;
};

export interface ExpectedConnector {
  readonly host: string;
  readonly connectorClientId: string;
  readonly apiClientId: string;
}

const signInOf = ({ properties }: LoadedConnector) => {
  const settings = (
    properties as
      | { connectionParameters?: { token?: { oAuthSettings?: Record<string, unknown> } } }
      | undefined
  )?.connectionParameters?.token?.oAuthSettings;
  const custom = settings?.customParameters as Record<string, { value?: string }> | undefined;
  return { clientId: settings?.clientId, resource: custom?.resourceUri?.value ?? custom?.ResourceUri?.value };
};

/** @param read fetches the deployed connector */
export const connectorOutcome = async (
  deployed: DeployedName | undefined,
  expected: ExpectedConnector,
  read: (deployed: DeployedName) => Promise<LoadedConnector> = (name) => readDeployed(name),
): Promise<Outcome> => {
  if (deployed === undefined)
    return skipped(
      'It is not known where the connector is: give --environment and --connector, or a dist/connector/settings.json that paconn has written.',
    );
  let connector: LoadedConnector;
  try {
    connector = await read(deployed);
  } catch (error) {
    if (!(error instanceof DeployedUnavailable)) throw error;
    return skipped(error.message);
  }
  const { host } = connector.definition as { readonly host?: string };
  const { clientId, resource } = signInOf(connector);
  const wrong = [
    ...(host === expected.host ? [] : [`its host is ${host}, and that of the deployment ${expected.host}`]),
    ...(clientId === undefined || clientId === expected.connectorClientId
      ? []
      : [`it signs users in with ${String(clientId)} instead of ${expected.connectorClientId}`]),
    ...(resource === undefined || resource.includes(expected.apiClientId)
      ? []
      : [`it asks for tokens of ${resource} instead of api://${expected.apiClientId}`]),
  ];
  return wrong.length === 0
    ? sound(`${deployed.name} calls ${host}.`)
    : fault(
        `The connector ${deployed.name} does not belong to this deployment: ${wrong.join('; ')}.`,
        [
          '$ insights-connector build --outputs cdk-outputs.json',
          '$ insights-connector diff --environment <id> --name <connector>',
          'Then update it: docs/connector.md.',
        ],
        'docs/connector.md',
      );
};
