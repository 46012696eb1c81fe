import { describe, expect, it } from 'vitest';
import type { Caller } from '../../../lambda/identity/caller.ts';
import { createLimiter, type LimiterStore, memoryLimiterStore } from '../../../lambda/limiter/index.ts';
import { noon, sourceOf, subscriptionsWorld } from './world.ts';

/*
 * State: the times of a person's last registrations; what a process remembers of them.
 * Events: a person registers, also for what does not exist, through any client app; time passes.
 * Invariants:
 *  - in any 60 s a person's registrations read the source at most `limit` times, whatever they ask for;
 *  - one that is refused reads and writes nothing of the state table, and costs one failed conditional write of
 *    the limiter's table at most, none once its process knows;
 *  - another person's registrations are not affected.
 */
const limit = 100;

const countedStore = () => {
  const lists = memoryLimiterStore();
  const writes: boolean[] = [];
  const store: LimiterStore = {
    async replace(replacement) {
      const answer = await lists.replace(replacement);
      writes.push(answer.replaced);
      return answer;
    },
    async create(creation) {
      const answer = await lists.create(creation);
      writes.push(answer.created);
      return answer;
    },
  };
  return { store, writes };
};

const budgeted = (store: LimiterStore) => {
  const world = subscriptionsWorld();
  let asked = 0;
  const process = () =>
    world.on(world.items, {
      registrations: createLimiter({
        store,
        counted: 'registrations',
        limit,
        windowMs: 60_000,
        now: () => world.clock.now,
        random: () => 0,
      }),
      sourceOf: () => {
        asked += 1;
        return sourceOf(world.state);
      },
    });
  return { ...world, process, asked: () => asked };
};

const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'registered',
    (error: { readonly code: string }) => error.code,
  );

describe('the budget of registrations', () => {
  it('stops a person who asks for what does not exist before the source is asked', async () => {
    const world = budgeted(memoryLimiterStore());
    const { watchSegment } = world.process();
    const codes: string[] = [];
    for (let made = 0; made < 300; made += 1)
      codes.push(await codeOf(watchSegment(`flow ${made}`, 1, { segment: 'Gone' })));
    expect(codes.filter((code) => code === 'SegmentUnknown')).toHaveLength(limit);
    expect(codes.filter((code) => code === 'RateLimited')).toHaveLength(300 - limit);
    expect(world.asked()).toBe(limit);
  });

  it('lets through exactly as many in any window, and says when the next may come', async () => {
    const world = budgeted(memoryLimiterStore());
    const { watchSource } = world.process();
    for (let made = 0; made < limit; made += 1) {
      await watchSource('flow');
      world.clock.now += 100;
    }
    const error = await watchSource('flow').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'RateLimited', status: 429, retryAfterSeconds: 50 });
    world.clock.now = noon + 59_999;
    expect(await codeOf(watchSource('flow'))).toBe('RateLimited');
    world.clock.now = noon + 60_000;
    expect(await codeOf(watchSource('flow'))).toBe('registered');
    expect(await codeOf(watchSource('flow'))).toBe('RateLimited');
  });

  it('costs a refused registration one failed write in a process that does not know, then none', async () => {
    const { store, writes } = countedStore();
    const world = budgeted(store);
    const first = world.process();
    for (let made = 0; made < limit; made += 1) await first.watchSource('flow');
    const items = [...world.items.items.entries()];
    const second = world.process();
    writes.length = 0;
    for (let made = 0; made < 50; made += 1) {
      expect(await codeOf(first.watchSource('flow'))).toBe('RateLimited');
      expect(await codeOf(second.watchSource('flow'))).toBe('RateLimited');
    }
    expect(writes).toEqual([false]);
    expect([...world.items.items.entries()]).toEqual(items);
  });

  it('is one per person, through whatever client app', async () => {
    const world = budgeted(memoryLimiterStore());
    const { context, watchSource } = world.process();
    for (let made = 0; made < limit; made += 1) await watchSource('flow');
    const as = (over: Partial<Caller>) =>
      codeOf(world.process().watchSourceAs({ ...context.caller, ...over }, 'flow'));
    expect(await as({ clientAppId: 'another app' })).toBe('RateLimited');
    expect(await as({ objectId: 'another person' })).toBe('registered');
  });
});
