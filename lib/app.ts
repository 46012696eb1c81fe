import { createRequire } from 'node:module';
import { App } from 'aws-cdk-lib/core';
import { ConfigurationError } from '../config/check.ts';
import { deploymentNames } from '../config/deployment.ts';
import type { LoadedConfiguration } from '../config/load.ts';
import { TooManySecrets } from './secret-access.ts';
import { InsightsConnectorStack } from './stack.ts';

/**
 * The library's feature flags as a new project gets them, set here and not in cdk.json: the local run makes its template
 * in process and must get the same one. The library's version is pinned, and so are they.
 */
const featureFlags: Readonly<Record<string, unknown>> = createRequire(import.meta.url)(
  'aws-cdk-lib/recommended-feature-flags.json',
);

export interface CreateAppOptions extends LoadedConfiguration {
  /** Holds one folder per function, as `bundleFunctions` writes them. */
  readonly functionsDir: string;
  /** Concrete values make a template without pseudo parameters; left out, it fits any account and region. */
  readonly env?: { readonly account: string; readonly region: string };
  /** Only "deploy" refuses what may run on this machine alone. */
  readonly mode: 'deploy' | 'local';
  /** The library's own check of the template against CloudFormation's schemas: about 3.5 s. By default when deploying. */
  readonly validate?: boolean;
  /** Where the assembly is written; what the CDK command line says, else a new temporary folder. */
  readonly outDir?: string;
}

/**
 * The CDK app, not yet synthesised.
 * @throws ConfigurationError in mode "deploy" when the configuration admits callback URLs on the loopback address; in any
 * mode when the instances' secrets do not fit IAM's quotas
 */
export const createApp = (
  options: CreateAppOptions,
): { readonly app: App; readonly stack: InsightsConnectorStack } => {
  const {
    configuration,
    source,
    isExample,
    functionsDir,
    env,
    mode,
    validate = mode === 'deploy',
    outDir,
  } = options;
  if (mode === 'deploy' && configuration.callbacks.allowLoopback)
    throw new ConfigurationError(source, [
      'callbacks.allowLoopback is true, which is for the local run only: in AWS a callback URL could reach inside the function. Set it to false or remove it.',
    ]);
  const app = new App({
    analyticsReporting: false,
    treeMetadata: false,
    builtinCloudFormationValidation: validate,
    postCliContext: {
      ...featureFlags,
      // Locally the bundles are run from where they lie; a copy would serve nobody.
      ...(mode === 'local' && { 'aws:cdk:disable-asset-staging': true }),
    },
    ...(outDir !== undefined && { outdir: outDir }),
  });
  try {
    const names = deploymentNames(configuration);
    const stack = new InsightsConnectorStack(app, names.stack, {
      description: 'A Power Automate connector for Dynamics 365 Customer Insights.',
      tags: names.tags,
      configuration,
      functionsDir,
      isExample,
      mode,
      ...(env && { env }),
    });
    return { app, stack };
  } catch (error) {
    if (error instanceof TooManySecrets) throw new ConfigurationError(source, [error.message]);
    throw error;
  }
};
