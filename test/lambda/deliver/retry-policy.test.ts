import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { giveUpAfterMs, nextAttempt } from '../../../lambda/deliver/retry-policy.ts';
import { retryAfterMs } from '../../../lambda/runtime/retry-after.ts';

const start = Date.UTC(2026, 0, 10);
const second = 1_000;
const hour = 60 * 60 * second;

describe('the next attempt', () => {
  it.each([
    // attempts made, since the first (ms), random, Retry-After (ms), delay (ms)
    [1, 0, 0.999999, undefined, 9_999],
    [1, 0, 0.5, undefined, 5_000],
    [1, 0, 0, undefined, 1_000],
    [2, 10_000, 0.5, undefined, 10_000],
    [3, 30_000, 0.5, undefined, 20_000],
    [9, 2 * hour, 0.5, undefined, 1_280_000],
    [10, 2 * hour, 0.5, undefined, 1_800_000],
    [500, 2 * hour, 0.5, undefined, 1_800_000],
    [1, 0, 0, 30_000, 30_000],
    [1, 0, 0.5, 1, 5_000],
    [1, 0, 0.5, 5 * hour, 5 * hour],
    [1, 0, 0.5, 6 * hour + 1, 6 * hour],
    [20, giveUpAfterMs - 2_000, 0, undefined, 1_000],
  ])(
    'after %i attempts in %i ms, by chance %f and Retry-After %s, comes after %i ms',
    (attempts, since, random, wanted, delay) => {
      const now = start + since;
      expect(nextAttempt(attempts, start, now, random, wanted)).toBe(now + delay);
    },
  );

  it.each([
    [20, giveUpAfterMs, 0, undefined],
    [20, giveUpAfterMs - 500, 0, undefined],
    [20, 30 * hour, 0, undefined],
    [5, 20 * hour, 0, 5 * hour],
  ])(
    'after %i attempts in %i ms, by chance %f and Retry-After %s, does not come',
    (attempts, since, random, wanted) => {
      expect(nextAttempt(attempts, start, start + since, random, wanted)).toBe('give up');
    },
  );

  it('keeps its bounds, honours Retry-After, and never lies beyond a day after the first', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2_000 }),
        fc.integer({ min: 0, max: 25 * hour }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.option(fc.integer({ min: 0, max: 10 * hour }), { nil: undefined }),
        (attempts, since, random, wanted) => {
          const now = start + since;
          const at = nextAttempt(attempts, start, now, random, wanted);
          const asked = Math.min(wanted ?? 0, 6 * hour);
          if (at === 'give up') {
            // Nothing sooner was possible either.
            const soonest = Math.max(
              second,
              Math.floor(random * Math.min(hour, 10 * second * 2 ** (attempts - 1))),
              asked,
            );
            expect(now + soonest).toBeGreaterThan(start + giveUpAfterMs);
            return;
          }
          expect(Number.isInteger(at)).toBe(true);
          expect(at - now).toBeGreaterThanOrEqual(Math.max(second, asked));
          expect(at - now).toBeLessThanOrEqual(Math.max(hour, asked));
          expect(at).toBeLessThanOrEqual(start + giveUpAfterMs);
        },
      ),
    );
  });

  it('spreads over the whole delay, so that many flows do not come back together', () => {
    const delays = Array.from({ length: 100 }, (_, index) => nextAttempt(5, start, start, index / 100));
    expect(new Set(delays).size).toBeGreaterThan(98);
  });
});

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 5 ', 5_000],
    ['Sat, 10 Jan 2026 00:01:30 GMT', 90_000],
    ['Fri, 09 Jan 2026 00:00:00 GMT', 0],
    // The obsolete forms, which a recipient must still read.
    ['Saturday, 10-Jan-26 00:01:30 GMT', 90_000],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 0],
    // In UTC although it names no zone; a day below ten has a space before it.
    ['Sat Jan 10 00:01:30 2026', 90_000],
    ['Fri Jan  9 00:00:00 2026', 0],
    // Texts that a date library takes for dates.
    ['Sun 3', undefined],
    ['Wed Foo 2026', undefined],
    ['Sat, 10 Jan 2026', undefined],
    ['Sat, 10 Jan 2026 00:01:30', undefined],
    ['Sat, 10 Jan 2026 00:01:30 +0100', undefined],
    ['Mon, 30 Feb 2026 00:00:00 GMT', undefined],
    ['Sat, 10 Jan 2026 24:00:00 GMT', undefined],
    ['2026-01-10T00:01:30Z', undefined],
    ['Saturn 10 Jan 2026 00:01:30 GMT', undefined],
    [undefined, undefined],
    ['', undefined],
    ['soon', undefined],
    ['-5', undefined],
    ['1.5', undefined],
    ['1e3', undefined],
    ['abc 5000', undefined],
    ['12345678901', undefined],
  ])('%s → %s ms', (value, expected) => {
    expect(retryAfterMs(value, start)).toBe(expected);
  });

  it('does not depend on the zone of the machine', () => {
    const zone = process.env.TZ;
    try {
      process.env.TZ = 'America/New_York';
      expect(new Date(start).getTimezoneOffset()).toBe(300);
      expect(retryAfterMs('Sat Jan 10 00:01:30 2026', start)).toBe(90_000);
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });

  it('of any text is a number of ms from 0, or nothing', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const wait = retryAfterMs(value, start);
        if (wait !== undefined) expect(wait).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
