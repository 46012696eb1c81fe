/** Where the tenant, Customer Insights and the secrets of a deployment are, in AWS or in a local run. */
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { LocalServices } from '../../config/operator-outputs.ts';
import { clouds } from '../../config/presets.ts';
import type { Configuration } from '../../config/schema.ts';
import { serviceClient } from './deployment-place.ts';

/** @param services of a local run; undefined for AWS */
export const upstreamPlace = (
  { tenantId, cloud, customerInsights }: Configuration,
  services: LocalServices | undefined,
): { readonly authority: string; readonly customerInsightsUrl: string } => ({
  authority: services?.authority ?? `https://${clouds[cloud].signIn}/${tenantId}/v2.0`,
  customerInsightsUrl: services?.customerInsights ?? customerInsights.url,
});

/** Region and credentials of the environment, or those of a local run. */
export const secretsClient = (services: LocalServices | undefined): SecretsManagerClient =>
  new SecretsManagerClient(services ? serviceClient(services, services.secretsManager) : {});
