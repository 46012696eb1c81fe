import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { deploymentNames } from '../config/deployment.ts';
import type { Configuration } from '../config/schema.ts';
import { outputNames } from '../connector/emit/outputs.ts';
import { type FunctionName, functionFacts, functionNames } from '../lambda/functions.ts';
import { CallbackKey } from './callback-key.ts';
import { ConnectorFunction } from './connector-function.ts';
import { constructId } from './construct-id.ts';
import { EventSources } from './event-sources.ts';
import { accessOf } from './function-access.ts';
import { Heartbeat } from './heartbeat.ts';
import { ConnectorApi } from './http-api.ts';
import { operatorOutputs } from './operator-outputs.ts';
import { configuredEndpoints, endpointParameters, guardDeployment } from './parameters.ts';
import { Queues } from './queues.ts';
import { SecretAccess } from './secret-access.ts';
import { Secrets } from './secrets.ts';
import { Storage } from './storage.ts';

export interface InsightsConnectorStackProps extends StackProps {
  readonly configuration: Configuration;
  /** Holds one folder per function, as `bundleFunctions` writes them. */
  readonly functionsDir: string;
  /** Whether the configuration is the embedded example, whose ids are invented. */
  readonly isExample: boolean;
  /** A deployment holds the endpoints as values, and guards; the local run passes its own as parameters. */
  readonly mode: 'deploy' | 'local';
}

/** The whole deployment, in one stack. */
export class InsightsConnectorStack extends Stack {
  readonly functions: Readonly<Record<FunctionName, IFunction>>;

  constructor(scope: Construct, id: string, props: InsightsConnectorStackProps) {
    super(scope, id, props);
    const { configuration, functionsDir, isExample, mode } = props;
    const { logRetentionDays } = configuration;

    const endpoints =
      mode === 'local' ? endpointParameters(this, configuration) : configuredEndpoints(configuration);
    if (mode === 'deploy') guardDeployment(this, configuration, isExample);
    const { state, limiter } = new Storage(this, 'Storage');
    const queues = new Queues(this, 'Queues');
    const { key } = new CallbackKey(this, 'CallbackKey');
    const secrets = new Secrets(this, 'Secrets', configuration);
    const secretAccess = new SecretAccess(this, 'SecretAccess', secrets.all);

    const resources = {
      state,
      limiter,
      queues,
      callbackKey: key,
      secretAccess,
      ...endpoints,
    };
    const functionOf = (name: FunctionName): IFunction =>
      new ConnectorFunction(this, constructId(name), {
        name,
        functionsDir,
        logRetentionDays,
        ...accessOf(functionFacts[name].uses, resources),
      }).function;
    this.functions = Object.fromEntries(functionNames.map((name) => [name, functionOf(name)])) as Record<
      FunctionName,
      IFunction
    >;

    const { subscriptions, proxy, dispatch } = this.functions;
    const { api, host } = new ConnectorApi(this, 'HttpApi', {
      name: deploymentNames(configuration).api,
      authority: endpoints.authority,
      audience: configuration.applications.api.clientId,
      functions: { subscriptions, proxy },
      logRetentionDays,
    });
    new EventSources(this, 'EventSources', queues, this.functions);
    new Heartbeat(this, 'Heartbeat', dispatch);

    const output = (name: string, value: string, description: string) =>
      new CfnOutput(this, name, { value, description });
    const { tenantId, applications } = configuration;
    output(outputNames.host, host, 'Host of the API.');
    output(outputNames.tenantId, tenantId, 'The tenant whose users sign in.');
    output(
      outputNames.connectorClientId,
      applications.connector.clientId,
      'Registration that signs users in.',
    );
    output(outputNames.apiClientId, applications.api.clientId, 'Registration of the API.');
    output('ApiEndpoint', api.apiEndpoint, 'Address of the API, without the base path.');
    for (const { name, value, description } of operatorOutputs({ state, queues }))
      output(name, value, description);
    output('SecretsToFill', secrets.namesForOutput, 'Secrets that wait for their values.');
  }
}
