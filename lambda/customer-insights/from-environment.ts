/** What several functions make from environment and settings when they are deployed. Nothing here is requested at start. */
import { Logger } from '@aws-lambda-powertools/logger';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { delegatedScope } from '../../connector/emit/sign-in.ts';
import { type Authority, openAuthority } from '../identity/authority.ts';
import { createTokenSource, type ReadClientSecret } from '../identity/token-source.ts';
import { createCallerVerifier, type VerifyCaller } from '../identity/verify-caller.ts';
import { createUpstreamBudget, dynamoDbUpstreamPauseStore } from '../limiter/index.ts';
import { type CallLog, type Log, logWith } from '../runtime/log.ts';
import { environment, readSettings } from '../runtime/settings.ts';
import {
  type CustomerInsightsAccess,
  clientSecretFrom,
  createCustomerInsightsAccess,
  createSecrets,
  type Secrets,
} from './index.ts';

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

/** Secrets Manager with a cache; one per function. */
export const secretsCache = (): Secrets => createSecrets({ client: new SecretsManagerClient({}), now });

/** The client secret of the API's registration. */
export const clientSecretOf = (secrets: Secrets): ReadClientSecret =>
  clientSecretFrom(secrets, settings.applications.api.secret);

/**
 * What calls Customer Insights. All functions that do share what an instance grants, through the limiter's table.
 * @param database the function's own client, so that there is one
 */
export const customerInsightsAccess = (
  issuer: Authority,
  database: DynamoDBClient,
  secrets: Secrets = secretsCache(),
): CustomerInsightsAccess =>
  createCustomerInsightsAccess({
    settings,
    baseUrl: environment('CUSTOMER_INSIGHTS_URL'),
    tokens: createTokenSource({
      authority: issuer,
      clientId: settings.applications.api.clientId,
      clientSecret: clientSecretOf(secrets),
      now,
    }),
    secrets,
    budget: createUpstreamBudget({
      store: dynamoDbUpstreamPauseStore(database, environment('LIMITER_TABLE')),
      now,
    }),
    now,
  });
