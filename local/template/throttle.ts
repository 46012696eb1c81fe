import type { ThrottleModel } from './model.ts';

/**
 * A token bucket, as API Gateway throttles a stage. `now` in milliseconds;
 * @returns whether the request is let through.
 */
export const createThrottle = (model: ThrottleModel, now: () => number): (() => boolean) => {
  let tokens = model.burst;
  let filledAt = now();
  return () => {
    const at = now();
    tokens = Math.min(model.burst, tokens + ((at - filledAt) / 1000) * model.requestsPerSecond);
    filledAt = at;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
};
