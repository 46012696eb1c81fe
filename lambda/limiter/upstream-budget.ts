import { createHash } from 'node:crypto';
import { createCache } from '../runtime/cache.ts';
import { longestPauseMs } from '../runtime/retry-after.ts';
import { daySeconds, secondMs, wholeSeconds } from '../runtime/time.ts';
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
  /** Stores the time in the place of `expected`. @returns false when another is stored; nothing was written */
  replace(id: string, expected: number, until: number, expiresAt: number): Promise<boolean>;
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
   * Whether a call may be made now. Reads the store at most once per instance, process and `freshForMs`. After
   * a pause one caller of all processes may call, as a probe, and the others wait for its answer.
   * @throws ConnectorError LimitUnavailable when the store fails.
   */
  check(instanceId: string, caller: UpstreamCaller): Promise<UpstreamAnswer>;
  /**
   * The source answered 429 with this Retry-After, of which {@link longestPauseMs} at most keep others
   * away. One write, none for a pause this process knows already.
   * @throws ConnectorError LimitUnavailable when the store fails; this process keeps to the pause
   * nevertheless.
   */
  exhausted(instanceId: string, retryAfterMs: number): Promise<void>;
  /** The source answered otherwise, or did not answer. Ends the probe that this process makes, if it does. */
  answered(instanceId: string): Promise<void>;
}

/** Instances whose pause a process remembers: more than any deployment has. */
const capacity = 1_000;

/** Others wait so long for the answer to a probe, ms: as long as a request may take. */
const probeMs = 20 * secondMs;
/** What a caller waits who lost the probe and has not seen yet until when, ms. */
const probeLostMs = secondMs;

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

  /** Unix milliseconds until which others wait for the probe of this process, by instance. */
  const probes = new Map<string, number>();
  const deletedAfter = (until: number) => wholeSeconds(until) + daySeconds;

  /** @param until when the pause was over */
  const probe = async (instanceId: string, until: number): Promise<UpstreamAnswer> => {
    const answeredBy = Math.ceil(now() + probeMs);
    const id = pauseKey(instanceId);
    // Before the write: of the callers of this process, too, only one is to make it.
    pauses.set(instanceId, answeredBy);
    if (await store.replace(id, until, answeredBy, deletedAfter(answeredBy))) {
      probes.set(instanceId, answeredBy);
      return { open: true };
    }
    const stored = (await store.read(id)) ?? 0;
    pauses.set(instanceId, stored);
    return stored === 0
      ? { open: true }
      : { open: false, retryAfterMs: Math.max(stored - now(), probeLostMs) };
  };

  return {
    async check(instanceId, caller) {
      const extraMs = caller === 'watcher' ? watcherYieldMs : 0;
      const until = await pausedUntil(instanceId, extraMs).catch(unavailable);
      if (until === 0) return { open: true };
      const retryAfterMs = until + extraMs - now();
      if (retryAfterMs > 0) return { open: false, retryAfterMs };
      return probe(instanceId, until).catch((error: unknown) => {
        pauses.set(instanceId, until);
        return unavailable(error);
      });
    },

    async answered(instanceId) {
      const answeredBy = probes.get(instanceId);
      if (answeredBy === undefined) return;
      probes.delete(instanceId);
      if (pauses.held(instanceId) === answeredBy) pauses.set(instanceId, 0);
      // If the pause of the probe no longer exists, another pause stays.
      await store.replace(pauseKey(instanceId), answeredBy, 0, deletedAfter(answeredBy)).catch(unavailable);
    },

    async exhausted(instanceId, retryAfterMs) {
      if (!Number.isFinite(retryAfterMs) || retryAfterMs < 0)
        throw new RangeError(
          `The source's Retry-After is ${retryAfterMs} ms; pass a finite number, 0 or more.`,
        );
      const until = Math.ceil(now() + Math.min(retryAfterMs, longestPauseMs));
      probes.delete(instanceId);
      if (until <= (pauses.held(instanceId) ?? 0)) return;
      pauses.set(instanceId, until);
      await store.extend(pauseKey(instanceId), until, deletedAfter(until)).catch(unavailable);
    },
  };
};

const unavailable = (cause: unknown): never => {
  throw limitUnavailable(cause);
};

/** 32 bytes, in the same table as the connections' lists and never one of their keys. */
export const pauseKey = (instanceId: string): string =>
  createHash('sha256')
    .update(JSON.stringify(['upstream/1', instanceId]))
    .digest('base64url')
    .slice(0, 32);
