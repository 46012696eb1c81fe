import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import { createLimiter, type LimiterStore } from '../../../lambda/limiter/index.ts';
import { futureStart } from '../times-of-engines.ts';
import { exactLog } from './exact-log.ts';
import { between, type Random } from './random.ts';

/**
 * Compares each answer of limiters over one store with the exact log: calls one after another from three processes, at times that
 * favour the edges of the window.
 */
export const checkAgainstExactLog = async (
  store: LimiterStore,
  calls: number,
  policy: { readonly limit: number; readonly windowMs: number },
  random: Random,
): Promise<void> => {
  const { limit, windowMs } = policy;
  const log = exactLog(limit, windowMs);
  let now = futureStart;
  const processes = Array.from({ length: 3 }, () =>
    createLimiter({ random: Math.random, store, ...policy, now: () => now }),
  );
  const connection = { tenantId: 'contoso', objectId: `${limit} in ${windowMs}`, clientAppId: 'connector' };
  let wait = 0;
  for (let call = 0; call < calls; call += 1) {
    now += gap(random, wait, windowMs / limit);
    const expected = log.call(now);
    wait = expected.admitted ? 0 : expected.retryAfterMs;
    const process = processes[between(random, 0, 2)];
    const answer = { call, ...(await process?.admit(connection)) };
    // Compared first by the quick way: most of the time of 20,000 calls would otherwise go into expect.
    if (!isDeepStrictEqual(answer, { call, ...expected, clockBehindMs: 0 })) {
      expect(answer).toEqual({ call, ...expected, clockBehindMs: 0 });
    }
  }
};

const gap = (random: Random, wait: number, fairGap: number): number => {
  const choice = random();
  if (wait > 0 && choice < 0.1) return wait;
  if (wait > 1 && choice < 0.2) return wait - 1;
  if (choice < 0.7) return between(random, 0, 3);
  if (choice < 0.999) return between(random, 0, Math.floor(fairGap * 3));
  return between(random, 0, Math.floor(fairGap * 200));
};
