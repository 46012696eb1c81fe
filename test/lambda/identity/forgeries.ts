/** Tokens that must be refused, each with the code of its refusal. */
import { createHmac } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { CallerRefusedCode } from '../../../lambda/identity/verify-caller.ts';
import type { Issuer } from '../../../local/issuer/issuer.ts';
import { apiAppId, connectorAppId, type SteppedClock, testTenantId } from './local-identity.ts';

export interface ForgersWorld {
  /** Whose tokens are accepted. */
  readonly issuer: Issuer;
  /** One with other keys, of the same tenant. */
  readonly otherIssuer: Issuer;
  readonly clock: SteppedClock;
}

export interface Forgery {
  readonly name: string;
  readonly code: CallerRefusedCode;
  /** The Authorization header. */
  readonly header: (world: ForgersWorld) => Promise<string | undefined>;
}

const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
/** The header that presents a token. */
export const bearer = async (token: Promise<string> | string) => `Bearer ${await token}`;
const signed = async ({ issuer }: ForgersWorld, header: object) =>
  bearer(issuer.sign(decodeJwt(await issuer.userToken()), { ...header }));
const claimed =
  (claims: Readonly<Record<string, unknown>>) =>
  ({ issuer }: ForgersWorld) =>
    bearer(issuer.userToken({ claims }));
const seconds = ({ clock }: ForgersWorld) => Math.floor(clock.now() / 1000);

type Entry = readonly [name: string, code: CallerRefusedCode, header: Forgery['header']];

