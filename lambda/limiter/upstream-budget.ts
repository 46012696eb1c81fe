import { hash } from 'node:crypto';
import { createCache } from '../runtime/cache.ts';
import { longestPauseMs } from '../runtime/retry-after.ts';
import { daySeconds, minuteMs, secondMs, wholeSeconds } from '../runtime/time.ts';
import { limitUnavailable } from './store.ts';

/** Who wants to call the source: a person waits for the answer, a watcher looks again later anyway. */
export type UpstreamCaller = 'person' | 'watcher';

export type UpstreamAnswer =
  | { readonly open: true }
  | { readonly open: false; readonly retryAfterMs: number };

/**
 * By the key of a pause: positive for the Unix milliseconds until which the source wants no calls; not yet open again
 * when that has passed, until one caller has tried. Negative or 0: open, and minus the time at which it was opened.
 */
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
   * A call is about to be made: what {@link UpstreamBudget.check} reads is read now, at most as often. A failure is left to
   * the check, which reads again.
   */
  expect(instanceId: string, caller: UpstreamCaller): void;
  /**
   * Whether a call may be made now. Reads the store at most once per instance, process and `freshForMs`. After
   * a pause one person and one watcher of all processes may call, as a probe, and the others wait for its answer.
   * @throws ConnectorError LimitUnavailable when the store fails.
   */
  check(instanceId: string, caller: UpstreamCaller): Promise<UpstreamAnswer>;
  /**
   * The source answered 429 with this Retry-After, of which {@link longestPauseMs} at most keep others
   * away. What a watcher gets concerns all. What a person gets may concern that person alone: once a watcher has been
   * answered after a pause, it keeps no other away for {@link refutedForMs}. One write for a pause, none for one that this
   * process knows already.
   * @throws ConnectorError LimitUnavailable when the store fails; this process keeps to the pause
   * nevertheless.
   */
  exhausted(instanceId: string, retryAfterMs: number, caller: UpstreamCaller): Promise<void>;
  /**
   * The source answered otherwise, or did not answer. Ends the probe that this process makes, if it does; the answer to
   * a watcher opens the instance for people too.
   */
  answered(instanceId: string, caller: UpstreamCaller): Promise<void>;
}

/** Instances whose pause a process remembers: more than any deployment has. */
const capacity = 1_000;

/** Others wait so long for the answer to a probe, ms: as long as a request may take. */
const probeMs = 20 * secondMs;
/** What a caller waits who lost the probe and has not seen yet until when, ms. */
const probeLostMs = secondMs;

/**
 * A watcher that was answered after a pause has shown that the instance takes calls. For so long afterwards a 429 of a
 * person keeps no other caller away, ms; from the next answer to a watcher on, again. Longer than the watch takes to come
 * back after a failure (lambda/watch/poll-schedule.ts).
 */
export const refutedForMs = 5 * minuteMs;

const deletedAfter = (until: number) => wholeSeconds(until) + daySeconds;

/** The pauses of one kind of caller. */
const createPauses = (
  { store, now, freshForMs = 5_000 }: UpstreamBudgetOptions,
  keyOf: (instanceId: string) => string,
) => {
  /** As the store has them, by instance; 0 where there is none. */
  const pauses = createCache<number>({ now, capacity, freshMs: freshForMs });
  /** What this process was told, by instance: believed until others can read it, or to its end where they cannot. */
  const own = new Map<string, { readonly until: number; readonly believedUntil: number }>();
  /** What this process has stored for its probe, by instance. */
  const probes = new Map<string, number>();

  const read = (instanceId: string) => store.read(keyOf(instanceId));

  /** Asked again during a pause too: a watcher may have opened the instance. */
  const stored = async (instanceId: string): Promise<number> => {
    const ownPause = (found: number) => {
      const { until, believedUntil } = own.get(instanceId) ?? { until: 0, believedUntil: 0 };
      return now() < believedUntil ? Math.max(found, until) : found;
    };
    const alone = ownPause(0);
    const load = async () => ownPause((await read(instanceId)) ?? 0);
    return alone > now() ? pauses.get(instanceId, load).catch(() => alone) : pauses.get(instanceId, load);
  };

  const remember = (instanceId: string, until: number, believedUntil: number) => {
    pauses.set(instanceId, until);
    own.set(instanceId, { until, believedUntil });
  };

  /** @param until when the pause was over */
  const probe = async (instanceId: string, until: number): Promise<UpstreamAnswer> => {
    const answeredBy = Math.ceil(now() + probeMs);
    // Before the write: of the callers of this process, too, only one is to make it.
    pauses.set(instanceId, answeredBy);
    if (await store.replace(keyOf(instanceId), until, answeredBy, deletedAfter(answeredBy))) {
      probes.set(instanceId, answeredBy);
      return { open: true };
    }
    const found = (await read(instanceId)) ?? 0;
    pauses.set(instanceId, found);
    return found <= 0 ? { open: true } : { open: false, retryAfterMs: Math.max(found - now(), probeLostMs) };
  };

  /** @returns false when something else was stored in the meantime */
  const open = async (instanceId: string, expected: number): Promise<boolean> => {
    const at = Math.ceil(now());
    if (pauses.held(instanceId) === expected) {
      own.delete(instanceId);
      pauses.set(instanceId, -at);
    }
    return store.replace(keyOf(instanceId), expected, -at, deletedAfter(at));
  };

  return {
    read,
    stored,
    open,
    /** Keeps this process away only. */
    remember: (instanceId: string, until: number) => remember(instanceId, until, until),
    isProbing: (instanceId: string) => probes.has(instanceId),
    held: (instanceId: string) => pauses.held(instanceId) ?? 0,
    expect(instanceId: string): void {
      // A failure is told by the check, which reads again.
      stored(instanceId).catch(() => undefined);
    },
    async check(instanceId: string): Promise<UpstreamAnswer> {
      const until = await stored(instanceId);
      if (until <= 0) return { open: true };
      const retryAfterMs = until - now();
      if (retryAfterMs > 0) return { open: false, retryAfterMs };
      return probe(instanceId, until).catch((error: unknown) => {
        pauses.set(instanceId, until);
        throw error;
      });
    },
    async extend(instanceId: string, until: number): Promise<void> {
      probes.delete(instanceId);
      if (until <= (pauses.held(instanceId) ?? 0)) return;
      remember(instanceId, until, until);
      await store.extend(keyOf(instanceId), until, deletedAfter(until));
      remember(instanceId, until, now() + freshForMs);
    },
    /** @returns whether the answer was that to a probe of this process */
    async answered(instanceId: string): Promise<boolean> {
      const answeredBy = probes.get(instanceId);
      if (answeredBy === undefined) return false;
      probes.delete(instanceId);
      // If the pause of the probe no longer exists, another pause stays.
      await open(instanceId, answeredBy);
      return true;
    },
  };
};

