/**
 * The whole system on this machine: sign-in, Customer Insights, the synthesised template with everything in
 * it, and Power Automate. `npm start` and the end-to-end suite use it.
 */
import { checkConfiguration } from '../config/check.ts';
import { clientSecretName } from '../config/client-secret.ts';
import { exampleConfiguration } from '../config/example.ts';
import { federatedSubjectsOutput, federation } from '../config/federation.ts';
import { keySecrets } from '../config/instance-keys.ts';
import type { Configuration } from '../config/schema.ts';
import { cleanUp } from './clean-up.ts';
import type { LocalClock } from './clock.ts';
import { type ConnectedParts, type Outside, startConnectedParts } from './connected-parts.ts';
import type { Send } from './flow-host/connector-client.ts';
import { createReadyFlows, type ReadyFlows } from './flow-host/ready-flows.ts';
import { createRegistrations, defaultUsers, type User } from './issuer/directory.ts';
import { type Issuer, startIssuer } from './issuer/issuer.ts';
import { type Simulator, startSimulator } from './simulator/index.ts';
import { type Synthesised, synthesiseTemporarily } from './synthesised.ts';
import type { LogLine } from './template/functions.ts';

/** Ports to listen on; 0 takes a free one. */
export interface Ports {
  readonly api: number;
  readonly simulator: number;
  readonly issuer: number;
  readonly flowHost: number;
}

export const freePorts: Ports = { api: 0, simulator: 0, issuer: 0, flowHost: 0 };

export { type Synthesised, synthesiseLocally } from './synthesised.ts';

export interface LocalSystem extends ConnectedParts {
  readonly configuration: Configuration;
  readonly clock: LocalClock;
  readonly issuer: Issuer;
  readonly simulator: Simulator;
  readonly readyFlows: ReadyFlows;
  /** Ends every server, worker and process. */
  close(): Promise<void>;
}

/** The example configuration, but callbacks may go to this machine. */
export const localConfiguration: Configuration = checkConfiguration(
  {
    ...structuredClone(exampleConfiguration),
    callbacks: { ...exampleConfiguration.callbacks, allowLoopback: true },
    // So that the commands that move subscriptions can be tried.
    operators: { readCallbackUrls: true },
    console: { clientId: '00000000-0000-4000-8000-0000000c0501' },
  },
  'the configuration of the local run',
);

/** Of the registrations of a local run; tests look for them where they must not be. */
export const apiSecret = 'local-api-secret';
export const connectorSecret = 'local-connector-secret';

/**
 * The person signed in to the flow host, and the application that watches, with their roles in the simulated
 * instance.
 */
const [maker, operator] = defaultUsers;
const roles = (configuration: Configuration) => [
  ...[maker, operator].flatMap((user) =>
    user
      ? [{ principalId: user.objectId, principalType: 'user' as const, role: 'Contributor' as const }]
      : [],
  ),
  {
    principalId: configuration.applications.api.clientId,
    principalType: 'app' as const,
    role: 'Viewer' as const,
  },
];

export interface LocalSystemOptions {
  readonly clock: LocalClock;
  readonly ports?: Partial<Ports>;
  readonly configuration?: Configuration;
  /** Reused between runs of a test suite; by default it is synthesised. */
  readonly synthesised?: Synthesised;
  /** The folder for them; a temporary folder by default. */
  readonly directory?: string;
  /** Receives the log output of the functions. */
  readonly log?: (line: LogLine) => void;
  readonly customers?: number;
  readonly activities?: number;
  /** Address of the controls of the run, for its console; none by default. */
  readonly localRunUrl?: string;
  /** How the flow host's client sends its requests; see ConnectorClientOptions. */
  readonly send?: Send;
  /** See RunTemplateOptions. */
  readonly keyMaterial?: Readonly<Record<string, Uint8Array>>;
  /** See RunTemplateOptions. */
  readonly enforceAccess?: boolean;
  /** Who can sign in; {@link defaultUsers} by default. */
  readonly users?: readonly User[];
  /** Ids of flows; random by default. */
  readonly newText?: (bytes: number) => string;
}

