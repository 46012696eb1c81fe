import { describe, expect, it } from 'vitest';
import {
  createUpstreamBudget,
  dynamoDbUpstreamPauseStore,
  memoryUpstreamPauseStore,
  type UpstreamPauseStore,
} from '../../../lambda/limiter/index.ts';
import { turnOfTheLoop } from '../../../lambda/runtime/http-client.ts';
import { futureStart } from '../times-of-engines.ts';
import { type LimiterTables, limiterEngines, useLimiterTables } from './engine-tables.ts';

const start = futureStart;

describe('the budget of an instance', () => {
  it('is open until the source asks for a pause, and again exactly when the pause ends', async () => {
    let now = start;
    const budget = createUpstreamBudget({ store: memoryUpstreamPauseStore(), now: () => now });
    expect(await budget.check('contoso', 'person')).toEqual({ open: true });
    await budget.exhausted('contoso', 20_000, 'person');
    now += 19_999;
    expect(await budget.check('contoso', 'person')).toEqual({ open: false, retryAfterMs: 1 });
    expect(await budget.check('fabrikam', 'person')).toEqual({ open: true });
    now += 1;
    expect(await budget.check('contoso', 'person')).toEqual({ open: true });
  });

  it('is read once where a call was expected, and again where that reading failed', async () => {
    let now = start;
    let reads = 0;
    let answers = true;
    const read = async () => {
      reads += 1;
      if (!answers) throw new Error('The table does not answer.');
      return undefined;
    };
    const budget = createUpstreamBudget({ store: { ...memoryUpstreamPauseStore(), read }, now: () => now });
    budget.expect('contoso', 'watcher');
    expect(reads).toBe(1);
    expect(await budget.check('contoso', 'watcher')).toEqual({ open: true });
    now += 4_000;
    expect(await budget.check('contoso', 'watcher')).toEqual({ open: true });
    expect(reads).toBe(1);

    now += 4_000;
    answers = false;
    budget.expect('contoso', 'watcher');
    await turnOfTheLoop();
    answers = true;
    expect(await budget.check('contoso', 'watcher')).toEqual({ open: true });
    expect(reads).toBe(3);
  });

  it('keeps watchers away longer than people', async () => {
    let now = start;
    const budget = createUpstreamBudget({
      store: memoryUpstreamPauseStore(),
      now: () => now,
      watcherYieldMs: 30_000,
    });
    await budget.exhausted('contoso', 10_000, 'person');
    now += 10_000;
    expect(await budget.check('contoso', 'watcher')).toEqual({ open: false, retryAfterMs: 30_000 });
    expect(await budget.check('contoso', 'person')).toEqual({ open: true });
    await budget.answered('contoso', 'person');
    now += 30_000;
    expect(await budget.check('contoso', 'watcher')).toEqual({ open: true });
  });

  it('reaches other processes through the store, read at most once in the time it is fresh', async () => {
    let now = start;
    let reads = 0;
    const memory = memoryUpstreamPauseStore();
    const store: UpstreamPauseStore = {
      ...memory,
      read(id) {
        reads += 1;
        return memory.read(id);
      },
    };
    const watcher = createUpstreamBudget({ store, now: () => now, freshForMs: 5_000 });
    const proxy = createUpstreamBudget({ store: memory, now: () => now });
    for (let check = 0; check < 100; check += 1) await watcher.check('contoso', 'watcher');
    expect(reads).toBe(1);
    await proxy.exhausted('contoso', 60_000, 'person');
    now += 5_000;
    for (let check = 0; check < 100; check += 1)
      expect((await watcher.check('contoso', 'watcher')).open).toBe(false);
    expect(reads).toBe(2);
  });

  it('costs a watcher one read a cycle and no write while nobody is throttled', async () => {
    let now = start;
    const asked: string[] = [];
    const store: UpstreamPauseStore = {
      read: async () => void asked.push('read'),
      extend: async () => void asked.push('write'),
      replace: async () => asked.push('write') > 0,
    };
    const budget = createUpstreamBudget({ store, now: () => now });
    for (let cycle = 0; cycle < 60; cycle += 1) {
      // The calls of one look at an instance.
      for (let call = 0; call < 3; call += 1) await budget.check('contoso', 'watcher');
      now += 60_000;
    }
    expect(asked).toEqual(Array<string>(60).fill('read'));
  });

  it('keeps others away for two minutes at most, whatever the source asks for', async () => {
    let now = start;
    const budget = createUpstreamBudget({ store: memoryUpstreamPauseStore(), now: () => now });
    await budget.exhausted('contoso', 999_999_999_000, 'person');
    now += 120_000 - 1;
    expect(await budget.check('contoso', 'person')).toEqual({ open: false, retryAfterMs: 1 });
    now += 1;
    expect(await budget.check('contoso', 'person')).toEqual({ open: true });
  });

  /*
   * State: the stored end of a pause; what each process knows of it; a probe under way.
   * Events: a pause ends; callers of several processes check; the probe is answered, refused, or its process dies.
   * Invariants: after a pause one call of each kind at most is under way until one was answered; what is closed opens again.
   */
  describe.each(['person', 'watcher'] as const)('after a pause, for each %s', (caller) => {
    const paused = async (processes: number) => {
      const clock = { now: start };
      const store = memoryUpstreamPauseStore();
      const budgets = Array.from({ length: processes }, () =>
        createUpstreamBudget({ store, now: () => clock.now, watcherYieldMs: 0 }),
      );
      await budgets[0]?.exhausted('contoso', 3_600_000, caller);
      clock.now += 120_000;
      const openNow = async () => {
        const answers = await Promise.all(
          budgets.flatMap((budget) => [budget.check('contoso', caller), budget.check('contoso', caller)]),
        );
        return answers.map(({ open }, at) => (open ? Math.floor(at / 2) : -1)).filter((at) => at >= 0);
      };
      return { clock, budgets, openNow };
    };

    it('lets one caller of all processes try, and everybody once it was answered', async () => {
      const { clock, budgets, openNow } = await paused(3);
      const probing = await openNow();
      expect(probing).toHaveLength(1);
      expect(await openNow()).toEqual([]);
      await budgets[probing[0] ?? 0]?.answered('contoso', caller);
      clock.now += 20_000;
      expect(await openNow()).toHaveLength(6);
    });

    it('begins the next pause when the probe is refused', async () => {
      const { clock, budgets, openNow } = await paused(3);
      const [probing = 0] = await openNow();
      await budgets[probing]?.exhausted('contoso', 3_600_000, caller);
      clock.now += 119_999;
      expect(await openNow()).toEqual([]);
      clock.now += 1;
      expect(await openNow()).toHaveLength(1);
    });

    it('lets another try when the one that did never came back', async () => {
      const { clock, openNow } = await paused(2);
      expect(await openNow()).toHaveLength(1);
      clock.now += 20_000;
      expect(await openNow()).toHaveLength(1);
    });
  });

  /*
   * State: the pause of people and that of watchers, in the store and in each process; when a watcher was answered last.
   * Events: every second a person calls whose calls are always refused; every ten seconds another person; every minute a
   * watcher, three calls. From some time on, nobody is answered.
   * Invariants: one person's refusals keep nobody else away for longer than one pause; an instance that answers nobody is
   * asked by one caller of each kind in two minutes.
   */
  const crowd = async (minutes: number, answersFrom: number, answersUntil: number) => {
    let now = start;
    const store = memoryUpstreamPauseStore();
    const [api, other, watch] = [1, 2, 3].map(() => createUpstreamBudget({ store, now: () => now }));
    const refused = { unlucky: [] as number[], another: [] as number[], watcher: [] as number[] };
    let asked = 0;
    const call = async (
      name: keyof typeof refused,
      budget: ReturnType<typeof createUpstreamBudget> | undefined,
      second: number,
    ) => {
      const caller = name === 'watcher' ? 'watcher' : 'person';
      if (!(await budget?.check('contoso', caller))?.open) {
        refused[name].push(second);
        return;
      }
      asked += 1;
      if (name !== 'unlucky' && second >= answersFrom * 60 && second < answersUntil * 60)
        return budget?.answered('contoso', caller);
      refused[name].push(second);
      return budget?.exhausted('contoso', 3_600_000, caller);
    };
    for (let second = 0; second < minutes * 60; second += 1) {
      now = start + second * 1_000;
      await call('unlucky', second % 2 === 0 ? api : other, second);
      if (second % 10 === 5) await call('another', api, second);
      if (second % 60 === 30) for (let read = 0; read < 3; read += 1) await call('watcher', watch, second);
    }
    return { refused, asked };
  };

  it('keeps a watcher and other people away once, however often one person is refused', async () => {
    const { refused } = await crowd(180, 0, 180);
    expect(refused.unlucky).toHaveLength(180 * 60);
    expect(Math.max(...refused.watcher)).toBeLessThanOrEqual(150);
    // Until the watcher's first answer; an answer is seen by others within five seconds.
    expect(Math.max(...refused.another)).toBeLessThanOrEqual(215);
  });

  it('keeps everybody away again once watchers are refused too', async () => {
    const whole = await crowd(120, 0, 60);
    const well = await crowd(60, 0, 60);
    // Two people and a watcher may try in each two minutes.
    expect(whole.asked - well.asked).toBeLessThanOrEqual((60 / 2) * 3 + 70);
    expect(whole.refused.watcher.filter((second) => second > 150 && second < 3_600)).toEqual([]);
  });

  it('writes a pause once, and only a longer one again', async () => {
    const written: number[] = [];
    const store: UpstreamPauseStore = {
      ...memoryUpstreamPauseStore(),
      extend: async (_id, until) => {
        written.push(until - start);
      },
    };
    const budget = createUpstreamBudget({ store, now: () => start });
    for (const wait of [10_000, 10_000, 5_000, 20_000]) await budget.exhausted('contoso', wait, 'person');
    // For people, and for watchers, who stay away longer and whose pause this store does not keep.
    expect(written).toEqual([10_000, 40_000, 20_000, 50_000]);
  });

  it('is unavailable when its store is, but keeps to a pause it was told of', async () => {
    const failing = async () => Promise.reject(new Error('throttled'));
    const budget = createUpstreamBudget({
      store: { read: failing, extend: failing, replace: failing },
      now: () => start,
    });
    await expect(budget.check('contoso', 'person')).rejects.toMatchObject({ code: 'LimitUnavailable' });
    await expect(budget.exhausted('contoso', 10_000, 'person')).rejects.toMatchObject({
      code: 'LimitUnavailable',
    });
    expect(await budget.check('contoso', 'person')).toEqual({ open: false, retryAfterMs: 10_000 });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1])(
    'does not take %s ms for a Retry-After',
    async (wait) => {
      const budget = createUpstreamBudget({ store: memoryUpstreamPauseStore(), now: () => start });
      await expect(budget.exhausted('contoso', wait, 'person')).rejects.toThrow(RangeError);
    },
  );
});

const pauseStoreContract = (open: () => UpstreamPauseStore): void => {
  it('knows no pause that was not stored, and keeps the later of two', async () => {
    const store = open();
    expect(await store.read('instance')).toBeUndefined();
    for (const until of [2_000, 1_000, 3_000]) await store.extend('instance', until, 10);
    expect(await store.read('instance')).toBe(3_000);
    await store.extend('instance', 2_500, 10);
    expect(await store.read('instance')).toBe(3_000);
  });

  it('replaces only what is expected', async () => {
    const store = open();
    expect(await store.replace('another', 1_000, 2_000, 10)).toBe(false);
    await store.extend('another', 1_000, 10);
    expect(await store.replace('another', 999, 2_000, 10)).toBe(false);
    expect(await store.replace('another', 1_000, 0, 10)).toBe(true);
    expect(await store.read('another')).toBe(0);
  });
};

describe('the pause store in memory', () => pauseStoreContract(memoryUpstreamPauseStore));

describe.each(limiterEngines)('the pause store on $name', (engine) => {
  let tables: LimiterTables;
  useLimiterTables(engine, (started) => {
    tables = started;
  });
  pauseStoreContract(() => dynamoDbUpstreamPauseStore(tables.client, tables.tableName));
});
