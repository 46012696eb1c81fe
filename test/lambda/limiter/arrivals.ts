import { exactLog } from './exact-log.ts';
import { between, type Random } from './random.ts';

export const arrivalPatterns = ['steady', 'bursts', 'boundary', 'flood'] as const;
export type ArrivalPattern = (typeof arrivalPatterns)[number];

/**
 * The gaps in milliseconds before each of `calls` calls.
 * - steady: near the permitted rate, above and below it
 * - bursts: up to 2.5 times the limit at once, then up to 1.5 windows of silence
 * - boundary: fills the limit, then calls 1 ms before, at and 1 ms after the moment a slot comes free, or when all have
 * - flood: far above the limit, without pause or with a short one
 */
export const arrivalGaps = (
  pattern: ArrivalPattern,
  calls: number,
  random: Random,
  policy: { readonly limit: number; readonly windowMs: number },
): readonly number[] => {
  const { limit, windowMs } = policy;
  const fairGap = windowMs / limit;
  if (pattern === 'boundary') return boundaryGaps(calls, random, limit, windowMs);
  let leftInBurst = 0;
  const nextGap = (): number => {
    if (pattern === 'steady') return between(random, fairGap / 2, fairGap * 1.5);
    if (pattern === 'flood')
      return random() < 0.01 ? between(random, 0, windowMs / 3) : between(random, 0, 4);
    if (leftInBurst > 0) {
      leftInBurst -= 1;
      return between(random, 0, 3);
    }
    leftInBurst = between(random, limit / 5, limit * 2.5);
    return between(random, 0, windowMs * 1.5);
  };
  return Array.from({ length: calls }, nextGap);
};

const boundaryGaps = (calls: number, random: Random, limit: number, windowMs: number): readonly number[] => {
  const log = exactLog(limit, windowMs);
  const gaps: number[] = [];
  let now = 0;
  let next = 0;
  while (gaps.length < calls) {
    gaps.push(next - now);
    now = next;
    const answer = log.call(now);
    if (answer.admitted) {
      next = now + between(random, 0, 2);
      continue;
    }
    const freeAt = now + answer.retryAfterMs;
    const choice = random();
    if (choice < 0.3 && freeAt - 1 > now) next = freeAt - 1;
    else if (choice < 0.7) next = freeAt;
    else if (choice < 0.8) next = freeAt + 1;
    else if (choice < 0.9) next = now + windowMs - between(random, 0, 5);
    else next = now;
  }
  return gaps;
};
