import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { IFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnOutput, Fn, Lazy, Stack, type StackProps, Stage } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { ConfigurationError } from '../config/check.ts';
import { consolePath } from '../config/console.ts';
import { deploymentNames } from '../config/deployment.ts';
import { federatedRoleName, federatedSubjectsOutput } from '../config/federation.ts';
import { addedKeysPrefix } from '../config/instance-keys.ts';
import { type LoadedConfiguration, loadConfiguration } from '../config/load.ts';
import { addedKeysOutput, callbackKeyOutput } from '../config/operator-outputs.ts';
import { outputNames } from '../connector/emit/outputs.ts';
import {
  type FunctionName,
  functionFacts,
  type ServingFunctionName,
  servingFunctionNames,
} from '../lambda/functions.ts';
import { CallbackKey } from './callback-key.ts';
import { Canary, canaryPath } from './canary.ts';
import { ClockedFunction } from './clocked-function.ts';
import { ConnectorFunction } from './connector-function.ts';
import { constructId } from './construct-id.ts';
import { Domain } from './domain.ts';
import { EventSources } from './event-sources.ts';
import { accessOf, type Resources } from './function-access.ts';
import { copyFunctions } from './function-code.ts';
import { ConnectorApi } from './http-api.ts';
import { InstanceRows } from './instance-rows.ts';
import { Monitoring } from './monitoring.ts';
import { operatorOutputs } from './operator-outputs.ts';
import { OperatorPolicy } from './operator-policy.ts';
import { configuredEndpoints, endpointParameters, guardDeployment } from './parameters.ts';
import { Queues } from './queues.ts';
import { Rollout } from './rollout.ts';
import { type NamedSecret, SecretAccess, TooManySecrets } from './secret-access.ts';
import { addedKeysSecrets, neededSecrets, secretsOutput } from './secrets.ts';
import { useOwnKey } from './statements.ts';
import { Storage } from './storage.ts';

const byFunction = <Value>(
  values: readonly (readonly [ServingFunctionName, Value])[],
): Readonly<Record<ServingFunctionName, Value>> =>
  Object.fromEntries(values) as Record<ServingFunctionName, Value>;

/** @throws ConfigurationError when the instances' secrets do not fit IAM's quotas */
const secretAccessOf = (scope: Construct, secrets: readonly NamedSecret[], source: string): SecretAccess => {
  try {
    return new SecretAccess(scope, 'SecretAccess', secrets);
  } catch (error) {
    if (error instanceof TooManySecrets) throw new ConfigurationError(source, [error.message]);
    throw error;
  }
};

/**
 * The library's feature flags as a new project gets them. They are set on the stack and not in cdk.json, so
 * that the template is the same in every app and in the local run.
 */
export const featureFlags: Readonly<Record<string, unknown>> = createRequire(import.meta.url)(
  'aws-cdk-lib/recommended-feature-flags.json',
);

export interface InsightsConnectorStackProps extends StackProps {
  /**
   * The configuration's file, or what was loaded from it. By default the file that INSIGHTS_CONNECTOR_CONFIG
   * names, else `insights-connector.json` in the working directory, else embedded example values, which
   * cannot be deployed.
   */
  readonly configuration?: string | LoadedConfiguration;
  /**
   * Holds one folder per function, with the configuration. By default they are made from the bundles of the
   * package.
   */
  readonly functionsDir?: string;
  /**
   * A deployment, the default, holds the endpoints as values and guards, and refuses settings for the local
   * run; the local run passes its own endpoints as parameters.
   */
  readonly mode?: 'deploy' | 'local';
}

/**
 * The whole deployment, in one stack.
 * @throws ConfigurationError when the configuration cannot be read or has wrong values; in mode "deploy" when
 *   it admits callback URLs on the loopback address; in any mode when the instances' secrets do not fit IAM's
 *   quotas
 */
export class InsightsConnectorStack extends Stack {
  readonly functions: Readonly<Record<ServingFunctionName, LambdaFunction>>;

