import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { keysFreshMs } from '../../../lambda/identity/signing-keys.ts';
import { createVerifiedTokens, verifiedFreshMs } from '../../../lambda/identity/verified-tokens.ts';
import {
  type Caller,
  clockToleranceSeconds,
  createCallerVerifier,
} from '../../../lambda/identity/verify-caller.ts';
import type { Issuer } from '../../../local/issuer/issuer.ts';
import { type SteppedClock, startLocalIdentity, steppedClock, verifierOptions } from './local-identity.ts';

const start = Date.parse('2026-03-02T08:00:00Z');
let clock: SteppedClock;
beforeEach(() => {
  clock = steppedClock(start);
});

const callerOf = (token: string, expiresInMs = 3_600_000): Caller => ({
  tenantId: 't',
  objectId: `user of ${token}`,
  clientAppId: 'c',
  token,
  expiresAt: start + expiresInMs,
});

const verifiedTokens = () =>
  createVerifiedTokens({ now: clock.now, toleranceMs: clockToleranceSeconds * 1000 });

it('a token is known for five minutes after its check', () => {
  const verified = verifiedTokens();
  const caller = verified.keep(callerOf('a'));
  clock.advance(verifiedFreshMs - 1);
  expect(verified.find('a')).toBe(caller);
  expect(verified.find('b')).toBeUndefined();
  clock.advance(1);
  expect(verified.find('a')).toBeUndefined();
});

it('a token is not known beyond its own end, to the millisecond', () => {
  const verified = verifiedTokens();
  verified.keep(callerOf('a', 60_000));
  clock.advance(60_000 + clockToleranceSeconds * 1000 - 1);
  expect(verified.find('a')).toBeDefined();
  clock.advance(1);
  expect(verified.find('a')).toBeUndefined();
});

it('a clock that is set back has every token checked again', () => {
  const verified = verifiedTokens();
  verified.keep(callerOf('a'));
  clock.advance(-1);
  expect(verified.find('a')).toBeUndefined();
});

it('the tokens kept are bounded: the oldest goes first', () => {
  const verified = verifiedTokens();
  for (let user = 0; user < 1_001; user += 1) verified.keep(callerOf(`token ${user}`));
  expect(verified.find('token 0')).toBeUndefined();
  expect(verified.find('token 1')).toBeDefined();
  expect(verified.find('token 1000')).toBeDefined();
});

let issuer: Issuer;
let issuerClock: SteppedClock;
beforeAll(async () => {
  ({ issuer, clock: issuerClock } = await startLocalIdentity(20));
});
afterAll(() => issuer.close());

it('a token signed with a key that was withdrawn stops working within the hour', async () => {
  const verify = createCallerVerifier(verifierOptions(issuer, issuerClock));
  const token = await issuer.userToken({ expiresInS: 7_200 });
  const header = `Bearer ${token}`;
  await verify(header);
  await issuer.rotateKeys({ withdrawOld: true });
  // As bad as it gets: checked with the old keys just before they are read again.
  issuerClock.advance(keysFreshMs - 1);
  await expect(verify(header)).resolves.toBeDefined();
  issuerClock.advance(60 * 60_000 - keysFreshMs);
  await expect(verify(header)).rejects.toMatchObject({ code: 'TokenSignature' });
});
