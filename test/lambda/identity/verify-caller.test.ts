import fc from 'fast-check';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  clockToleranceSeconds,
  createCallerVerifier,
  type VerifyCaller,
} from '../../../lambda/identity/verify-caller.ts';
import type { ConnectorError } from '../../../lambda/runtime/errors.ts';
import type { Issuer } from '../../../local/issuer/issuer.ts';
import { bearer, forgeries } from './forgeries.ts';
import {
  apiAppId,
  connectorAppId,
  type SteppedClock,
  startLocalIdentity,
  testTenantId,
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

const refusal = async (header: string | undefined): Promise<ConnectorError> => {
  const outcome = await verify(header).then(
    () => 'admitted',
    (error: unknown) => error,
  );
  expect(outcome).toMatchObject({ status: 401 });
  return outcome as ConnectorError;
};

describe('a token of a signed-in user', () => {
  it('gives the caller', async () => {
    const token = await issuer.userToken();
    expect(await verify(`Bearer ${token}`)).toEqual({
      tenantId: testTenantId,
      objectId: issuer.users[0]?.objectId,
      clientAppId: connectorAppId,
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
    await expect(verify(`Bearer ${token}`)).resolves.toMatchObject({ tenantId: testTenantId });
  });

  it('is accepted until the tolerance after its end and refused from then on', async () => {
    const token = (ago: number) => issuer.userToken({ expiresInS: -ago });
    await expect(verify(`Bearer ${await token(clockToleranceSeconds - 1)}`)).resolves.toBeDefined();
    expect((await refusal(`Bearer ${await token(clockToleranceSeconds)}`)).code).toBe('TokenExpired');
  });

  it('compares ids without regard to case, as configuration may spell them either way', async () => {
    const upper = createCallerVerifier({
      ...verifierOptions(issuer, clock),
      tenantId: testTenantId.toUpperCase(),
      allowedClientApps: [connectorAppId.toUpperCase()],
    });
    await expect(upper(`Bearer ${await issuer.userToken()}`)).resolves.toBeDefined();
  });
});

describe('a forged or unfit token', () => {
  it.each(forgeries)('$name is refused as $code', async ({ code, header }) => {
    const presented = await header({ issuer, otherIssuer, clock });
    const error = await refusal(presented);
    expect(error).toMatchObject({ code, status: 401 });
    expect(error.message).toContain(apiAppId);
    expect(error.message).toContain('access_as_user');
  });

  it('is never repeated in what is thrown', async () => {
    for (const { header } of forgeries) {
      const presented = await header({ issuer, otherIssuer, clock });
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
      await expect(watched(await bearer(otherIssuer.sign(claims, header)))).rejects.toMatchObject({
        status: 401,
      });
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
        if (outcome instanceof Error) expect(outcome).toMatchObject({ status: 401 });
        else expect((outcome as { objectId: string }).objectId).toBe(issuer.users[0]?.objectId);
      }),
      { numRuns: 500, seed: 7 },
    );
  });
});
