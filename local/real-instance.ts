/**
 * `npm start` against a real Customer Insights instance: the values that it needs, and where to find each.
 * Ids come from the configuration file or the environment, secrets only from the environment.
 */

import { ConfigurationError, checkConfiguration } from '../config/check.ts';
import { clientSecretName } from '../config/client-secret.ts';
import { exampleConfiguration } from '../config/example.ts';
import { keySecrets } from '../config/instance-keys.ts';
import type { LoadedConfiguration } from '../config/load.ts';
import type { Configuration } from '../config/schema.ts';
import { isLoopbackHost } from '../lambda/runtime/loopback.ts';
import type { Outside } from './connected-parts.ts';

/** Environment variables, each with what it holds and where to get it; docs/local-run.md lists the same. */
export const realInstanceVariables = {
  CUSTOMER_INSIGHTS_URL:
    'Base URL of the REST API, https://api.ci.ai.dynamics.com/v1; setting it selects a real instance instead of the simulator.',
  CUSTOMER_INSIGHTS_TENANT_ID:
    'Id of the Microsoft Entra tenant: "az account show --query tenantId", or tenantId in insights-connector.json.',
  CUSTOMER_INSIGHTS_CONNECTOR_CLIENT_ID:
    "Application id of the connector's registration: docs/deployment.md step 1, or applications.connector.clientId in insights-connector.json.",
  CUSTOMER_INSIGHTS_API_CLIENT_ID:
    "Application id of the API's registration: docs/deployment.md step 1, or applications.api.clientId in insights-connector.json.",
  CUSTOMER_INSIGHTS_CLIENT_SECRET:
    'Client secret of the API\'s registration: "az ad app credential reset --append --id <its application id> --query password".',
  CUSTOMER_INSIGHTS_INSTANCE_ID:
    'Id of the instance, a GUID in the address of its pages, or instances in insights-connector.json.',
  CUSTOMER_INSIGHTS_SUBSCRIPTION_KEY:
    'Primary key under Settings > Permissions > APIs of the instance. For several instances <instance id>=<key>, separated by commas.',
  CUSTOMER_INSIGHTS_AUTHORITY:
    'Issuer of tokens; https://login.microsoftonline.com/<tenant id>/v2.0 unless set.',
  CUSTOMER_INSIGHTS_USER_TOKEN:
    "A user's access token for the API, needed only for flows that you create in the flow host: docs/local-run.md describes how to get one.",
} as const satisfies Readonly<Record<string, string>>;

type VariableName = keyof typeof realInstanceVariables;

export interface RealInstance {
  readonly configuration: Configuration;
  readonly outside: Outside;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Tokens and keys go to these addresses. */
const isSafe = (address: string): boolean => {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname));
};

/** Instance id, in lower case → key. */
const readKeys = (value: string, instanceIds: readonly string[]): ReadonlyMap<string, string> => {
  const [only, ...others] = instanceIds;
  if (only !== undefined && others.length === 0 && !value.includes('=')) return new Map([[only, value]]);
  return new Map(
    value.split(',').flatMap((pair): [string, string][] => {
      const at = pair.indexOf('=');
      const key = pair.slice(at + 1).trim();
      return at < 0 || key === '' ? [] : [[pair.slice(0, at).trim().toLowerCase(), key]];
    }),
  );
};

/** The values found so far, and the problems with the others. */
const createFindings = (environment: Environment) => {
  const problems: string[] = [];
  const given = (name: VariableName): string | undefined => environment[name]?.trim() || undefined;
  return {
    problems,
    given,
    /** The variable, else the value of the configuration file. */
    needed(name: VariableName, known?: string): string {
      const value = given(name) ?? known;
      if (value === undefined) problems.push(`${name} is missing. ${realInstanceVariables[name]}`);
      return value ?? '';
    },
    safe(name: VariableName, address: string): string {
      if (!isSafe(address))
        problems.push(
          `${name} is "${address}"; it must be an https address, because tokens and keys are sent there. ${realInstanceVariables[name]}`,
        );
      return address;
    },
  };
};

type Instances = Configuration['instances'];

