import { describe, it } from 'vitest';
import { maximumLimit, memoryLimiterStore } from '../../../lambda/limiter/index.ts';
import { checkAgainstExactLog } from './model-check.ts';
import { seeded } from './random.ts';
import { limiterStoreContract } from './store-contract.ts';

describe('the memory store', () => {
  const store = memoryLimiterStore();
  limiterStoreContract(() => store);

  it('answers 20,000 calls as the exact log does', async () => {
    await checkAgainstExactLog(memoryLimiterStore(), 20_000, { limit: 100, windowMs: 60_000 }, seeded(11));
  });

  it.each([1, 2, 7, maximumLimit])('answers as the exact log does at a limit of %i', async (limit) => {
    await checkAgainstExactLog(memoryLimiterStore(), 3_000, { limit, windowMs: 10_000 }, seeded(limit));
  });
});
