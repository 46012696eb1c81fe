/**
 * What the functions that call Customer Insights make from environment and settings. Nothing here is
 * requested at start.
 */
import { audiencesOf } from '../../config/audiences.ts';
import { clientSecretName } from '../../config/client-secret.ts';
import { consoleBudget, consoleScope } from '../../config/console.ts';
import { federation } from '../../config/federation.ts';
import type { FunctionSettings } from '../../config/schema.ts';
import { delegatedScope } from '../../connector/emit/sign-in.ts';
import { type Authority, openAuthority } from '../identity/authority.ts';
import { identityTokens, sts } from '../identity/aws-identity-token.ts';
import { type ClientCredential, createTokenSource } from '../identity/token-source.ts';
import { createCallerVerifier, type VerifyCaller } from '../identity/verify-caller.ts';
import {
  type Counted,
  createLimiter,
  createUpstreamBudget,
  dynamoDbLimiterStore,
  dynamoDbUpstreamPauseStore,
  type Limiter,
} from '../limiter/index.ts';
import { type AwsClient, secretsManager } from '../runtime/aws-services.ts';
import { type CoveredUp, coveredUp } from '../runtime/covered-up.ts';
import { type CallLog, type Log, logWith } from '../runtime/log.ts';
import type { InvocationMetrics } from '../runtime/metrics.ts';
import { logger } from '../runtime/powertools.ts';
import { aws, functionMetrics, now, random, settings } from '../runtime/process.ts';
import { environment } from '../runtime/settings.ts';
import { secondMs } from '../runtime/time.ts';
import { type CustomerInsightsAccess, createCustomerInsightsAccess } from './access.ts';
import { clientSecretFrom, createSecrets, type OnSecretRead, type Secrets } from './secret-reader.ts';

/** The verifier and the token source share it, so that the discovery document is read once. */
export const authority = (): Authority => openAuthority({ authority: environment('AUTHORITY') });

/** What a function that answers signed-in callers has. */
export interface SignedInFunction {
  readonly issuer: Authority;
  readonly log: Log;
  /** A log for what belongs to no call. */
  readonly ownLog: CallLog;
  readonly metrics: InvocationMetrics;
  readonly covered: CoveredUp;
}

/** @param name as the logs and the metrics have it */
export const signedInFunction = (name: string): SignedInFunction => {
  const [log, metrics] = [logger(name), functionMetrics(name)];
  const ownLog = logWith(log, {});
  return {
    issuer: authority(),
    log,
    ownLog,
    metrics,
    covered: coveredUp(ownLog, metrics),
  };
};

/** Who may call: the applications that sign users in, and the delegated permission that they ask for. */
export interface Admission {
  readonly clientApps: readonly string[];
  readonly scope: string;
}

const connections: Admission = {
  clientApps: [settings.applications.connector.clientId],
  scope: delegatedScope,
};

/** @param admitted connections of the connector by default */
export const callerVerifier = (
  issuer: Authority,
  covered: CoveredUp,
  admitted: Admission = connections,
): VerifyCaller =>
  createCallerVerifier({
    authority: issuer,
    audiences: audiencesOf(settings.applications.api.clientId),
    tenantId: settings.tenantId,
    allowedClientApps: admitted.clientApps,
    requiredScope: admitted.scope,
    now,
    coveredUp: covered,
  });

/** Callers whom the console signed in; none while it is not set up. */
export const consoleCallerVerifier = (issuer: Authority, covered: CoveredUp): VerifyCaller => {
  const clientId = settings.console?.clientId;
  return callerVerifier(issuer, covered, {
    clientApps: clientId === undefined ? [] : [clientId],
    scope: consoleScope,
  });
};

/** Secrets Manager with a cache; one per function. */
export const secretsCache = (covered: CoveredUp, onRead?: OnSecretRead): Secrets =>
  createSecrets({
    client: aws(secretsManager),
    now,
    coveredUp: covered,
    ...(onRead && { onRead }),
  });

/** Whether a secret is the client secret of the API's registration. */
export const isClientSecret = (name: string): boolean => name === settings.applications.api.secretName;

/** The client secret of the API's registration; undefined where it has none. */
export const clientSecretOf = (secrets: Secrets): (() => Promise<string>) | undefined => {
  if (settings.applications.api.credential === 'federated') return undefined;
  const read = clientSecretFrom(secrets, clientSecretName(settings));
  return () => read({ fresh: false });
};

/** What proves to Microsoft Entra ID that this is the API's registration. */
const clientCredential = (secrets: Secrets): ClientCredential => {
  const { credential } = settings.applications.api;
  return credential === 'federated'
    ? { kind: credential, read: identityTokens(aws(sts), now, federation) }
    : { kind: credential, read: clientSecretFrom(secrets, clientSecretName(settings)) };
};

/**
 * What calls Customer Insights. All functions that do share what an instance grants, through the limiter's
 * table.
 * @param served settings with the instances that are served
 * @param database the function's own client, so that there is one
 */
export const customerInsightsAccess = (
  served: Pick<FunctionSettings, 'instances' | 'customerInsights'>,
  issuer: Authority,
  database: AwsClient<'dynamodb'>,
  covered: CoveredUp,
  secrets: Secrets = secretsCache(covered),
): CustomerInsightsAccess =>
  createCustomerInsightsAccess({
    settings: served,
    baseUrl: environment('CUSTOMER_INSIGHTS_URL'),
    tokens: createTokenSource({
      authority: issuer,
      clientId: settings.applications.api.clientId,
      credential: clientCredential(secrets),
      now,
      coveredUp: covered,
    }),
    secrets,
    budget: createUpstreamBudget({
      store: dynamoDbUpstreamPauseStore(database, environment('LIMITER_TABLE')),
      now,
    }),
    now,
    coveredUp: covered,
  });

const limiterOf = (
  database: AwsClient<'dynamodb'>,
  counted: Counted,
  { calls, windowSeconds }: FunctionSettings['limit'],
): Limiter =>
  createLimiter({
    store: dynamoDbLimiterStore(database, environment('LIMITER_TABLE')),
    counted,
    limit: calls,
    windowMs: windowSeconds * secondMs,
    now,
    random,
  });

/** Counts the calls of each connection; all functions share the slots. @param database the function's own client */
export const connectionLimiter = (database: AwsClient<'dynamodb'>): Limiter =>
  limiterOf(database, 'calls', settings.limit);

/** Counts the registrations of each person. @param database the function's own client */
export const registrationLimiter = (database: AwsClient<'dynamodb'>): Limiter =>
  limiterOf(database, 'registrations', settings.registrations);

/**
 * Counts the calls of a person's console, whose open pages ask every 5 s.
 * @param database the function's own client
 */
export const consoleLimiter = (database: AwsClient<'dynamodb'>): Limiter =>
  limiterOf(database, 'console', consoleBudget);
