/** Whether every secret is stored, and when the client secret expires. */
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Configuration } from '../../../config/schema.ts';
import { iso } from '../../../lambda/runtime/time.ts';
import { expiryWarningDays, readSecretStatus, type SecretStatus } from '../stored-secrets.ts';
import { fault, type Outcome, skipped, sound, warning } from './finding.ts';

const page = 'docs/deployment.md#5-store-the-secrets';

const putCommand = ({ secret: { instance } }: SecretStatus): string =>
  `$ insights-connector secrets put ${instance === undefined ? 'api --expires 1y' : `'${instance.name}'`}`;

/** Without the right to read them, the other checks say what is wrong. */
const mayNotRead = (error: unknown): error is Error =>
  error instanceof Error && /^(?:AccessDenied|DecryptionFailure)/.test(error.name);

export const secretsOutcome = async (
  client: SecretsManagerClient,
  configuration: Configuration,
  now: number,
): Promise<Outcome> => {
  let found: readonly SecretStatus[];
  try {
    found = await readSecretStatus(client, configuration, now);
  } catch (error) {
    if (!mayNotRead(error)) throw error;
    return skipped(`The secrets may not be read with these credentials: ${error.message}`);
  }
  const lacking = found.filter(({ state }) => state !== 'stored');
  if (lacking.length > 0)
    return fault(
      lacking.map(({ secret, state }) => `The secret of ${secret.title} is ${state}.`).join(' '),
      lacking.map(putCommand),
      page,
    );
  const clientSecret = found.find(({ secret }) => secret.kind === 'api');
  if (clientSecret?.expiresAt === undefined || clientSecret.daysLeft === undefined)
    return sound(`${found.length} are stored.`);
  const day = iso(clientSecret.expiresAt).slice(0, 10);
  const assumed = clientSecret.recorded
    ? ''
    : ' This is assumed, a year after it was stored, because no expiry was recorded.';
  const { clientId } = configuration.applications.api;
  const mend = [
    `$ az ad app credential reset --append --id ${clientId} --years 1 --query password --output tsv`,
    putCommand(clientSecret),
  ];
  if (clientSecret.daysLeft <= 0)
    return fault(`The client secret has expired on ${day}.${assumed}`, mend, page);
  const left = `The client secret expires on ${day}, in ${Math.floor(clientSecret.daysLeft)} days.${assumed}`;
  return clientSecret.daysLeft < expiryWarningDays
    ? warning(left, mend, page)
    : sound(`${found.length} are stored. ${left}`);
};
