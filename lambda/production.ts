/** What several functions make from environment and settings when they are deployed. Nothing here is requested at start. */
import { Logger } from '@aws-lambda-powertools/logger';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { delegatedScope } from '../connector/emit/sign-in.ts';
import {
  type CustomerInsightsAccess,
  clientSecretFrom,
  createCustomerInsightsAccess,
  createSecrets,
} from './customer-insights/index.ts';
import { type CallLog, type Log, logWith } from './http/log.ts';
import { type Authority, openAuthority } from './identity/authority.ts';
import { createTokenSource } from './identity/token-source.ts';
import { createCallerVerifier, type VerifyCaller } from './identity/verify-caller.ts';
import { environment, readSettings } from './settings.ts';

export const settings = readSettings();

/** Milliseconds since the epoch; read at each call, so that a replaced clock is seen. */
export const now = () => Date.now();

/** 192 random bits, base64url: for versions, generations and delete secrets. */
export const newSecret = () => Buffer.from(crypto.getRandomValues(new Uint8Array(24))).toString('base64url');

/** Where the reading of the issuer's discovery document is shared by the verifier and the token source. */
export const authority = (): Authority => openAuthority({ authority: environment('AUTHORITY') });

export const logger = (serviceName: string): Log => new Logger({ serviceName });

/** A log for functions that do not answer HTTP calls. */
export const callLog = (serviceName: string): CallLog => logWith(logger(serviceName), {});

export const callerVerifier = (issuer: Authority): VerifyCaller =>
  createCallerVerifier({
    authority: issuer,
    audience: settings.applications.api.clientId,
    tenantId: settings.tenantId,
    allowedClientApps: [settings.applications.connector.clientId],
    requiredScope: delegatedScope,
    now,
  });

export const customerInsightsAccess = (issuer: Authority): CustomerInsightsAccess => {
  const { api } = settings.applications;
  const secrets = createSecrets({ client: new SecretsManagerClient({}), now });
  return createCustomerInsightsAccess({
    settings,
    baseUrl: environment('CUSTOMER_INSIGHTS_URL'),
    tokens: createTokenSource({
      authority: issuer,
      clientId: api.clientId,
      clientSecret: clientSecretFrom(secrets, api.secret),
      now,
    }),
    secrets,
    now,
  });
};