const entries: readonly Entry[] = [
  ['no header', 'TokenMissing', async () => undefined],
  ['an empty header', 'TokenMissing', async () => '  '],
  ['a scheme without a token', 'TokenMissing', async () => 'Bearer '],
  ['the Basic scheme', 'TokenScheme', async () => 'Basic dXNlcjpwYXNzd29yZA=='],
  ['a token without a scheme', 'TokenScheme', ({ issuer }) => issuer.userToken()],
  ['two tokens', 'TokenMalformed', async ({ issuer }) => `${await bearer(issuer.userToken())} x`],
  ['garbage', 'TokenMalformed', async () => 'Bearer garbage'],
  ['three empty parts', 'TokenMalformed', async () => 'Bearer ..'],
  ['parts that are not JSON', 'TokenMalformed', async () => 'Bearer aaaa.bbbb.cccc'],
  ['a header of 20,000 characters', 'TokenMalformed', async () => `Bearer ${'a'.repeat(20_000)}`],
  [
    'claims that are not an object',
    'TokenSignature',
    async ({ issuer }) => {
      const [header, , signature] = (await issuer.userToken()).split('.');
      return `Bearer ${header}.${encoded([])}.${signature}`;
    },
  ],
  [
    'alg none without a signature',
    'TokenAlgorithm',
    async ({ issuer }) => {
      const token = await issuer.userToken();
      return `Bearer ${encoded({ ...decodeProtectedHeader(token), alg: 'none' })}.${token.split('.')[1]}.`;
    },
  ],
  [
    'alg none with the old signature',
    'TokenAlgorithm',
    async ({ issuer }) => {
      const token = await issuer.userToken();
      const [, claims, signature] = token.split('.');
      return `Bearer ${encoded({ ...decodeProtectedHeader(token), alg: 'None' })}.${claims}.${signature}`;
    },
  ],
  [
    'HS256 with the public key as the secret',
    'TokenAlgorithm',
    async ({ issuer }) => {
      const keys = await (await fetch(issuer.jwksUri)).text();
      const token = await issuer.userToken();
      const content = `${encoded({ ...decodeProtectedHeader(token), alg: 'HS256' })}.${token.split('.')[1]}`;
      return `Bearer ${content}.${createHmac('sha256', keys).update(content).digest('base64url')}`;
    },
  ],
  [
    'a foreign key under the real key id',
    'TokenSignature',
    async ({ issuer }) => bearer(issuer.forge(decodeJwt(await issuer.userToken()))),
  ],
  [
    'a foreign key under its own id',
    'TokenSignature',
    async ({ issuer }) => bearer(issuer.forge(decodeJwt(await issuer.userToken()), { kid: 'mine' })),
  ],
  [
    'changed claims under the old signature',
    'TokenSignature',
    async ({ issuer }) => {
      const token = await issuer.userToken();
      const [header, , signature] = token.split('.');
      return `Bearer ${header}.${encoded({ ...decodeJwt(token), oid: 'someone-else' })}.${signature}`;
    },
  ],
  ['no key id', 'TokenMalformed', (world) => signed(world, { kid: undefined })],
  ['a key id that is a path', 'TokenSignature', (world) => signed(world, { kid: '../../x' })],
  [
    'a key id that is an address',
    'TokenSignature',
    (world) => signed(world, { kid: world.otherIssuer.jwksUri }),
  ],
  ['a key id that is a query', 'TokenSignature', (world) => signed(world, { kid: "' OR 1=1 --" })],
  ['a key id that is a prototype member', 'TokenSignature', (world) => signed(world, { kid: '__proto__' })],
  [
    'a jku that leads to a foreign issuer',
    'TokenSignature',
    async ({ issuer, otherIssuer }) =>
      bearer(
        otherIssuer.sign(decodeJwt(await issuer.userToken()), {
          jku: otherIssuer.jwksUri,
          kid: decodeProtectedHeader(await issuer.userToken()).kid,
        }),
      ),
  ],
  [
    'an x5u that leads to a foreign issuer',
    'TokenSignature',
    async ({ issuer, otherIssuer }) =>
      bearer(otherIssuer.sign(decodeJwt(await issuer.userToken()), { x5u: otherIssuer.jwksUri })),
  ],
  [
    'a jwk that brings its own key',
    'TokenSignature',
    async ({ issuer, otherIssuer }) => {
      const { keys } = (await (await fetch(otherIssuer.jwksUri)).json()) as { keys: readonly object[] };
      return bearer(otherIssuer.sign(decodeJwt(await issuer.userToken()), { jwk: keys[0] }));
    },
  ],
  [
    'a whole token of a foreign issuer',
    'TokenSignature',
    ({ otherIssuer }) => bearer(otherIssuer.userToken()),
  ],
  [
    'a foreign issuer in a well-signed token',
    'TokenIssuer',
    (world) => claimed({ iss: world.otherIssuer.issuer })(world),
  ],
  [
    'a version 1 issuer',
    'TokenIssuer',
    claimed({ iss: `https://sts.windows.net/${testTenantId}/`, ver: '1.0' }),
  ],
  ['version 1, for the URI of this API', 'TokenVersion', claimed({ aud: `api://${apiAppId}`, ver: '1.0' })],
  ['the URI of another API', 'TokenAudience', claimed({ aud: 'api://00000000-0000-4000-8000-000000000000' })],
  ['no issuer', 'TokenIssuer', claimed({ iss: undefined })],
  [
    'the audience of another API',
    'TokenAudience',
    ({ issuer }) => bearer(issuer.userToken({ audience: 'https://api.ci.ai.microsoft.com' })),
  ],
  [
    'the audience of the connector itself',
    'TokenAudience',
    ({ issuer }) => bearer(issuer.userToken({ audience: connectorAppId })),
  ],
  ['no audience', 'TokenAudience', claimed({ aud: undefined })],
  ['another tenant', 'TokenTenant', claimed({ tid: '99999999-2222-4333-8444-555555555555' })],
  ['no tenant', 'TokenTenant', claimed({ tid: undefined })],
  ['version 1', 'TokenVersion', claimed({ ver: '1.0' })],
  ['expired', 'TokenExpired', ({ issuer }) => bearer(issuer.userToken({ expiresInS: -60 }))],
  ['no expiry', 'TokenMalformed', claimed({ exp: undefined })],
  ['an expiry that is a text', 'TokenMalformed', claimed({ exp: '9999999999' })],
  [
    'not valid yet',
    'TokenNotYetValid',
    (world) => bearer(world.issuer.userToken({ notBefore: seconds(world) + 60 })),
  ],
  ['no start of validity', 'TokenMalformed', claimed({ nbf: undefined })],
  ['another scope', 'TokenScope', ({ issuer }) => bearer(issuer.userToken({ scopes: ['read'] }))],
  [
    'a scope that only begins like the required one',
    'TokenScope',
    ({ issuer }) => bearer(issuer.userToken({ scopes: ['access_as_user_admin'] })),
  ],
  ['an empty scope', 'TokenScope', claimed({ scp: '' })],
  [
    'an application alone',
    'TokenAppOnly',
    ({ issuer }) => bearer(issuer.appToken({ roles: ['access_as_user'] })),
  ],
  [
    'a token of an application that claims a scope',
    'TokenAppOnly',
    ({ issuer }) => bearer(issuer.appToken({ claims: { idtyp: 'app', scp: 'access_as_user' } })),
  ],
  ['scopes as a list', 'TokenAppOnly', claimed({ scp: ['access_as_user'] })],
  [
    'an unknown client application',
    'TokenClientApp',
    claimed({ azp: 'aaaaaaaa-0000-4000-8000-00000000ffff' }),
  ],
  ['no client application', 'TokenClientApp', claimed({ azp: undefined })],
  ['no object id', 'TokenMalformed', claimed({ oid: undefined })],
  [
    'an unknown critical header',
    'TokenMalformed',
    async ({ issuer }) => {
      const token = await issuer.userToken();
      const [, claims, signature] = token.split('.');
      return `Bearer ${encoded({ ...decodeProtectedHeader(token), crit: ['exp'], exp: 1 })}.${claims}.${signature}`;
    },
  ],
];

/** Everything that is refused, by the part of the token that is wrong. */
export const forgeries: readonly Forgery[] = entries.map(([name, code, header]) => ({ name, code, header }));
