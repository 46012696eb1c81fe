import { App } from 'aws-cdk-lib/core';
import type { LoadedConfiguration } from '../config/load.ts';
import { featureFlags, InsightsConnectorStack } from './stack.ts';

export interface CreateAppOptions extends LoadedConfiguration {
  /**
   * Holds one folder per function, as `makeFunctions` writes them; by default the stack makes them from the
   * package.
   */
  readonly functionsDir?: string;
  /** Concrete values make a template without pseudo parameters; left out, it fits any account and region. */
  readonly env?: { readonly account: string; readonly region: string };
  /** Only "deploy" refuses settings for the local run. */
  readonly mode: 'deploy' | 'local';
  /**
   * The library's own check of the template against CloudFormation's schemas: about 3.5 s. By default when
   * deploying.
   */
  readonly validate?: boolean;
  /** Folder of the assembly; by default that of the CDK command line, else a new temporary folder. */
  readonly outDir?: string;
}

/**
 * The CDK app, not yet synthesised.
 * @throws ConfigurationError as the stack does
 */
export const createApp = ({
  functionsDir,
  env,
  mode,
  validate = mode === 'deploy',
  outDir,
  ...configuration
}: CreateAppOptions): { readonly app: App; readonly stack: InsightsConnectorStack } => {
  const app = new App({
    analyticsReporting: false,
    treeMetadata: false,
    builtinCloudFormationValidation: validate,
    postCliContext: {
      // The stack sets them for itself; the command line looks for them here.
      ...featureFlags,
      // The local run uses the bundles in their folder; a copy would be unused.
      ...(mode === 'local' && { 'aws:cdk:disable-asset-staging': true }),
    },
    ...(outDir !== undefined && { outdir: outDir }),
  });
  const stack = new InsightsConnectorStack(app, undefined, {
    configuration,
    ...(functionsDir !== undefined && { functionsDir }),
    mode,
    ...(env && { env }),
  });
  return { app, stack };
};
