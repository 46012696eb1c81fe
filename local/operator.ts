/** The data that the operator commands need for a local run. */
import { writeFileSync } from 'node:fs';
import { type LocalServices, localServicesKey } from '../config/operator-outputs.ts';
import { stackName } from '../lib/stack-name.ts';
import { localAccount } from './aws/account.ts';
import type { ConnectedSystem } from './connected-system.ts';
import type { RunControl } from './control/run-control.ts';
import type { LocalSystem } from './system.ts';
import type { Deployment } from './template/run-template.ts';

/** @throws Error when the run has no such service */
const endpoint = ({ endpoints }: Pick<Deployment, 'endpoints'>, name: string): string => {
  const url = endpoints[name];
  if (url === undefined) throw new Error(`The local run has no ${name}.`);
  return url;
};

export const localServices = (
  deployment: Pick<Deployment, 'endpoints' | 'operatorCredentials'>,
): LocalServices => ({
  region: localAccount.region,
  dynamoDb: endpoint(deployment, 'AWS_ENDPOINT_URL_DYNAMODB'),
  sqs: endpoint(deployment, 'AWS_ENDPOINT_URL_SQS'),
  accessKeyId: deployment.operatorCredentials.accessKeyId,
  secretsManager: endpoint(deployment, 'AWS_ENDPOINT_URL_SECRETS_MANAGER'),
  kms: endpoint(deployment, 'AWS_ENDPOINT_URL_KMS'),
});

/** What a local run calls, where the commands of its operator look for it. */
export const localServicesOf = (system: LocalSystem | ConnectedSystem): LocalServices => ({
  ...localServices(system.deployment),
  api: system.deployment.apiUrl,
  ...('simulator' in system
    ? { customerInsights: system.simulator.url, authority: system.issuer.issuer }
    : { customerInsights: system.outside.customerInsightsUrl, authority: system.outside.authority }),
});

/**
 * Writes the outputs of a local run as `cdk deploy --outputs-file` does, and where its services are. Only the user who
 * started the run may read the file: it has the access key.
 */
export const writeOutputs = (
  system: LocalSystem | ConnectedSystem,
  file: string,
  control?: Pick<RunControl, 'url' | 'key'>,
): void =>
  writeFileSync(
    file,
    `${JSON.stringify({ [stackName]: system.deployment.outputs, [localServicesKey]: { ...localServicesOf(system), ...(control && { control: control.url, controlKey: control.key }) } }, null, 2)}\n`,
    { mode: 0o600 },
  );
