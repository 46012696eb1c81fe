import { describe, expect, it } from 'vitest';
import { errorAnswer } from '../../../lambda/http/error-answer.ts';
import { limitUnavailable, rateLimitHeaders, refusalMessage } from '../../../lambda/limiter/index.ts';

const policy = { limit: 100, windowMs: 60_000 };

describe('rate limit headers', () => {
  it('name quota and window, what remains and when more does', () => {
    const headers = rateLimitHeaders(policy, {
      admitted: true,
      remaining: 42,
      resetMs: 17_000,
      clockBehindMs: 0,
    });
    expect(headers).toEqual({
      'RateLimit-Policy': '"connection";q=100;w=60',
      RateLimit: '"connection";r=42;t=17',
    });
  });

  it.each([
    [1, 1],
    [999, 1],
    [1_000, 1],
    [1_001, 2],
    [60_000, 60],
  ])('round a wait of %i ms up to %i s, the same in Retry-After and RateLimit', (retryAfterMs, seconds) => {
    const headers = rateLimitHeaders(policy, { admitted: false, retryAfterMs, clockBehindMs: 0 });
    expect(headers['Retry-After']).toBe(String(seconds));
    expect(headers.RateLimit).toBe(`"connection";r=0;t=${seconds}`);
  });

  it('say nothing about the limit when it could not be checked, but when to come back', () => {
    expect(errorAnswer(limitUnavailable(new Error('throttled')), 'id').headers).toEqual({
      'Retry-After': '1',
    });
  });
});

describe('refusal message', () => {
  it('says what was exceeded and when to try again', () => {
    expect(refusalMessage(policy, { admitted: false, retryAfterMs: 16_200, clockBehindMs: 0 })).toBe(
      'This connection has made 100 calls in the last 60 seconds, which is its limit. Try again in 17 seconds.',
    );
    expect(refusalMessage(policy, { admitted: false, retryAfterMs: 3, clockBehindMs: 0 })).toContain(
      'in 1 second.',
    );
  });
});
