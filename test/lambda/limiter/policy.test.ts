import { describe, expect, it } from 'vitest';
import {
  checkLimitPolicy,
  createLimiter,
  maximumLimit,
  memoryLimiterStore,
} from '../../../lambda/limiter/index.ts';

describe('limit policy', () => {
  it('allows the default of 100 calls in 60 seconds and every limit up to the maximum', () => {
    expect(maximumLimit).toBeGreaterThanOrEqual(100);
    for (const limit of [1, 2, 100, maximumLimit]) checkLimitPolicy({ limit, windowMs: 60_000 });
  });

  it.each([0, -1, 1.5, Number.NaN, maximumLimit + 1])(
    'refuses a limit of %s and says which are allowed',
    (limit) => {
      expect(() => checkLimitPolicy({ limit, windowMs: 60_000 })).toThrow(
        `whole number from 1 to ${maximumLimit}`,
      );
    },
  );

  it.each([0, -1, 0.5, Number.POSITIVE_INFINITY])('refuses a window of %s ms', (windowMs) => {
    expect(() => checkLimitPolicy({ limit: 100, windowMs })).toThrow('whole number of milliseconds');
  });

  it('is checked when the limiter is created, not when the first call comes', () => {
    const options = { store: memoryLimiterStore(), limit: 100, windowMs: 60_000, now: () => 0 };
    expect(() => createLimiter({ random: Math.random, ...options, limit: 1_000 })).toThrow(RangeError);
    expect(() => createLimiter({ random: Math.random, ...options, memory: 0 })).toThrow('at least 1');
  });
});
