/**
 * Values that a process keeps: how long each is fresh, one load for callers who ask at the same time, and how
 * long an old value covers up a failed load.
 *
 * lru-cache is not used: it has no end to stale values, no pause after a failed load and no clock that goes
 * back, and its 18 KB would be in every bundle (this module takes 1 KB).
 */
export interface CacheOptions<Value> {
  /** Milliseconds since the epoch. A clock that goes back makes a value stale. */
  readonly now: () => number;
  /** Most values kept, at least 1; the one least recently used is forgotten first. */
  readonly capacity: number;
  /** Milliseconds for which a value is used without a load; unlimited by default. */
  readonly freshMs?: number | ((value: Value) => number);
  /** Milliseconds after its load for which a value is used where the next load fails; never by default. */
  readonly usableMs?: number | ((value: Value) => number);
  /** Whether an old value may cover up this failure; every failure by default. */
  readonly covers?: (error: unknown) => boolean;
  /** Called for every failure that an old value covers up. */
  readonly onStale?: (error: unknown, key: string) => void;
  /** Milliseconds after a load for which {@link Cache.renew} gives its value; 0 by default. */
  readonly renewAfterMs?: number;
  /**
   * Milliseconds after a failed load during which no other is begun while a usable value is held; 0 by
   * default.
   */
  readonly pauseAfterFailureMs?: number;
  /** Whether callers who ask for one key at the same time share a load, and its failure; true by default. */
  readonly sharesLoads?: boolean;
}

export interface Cache<Value> {
  /** The fresh value, else the one that `load` gives, else a usable one. Rejects as `load` does. */
  get(key: string, load: () => Promise<Value>): Promise<Value>;
  /**
   * A value past the cache. Rejects as the load does, or as the last one did during the pause after a
   * failure.
   */
  renew(key: string, load: () => Promise<Value>): Promise<Value>;
  /** The value if it is fresh. */
  find(key: string): Value | undefined;
  /** The value, fresh or not. */
  held(key: string): Value | undefined;
  set(key: string, value: Value): void;
  readonly size: number;
}

interface Entry<Value> {
  readonly value: Value;
  readonly loadedAt: number;
  readonly freshMs: number;
  readonly usableMs: number;
  /** The last load, where it failed. */
  failure?: { readonly at: number; readonly error: unknown };
}

/** @throws RangeError when the capacity is not a whole number, at least 1 */
export const createCache = <Value>(options: CacheOptions<Value>): Cache<Value> => {
  const { now, capacity, freshMs = Number.POSITIVE_INFINITY, usableMs = 0, sharesLoads = true } = options;
  const { covers = () => true, onStale, renewAfterMs = 0, pauseAfterFailureMs = 0 } = options;
  if (!Number.isInteger(capacity) || capacity < 1)
    throw new RangeError(`The capacity of a cache is ${capacity}; set a whole number, at least 1.`);
  /** In the order of their last use: the first key is the one least recently used. */
  const entries = new Map<string, Entry<Value>>();
  const loads = new Map<string, Promise<Value>>();

  const isWithin = (at: number, milliseconds: number): boolean => {
    const age = now() - at;
    return age >= 0 && age < milliseconds;
  };
  const isUsable = ({ loadedAt, usableMs: usable }: Entry<Value>): boolean => now() - loadedAt < usable;
  const isPaused = ({ failure }: Entry<Value>): boolean =>
    failure !== undefined && isWithin(failure.at, pauseAfterFailureMs);

  const used = (key: string, entry: Entry<Value>): Value => {
    entries.delete(key);
    entries.set(key, entry);
    return entry.value;
  };

  const set = (key: string, value: Value): void => {
    used(key, {
      value,
      loadedAt: now(),
      freshMs: typeof freshMs === 'number' ? freshMs : freshMs(value),
      usableMs: typeof usableMs === 'number' ? usableMs : usableMs(value),
    });
    for (const oldest of entries.keys()) {
      if (entries.size <= capacity) break;
      entries.delete(oldest);
    }
  };

  const find = (key: string): Value | undefined => {
    const entry = entries.get(key);
    return entry !== undefined && isWithin(entry.loadedAt, entry.freshMs) ? used(key, entry) : undefined;
  };

  const begin = async (key: string, load: () => Promise<Value>): Promise<Value> => {
    try {
      const value = await load();
      set(key, value);
      return value;
    } catch (error) {
      const entry = entries.get(key);
      if (entry !== undefined) entry.failure = { at: now(), error };
      throw error;
    }
  };

  const loaded = (key: string, load: () => Promise<Value>): Promise<Value> => {
    if (!sharesLoads) return begin(key, load);
    const running = loads.get(key);
    if (running !== undefined) return running;
    const started = begin(key, load).finally(() => loads.delete(key));
    loads.set(key, started);
    return started;
  };

  return {
    get: async (key, load) => {
      const fresh = find(key);
      if (fresh !== undefined) return fresh;
      const entry = entries.get(key);
      if (entry === undefined || !isUsable(entry)) return loaded(key, load);
      if (!loads.has(key) && isPaused(entry)) return entry.value;
      try {
        return await loaded(key, load);
      } catch (error) {
        if (!isUsable(entry) || !covers(error)) throw error;
        onStale?.(error, key);
        return entry.value;
      }
    },
    renew: async (key, load) => {
      const entry = loads.has(key) ? undefined : entries.get(key);
      if (entry !== undefined && isWithin(entry.loadedAt, renewAfterMs)) return entry.value;
      if (entry?.failure !== undefined && isPaused(entry)) throw entry.failure.error;
      return loaded(key, load);
    },
    find,
    held: (key) => entries.get(key)?.value,
    set,
    get size() {
      return entries.size;
    },
  };
};

/** A function whose result is kept as long as the object that it was made of, which must not change. */
export const keptWith = <From extends object, Value extends object | string>(
  make: (from: From) => Value,
): ((from: From) => Value) => {
  const made = new WeakMap<From, Value>();
  return (from) => {
    const known = made.get(from);
    if (known !== undefined) return known;
    const value = make(from);
    made.set(from, value);
    return value;
  };
};
