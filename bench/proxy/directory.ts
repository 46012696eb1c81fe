/** What the functions sign in with: the directory, and the secrets of the deployment. */
import { clientSecretName } from '../../config/client-secret.ts';
import { exampleConfiguration } from '../../config/example.ts';
import { type SecretsAndKeys, startSecretsAndKeys } from '../../local/aws/secrets-and-keys.ts';
import type { LocalClock } from '../../local/clock.ts';
import { createRegistrations, type User } from '../../local/issuer/directory.ts';
import { type Issuer, startIssuer } from '../../local/issuer/issuer.ts';

export const subscriptionKey = 'bench-subscription-key';
export const apiSecret = 'bench-api-secret';

export interface SignIn {
  readonly issuer: Issuer;
  readonly secrets: SecretsAndKeys;
  readonly instanceId: string;
  /** Variables of a function that signs in, and calls AWS on this machine. */
  readonly environment: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
}

/** @param users who can sign in; the functions can without them */
export const startSignIn = async (clock: LocalClock, users: readonly User[] = []): Promise<SignIn> => {
  const { applications, instances, tenantId } = exampleConfiguration;
  const [instance] = instances;
  if (instance === undefined) throw new Error('The example configuration lists no instance.');
  const issuer = await startIssuer({
    clock,
    tenantId,
    users,
    applications: createRegistrations({
      connectorAppId: applications.connector.clientId,
      connectorSecret: 'unused',
      redirectUris: [],
      apiAppId: applications.api.clientId,
      apiSecret,
    }),
  });
  const secrets = await startSecretsAndKeys({ clock });
  secrets.putSecret(clientSecretName(exampleConfiguration), JSON.stringify({ clientSecret: apiSecret }));
  secrets.putSecret(instance.secretName, JSON.stringify({ primary: subscriptionKey }));
  return {
    issuer,
    secrets,
    instanceId: instance.id,
    environment: {
      AUTHORITY: issuer.issuer,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
    },
    async close() {
      await secrets.close();
      await issuer.close();
    },
  };
};
