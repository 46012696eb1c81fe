/**
 * The whole system on this machine: sign-in, Customer Insights, the synthesised template with everything in it, and Power
 * Automate. What is started here is what `npm start` shows and what the end-to-end suite drives.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkConfiguration } from '../config/check.ts';
import { exampleConfiguration } from '../config/example.ts';
import type { Configuration } from '../config/schema.ts';
import { connectorFiles } from '../connector/emit/files.ts';
import { loadConnector } from '../connector/emit/read.ts';
import type { LocalClock } from './clock.ts';
import { type ConnectorClient, connectorClient } from './flow-host/connector-client.ts';
import { type FlowHost, startFlowHost } from './flow-host/flow-host.ts';
import type { PolicyInstance } from './flow-host/policies.ts';
import { createRegistrations, DEFAULT_USERS } from './issuer/directory.ts';
import { type Issuer, startIssuer } from './issuer/issuer.ts';
import { type Simulator, startSimulator } from './simulator/index.ts';
import type { LogLine } from './template/functions.ts';
import { type Deployment, runTemplate } from './template/run-template.ts';
import type { Template } from './template/template.ts';

/** Ports to listen on; 0 takes a free one. */
export interface Ports {
  readonly api: number;
  readonly simulator: number;
  readonly issuer: number;
  readonly flowHost: number;
}

export const freePorts: Ports = { api: 0, simulator: 0, issuer: 0, flowHost: 0 };

/** A synthesised template and the folders of its functions. */
export interface Synthesised {
  readonly template: Template;
  readonly assets: ReadonlyMap<string, string>;
}

export interface LocalSystem {
  readonly configuration: Configuration;
  readonly clock: LocalClock;
  readonly issuer: Issuer;
  readonly simulator: Simulator;
  readonly deployment: Deployment;
  readonly client: ConnectorClient;
  readonly flowHost: FlowHost;
  /** Ends every server, worker and process. */
  close(): Promise<void>;
}

/** The example configuration, but callbacks may go to this machine. */
export const localConfiguration: Configuration = checkConfiguration(
  {
    ...structuredClone(exampleConfiguration),
    callbacks: { ...exampleConfiguration.callbacks, allowLoopback: true },
  },
  'the configuration of the local run',
);

const apiSecret = 'local-api-secret';
const connectorSecret = 'local-connector-secret';

/** The person signed in to the flow host, and the application that watches, with their roles in the simulated instance. */
const [maker, operator] = DEFAULT_USERS;
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

/**
 * Bundles the functions and synthesises the app, both in this process.
 * @param directory where the bundles are written
 */
export const synthesiseLocally = async (
  configuration: Configuration,
  directory: string,
): Promise<Synthesised> => {
  const library = import('../lib/synthesise.ts');
  const { bundleFunctions } = await import('../lib/bundle.ts');
  await bundleFunctions({ configuration, outDir: directory });
  const { synthesise } = await library;
  return synthesise({
    configuration,
    source: 'the configuration of the local run',
    isExample: true,
    functionsDir: directory,
  });
};

/** Undoes what was started, in reverse order, when a later step fails and at the end. */
const cleanUp = () => {
  const steps: (() => Promise<unknown>)[] = [];
  return {
    add: (step: () => Promise<unknown>) => {
      steps.push(step);
    },
    run: async () => {
      const results = await Promise.allSettled(steps.reverse().map((step) => step()));
      const failed = results.find((result) => result.status === 'rejected');
      if (failed) throw failed.reason;
    },
  };
};

export interface LocalSystemOptions {
  readonly clock: LocalClock;
  readonly ports?: Partial<Ports>;
  readonly configuration?: Configuration;
  /** Reused between runs of a test suite; by default made anew. */
  readonly synthesised?: Synthesised;
  /** What the functions write to their logs. */
  readonly log?: (line: LogLine) => void;
  readonly customers?: number;
  readonly activities?: number;
}

/** @throws what any of the parts throws; whatever was started is ended then */
export const startLocalSystem = async (options: LocalSystemOptions): Promise<LocalSystem> => {
  const { clock, configuration = localConfiguration } = options;
  const ports = { ...freePorts, ...options.ports };
  const ending = cleanUp();
  try {
    const started = startIssuer({
      clock,
      port: ports.issuer,
      tenantId: configuration.tenantId,
      applications: createRegistrations({
        connectorAppId: configuration.applications.connector.clientId,
        connectorSecret,
        redirectUris: ['https://global.consent.azure-apim.net/redirect'],
        apiAppId: configuration.applications.api.clientId,
        apiSecret,
      }),
    });
    const synthesising = options.synthesised ?? synthesiseTemporarily(configuration, ending.add);
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

    const deployment = await runTemplate({
      template: synthesised.template,
      assetDirectory: (key) => synthesised.assets.get(key),
      parameters: { CustomerInsightsUrl: simulator.url, Authority: issuer.issuer },
      clock,
      ports: { api: ports.api },
      secrets: {
        [configuration.applications.api.secret]: JSON.stringify({ clientSecret: apiSecret }),
        ...Object.fromEntries(
          configuration.instances.map(({ id, secret }) => [
            secret,
            JSON.stringify(simulator.world.instance(id).subscriptionKeys),
          ]),
        ),
      },
      ...(options.log && { log: options.log }),
    });
    ending.add(() => deployment.close());

    const connector = loadConnector(
      new Map(
        (await connectorFiles({ configuration, icon: false })).map(({ name, content }) => [name, content]),
      ),
    );
    const client = connectorClient({
      definition: connector.definition,
      policies: (connector.properties?.policyTemplateInstances ?? []) as unknown as readonly PolicyInstance[],
      apiUrl: deployment.apiUrl,
      token: () => issuer.userToken({}),
    });
    const flowHost = await startFlowHost({ clock, client, port: ports.flowHost });
    ending.add(() => flowHost.close());
    return { configuration, clock, issuer, simulator, deployment, client, flowHost, close: ending.run };
  } catch (error) {
    await ending.run();
    throw error;
  }
};

/** Bundles into a folder of its own, so that two runs do not disturb each other. */
const synthesiseTemporarily = async (
  configuration: Configuration,
  atEnd: (step: () => Promise<unknown>) => void,
): Promise<Synthesised> => {
  const directory = await mkdtemp(join(tmpdir(), 'insights-connector-'));
  atEnd(() => rm(directory, { recursive: true, force: true }));
  return synthesiseLocally(configuration, directory);
};
