/** What a deployment without a client secret and the tenant's registration agree on. */
import { deploymentNames } from './deployment.ts';
import type { Configuration } from './schema.ts';

/**
 * The tokens that AWS gives the functions, and Microsoft Entra ID takes in place of a client secret.
 * https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust
 */
export const federation = {
  /** Of the worldwide directory, which GCC is in. */
  audience: 'api://AzureADTokenExchange',
  /** The only one that Entra ID takes. */
  signingAlgorithm: 'RS256',
  /** Life of a token. */
  seconds: 300,
} as const;

/**
 * Name of a function's role. It is part of the subject that the registration trusts, so it is known before the
 * deployment, and stays. IAM takes 64 characters: the longest name of a deployment and `subscriptions` fit exactly.
 */
export const federatedRoleName = (
  configuration: Pick<Configuration, 'deployment'>,
  functionName: string,
): string => `${deploymentNames(configuration).stack}-${functionName}`;

/** The output of the stack with the ARNs of the roles, separated by spaces. */
export const federatedSubjectsOutput = 'FederatedSubjects';
