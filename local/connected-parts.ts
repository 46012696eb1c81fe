/**
 * The part of the local run that is the same for a simulated and a real instance: the synthesised template
 * with its resources, and Power Automate.
 */
import type { Configuration } from '../config/schema.ts';
import { connectorFiles } from '../connector/emit/files.ts';
import { loadConnector } from '../connector/emit/read.ts';
import type { ConnectorClient } from '../flows/runner/connectors/connector-api.ts';
import type { CleanUp } from './clean-up.ts';
import type { LocalClock } from './clock.ts';
import { connectorClient, type Send } from './flow-host/connector-client.ts';
import { type FlowHost, startFlowHost } from './flow-host/flow-host.ts';
import type { PolicyInstance } from './flow-host/policies.ts';
import type { Synthesised } from './synthesised.ts';
import type { LogLine } from './template/functions.ts';
import { type Deployment, runTemplate } from './template/run-template.ts';

/** The systems that the deployment calls, simulated or real. */
export interface Outside {
  /** Base URL of the Customer Insights REST API, without a slash at the end. */
  readonly customerInsightsUrl: string;
  /** Issuer of users' tokens. */
  readonly authority: string;
  /** Secret name → value, which an operator stores after a deployment. */
  readonly secrets: Readonly<Record<string, string>>;
  /** The token of the person signed in to the flow host. */
  readonly userToken: () => Promise<string>;
}

export interface ConnectedParts {
  readonly deployment: Deployment;
  readonly client: ConnectorClient;
  readonly flowHost: FlowHost;
}

export interface ConnectedPartsOptions {
  readonly clock: LocalClock;
  readonly configuration: Configuration;
  readonly synthesised: Synthesised;
  readonly outside: Outside;
  readonly ports: { readonly api: number; readonly flowHost: number };
  /** Receives the log output of the functions. */
  readonly log?: ((line: LogLine) => void) | undefined;
  /** Address of the controls of a simulated run, for its console. */
  readonly localRunUrl?: string | undefined;
  /** How the flow host's client sends its requests; see ConnectorClientOptions. */
  readonly send?: Send | undefined;
  /** See RunTemplateOptions. */
  readonly keyMaterial?: Readonly<Record<string, Uint8Array>> | undefined;
  /** See RunTemplateOptions. */
  readonly enforceAccess?: boolean | undefined;
  /** Ids of flows; random by default. */
  readonly newText?: ((bytes: number) => string) | undefined;
}

/** @param ending receives the steps that end what was started, also when a later part does not start */
export const startConnectedParts = async (
  options: ConnectedPartsOptions,
  ending: CleanUp,
): Promise<ConnectedParts> => {
  const { clock, configuration, synthesised, outside, ports } = options;
  const deployment = await runTemplate({
    template: synthesised.template,
    assetDirectory: (key) => synthesised.assets.get(key),
    parameters: {
      CustomerInsightsUrl: outside.customerInsightsUrl,
      Authority: outside.authority,
      ...(options.localRunUrl !== undefined && { LocalRunUrl: options.localRunUrl }),
    },
    clock,
    ports: { api: ports.api },
    secrets: outside.secrets,
    ...(options.log && { log: options.log }),
    ...(options.keyMaterial && { keyMaterial: options.keyMaterial }),
    ...(options.enforceAccess !== undefined && { enforceAccess: options.enforceAccess }),
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
    token: outside.userToken,
    send: options.send,
  });
  const flowHost = await startFlowHost({ clock, client, port: ports.flowHost, newText: options.newText });
  ending.add(() => flowHost.close());
  return { deployment, client, flowHost };
};
