import { createHash } from 'node:crypto';
import { createCache } from '../runtime/cache.ts';
import { daySeconds, hourMs, wholeSeconds } from '../runtime/time.ts';
import { limitUnavailable } from './store.ts';

/** Who wants to call the source: a person waits for the answer, a watcher looks again later anyway. */
export type UpstreamCaller = 'person' | 'watcher';

export type UpstreamAnswer =
  | { readonly open: true }
  | { readonly open: false; readonly retryAfterMs: number };

/** Unix milliseconds until which the source wants no calls for an instance, by the instance's key. */
export interface UpstreamPauseStore {
  read(id: string): Promise<number | undefined>;
  /** Keeps the later of the stored and the given time. `expiresAt` in Unix seconds. */
  extend(id: string, until: number, expiresAt: number): Promise<void>;
}

export interface UpstreamBudgetOptions {
  readonly store: UpstreamPauseStore;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Milliseconds for which a process believes what it has read; 5,000 by default. */
  readonly freshForMs?: number;
  /** Milliseconds by which watchers stay away longer than people; 30,000 by default. */
  readonly watcherYieldMs?: number;
}

/** What the source grants an instance, shared by all connections and the watcher. */
export interface UpstreamBudget {
  /**
   * Whether a call may be made now. Reads the store at most once per instance, process and `freshForMs`.
   * @throws ConnectorError LimitUnavailable when the store fails.
   */
  check(instanceId: string, caller: UpstreamCaller): Promise<UpstreamAnswer>;
  /**
   * The source answered 429 with this Retry-After, of which an hour at most is honoured. One write, none for
   * a pause this process knows already.
   * @throws ConnectorError LimitUnavailable when the store fails; this process keeps to the pause
   * nevertheless.
   */
  exhausted(instanceId: string, retryAfterMs: number): Promise<void>;
}

/** Instances whose pause a process remembers: more than any deployment has. */
const capacity = 1_000;

/** A header that asks for more is a mistake, and would shut an instance away; ms. */
const longestPauseMs = hourMs;

/** Stops calls to a source that has asked for a pause, in every process that shares the store. */
export const createUpstreamBudget = (options: UpstreamBudgetOptions): UpstreamBudget => {
  const { store, now, freshForMs = 5_000, watcherYieldMs = 30_000 } = options;
  /** Unix milliseconds by instance; 0 where the source has asked for no pause. */
  const pauses = createCache<number>({ now, capacity, freshMs: freshForMs });

  const pausedUntil = async (instanceId: string, extraMs: number): Promise<number> => {
    const known = pauses.held(instanceId);
    if (known !== undefined && now() < known + extraMs) return known;
    return pauses.get(instanceId, async () => {
      const stored = (await store.read(pauseKey(instanceId))) ?? 0;
      // During the read this process may have recorded a longer one.
      return Math.max(stored, pauses.held(instanceId) ?? 0);
    });
  };

  return {
    async check(instanceId, caller) {
      const extraMs = caller === 'watcher' ? watcherYieldMs : 0;
      const until = await pausedUntil(instanceId, extraMs).catch(unavailable);
      const retryAfterMs = until === 0 ? 0 : until + extraMs - now();
      return retryAfterMs > 0 ? { open: false, retryAfterMs } : { open: true };
    },

    async exhausted(instanceId, retryAfterMs) {
      if (!Number.isFinite(retryAfterMs) || retryAfterMs < 0)
        throw new RangeError(
          `The source's Retry-After is ${retryAfterMs} ms; pass a finite number, 0 or more.`,
        );
      const until = Math.ceil(now() + Math.min(retryAfterMs, longestPauseMs));
      if (until <= (pauses.held(instanceId) ?? 0)) return;
      pauses.set(instanceId, until);
      await store.extend(pauseKey(instanceId), until, wholeSeconds(until) + daySeconds).catch(unavailable);
    },
  };
};

const unavailable = (cause: unknown): never => {
  throw limitUnavailable(cause);
};

/** 32 bytes, in the same table as the connections' lists and never one of their keys. */
const pauseKey = (instanceId: string): string =>
  createHash('sha256')
    .update(JSON.stringify(['upstream/1', instanceId]))
    .digest('base64url')
    .slice(0, 32);
