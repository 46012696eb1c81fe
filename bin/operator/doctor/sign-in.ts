/** What doctor asks of Microsoft Entra ID and Customer Insights. */
import { decodeJwt } from 'jose';
import { audiencesOf } from '../../../config/audiences.ts';
import { instanceKeys } from '../../../config/instance-keys.ts';
import type { Configuration } from '../../../config/schema.ts';
import { createCustomerInsightsAccess, type Secrets } from '../../../lambda/customer-insights/index.ts';
import { openAuthority } from '../../../lambda/identity/authority.ts';
import { createTokenSource, type TokenSource } from '../../../lambda/identity/token-source.ts';
import { createUpstreamBudget, memoryUpstreamPauseStore } from '../../../lambda/limiter/index.ts';
import { deadlineIn } from '../../../lambda/runtime/deadline.ts';
import { ConnectorError } from '../../../lambda/runtime/errors.ts';
import { secondMs } from '../../../lambda/runtime/time.ts';
import { fault, type Outcome, skipped, sound, warning } from './finding.ts';

export interface Upstream {
  readonly configuration: Configuration;
  readonly authority: string;
  readonly customerInsightsUrl: string;
  readonly secrets: Secrets;
  /** Epoch ms. */
  readonly now: () => number;
}

type Code = ConnectorError['code'];

/** What mends each refusal that only a user with rights in Entra ID, Customer Insights or AWS can mend. */
const mends = (
  { applications }: Configuration,
  secretName: string,
): Partial<Record<Code, readonly string[]>> => {
  const api = applications.api.clientId;
  return {
    ConsentRequired: [`$ az ad app permission admin-consent --id ${api}`],
    ClientSecretInvalid: [
      `$ az ad app credential reset --append --id ${api} --years 1 --query password --output tsv`,
      'Store the value (not its id) as step 5 of docs/deployment.md shows.',
    ],
    ClientSecretExpired: [
      `$ az ad app credential reset --append --id ${api} --years 1 --query password --output tsv`,
      'Store the value as step 5 of docs/deployment.md shows.',
    ],
    ClientAppRefused: [
      `$ az ad app show --id ${api}`,
      'Compare tenantId and applications.api.clientId with it.',
    ],
    UpstreamKeyRefused: [
      `Copy both keys from Settings > Permissions > APIs of the instance into the secret ${secretName}: step 5 of docs/deployment.md.`,
    ],
    UpstreamForbidden: [
      `In Customer Insights: Settings > Permissions > Add, application ${api}, role Viewer. A new role takes up to 15 minutes.`,
    ],
    UpstreamTokenRefused: [
      `$ az ad app permission list --id ${api}`,
      `$ az ad app permission admin-consent --id ${api}`,
    ],
    UpstreamNotFound: [
      'Compare the id in the configuration with the address of the instance in the browser.',
    ],
    SecretUnreadable: [
      `$ aws secretsmanager describe-secret --secret-id ${secretName}`,
      'Store its value as step 5 of docs/deployment.md shows.',
    ],
    ClientSecretUnreadable: [
      `$ aws secretsmanager describe-secret --secret-id ${secretName}`,
      'Store its value as step 5 of docs/deployment.md shows.',
    ],
  };
};

const causesOf = (error: ConnectorError): string => {
  const { cause } = error;
  // Of a secret that could not be read, the cause says why; what Entra ID describes stays out.
  return cause instanceof Error && /Unreadable|Unavailable/.test(error.code) ? ` (${cause.message})` : '';
};

const refused = (error: unknown, configuration: Configuration, secretName: string): Outcome => {
  if (!(error instanceof ConnectorError)) throw error;
  const found = `${error.message}${causesOf(error)}`;
  const mend = mends(configuration, secretName)[error.code as Code] ?? [error.remedy];
  // A secret that cannot be read does not mend itself, though a request for it may be repeated.
  return error.kind.repeatable && !/Unreadable$/.test(error.code)
    ? warning(found, ['Repeat in some minutes; if it stays:', ...mend])
    : fault(found, mend, 'docs/troubleshooting.md');
};

/** The tokens of AWS are of the functions' roles, which no other caller can take. */
const onlyFunctions = skipped(
  'Without a client secret only the functions get tokens. Their log and the metric CredentialFailures show whether they do.',
);

