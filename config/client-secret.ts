import type { Configuration } from './schema.ts';

/**
 * The name of the secret with the client secret of the API's registration.
 * @throws Error when the registration has another credential; the check of the configuration keeps this from
 *   happening where a client secret is used
 */
export const clientSecretName = ({ applications }: Pick<Configuration, 'applications'>): string => {
  const { secretName, credential } = applications.api;
  if (secretName === undefined)
    throw new Error(`The API's registration has no client secret: its credential is ${credential}.`);
  return secretName;
};
