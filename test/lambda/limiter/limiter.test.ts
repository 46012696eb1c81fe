import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  type ConnectionIdentity,
  createLimiter,
  type LimiterStore,
  memoryLimiterStore,
} from '../../../lambda/limiter/index.ts';

const connection: ConnectionIdentity = { tenantId: 'contoso', objectId: 'adele', clientAppId: 'connector' };
const start = Date.UTC(2026, 5, 1);
const policy = { limit: 5, windowMs: 60_000 };

/** Counts the writes to a store, and fails them all while `down`. */
const watched = (store: LimiterStore) => {
  const watch = { writes: 0, down: false };
  const count = <Request, Answer>(write: (request: Request) => Promise<Answer>) => {
    return async (request: Request) => {
      watch.writes += 1;
      // Without this the calls of a test would not overlap.
      await nextTurn();
      if (watch.down) throw new Error('ProvisionedThroughputExceededException');
      return write(request);
    };
  };
  return Object.assign(watch, { store: { replace: count(store.replace), create: count(store.create) } });
};

describe('admission', () => {
  it('is given again after exactly the wait of the refusal, and not a millisecond before', async () => {
    let now = start;
    const store = memoryLimiterStore();
    const limiter = createLimiter({ random: Math.random, store, ...policy, now: () => now });
    for (let call = 0; call < policy.limit; call += 1) {
      await limiter.admit(connection);
      now += 7;
    }
    const refusal = await limiter.admit(connection);
    expect(refusal).toEqual({ admitted: false, retryAfterMs: 60_000 - 5 * 7, clockBehindMs: 0 });
    now = start + 59_999;
    // A process that has seen nothing yet has to find the same as the one that remembers.
    for (const process of [
      limiter,
      createLimiter({ random: Math.random, store, ...policy, now: () => now }),
    ]) {
      expect(await process.admit(connection)).toMatchObject({ admitted: false, retryAfterMs: 1 });
    }
    now = start + 60_000;
    expect(await limiter.admit(connection)).toEqual({
      admitted: true,
      remaining: 0,
      resetMs: 7,
      clockBehindMs: 0,
    });
  });

  it('is counted apart for each tenant, user and app, and for each policy', async () => {
    const store = memoryLimiterStore();
    const one = { store, limit: 1, windowMs: 60_000, now: () => start, random: Math.random };
    const limiter = createLimiter(one);
    const others = [{ tenantId: 'fabrikam' }, { objectId: 'bianca' }, { clientAppId: 'other' }];
    for (const other of [{}, ...others]) {
      expect((await limiter.admit({ ...connection, ...other })).admitted).toBe(true);
      expect((await limiter.admit({ ...connection, ...other })).admitted).toBe(false);
    }
    for (const change of [{ limit: 2 }, { windowMs: 30_000 }]) {
      expect((await createLimiter({ ...one, ...change }).admit(connection)).admitted).toBe(true);
    }
  });

  it.each(['tenantId', 'objectId', 'clientAppId'])('needs the %s of a connection', async (part) => {
    const limiter = createLimiter({
      random: Math.random,
      store: memoryLimiterStore(),
      ...policy,
      now: () => start,
    });
    await expect(limiter.admit({ ...connection, [part]: '' })).rejects.toThrow(TypeError);
  });
});

describe('writes', () => {
  it('are one for each admitted call, plus one for the first of a connection', async () => {
    const watch = watched(memoryLimiterStore());
    let now = start;
    const limiter = createLimiter({ random: Math.random, store: watch.store, ...policy, now: () => now });
    for (let call = 0; call < 50; call += 1) {
      await limiter.admit(connection);
      now += 12_000;
    }
    expect(watch.writes).toBe(51);
  });

  it('are none for a flood of refusals', async () => {
    const watch = watched(memoryLimiterStore());
    let now = start;
    const limiter = createLimiter({ random: Math.random, store: watch.store, ...policy, now: () => now });
    for (let call = 0; call < policy.limit; call += 1) await limiter.admit(connection);
    const before = watch.writes;
    for (let call = 0; call < 10_000; call += 1) {
      now = start + call;
      expect((await limiter.admit(connection)).admitted).toBe(false);
    }
    expect(watch.writes).toBe(before);
  });

  it('are one for the first refusal of a process that has not seen the connection, none for its next', async () => {
    const store = memoryLimiterStore();
    const first = createLimiter({ random: Math.random, store, ...policy, now: () => start });
    for (let call = 0; call < policy.limit; call += 1) await first.admit(connection);
    const watch = watched(store);
    const second = createLimiter({ random: Math.random, store: watch.store, ...policy, now: () => start });
    for (let call = 0; call < 100; call += 1) expect((await second.admit(connection)).admitted).toBe(false);
    expect(watch.writes).toBe(1);
  });

  it('are not multiplied by simultaneous calls: one creates the list, and no more are sent than slots are free', async () => {
    const watch = watched(memoryLimiterStore());
    const limiter = createLimiter({ random: Math.random, store: watch.store, ...policy, now: () => start });
    const admissions = await Promise.all(Array.from({ length: 300 }, () => limiter.admit(connection)));
    expect(admissions.filter(({ admitted }) => admitted)).toHaveLength(policy.limit);
    expect(watch.writes).toBe(policy.limit + 1);
  });

  it('stay exact when the process forgets connections', async () => {
    const watch = watched(memoryLimiterStore());
    const limiter = createLimiter({
      random: Math.random,
      store: watch.store,
      ...policy,
      now: () => start,
      memory: 2,
    });
    const users = ['a', 'b', 'c', 'd'].map((objectId) => ({ ...connection, objectId }));
    let admitted = 0;
    for (let round = 0; round < 10; round += 1) {
      const admissions = await Promise.all(users.map((user) => limiter.admit(user)));
      admitted += admissions.filter((admission) => admission.admitted).length;
    }
    expect(admitted).toBe(4 * policy.limit);
  });
});

