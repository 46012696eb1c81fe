import { createCache } from '../runtime/cache.ts';
import { type ConnectionIdentity, type Counted, connectionKey } from './connection.ts';
import { ConnectionWindow } from './connection-window.ts';
import { checkLimitPolicy, type LimitPolicy } from './policy.ts';
import { type LimiterStore, limitUnavailable } from './store.ts';
import { takeSlot } from './take-slot.ts';
import { clockBehind, countFreeSlots, type LimiterTime, toLimiterTime, untilNextFree } from './window.ts';

export interface Admitted {
  readonly admitted: true;
  /**
   * Calls that would have been admitted at this call's own time after it. Calls made in the meantime take from it.
   */
  readonly remaining: number;
  /** Milliseconds until `remaining` grows by at least one, if no further call is made. */
  readonly resetMs: number;
  /** Milliseconds by which another process's clock is known to be ahead of this one; 0 when clocks agree. */
  readonly clockBehindMs: number;
}

export interface Refused {
  readonly admitted: false;
  /** Milliseconds after which a call is admitted, if no other call comes first. */
  readonly retryAfterMs: number;
  readonly clockBehindMs: number;
}

export type Admission = Admitted | Refused;

export interface LimiterOptions extends LimitPolicy {
  readonly store: LimiterStore;
  /** `calls` by default. Each kind has lists of its own. */
  readonly counted?: Counted;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** How many connections this process remembers; 1,000 by default, about 1 KB each at a limit of 100. */
  readonly memory?: number;
  /** A number in [0, 1), used to keep processes that lost a write apart. */
  readonly random: () => number;
}

export interface Limiter {
  readonly policy: LimitPolicy;
  /**
   * Counts one call of a connection. One write when it is admitted, usually none when it is refused.
   * @throws ConnectorError LimitUnavailable when the store fails or the clock is unusable: the call must not
   * be made.
   * @throws TypeError when a part of the connection's identity is empty.
   */
  admit(connection: ConnectionIdentity): Promise<Admission>;
}

const defaultMemory = 1_000;

/**
 * At most `limit` calls in any `windowMs`, per connection, in the times the limiter reads from `now`: never
 * more, and never a refusal below it. What clocks that disagree do to this is in docs/limiter.md.
 * @throws RangeError when limit, window or memory cannot be used.
 */
export const createLimiter = (options: LimiterOptions): Limiter => {
  const { store, limit, windowMs, random, counted } = options;
  const policy: LimitPolicy = { limit, windowMs };
  checkLimitPolicy(policy);
  // Without an end of freshness no clock is needed. A forgotten connection costs writes, never exactness.
  const windows = createCache<ConnectionWindow>({ now: () => 0, capacity: options.memory ?? defaultMemory });
  const windowOf = (id: string): ConnectionWindow => {
    const known = windows.find(id);
    if (known !== undefined) return known;
    const created = new ConnectionWindow();
    windows.set(id, created);
    return created;
  };
  const readTime = () => toLimiterTime(options.now());

  const count = async (id: string): Promise<Admission> => {
    const window = windowOf(id);
    for (;;) {
      const time = readTime();
      const known = window.times;
      if (known !== undefined && countFreeSlots(known, time, windowMs) === 0) return refused(known, time);
      if (window.mayWrite(time, windowMs)) break;
      await window.nextAnswer();
    }
    window.beginWrite();
    try {
      const outcome = await takeSlot(store, policy, id, { readTime, random });
      window.endWrite(outcome.times);
      return outcome.taken ? admitted(outcome.times, outcome.time) : refused(outcome.times, outcome.time);
    } catch (error) {
      window.failWrite(error);
      throw error;
    }
  };

  const admitted = (times: readonly LimiterTime[], time: LimiterTime): Admitted => ({
    admitted: true,
    remaining: countFreeSlots(times, time, windowMs),
    resetMs: untilNextFree(times, time, windowMs),
    // Read again: while the write was under way, calls with a later time may have been stored by clocks that
    // agree with ours.
    clockBehindMs: clockBehind(times, readTime()),
  });

  const refused = (times: readonly LimiterTime[], time: LimiterTime): Refused => ({
    admitted: false,
    retryAfterMs: untilNextFree(times, time, windowMs),
    clockBehindMs: clockBehind(times, time),
  });

  return {
    policy,
    async admit(connection) {
      const id = connectionKey(connection, policy, counted);
      try {
        return await count(id);
      } catch (error) {
        throw limitUnavailable(error);
      }
    },
  };
};
