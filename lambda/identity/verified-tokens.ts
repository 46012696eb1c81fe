import { hash } from 'node:crypto';
import { createCache } from '../runtime/cache.ts';
import { minuteMs } from '../runtime/time.ts';
import type { Caller } from './verify-caller.ts';

/**
 * A token is verified again after this long, in ms. Together with the age that signing keys may reach it is
 * the time within which a withdrawn key stops working.
 */
export const verifiedFreshMs = 5 * minuteMs;

/** Tokens known per process: as many as have an exchanged token in the cache, and some. */
const capacity = 1_000;

export interface VerifiedTokens {
  /** The caller whose token this is, if it was verified lately and has not expired since. */
  find(token: string): Caller | undefined;
  keep(caller: Caller): Caller;
}

/** By digest, so that looking a token up takes no longer the more of a guess is right. */
const digestOf = (token: string): string => hash('sha256', token, 'base64url');

/**
 * Who the tokens that passed every check belong to: the calls of a flow come with the same token for an hour,
 * and the check of its signature is a tenth of a call's work. Refusals are not kept.
 */
export const createVerifiedTokens = (options: {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** How far the end of a token's life may be off, in ms. */
  readonly toleranceMs: number;
}): VerifiedTokens => {
  const { now, toleranceMs } = options;
  const callers = createCache<Caller>({
    now,
    capacity,
    freshMs: ({ expiresAt }) => Math.min(verifiedFreshMs, expiresAt + toleranceMs - now()),
  });
  return {
    find: (token) => callers.find(digestOf(token)),
    keep: (caller) => {
      callers.set(digestOf(caller.token), caller);
      return caller;
    },
  };
};