export const upstreamChecks = (upstream: Upstream) => {
  const { configuration, secrets, now } = upstream;
  const { api } = configuration.applications;
  const apiSecret = api.secretName ?? '';
  const federated = api.credential === 'federated';
  const authority = openAuthority({ authority: upstream.authority });
  const tokens: TokenSource = createTokenSource({
    authority,
    clientId: api.clientId,
    credential: {
      kind: 'client-secret',
      read: async ({ fresh }) => (await secrets.read(apiSecret, { fresh })).clientSecret ?? '',
    },
    now,
  });
  const access = createCustomerInsightsAccess({
    settings: configuration,
    baseUrl: upstream.customerInsightsUrl,
    tokens,
    secrets,
    budget: createUpstreamBudget({ store: memoryUpstreamPauseStore(), now }),
    now,
  });
  return {
    /** The discovery document: it is there, and it is of this tenant. */
    discovery: async (): Promise<Outcome> => {
      try {
        const { token_endpoint: endpoint } = await authority.metadata();
        return sound(`${authority.issuer} answers; tokens come from ${endpoint ?? 'an unknown address'}.`);
      } catch (error) {
        if (!(error instanceof ConnectorError)) throw error;
        const reason = error.cause instanceof Error ? error.cause.message : '';
        return fault(
          `The discovery document of ${authority.issuer} could not be used${reason === '' ? '' : `: ${reason}`}. Either the tenant does not exist, or this machine cannot reach Microsoft Entra ID.`,
          [
            `$ curl ${authority.issuer}/.well-known/openid-configuration`,
            '$ az account show --query tenantId',
            'Compare it with tenantId in the configuration.',
          ],
          'docs/troubleshooting.md#aadsts-codes',
        );
      }
    },

    /** A token for Customer Insights, with the stored client secret. */
    token: async (): Promise<Outcome> => {
      if (federated) return onlyFunctions;
      try {
        const { value } = await tokens.clientCredentials(configuration.customerInsights.scope);
        const roles = decodeJwt(value).roles;
        return Array.isArray(roles) && roles.length > 0
          ? sound(
              `Microsoft Entra ID gives a token for ${configuration.customerInsights.scope}, with ${roles.join(', ')}.`,
            )
          : fault(
              'The token for Customer Insights has no application permission.',
              [`$ az ad app permission admin-consent --id ${api.clientId}`],
              'docs/deployment.md',
            );
      } catch (error) {
        return refused(error, configuration, apiSecret);
      }
    },

    /** The version and the audience of the tokens that makers will send. */
    tokenVersion: async (): Promise<Outcome> => {
      if (federated) return onlyFunctions;
      try {
        const { value } = await tokens.clientCredentials(`api://${api.clientId}/.default`);
        const { ver, aud, iss } = decodeJwt(value);
        const audience = Array.isArray(aud) ? aud[0] : aud;
        if (ver !== '2.0' || iss !== upstream.authority)
          return fault(
            `Tokens for the API are of version ${String(ver)}, from ${iss}. The gateway takes version 2.0, from ${upstream.authority}, and answers 401 to all others.`,
            [
              `$ az ad app update --id ${api.clientId} --set api.requestedAccessTokenVersion=2`,
              'Wait some minutes, then sign in to each connection again.',
            ],
            'docs/runbook.md#every-call-answers-401',
          );
        return audiencesOf(api.clientId).includes(audience ?? '')
          ? sound(`Tokens for the API are of version 2.0, for ${audience}.`)
          : fault(
              `Tokens for the API have the audience ${audience}, which the gateway does not take.`,
              [`$ az ad app update --id ${api.clientId} --identifier-uris api://${api.clientId}`],
              'docs/runbook.md#every-call-answers-401',
            );
      } catch (error) {
        return refused(error, configuration, apiSecret);
      }
    },

    /** Reads a path below an instance as the watch would, with the answer as it came. */
    read:
      ({ id, secretName }: Configuration['instances'][number]) =>
      async (path: string): Promise<unknown> => {
        const { value } = await tokens.clientCredentials(configuration.customerInsights.scope);
        const { primary = '' } = instanceKeys(await secrets.read(secretName), id);
        const base = upstream.customerInsightsUrl.replace(/\/$/, '');
        const response = await fetch(`${base}/instances${path === '' ? '' : `/${id}${path}`}`, {
          headers: { authorization: `Bearer ${value}`, 'Ocp-Apim-Subscription-Key': primary },
          redirect: 'error',
          signal: AbortSignal.timeout(60 * secondMs),
        });
        if (!response.ok) throw new Error(`The answer has status ${response.status}.`);
        return response.json();
      },

    /** The role of the application in an instance, its key and one read. */
    instance: async ({ id, name, secretName }: Configuration['instances'][number]): Promise<Outcome> => {
      if (federated) return onlyFunctions;
      const deadline = deadlineIn(20 * secondMs);
      try {
        const jobs = await access.forApplication(deadline).listJobs(id, { top: 1 });
        return sound(`${name} answers, with ${jobs.length === 0 ? 'no job yet' : 'its newest job'}.`);
      } catch (error) {
        return refused(error, configuration, secretName);
      } finally {
        deadline.end();
      }
    },
  };
};