/** The instance that the environment names, else those of the file. */
const instancesOf = (id: string | undefined, listed: Instances): Instances => {
  if (id === undefined) return listed;
  const known = listed.find((instance) => instance.id.toLowerCase() === id.toLowerCase());
  return [known ?? { id, name: 'Customer Insights', secretName: 'insights-connector/instances/real' }];
};

/**
 * What a run against a real instance needs.
 * @param load finds the configuration; ids of the embedded example are never used
 * @returns undefined when CUSTOMER_INSIGHTS_URL is not set: the run is against the simulator
 * @throws ConfigurationError that lists each missing or wrong value, and where to get it
 */
export const readRealInstance = (
  environment: Environment,
  load: () => LoadedConfiguration,
): RealInstance | undefined => {
  const { problems, given, needed, safe } = createFindings(environment);
  const url = given('CUSTOMER_INSIGHTS_URL')?.replace(/\/+$/, '');
  if (url === undefined) return undefined;

  const loaded = load();
  const file = loaded.isExample ? undefined : loaded.configuration;
  const customerInsightsUrl = safe('CUSTOMER_INSIGHTS_URL', url);
  const tenantId = needed('CUSTOMER_INSIGHTS_TENANT_ID', file?.tenantId);
  const connectorId = needed('CUSTOMER_INSIGHTS_CONNECTOR_CLIENT_ID', file?.applications.connector.clientId);
  const apiId = needed('CUSTOMER_INSIGHTS_API_CLIENT_ID', file?.applications.api.clientId);
  const clientSecret = needed('CUSTOMER_INSIGHTS_CLIENT_SECRET');
  const instances = instancesOf(given('CUSTOMER_INSIGHTS_INSTANCE_ID'), file?.instances ?? []);
  if (instances.length === 0) needed('CUSTOMER_INSIGHTS_INSTANCE_ID');
  const key = needed('CUSTOMER_INSIGHTS_SUBSCRIPTION_KEY');
  const keys = readKeys(
    key,
    instances.map(({ id }) => id.toLowerCase()),
  );
  for (const { id } of instances)
    if (key !== '' && !keys.has(id.toLowerCase()))
      problems.push(
        `CUSTOMER_INSIGHTS_SUBSCRIPTION_KEY contains no key for the instance ${id}. ${realInstanceVariables.CUSTOMER_INSIGHTS_SUBSCRIPTION_KEY}`,
      );
  const authority = safe(
    'CUSTOMER_INSIGHTS_AUTHORITY',
    given('CUSTOMER_INSIGHTS_AUTHORITY') ?? `https://login.microsoftonline.com/${tenantId}/v2.0`,
  );
  if (problems.length > 0)
    throw new ConfigurationError('environment', problems, 'docs/local-run.md lists every variable.');

  const base = file ?? exampleConfiguration;
  const configuration = checkConfiguration(
    {
      ...base,
      tenantId,
      applications: {
        connector: { clientId: connectorId },
        // No account gives tokens to this machine: the secret of the environment is used.
        api: { clientId: apiId, secretName: base.applications.api.secretName ?? 'insights-connector/api' },
      },
      instances,
      // Flows of this machine are called on this machine.
      callbacks: { ...base.callbacks, allowLoopback: true },
      customerInsights: { ...base.customerInsights, url: customerInsightsUrl },
      connector: { ...base.connector, host: base.connector.host ?? exampleConfiguration.connector.host },
    },
    'environment',
  );
  const ofInstances = keySecrets(configuration.instances, ({ id }) => {
    const primary = keys.get(id.toLowerCase());
    return primary === undefined ? {} : { primary };
  });
  return {
    configuration,
    outside: {
      customerInsightsUrl,
      authority,
      secrets: {
        [clientSecretName(configuration)]: JSON.stringify({ clientSecret }),
        ...Object.fromEntries(
          Object.entries(ofInstances).map(([name, values]) => [name, JSON.stringify(values)]),
        ),
      },
      userToken: async () => {
        const token = needed('CUSTOMER_INSIGHTS_USER_TOKEN');
        if (token === '')
          throw new ConfigurationError('environment', problems, 'docs/local-run.md lists every variable.');
        return token;
      },
    },
  };
};
