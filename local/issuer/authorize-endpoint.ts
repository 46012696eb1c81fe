import { minuteMs } from '../../lambda/runtime/time.ts';
import type { Application } from './directory.ts';
import { EntraError } from './entra-error.ts';
import { clientNamed, delegatedPermissions, randomId, type Tenant } from './tenant.ts';

/** How long a code can be redeemed, in ms. */
const codeLifetimeMs = 10 * minuteMs;

/**
 * Answers an authorization request with the address to redirect to. `login_hint` names the user who is signed in; a
 * person in a browser chooses one on the page of {@link accountPicker}.
 *
 * @throws EntraError when client or redirect address are not known, which must not redirect (RFC 6749,
 *   section 4.1.2.1); any other refusal is part of the address.
 */
export const authorize = (tenant: Tenant, query: URLSearchParams): string => {
  const client = clientNamed(tenant, query.get('client_id'));
  const redirectUri = query.get('redirect_uri');
  if (redirectUri === null || !client.redirectUris.some((known) => sameRedirect(known, redirectUri)))
    throw new EntraError(50011, { about: `Application ${client.appId}.` });

  const target = new URL(redirectUri);
  try {
    target.searchParams.set('code', issueCode(tenant, client, redirectUri, query));
  } catch (error) {
    if (!(error instanceof EntraError)) throw error;
    target.searchParams.set('error', error.error);
    target.searchParams.set('error_description', error.message);
  }
  const state = query.get('state');
  if (state !== null) target.searchParams.set('state', state);
  return target.href;
};

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/**
 * The page on which a person chooses an account, as Microsoft Entra ID shows one; undefined where the request names an
 * account, asks for no page (`prompt=none`), or comes from a program, which takes no HTML.
 */
export const accountPicker = (
  { directory }: Tenant,
  address: URL,
  accepted: string | undefined,
): string | undefined => {
  const query = address.searchParams;
  if (query.has('login_hint') || query.get('prompt') === 'none' || !accepted?.includes('text/html'))
    return undefined;
  const links = directory.users.map(({ userName, name, roles = [] }) => {
    const chosen = new URL(address);
    chosen.searchParams.set('login_hint', userName);
    const shown = [userName, ...roles.map((role) => `role ${role}`)].join(', ');
    return `<li><a href="${escaped(`${chosen.pathname}${chosen.search}`)}">${escaped(name)}</a> (${escaped(shown)})</li>`;
  });
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><link rel="icon" href="data:,"><title>Pick an account</title></head>
<body><main><h1>Pick an account</h1><p>This is the sign-in of the local run. It asks for no password.</p>
<ul>${links.join('')}</ul></main></body></html>
`;
};

const issueCode = (
  tenant: Tenant,
  client: Application,
  redirectUri: string,
  query: URLSearchParams,
): string => {
  if (query.get('response_type') !== 'code')
    throw new EntraError(900144, { about: "'response_type' must be code." });
  const challenge = query.get('code_challenge');
  if (challenge !== null && query.get('code_challenge_method') !== 'S256')
    throw new EntraError(9002313, { about: 'The code_challenge_method must be S256.' });
  if (challenge === null && client.secrets.length === 0) throw new EntraError(9002325);
  const hint = query.get('login_hint');
  if (hint === null) throw new EntraError(50058);
  const user = tenant.directory.user(hint);
  if (user === undefined) {
    const known = tenant.directory.users.map((one) => one.userName).join(', ');
    throw new EntraError(50034, { about: `Known users: ${known}.` });
  }
  const scope = query.get('scope') ?? '';
  delegatedPermissions(tenant, client, scope);

  for (const [issued, { expiresAt }] of tenant.codes) {
    if (tenant.clock.now() >= expiresAt) tenant.codes.delete(issued);
  }
  const code = randomId(tenant, 32);
  const nonce = query.get('nonce');
  tenant.codes.set(code, {
    clientId: client.appId,
    userName: user.userName,
    redirectUri,
    scope,
    ...(challenge !== null && { codeChallenge: challenge }),
    ...(nonce !== null && { nonce }),
    expiresAt: tenant.clock.now() + codeLifetimeMs,
    redeemed: false,
  });
  return code;
};

/** Loopback addresses match on any port (RFC 8252, section 7.3), all others exactly. */
const sameRedirect = (known: string, asked: string): boolean => {
  if (known === asked) return true;
  if (!URL.canParse(known) || !URL.canParse(asked)) return false;
  const [one, other] = [new URL(known), new URL(asked)];
  if (!['127.0.0.1', 'localhost'].includes(one.hostname)) return false;
  one.port = '';
  other.port = '';
  return one.href === other.href;
};
