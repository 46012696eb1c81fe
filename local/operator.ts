/** What the operator's commands need to work on the local run instead of AWS. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { stackName } from '../lib/stack-name.ts';
import { localAccount } from './aws/account.ts';
import type { Deployment } from './template/run-template.ts';

/** Environment variables by which the SDK reaches the local services; nothing of them is a secret. */
export const operatorEnvironment = (
  deployment: Pick<Deployment, 'endpoints'>,
  outputsFile: string,
): Readonly<Record<string, string>> => ({
  ...deployment.endpoints,
  AWS_REGION: localAccount.region,
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  INSIGHTS_CONNECTOR_OUTPUTS: outputsFile,
});

/** Writes the outputs of the local run as `cdk deploy --outputs-file` does. */
export const writeOutputs = (deployment: Pick<Deployment, 'outputs'>, file: string): void => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ [stackName]: deployment.outputs }, null, 2)}\n`);
};
