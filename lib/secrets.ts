import { ArnFormat, type Stack } from 'aws-cdk-lib/core';
import { addedKeysPrefix } from '../config/instance-keys.ts';
import type { Configuration } from '../config/schema.ts';
import type { NamedSecret } from './secret-access.ts';

/** Characters; the console shows outputs of this length in full. */
const longestOutput = 1024;

/**
 * The secrets for calls to Customer Insights, by the names of the configuration: the client secret of the API's
 * registration if it has one, then the subscription keys of each instance. They are made by `insights-connector secrets put` and
 * belong to no stack, so a stack that is removed and made again finds them. Secrets Manager ends each ARN in a hyphen
 * and six characters.
 */
export const neededSecrets = (
  stack: Stack,
  { applications, instances }: Configuration,
): readonly NamedSecret[] =>
  [...new Set([applications.api, ...instances].flatMap(({ secretName }) => secretName ?? []))].map((name) =>
    namedSecret(stack, name),
  );

const namedSecret = (stack: Stack, name: string): NamedSecret => ({
  name,
  arnPattern: stack.formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    resourceName: `${name}-??????`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  }),
});

/** The secrets for the keys of instances that are added later, all under one pattern. */
export const addedKeysSecrets = (stack: Stack, configuration: Configuration): NamedSecret =>
  namedSecret(stack, `${addedKeysPrefix(configuration)}????`);

/** All names, or their number when they are too long for a stack output. */
export const secretsOutput = (secrets: readonly NamedSecret[]): string => {
  const names = secrets.map(({ name }) => name).join(' ');
  return names.length <= longestOutput ? names : `${secrets.length}, named in the configuration`;
};