/** The simulated world as a deployment meets it: addresses, the secrets that an operator stores, and a user. */
export const outsideOf = ({
  configuration,
  simulator,
  issuer,
}: Pick<LocalSystem, 'configuration' | 'simulator' | 'issuer'>): Outside => {
  const keys = keySecrets(configuration.instances, ({ id }) => simulator.world.instance(id).subscriptionKeys);
  const federated = configuration.applications.api.credential === 'federated';
  const secrets = {
    ...(!federated && { [clientSecretName(configuration)]: { clientSecret: apiSecret } }),
    ...keys,
  };
  return {
    customerInsightsUrl: simulator.url,
    authority: issuer.issuer,
    secrets: Object.fromEntries(
      Object.entries(secrets).map(([name, values]) => [name, JSON.stringify(values)]),
    ),
    userToken: () => issuer.userToken({}),
  };
};

/** @throws what any of the parts throws; everything that was started is then ended */
export const startLocalSystem = async (options: LocalSystemOptions): Promise<LocalSystem> => {
  const { clock, configuration = localConfiguration } = options;
  const federated = configuration.applications.api.credential === 'federated';
  const ports = { ...freePorts, ...options.ports };
  const ending = cleanUp();
  try {
    const started = startIssuer({
      clock,
      port: ports.issuer,
      tenantId: configuration.tenantId,
      ...(options.users && { users: options.users }),
      applications: createRegistrations({
        connectorAppId: configuration.applications.connector.clientId,
        connectorSecret,
        redirectUris: ['https://global.consent.azure-apim.net/redirect'],
        apiAppId: configuration.applications.api.clientId,
        apiSecret: federated ? undefined : apiSecret,
        consoleAppId: configuration.console?.clientId,
      }),
    });
    const synthesising =
      options.synthesised ?? synthesiseTemporarily(configuration, ending, options.directory);
    // Each is awaited even if the other fails, so that what was started can be ended.
    const [signIn, synthesis] = await Promise.allSettled([started, synthesising]);
    if (signIn.status === 'rejected') throw signIn.reason;
    const issuer = signIn.value;
    ending.add(() => issuer.close());
    if (synthesis.status === 'rejected') throw synthesis.reason;
    const synthesised = synthesis.value;

    const simulator = await startSimulator({
      clock,
      port: ports.simulator,
      authority: { issuer: issuer.issuer, jwksUri: issuer.jwksUri },
      instances: configuration.instances.map(({ id, name }) => ({
        id,
        name,
        assignments: roles(configuration),
        ...(options.customers !== undefined && { customers: options.customers }),
        ...(options.activities !== undefined && { activities: options.activities }),
      })),
    });
    ending.add(() => simulator.close());

    const parts = await startConnectedParts(
      {
        ...options,
        configuration,
        synthesised,
        ports,
        outside: outsideOf({ configuration, simulator, issuer }),
      },
      ending,
    );
    const { apiUrl, outputs, endpoints } = parts.deployment;
    // As an operator does after the deployment.
    if (federated)
      issuer.replaceFederatedCredentials(
        configuration.applications.api.clientId,
        (outputs[federatedSubjectsOutput] ?? '').split(' ').map((subject) => ({
          issuer: endpoints.AWS_ENDPOINT_URL_STS ?? '',
          subject,
          audience: federation.audience,
        })),
      );
    for (const origin of [apiUrl, apiUrl.replace('127.0.0.1', 'localhost')]) issuer.admitPages(origin);
    const readyFlows = createReadyFlows({ ...parts, clock });
    return { configuration, clock, issuer, simulator, readyFlows, ...parts, close: ending.run };
  } catch (error) {
    await ending.run();
    throw error;
  }
};
