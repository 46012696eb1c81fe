import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keysCooldownMs, keysFreshMs, keysUsableMs } from '../../../lambda/identity/signing-keys.ts';
import { createCallerVerifier, type VerifyCaller } from '../../../lambda/identity/verify-caller.ts';
import type { Issuer } from '../../../local/issuer/issuer.ts';
import { type SteppedClock, startLocalIdentity, verifierOptions } from './local-identity.ts';

let issuer: Issuer;
let clock: SteppedClock;
let verify: VerifyCaller;

beforeEach(async () => {
  ({ issuer, clock } = await startLocalIdentity());
  verify = createCallerVerifier(verifierOptions(issuer, clock));
});
afterEach(() => issuer.close());

const call = async () => verify(`Bearer ${await issuer.userToken()}`);
const failing = { kind: 'status', status: 500 } as const;

describe('the keys of the issuer', () => {
  it('are read once for many callers at the same time, as is the discovery document', async () => {
    await Promise.all(Array.from({ length: 20 }, call));
    expect(issuer.stats()).toMatchObject({ keyReads: 1, discoveryReads: 1 });
  });

  it('are read again when a token names a new key', async () => {
    await call();
    await issuer.rotateKeys();
    clock.advance(keysCooldownMs);
    await expect(call()).resolves.toBeDefined();
    expect(issuer.stats()).toMatchObject({ keyReads: 2, discoveryReads: 1 });
  });

  it('go on verifying tokens signed before a rotation while they stay published', async () => {
    const old = await issuer.userToken();
    await issuer.rotateKeys();
    await expect(verify(`Bearer ${old}`)).resolves.toBeDefined();
    await expect(call()).resolves.toBeDefined();
  });

  it('stop verifying within the hour once withdrawn', async () => {
    const old = await issuer.userToken({ expiresInS: 7_200 });
    await verify(`Bearer ${old}`);
    await issuer.rotateKeys({ withdrawOld: true });
    clock.advance(keysFreshMs);
    await expect(verify(`Bearer ${old}`)).rejects.toMatchObject({ code: 'TokenSignature' });
  });

  it('are read at most once in 30 s however many unknown key ids arrive', async () => {
    await call();
    for (let i = 0; i < 50; i += 1) {
      const made = await issuer.sign({}, { kid: `made-up-${i}` });
      await expect(verify(`Bearer ${made}`)).rejects.toMatchObject({ code: 'TokenSignature' });
    }
    expect(issuer.stats().keyReads).toBe(1);
    clock.advance(keysCooldownMs);
    const made = await issuer.sign({}, { kid: 'made-up' });
    await expect(verify(`Bearer ${made}`)).rejects.toMatchObject({ code: 'TokenSignature' });
    expect(issuer.stats().keyReads).toBe(2);
  });
});

describe('an issuer that is away', () => {
  it.each([
    ['the discovery document', 'discovery', failing, 1],
    ['the keys', 'keys', failing, 1],
    ['the keys, cut off twice', 'keys', { kind: 'cut' }, 2],
  ] as const)(
    '%s: is unavailability and no refusal, and the next caller tries again',
    async (_name, endpoint, fault, times) => {
      issuer.faults.inject({ endpoint, times }, fault);
      const error = await call().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ status: 503, code: 'IdentityProviderUnavailable' });
      await expect(call()).resolves.toBeDefined();
    },
  );

  it.each(['discovery', 'keys'] as const)('for one moment is asked again: %s', async (endpoint) => {
    issuer.faults.inject({ endpoint, times: 1 }, { kind: 'cut' });
    await expect(call()).resolves.toBeDefined();
  });

  it('refuses nobody while the keys in hand are less than a day old', async () => {
    await call();
    issuer.faults.inject({ endpoint: 'keys' }, failing);
    clock.advance(keysFreshMs);
    for (let i = 0; i < 5; i += 1) await expect(call()).resolves.toBeDefined();
    // The outage costs one failed read in 30 s, not one for each caller.
    expect(issuer.stats().keyReads).toBe(2);
    clock.advance(keysUsableMs - keysFreshMs - 1);
    await expect(call()).resolves.toBeDefined();
    clock.advance(1);
    await expect(call()).rejects.toMatchObject({ code: 'IdentityProviderUnavailable' });
  });

  it('leaves a token with an unknown key undecided', async () => {
    await call();
    issuer.faults.inject({ endpoint: 'keys' }, failing);
    await issuer.rotateKeys();
    clock.advance(keysCooldownMs);
    await expect(call()).rejects.toMatchObject({ code: 'IdentityProviderUnavailable' });
    await expect(call()).rejects.toMatchObject({ code: 'IdentityProviderUnavailable' });
    expect(issuer.stats().keyReads).toBe(2);
  });
});
