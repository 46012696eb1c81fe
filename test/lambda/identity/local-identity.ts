import { audiencesOf } from '../../../config/audiences.ts';
import { apiScope, createRegistrations } from '../../../local/issuer/directory.ts';
import { type Issuer, startIssuer } from '../../../local/issuer/issuer.ts';
import { type GenerateKeyPair, generateRsaKeyPair } from '../../../local/issuer/signing-keys.ts';

export const testTenantId = '11111111-2222-4333-8444-555555555555';
export const connectorAppId = 'aaaaaaaa-0000-4000-8000-000000000001';
export const apiAppId = 'aaaaaaaa-0000-4000-8000-000000000002';
export const apiSecret = 'api secret + with/odd:characters%';
export const connectorSecret = 'connector-secret';
export const flowRedirectUri = 'http://127.0.0.1/redirect';

/** A clock that stands still until it is told to move. */
export interface SteppedClock {
  now(): number;
  advance(ms: number): void;
}

export const steppedClock = (start = Date.parse('2026-03-02T08:00:00Z')): SteppedClock => {
  let at = start;
  return {
    now: () => at,
    advance(ms) {
      at += ms;
    },
  };
};

const keyPairs: ReturnType<GenerateKeyPair>[] = [];

/**
 * Generating a key is slow on a busy machine, so the issuers of a test file share a few: two issuers that must not
 * share any begin at different places.
 */
const keyPairsFrom = (start: number): GenerateKeyPair => {
  let next = start;
  return () => {
    const pair = keyPairs[next] ?? generateRsaKeyPair();
    keyPairs[next] = pair;
    next += 1;
    return pair;
  };
};

/** An issuer with the connector's and the API's registrations; the API's application also watches. */
export const startLocalIdentity = async (
  firstKey = 0,
): Promise<{
  readonly issuer: Issuer;
  readonly clock: SteppedClock;
}> => {
  const clock = steppedClock();
  const applications = createRegistrations({
    connectorAppId: connectorAppId,
    connectorSecret: connectorSecret,
    redirectUris: [flowRedirectUri],
    apiAppId: apiAppId,
    apiSecret: apiSecret,
  });
  const generateKeyPair = keyPairsFrom(firstKey);
  return {
    issuer: await startIssuer({ clock, tenantId: testTenantId, applications, generateKeyPair }),
    clock,
  };
};

/** What the verifier is configured with for {@link startLocalIdentity}. */
export const verifierOptions = (issuer: Issuer, clock: SteppedClock) => ({
  authority: issuer.issuer,
  audiences: audiencesOf(apiAppId),
  tenantId: testTenantId,
  allowedClientApps: [connectorAppId],
  requiredScope: apiScope,
  now: clock.now,
});