/** Stops calls to a source that has asked for a pause, in every process that shares the store. */
export const createUpstreamBudget = (options: UpstreamBudgetOptions): UpstreamBudget => {
  const { now, watcherYieldMs = 30_000 } = options;
  const people = createPauses(options, pauseKey);
  const watchers = createPauses(options, watcherPauseKey);

  const isRefuted = (watchersPause: number) => watchersPause < 0 && now() < -watchersPause + refutedForMs;

  const ofPerson = async (instanceId: string, until: number): Promise<void> => {
    // Known already, or the probe that it answers is over with it.
    if (until <= people.held(instanceId) && !people.isProbing(instanceId)) return;
    const watchersPause = await watchers.read(instanceId).catch((error: unknown) => {
      people.remember(instanceId, until);
      throw error;
    });
    if (watchersPause !== undefined && isRefuted(watchersPause)) {
      // The time of this 429 is kept: the next answer to a watcher refutes it too.
      await people.open(instanceId, (await people.read(instanceId)) ?? 0);
      return;
    }
    await people.extend(instanceId, until);
    if ((watchersPause ?? 0) <= 0) await watchers.extend(instanceId, until + watcherYieldMs);
  };

  const toWatcher = async (instanceId: string): Promise<void> => {
    const probed = await watchers.answered(instanceId);
    const opened = watchers.held(instanceId);
    if (!isRefuted(opened)) return;
    const pause = await people.stored(instanceId);
    if (pause > 0) await people.open(instanceId, pause);
    if (!probed && (pause > 0 || pause < opened)) await watchers.open(instanceId, opened);
  };

  const pausesOf = (caller: UpstreamCaller) => (caller === 'watcher' ? watchers : people);

  return {
    expect: (instanceId, caller) => pausesOf(caller).expect(instanceId),

    check: (instanceId, caller) => pausesOf(caller).check(instanceId).catch(unavailable),

    async answered(instanceId, caller) {
      await (caller === 'watcher' ? toWatcher(instanceId) : people.answered(instanceId)).catch(unavailable);
    },

    async exhausted(instanceId, retryAfterMs, caller) {
      if (!Number.isFinite(retryAfterMs) || retryAfterMs < 0)
        throw new RangeError(
          `The source's Retry-After is ${retryAfterMs} ms; pass a finite number, 0 or more.`,
        );
      const until = Math.ceil(now() + Math.min(retryAfterMs, longestPauseMs));
      const work = async () => {
        if (caller === 'person') return ofPerson(instanceId, until);
        await people.extend(instanceId, until);
        await watchers.extend(instanceId, until + watcherYieldMs);
      };
      await work().catch(unavailable);
    },
  };
};

const unavailable = (cause: unknown): never => {
  throw limitUnavailable(cause);
};

/** 32 bytes, in the same table as the connections' lists and never one of their keys. */
const keyIn = (kind: string, instanceId: string): string =>
  hash('sha256', JSON.stringify([kind, instanceId]), 'base64url').slice(0, 32);

/** Of people. */
export const pauseKey = (instanceId: string): string => keyIn('upstream/1', instanceId);

const watcherPauseKey = (instanceId: string): string => keyIn('upstream of watchers/1', instanceId);
