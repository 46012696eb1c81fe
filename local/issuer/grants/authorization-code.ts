import { createHash } from 'node:crypto';
import type { Application } from '../directory.ts';
import { EntraError } from '../entra-error.ts';
import type { Tenant } from '../tenant.ts';
import { issueUserTokens, type TokenResponse } from './user-tokens.ts';

/**
 * Redeems a code once, for the client and address it was issued to (RFC 6749, section 4.1.3; RFC 7636,
 * section 4.6).
 */
export const grantAuthorizationCode = async (
  tenant: Tenant,
  client: Application,
  form: URLSearchParams,
): Promise<TokenResponse> => {
  const value = form.get('code');
  if (value === null) throw new EntraError(900144, { about: "'code'." });
  const code = tenant.codes.get(value);
  if (code === undefined || code.clientId !== client.appId) throw new EntraError(70000);
  if (tenant.clock.now() >= code.expiresAt) throw new EntraError(70008);
  if (code.redeemed) throw new EntraError(54005);
  if (form.get('redirect_uri') !== code.redirectUri) throw new EntraError(500112);
  checkVerifier(code.codeChallenge, form.get('code_verifier'), client);

  const user = tenant.directory.user(code.userName);
  if (user === undefined) throw new EntraError(50034);
  tenant.codes.set(value, { ...code, redeemed: true });
  return issueUserTokens(tenant, {
    client,
    user,
    scope: code.scope,
    ...(code.nonce !== undefined && { nonce: code.nonce }),
  });
};

const checkVerifier = (challenge: string | undefined, verifier: string | null, client: Application): void => {
  if (challenge === undefined) {
    if (client.secrets.length === 0) throw new EntraError(9002325);
    return;
  }
  if (verifier === null || createHash('sha256').update(verifier).digest('base64url') !== challenge)
    throw new EntraError(501481);
};