  /** @param id by default the name that the configuration gives to the deployment */
  constructor(scope: Construct, id?: string, props: InsightsConnectorStackProps = {}) {
    const { configuration, source, isExample } =
      typeof props.configuration === 'object' ? props.configuration : loadConfiguration(props.configuration);
    const { mode = 'deploy' } = props;
    if (mode === 'deploy' && configuration.callbacks.allowLoopback)
      throw new ConfigurationError(source, [
        'callbacks.allowLoopback is true, which is for the local run only: in AWS a callback URL could reach the function itself. Set it to false or remove it.',
      ]);
    const names = deploymentNames(configuration);
    super(scope, id ?? names.stack, {
      description: 'A Power Automate connector for Dynamics 365 Customer Insights.',
      analyticsReporting: false,
      terminationProtection: configuration.updates.terminationProtection,
      ...props,
      tags: { ...configuration.tags, ...names.tags, ...props.tags },
    });
    for (const [flag, value] of Object.entries(featureFlags)) this.node.setContext(flag, value);
    const functionsDir =
      props.functionsDir ?? join(Stage.of(this)?.assetOutdir ?? tmpdir(), `functions-${this.node.addr}`);
    if (props.functionsDir === undefined) copyFunctions(configuration, functionsDir);
    const { logs, encryptionKeyArn, permissionsBoundaryArn, existing, reservedConcurrency, domain } =
      configuration;
    const encryptionKey =
      encryptionKeyArn === undefined ? undefined : Key.fromKeyArn(this, 'EncryptionKey', encryptionKeyArn);
    if (permissionsBoundaryArn !== undefined)
      PermissionsBoundary.of(this).apply(
        ManagedPolicy.fromManagedPolicyArn(this, 'PermissionsBoundary', permissionsBoundaryArn),
      );

    const endpoints =
      mode === 'local' ? endpointParameters(this, configuration) : configuredEndpoints(configuration);
    if (mode === 'deploy') guardDeployment(this, configuration, isExample);
    const { state, limiter } = new Storage(this, 'Storage', {
      existingState: existing?.stateTable,
      encryptionKey,
    });
    const queues = new Queues(this, 'Queues', encryptionKey);
    const { key } = new CallbackKey(this, 'CallbackKey', existing?.callbackKey);
    const secrets = neededSecrets(this, configuration);
    const secretAccess = secretAccessOf(this, [...secrets, addedKeysSecrets(this, configuration)], source);

    const federated = configuration.applications.api.credential === 'federated';
    // The API comes after the functions that are told its address.
    const canaryUrl = configuration.monitoring.canary
      ? Lazy.string({
          produce: () => `${domain === undefined ? api.apiEndpoint : `https://${domain.name}`}${canaryPath}`,
        })
      : undefined;
    const resources: Resources = {
      state,
      limiter,
      queues,
      callbackKey: key,
      secretAccess,
      federated,
      canaryUrl,
      ...endpoints,
    };
    const makeFunction = (name: FunctionName, used: Resources) => {
      const access = accessOf(functionFacts[name].uses, used);
      const trusted = federated && functionFacts[name].uses.some((use) => 'customerInsights' in use);
      const {
        function: handler,
        logGroup,
        role,
      } = new ConnectorFunction(this, constructId(name), {
        ...access,
        name,
        functionsDir,
        logs,
        encryptionKey,
        reservedConcurrency:
          name === 'canary' || name === 'instance-rows' ? undefined : reservedConcurrency[name],
        roleName: trusted ? federatedRoleName(configuration, name) : undefined,
        statements: [...access.statements, ...(encryptionKey ? [useOwnKey(encryptionKey, this)] : [])],
      });
      return { name, handler, logGroup, role, subject: trusted ? [role.roleArn] : [] };
    };
    const made = servingFunctionNames.map((name) => ({ ...makeFunction(name, resources), name }));
    this.functions = byFunction(made.map(({ name, handler }) => [name, handler]));
    const { resource: instanceRows } = new InstanceRows(this, 'Instances', {
      writer: makeFunction('instance-rows', resources).handler,
      state,
      instances: configuration.instances,
      // An instance is served once it has its row, and its keys have to be readable then.
      after: made.map(({ role }) => role),
    });
    for (const { handler } of made) handler.node.addDependency(instanceRows);

    const rollout = configuration.updates.automaticRollback ? new Rollout(this, 'Rollout', made) : undefined;
    /** What API, queues and schedule call. */
    const called: Readonly<Record<ServingFunctionName, IFunction>> = rollout
      ? byFunction(rollout.live)
      : this.functions;
    const { subscriptions, proxy, console, resend, dispatch } = called;
    const connectorApi = new ConnectorApi(this, 'HttpApi', {
      name: names.api,
      authority: endpoints.authority,
      audience: configuration.applications.api.clientId,
      functions: { subscriptions, proxy, console, resend },
      throttle: configuration.throttle,
      logRetentionDays: logs.retentionDays,
      encryptionKey,
    });
    const { api, host, accessLog } = connectorApi;
    new EventSources(this, 'EventSources', queues, called);
    new ClockedFunction(this, 'Heartbeat', {
      name: 'dispatch',
      target: dispatch,
      description: 'Queues the instances whose watch is due.',
    });
    const canary = configuration.monitoring.canary
      ? makeFunction('canary', { ...resources, subscriptions })
      : undefined;
    if (canary) new Canary(this, 'CanaryCalls', { target: canary.handler, api: connectorApi });
    if (configuration.monitoring.alarms) {
      const { stopsUpdates } = new Monitoring(this, 'Monitoring', {
        functions: this.functions,
        queues,
        tables: { state, limiter },
        api,
        deployment: configuration.deployment?.name,
        monitoring: configuration.monitoring,
        federated,
        logs: new Map([...made, ...(canary ? [canary] : [])].map(({ name, logGroup }) => [name, logGroup])),
        accessLog,
        encryptionKey,
      });
      rollout?.backOn(stopsUpdates);
    }
    const ownDomain = domain && new Domain(this, 'Domain', { domain, api, stage: '$default' });
    const { policy } = new OperatorPolicy(this, 'Operator', {
      state,
      queues,
      encryptionKey,
      callbackKey: configuration.operators.readCallbackUrls ? key : undefined,
    });

    const output = (name: string, value: string, description: string) =>
      new CfnOutput(this, name, { value, description });
    const { tenantId, applications } = configuration;
    output(outputNames.host, domain?.name ?? host, 'Host of the API.');
    if (ownDomain)
      output('DomainTarget', ownDomain.target, 'What the DNS record of the domain must point to.');
    output(outputNames.tenantId, tenantId, 'The tenant whose users sign in.');
    output(
      outputNames.connectorClientId,
      applications.connector.clientId,
      'Registration that signs users in.',
    );
    output(outputNames.apiClientId, applications.api.clientId, 'Registration of the API.');
    output('ApiEndpoint', api.apiEndpoint, 'Address of the API, without the base path.');
    output(
      'ConsoleUrl',
      `https://${domain?.name ?? host}${consolePath}`,
      'Address of the console, and the redirect address of its sign-in.',
    );
    for (const { name, value, description } of operatorOutputs({ state, queues }))
      output(name, value, description);
    output(callbackKeyOutput, key.keyArn, 'Key that encrypts the callback URLs in the state table.');
    output(
      'OperatorPolicyArn',
      policy.managedPolicyArn,
      'Policy for the role of those who run the deployment.',
    );
    if (federated)
      output(
        federatedSubjectsOutput,
        Fn.join(
          ' ',
          made.flatMap(({ subject }) => subject),
        ),
        'Subjects that the federated credentials of the API registration must have, one each.',
      );
    output(
      addedKeysOutput,
      addedKeysPrefix(configuration),
      'What begins the names of the secrets of instances that are added later.',
    );
    output('SecretsToFill', secretsOutput(secrets), 'Secrets whose values must be stored.');
  }
}
