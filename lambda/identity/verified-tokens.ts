import { hash } from 'node:crypto';
import { minuteMs } from '../runtime/time.ts';
import type { Caller } from './verify-caller.ts';

/**
 * A token is verified again after this long, in ms. Together with the age that signing keys may reach it is the time within which a
 * withdrawn key stops working.
 */
export const VERIFIED_FRESH_MS = 5 * minuteMs;

/** Tokens known per process: as many as have an exchanged token in the cache, and some. */
const capacity = 1_000;

export interface VerifiedTokens {
  /** The caller whose token this is, if it was verified lately and has not expired since. */
  find(token: string): Caller | undefined;
  keep(caller: Caller): Caller;
}

/**
 * Who the tokens that passed every check belong to: the calls of a flow come with the same token for an hour, and the check of its
 * signature is a tenth of a call's work. Refusals are not kept.
 */
export function createVerifiedTokens(options: {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** How far the end of a token's life may be off, in ms. */
  readonly toleranceMs: number;
}): VerifiedTokens {
  const { now, toleranceMs } = options;
  // By digest, so that looking one up takes no longer the more of a guess is right.
  const byDigest = new Map<string, { readonly caller: Caller; readonly verifiedAt: number }>();
  const digestOf = (token: string): string => hash('sha256', token, 'base64url');

  return {
    find(token) {
      const digest = digestOf(token);
      const entry = byDigest.get(digest);
      if (entry === undefined) return undefined;
      const { caller, verifiedAt } = entry;
      const age = now() - verifiedAt;
      // A clock that was set back may not have reached the token's beginning.
      if (age >= 0 && age < VERIFIED_FRESH_MS && now() < caller.expiresAt + toleranceMs) return caller;
      byDigest.delete(digest);
      return undefined;
    },
    keep(caller) {
      byDigest.set(digestOf(caller.token), { caller, verifiedAt: now() });
      for (const oldest of byDigest.keys()) {
        if (byDigest.size <= capacity) break;
        byDigest.delete(oldest);
      }
      return caller;
    },
  };
}