describe('a store that fails', () => {
  it('never admits, and answers 503 with a time to come back', async () => {
    const watch = watched(memoryLimiterStore());
    const limiter = createLimiter({ random: Math.random, store: watch.store, ...policy, now: () => start });
    await limiter.admit(connection);
    watch.down = true;
    const error = await limiter.admit(connection).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'LimitUnavailable', status: 503 });
    expect(error).toMatchObject({
      status: 503,
      retryAfterSeconds: 1,
      cause: { message: 'ProvisionedThroughputExceededException' },
    });
    watch.down = false;
    expect(await limiter.admit(connection)).toMatchObject({ admitted: true, remaining: policy.limit - 2 });
  });

  it('fails those who waited for its answer at once, not one time-out after another', async () => {
    const watch = watched(memoryLimiterStore());
    watch.down = true;
    const limiter = createLimiter({ random: Math.random, store: watch.store, ...policy, now: () => start });
    const answers = await Promise.allSettled(Array.from({ length: 300 }, () => limiter.admit(connection)));
    expect(answers.every(({ status }) => status === 'rejected')).toBe(true);
    expect(watch.writes).toBe(1);
  });

  it('still refuses what is known to be refused', async () => {
    const watch = watched(memoryLimiterStore());
    const limiter = createLimiter({ random: Math.random, store: watch.store, ...policy, now: () => start });
    for (let call = 0; call < policy.limit; call += 1) await limiter.admit(connection);
    watch.down = true;
    expect((await limiter.admit(connection)).admitted).toBe(false);
  });

  it('gives up with an error when every write loses', async () => {
    const alwaysFree: LimiterStore = {
      replace: async () => ({ replaced: false, times: [0, 0, 0, 0, 0] }),
      create: async () => ({ created: false, times: [0, 0, 0, 0, 0] }),
    };
    const limiter = createLimiter({ random: Math.random, store: alwaysFree, ...policy, now: () => start });
    await expect(limiter.admit(connection)).rejects.toMatchObject({ code: 'LimitUnavailable' });
  });
});

describe('clocks', () => {
  it('that give no time are a reason to refuse', async () => {
    const limiter = createLimiter({
      random: Math.random,
      store: memoryLimiterStore(),
      ...policy,
      now: () => Number.NaN,
    });
    await expect(limiter.admit(connection)).rejects.toMatchObject({ code: 'LimitUnavailable' });
  });

  it('that step back never let more calls through than the limit, in the times they give', async () => {
    const store = memoryLimiterStore();
    const limiter = createLimiter({ random: Math.random, store, ...policy, now: () => now });
    let now = start;
    for (let call = 0; call < policy.limit; call += 1) await limiter.admit(connection);
    now = start - 500;
    expect(await limiter.admit(connection)).toEqual({
      admitted: false,
      retryAfterMs: 60_500,
      clockBehindMs: 500,
    });
  });

  it('that are behind another are reported by how much', async () => {
    const store = memoryLimiterStore();
    await createLimiter({ random: Math.random, store, ...policy, now: () => start + 300 }).admit(connection);
    const behind = createLimiter({ random: Math.random, store, ...policy, now: () => start });
    expect(await behind.admit(connection)).toMatchObject({ admitted: true, clockBehindMs: 300 });
  });

  it('that differ by s shorten the window by s at most, and this bound is reached', async () => {
    const skew = 500;
    const store = memoryLimiterStore();
    const behind = createLimiter({ random: Math.random, store, ...policy, now: () => start - skew });
    for (let call = 0; call < policy.limit; call += 1) await behind.admit(connection);
    let trueTime = start + policy.windowMs - skew - 1;
    const right = createLimiter({ random: Math.random, store, ...policy, now: () => trueTime });
    expect(await right.admit(connection)).toMatchObject({ admitted: false, retryAfterMs: 1 });
    trueTime += 1;
    expect((await right.admit(connection)).admitted).toBe(true);
  });
});
