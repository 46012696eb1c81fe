import { createHash, timingSafeEqual } from 'node:crypto';
import { checkClientAssertion, clientAssertionType } from './client-assertion.ts';
import type { Application } from './directory.ts';
import { EntraError } from './entra-error.ts';
import { clientNamed, type Tenant } from './tenant.ts';

/**
 * The client of a token request, by Basic header or by body (RFC 6749, section 2.3.1), or by the assertion of another
 * issuer (RFC 7523); public clients have neither secret nor federated credential.
 */
export const authenticateClient = async (
  tenant: Tenant,
  authorization: string | undefined,
  form: URLSearchParams,
): Promise<Application> => {
  const basic = basicCredentials(authorization);
  const client = clientNamed(tenant, basic?.clientId ?? form.get('client_id'));
  const clientId = client.appId;
  const secret = basic?.secret ?? form.get('client_secret');

  const assertion = form.get('client_assertion');
  if (assertion !== null && form.get('client_assertion_type') === clientAssertionType) {
    await checkClientAssertion(tenant, clientId, assertion);
    return client;
  }
  if (client.secrets.length === 0 && tenant.directory.federatedCredentialsOf(clientId).length === 0) {
    if (form.get('grant_type') === 'client_credentials') throw new EntraError(7000218);
    return client;
  }
  if (secret === null) throw new EntraError(7000218);
  const match = tenant.directory.secretsOf(clientId).find((known) => sameText(known.value, secret));
  if (match === undefined) throw new EntraError(7000215, { about: `A secret for the app ${clientId}.` });
  if (match.expiresAt !== undefined && match.expiresAt <= tenant.clock.now())
    throw new EntraError(7000222, { about: `App ${clientId}.` });
  return client;
};

const basicCredentials = (
  authorization: string | undefined,
): { readonly clientId: string; readonly secret: string } | undefined => {
  const match = /^basic ([A-Za-z0-9+/=]+)$/i.exec(authorization ?? '');
  if (match?.[1] === undefined) return undefined;
  const [clientId, ...secret] = Buffer.from(match[1], 'base64').toString('utf8').split(':');
  return { clientId: formDecoded(clientId ?? ''), secret: formDecoded(secret.join(':')) };
};

const formDecoded = (value: string): string => new URLSearchParams(`value=${value}`).get('value') ?? '';

const sameText = (one: string, other: string): boolean => {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
};
