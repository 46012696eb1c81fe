/**
 * State: of each key at most one value with the time of its load, the failure of its last load, and at most one load under way.
 * Events: get, renew, find, set, the end of a load, time.
 * Invariants: never more values than the capacity; a value is given unasked only while it is fresh; a failure is covered up
 * only by a value younger than usableMs; no failure is kept as a value.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CacheOptions, createCache } from '../../../lambda/runtime/cache.ts';

const prepared = (options: Partial<CacheOptions<string>> = {}) => {
  let time = 1_000;
  let loads = 0;
  const cache = createCache<string>({ now: () => time, capacity: 3, ...options });
  return {
    cache,
    loads: () => loads,
    advance: (milliseconds: number) => {
      time += milliseconds;
    },
    load: async () => {
      loads += 1;
      return `value ${loads}`;
    },
    fail: async (): Promise<string> => {
      loads += 1;
      throw new Error(`failure ${loads}`);
    },
  };
};

describe('a cached value', () => {
  it('is fresh for exactly freshMs, or for ever where nothing is said', async () => {
    const { cache, advance, load } = prepared({ freshMs: 100 });
    await cache.get('a', load);
    advance(99);
    expect(cache.find('a')).toBe('value 1');
    advance(1);
    expect([cache.find('a'), cache.held('a')]).toEqual([undefined, 'value 1']);
    expect(await cache.get('a', load)).toBe('value 2');

    const lasting = prepared();
    lasting.cache.set('a', 'set');
    lasting.advance(1e12);
    expect(await lasting.cache.get('a', lasting.load)).toBe('set');
  });

  it('may say itself how long it is fresh and usable', async () => {
    const { cache, advance, fail } = prepared({ freshMs: Number, usableMs: (value) => 2 * Number(value) });
    cache.set('a', '10');
    advance(9);
    expect(cache.find('a')).toBe('10');
    advance(1);
    expect(await cache.get('a', fail)).toBe('10');
    advance(10);
    await expect(cache.get('a', fail)).rejects.toThrow('failure 2');
  });

  it('is stale when the clock goes back', () => {
    const { cache, advance } = prepared({ freshMs: 100 });
    cache.set('a', 'set');
    advance(-1);
    expect(cache.find('a')).toBeUndefined();
  });

  it('covers up a failed load until usableMs after its own, and its owner is told', async () => {
    const told: unknown[] = [];
    const { cache, advance, load, fail } = prepared({
      freshMs: 10,
      usableMs: 100,
      onStale: (error, key) => told.push([key, String(error)]),
    });
    await cache.get('a', load);
    advance(99);
    expect(await cache.get('a', fail)).toBe('value 1');
    expect(told).toEqual([['a', 'Error: failure 2']]);
    advance(1);
    await expect(cache.get('a', fail)).rejects.toThrow('failure 3');
    expect(told).toHaveLength(1);
  });

  it('covers up only the failures that it may', async () => {
    const { cache, advance, load, fail } = prepared({
      freshMs: 10,
      usableMs: 100,
      covers: (error) => !String(error).includes('failure 2'),
    });
    await cache.get('a', load);
    advance(10);
    await expect(cache.get('a', fail)).rejects.toThrow('failure 2');
    expect(await cache.get('a', fail)).toBe('value 1');
  });

  it('spares the source a load for a while after one failed', async () => {
    const { cache, advance, load, fail, loads } = prepared({
      freshMs: 10,
      usableMs: 100,
      pauseAfterFailureMs: 20,
    });
    await cache.get('a', load);
    advance(10);
    for (let call = 0; call < 5; call += 1) expect(await cache.get('a', fail)).toBe('value 1');
    expect(loads()).toBe(2);
    advance(20);
    expect(await cache.get('a', load)).toBe('value 3');
  });
});

describe('a load', () => {
  it('is shared by all who ask meanwhile, its failure too, which is not kept', async () => {
    const { cache, load, fail, loads } = prepared();
    const outcomes = await Promise.allSettled([
      cache.get('a', fail),
      cache.get('a', load),
      cache.renew('a', load),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(loads()).toBe(1);
    expect(await cache.get('a', load)).toBe('value 2');
  });

  it('is not shared where callers differ', async () => {
    const { cache, load, fail } = prepared({ sharesLoads: false });
    const outcomes = await Promise.allSettled([cache.get('a', fail), cache.get('a', load)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  });

  it('past the cache is not repeated before renewAfterMs', async () => {
    const { cache, advance, load } = prepared({ renewAfterMs: 10 });
    await cache.get('a', load);
    advance(9);
    expect(await cache.renew('a', load)).toBe('value 1');
    advance(1);
    expect(await cache.renew('a', load)).toBe('value 2');
  });

  it('past the cache shows its failure, and the last one during the pause after it', async () => {
    const { cache, advance, load, fail } = prepared({ usableMs: 1_000, pauseAfterFailureMs: 10 });
    await cache.get('a', load);
    await expect(cache.renew('a', fail)).rejects.toThrow('failure 2');
    await expect(cache.renew('a', load)).rejects.toThrow('failure 2');
    advance(10);
    expect(await cache.renew('a', load)).toBe('value 3');
  });
});

describe('the capacity', () => {
  it('is never exceeded; the key least recently used goes first', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...'abcdef'), fc.boolean())), (steps) => {
        const { cache } = prepared();
        let used: string[] = [];
        for (const [key, write] of steps) {
          if (write) cache.set(key, key);
          else if (cache.find(key) === undefined) continue;
          used = [key, ...used.filter((other) => other !== key)].slice(0, 3);
        }
        expect(cache.size).toBe(used.length);
        for (const key of 'abcdef') expect(cache.held(key) === key).toBe(used.includes(key));
      }),
    );
  });

  it.each([0, 1.5, Number.NaN])('cannot be %d', (capacity) => {
    expect(() => createCache({ now: () => 0, capacity })).toThrow(RangeError);
  });
});
