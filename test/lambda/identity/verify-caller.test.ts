import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CallerRefused, type CallerRefusedCode } from '../../../lambda/identity/errors.ts';
import {
  CLOCK_TOLERANCE_S,
  createCallerVerifier,
  type VerifyCaller,
} from '../../../lambda/identity/verify-caller.ts';
import type { Issuer } from '../../../local/issuer/issuer.ts';
import {
  API_APP_ID,
  CONNECTOR_APP_ID,
  type SteppedClock,
  startLocalIdentity,
  TENANT_ID,
  verifierOptions,
} from './local-identity.ts';

let issuer: Issuer;
let otherIssuer: Issuer;
let clock: SteppedClock;
let verify: VerifyCaller;

beforeAll(async () => {
  ({ issuer, clock } = await startLocalIdentity());
  ({ issuer: otherIssuer } = await startLocalIdentity(10));
  verify = createCallerVerifier(verifierOptions(issuer, clock));
});
afterAll(async () => {
  await issuer.close();
  await otherIssuer.close();
});

const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
const seconds = () => Math.floor(clock.now() / 1000);

async function refusal(header: string | undefined): Promise<CallerRefused> {
  const outcome = await verify(header).then(
    () => 'admitted',
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(CallerRefused);
  return outcome as CallerRefused;
}

describe('a token of a signed-in user', () => {
  it('gives the caller', async () => {
    const token = await issuer.userToken();
    expect(await verify(`Bearer ${token}`)).toEqual({
      tenantId: TENANT_ID,
      objectId: issuer.users[0]?.objectId,
      clientAppId: CONNECTOR_APP_ID,
      userName: issuer.users[0]?.userName,
      token,
      expiresAt: clock.now() + 3_600_000,
    });
  });

  it('is accepted with any spelling of the scheme and space around it', async () => {
    const token = await issuer.userToken();
    for (const header of [`bearer ${token}`, `BEARER  ${token} `]) {
      expect((await verify(header)).token).toBe(token);
    }
  });

  it('is accepted when the required scope is one of several', async () => {
    const token = await issuer.userToken({ scopes: ['other', 'access_as_user'] });
    await expect(verify(`Bearer ${token}`)).resolves.toMatchObject({ tenantId: TENANT_ID });
  });

  it('is accepted until the tolerance after its end and refused from then on', async () => {
    const token = (ago: number) => issuer.userToken({ expiresInS: -ago });
    await expect(verify(`Bearer ${await token(CLOCK_TOLERANCE_S - 1)}`)).resolves.toBeDefined();
    expect((await refusal(`Bearer ${await token(CLOCK_TOLERANCE_S)}`)).code).toBe('TokenExpired');
  });

  it('compares ids without regard to case, as configuration may spell them either way', async () => {
    const upper = createCallerVerifier({
      ...verifierOptions(issuer, clock),
      tenantId: TENANT_ID.toUpperCase(),
      allowedClientApps: [CONNECTOR_APP_ID.toUpperCase()],
    });
    await expect(upper(`Bearer ${await issuer.userToken()}`)).resolves.toBeDefined();
  });
});

type Forgery = readonly [name: string, code: CallerRefusedCode, header: () => Promise<string | undefined>];

const bearer = async (token: Promise<string> | string) => `Bearer ${await token}`;
const signed = async (header: object) => issuer.sign(decodeJwt(await issuer.userToken()), { ...header });
const claimed = (claims: Readonly<Record<string, unknown>>) => bearer(issuer.userToken({ claims }));

const FORGERIES: readonly Forgery[] = [
  ['no header', 'TokenMissing', async () => undefined],
  ['an empty header', 'TokenMissing', async () => '  '],
  ['a scheme without a token', 'TokenMissing', async () => 'Bearer '],
  ['the Basic scheme', 'TokenScheme', async () => 'Basic dXNlcjpwYXNzd29yZA=='],
  ['a token without a scheme', 'TokenScheme', () => issuer.userToken()],
  ['two tokens', 'TokenMalformed', async () => `${await bearer(issuer.userToken())} x`],
  ['garbage', 'TokenMalformed', async () => 'Bearer garbage'],
  ['three empty parts', 'TokenMalformed', async () => 'Bearer ..'],
  ['parts that are not JSON', 'TokenMalformed', async () => 'Bearer aaaa.bbbb.cccc'],
  ['a header of 20,000 characters', 'TokenMalformed', async () => `Bearer ${'a'.repeat(20_000)}`],
  [
    'claims that are not an object',
    'TokenSignature',
    async () => {
      const [header, , signature] = (await issuer.userToken()).split('.');
      return `Bearer ${header}.${encoded([])}.${signature}`;
    },
  ],
  [
    'alg none without a signature',
    'TokenAlgorithm',
    async () => {
      const token = await issuer.userToken();
      return `Bearer ${encoded({ ...decodeProtectedHeader(token), alg: 'none' })}.${token.split('.')[1]}.`;
    },
  ],
  [
    'alg none with the old signature',
    'TokenAlgorithm',
    async () => {
      const token = await issuer.userToken();
      const [, claims, signature] = token.split('.');
      return `Bearer ${encoded({ ...decodeProtectedHeader(token), alg: 'None' })}.${claims}.${signature}`;
    },
  ],
  [
    'HS256 with the public key as the secret',
    'TokenAlgorithm',
    async () => {
      const keys = await (await fetch(issuer.jwksUri)).text();
      const token = await issuer.userToken();
      const content = `${encoded({ ...decodeProtectedHeader(token), alg: 'HS256' })}.${token.split('.')[1]}`;
      return `Bearer ${content}.${createHmac('sha256', keys).update(content).digest('base64url')}`;
    },
  ],
  [
    'a foreign key under the real key id',
    'TokenSignature',
    async () => bearer(issuer.forge(decodeJwt(await issuer.userToken()))),
  ],
  [
    'a foreign key under its own id',
    'TokenSignature',
    async () => bearer(issuer.forge(decodeJwt(await issuer.userToken()), { kid: 'mine' })),
  ],
  [
    'changed claims under the old signature',
    'TokenSignature',
    async () => {
      const token = await issuer.userToken();
      const [header, , signature] = token.split('.');
      return `Bearer ${header}.${encoded({ ...decodeJwt(token), oid: 'someone-else' })}.${signature}`;
    },
  ],
  ['no key id', 'TokenMalformed', () => bearer(signed({ kid: undefined }))],
  ['a key id that is a path', 'TokenSignature', () => bearer(signed({ kid: '../../x' }))],
  ['a key id that is an address', 'TokenSignature', () => bearer(signed({ kid: otherIssuer.jwksUri }))],
  ['a key id that is a query', 'TokenSignature', () => bearer(signed({ kid: "' OR 1=1 --" }))],
  ['a key id that is a prototype member', 'TokenSignature', () => bearer(signed({ kid: '__proto__' }))],
  [
    'a jku that leads to a foreign issuer',
    'TokenSignature',
    async () =>
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
    async () => bearer(otherIssuer.sign(decodeJwt(await issuer.userToken()), { x5u: otherIssuer.jwksUri })),
  ],
  [
    'a jwk that brings its own key',
    'TokenSignature',
    async () => {
      const { keys } = (await (await fetch(otherIssuer.jwksUri)).json()) as { keys: readonly object[] };
      return bearer(otherIssuer.sign(decodeJwt(await issuer.userToken()), { jwk: keys[0] }));
    },
  ],
  ['a whole token of a foreign issuer', 'TokenSignature', () => bearer(otherIssuer.userToken())],
  ['a foreign issuer in a well-signed token', 'TokenIssuer', () => claimed({ iss: otherIssuer.issuer })],
  [
    'a version 1 issuer',
    'TokenIssuer',
    () => claimed({ iss: `https://sts.windows.net/${TENANT_ID}/`, ver: '1.0' }),
  ],
  ['no issuer', 'TokenIssuer', () => claimed({ iss: undefined })],
  [
    'the audience of another API',
    'TokenAudience',
    () => bearer(issuer.userToken({ audience: 'https://api.ci.ai.microsoft.com' })),
  ],
  [
    'the audience of the connector itself',
    'TokenAudience',
    () => bearer(issuer.userToken({ audience: CONNECTOR_APP_ID })),
  ],
  ['no audience', 'TokenAudience', () => claimed({ aud: undefined })],
  ['another tenant', 'TokenTenant', () => claimed({ tid: '99999999-2222-4333-8444-555555555555' })],
  ['no tenant', 'TokenTenant', () => claimed({ tid: undefined })],
  ['version 1', 'TokenVersion', () => claimed({ ver: '1.0' })],
  ['expired', 'TokenExpired', () => bearer(issuer.userToken({ expiresInS: -60 }))],
  ['no expiry', 'TokenMalformed', () => claimed({ exp: undefined })],
  ['an expiry that is a text', 'TokenMalformed', () => claimed({ exp: '9999999999' })],
  ['not valid yet', 'TokenNotYetValid', () => bearer(issuer.userToken({ notBefore: seconds() + 60 }))],
  ['no start of validity', 'TokenMalformed', () => claimed({ nbf: undefined })],
  ['another scope', 'TokenScope', () => bearer(issuer.userToken({ scopes: ['read'] }))],
  [
    'a scope that only begins like the required one',
    'TokenScope',
    () => bearer(issuer.userToken({ scopes: ['access_as_user_admin'] })),
  ],
  ['an empty scope', 'TokenScope', () => claimed({ scp: '' })],
  ['an application alone', 'TokenAppOnly', () => bearer(issuer.appToken({ roles: ['access_as_user'] }))],
  [
    'a token of an application that claims a scope',
    'TokenAppOnly',
    () => bearer(issuer.appToken({ claims: { idtyp: 'app', scp: 'access_as_user' } })),
  ],
  ['scopes as a list', 'TokenAppOnly', () => claimed({ scp: ['access_as_user'] })],
  [
    'an unknown client application',
    'TokenClientApp',
    () => claimed({ azp: 'aaaaaaaa-0000-4000-8000-00000000ffff' }),
  ],
  ['no client application', 'TokenClientApp', () => claimed({ azp: undefined })],
  ['no object id', 'TokenMalformed', () => claimed({ oid: undefined })],
  [
    'an unknown critical header',
    'TokenMalformed',
    async () => {
      const token = await issuer.userToken();
      const [, claims, signature] = token.split('.');
      return `Bearer ${encoded({ ...decodeProtectedHeader(token), crit: ['exp'], exp: 1 })}.${claims}.${signature}`;
    },
  ],
];

describe('a forged or unfit token', () => {
  it.each(FORGERIES)('%s is refused as %s', async (_name, code, header) => {
    const presented = await header();
    const error = await refusal(presented);
    expect(error).toMatchObject({ code, status: 401 });
    expect(error.message).toContain(API_APP_ID);
    expect(error.message).toContain('access_as_user');
  });

  it('is never repeated in what is thrown', async () => {
    for (const [, , header] of FORGERIES) {
      const presented = await header();
      const error = await refusal(presented);
      for (const part of (presented ?? '').split(/[ .]/).filter((piece) => piece.length > 12)) {
        expect(`${error.message} ${JSON.stringify(error)} ${String(error.cause)}`).not.toContain(part);
      }
    }
  });

  it('leads to no request but to the configured issuer', async () => {
    const before = otherIssuer.stats().keyReads;
    const asked: string[] = [];
    const watched = createCallerVerifier({
      ...verifierOptions(issuer, clock),
      fetch: (input, init) => {
        asked.push(String(input));
        return fetch(input, init);
      },
    });
    const claims = decodeJwt(await issuer.userToken());
    for (const header of [
      { jku: otherIssuer.jwksUri },
      { x5u: otherIssuer.jwksUri },
      { kid: otherIssuer.jwksUri },
    ]) {
      await expect(watched(await bearer(otherIssuer.sign(claims, header)))).rejects.toBeInstanceOf(
        CallerRefused,
      );
    }
    expect(asked).toEqual([`${issuer.issuer}/.well-known/openid-configuration`, issuer.jwksUri]);
    expect(otherIssuer.stats().keyReads).toBe(before);
  });

  it('is refused, never an unexpected error, whatever its characters are', async () => {
    const valid = await issuer.userToken();
    const damaged = fc
      .record({ at: fc.nat(valid.length - 1), put: fc.string({ maxLength: 4, unit: 'binary' }) })
      .map(({ at, put }) => `Bearer ${valid.slice(0, at)}${put}${valid.slice(at + 1)}`);
    const built = fc
      .tuple(fc.json(), fc.json(), fc.string())
      .map(([header, claims, signature]) =>
        [
          'Bearer ',
          [header, claims, signature].map((p) => Buffer.from(p).toString('base64url')).join('.'),
        ].join(''),
      );
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ unit: 'binary' }), damaged, built), async (header) => {
        // Base64url ignores some last bits, so a damaged token may be the same token still.
        const outcome = await verify(header).catch((error: unknown) => error);
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(CallerRefused);
        else expect((outcome as { objectId: string }).objectId).toBe(issuer.users[0]?.objectId);
      }),
      { numRuns: 500, seed: 7 },
    );
  });
});
