import { describe, expect, it } from 'vitest';
import type { SubscriptionId } from '../../../lambda/runtime/ids.ts';
import { logWith } from '../../../lambda/runtime/log.ts';
import type { MetricName } from '../../../lambda/runtime/metrics.ts';
import { pauseStore } from '../../../lambda/store/agenda.ts';
import { listedSubscriptionStore, longestPauseMs } from '../../../lambda/store/listed-subscriptions.ts';
import { endPaused, isTimeToEndPaused, stoppedUntil } from '../../../lambda/store/stop-subscription.ts';
import type { Table } from '../../../lambda/store/table.ts';
import { recordedLog } from '../http/recorded-log.ts';
import { memoryTable } from '../memory-table.ts';
import { segmentSubscription } from '../store/example-subscription.ts';
import { crashBefore, type Step, steppedTable } from '../store/schedules.ts';
import { noon } from './world.ts';

const id = (name: string) => name as SubscriptionId;
const free: Step = async () => undefined;

const world = () => {
  const items = memoryTable();
  const clock = { now: noon };
  const counted: MetricName[] = [];
  let generations = 0;
  const now = () => clock.now;
  const on = (table: Table) => listedSubscriptionStore(table, { now, by: 'test' });
  const store = on(items);
  return {
    items,
    clock,
    counted,
    store,
    register: async (name: string) => {
      const known = await store.find(id(name));
      generations += 1;
      await store.save(segmentSubscription(name, { generation: `generation ${generations}` }), known);
    },
    pause: async (name: string) => {
      const known = await store.find(id(name));
      const status = {
        state: 'paused',
        since: new Date(clock.now).toISOString(),
        reason: 'It is off.',
      } as const;
      if (known) await store.stop(known, status, stoppedUntil('paused', clock.now));
    },
    run: (step: Step = free) => {
      const table = steppedTable(items, step);
      return endPaused({
        pauses: pauseStore(table),
        subscriptions: on(table),
        now,
        log: logWith(recordedLog().log, {}),
        count: (metric) => counted.push(metric),
      });
    },
    status: async (name: string) => (await store.find(id(name)))?.body.status,
    pausesLeft: () => [...items.items.values()].filter(({ pk }) => pk === 'PAUSED').length,
  };
};

describe('a subscription that is paused', () => {
  it('is ended after 30 days, not before, and says both', async () => {
    const it = world();
    await it.register('a');
    await it.pause('a');
    it.clock.now += longestPauseMs - 1;
    expect(await it.run()).toBe(0);
    expect((await it.status('a'))?.state).toBe('paused');
    it.clock.now += 2;
    expect(await it.run()).toBe(1);
    expect(await it.status('a')).toMatchObject({
      state: 'ended',
      reason: expect.stringMatching(/paused for 30 days, since 2026-01-10T12.*It is off\./),
    });
    expect(it.counted).toEqual(['SubscriptionsEnded']);
    expect(it.pausesLeft()).toBe(0);
    expect(await it.run()).toBe(0);
  });

  it('and resumed is left alone, and paused again has 30 days again', async () => {
    const it = world();
    await it.register('a');
    await it.pause('a');
    await it.register('a');
    it.clock.now += longestPauseMs / 2;
    await it.register('b');
    await it.register('b');
    await it.pause('a');
    it.clock.now += longestPauseMs / 2 + 1;
    expect(await it.run()).toBe(0);
    expect((await it.status('a'))?.state).toBe('paused');
    it.clock.now += longestPauseMs / 2;
    expect(await it.run()).toBe(1);
    expect((await it.status('b'))?.state).toBe('active');
  });

  it('is ended once the run that died over it is repeated', async () => {
    for (let calls = 1; ; calls += 1) {
      const it = world();
      await it.register('a');
      await it.pause('a');
      it.clock.now += longestPauseMs + 1;
      const crashed = await crashBefore((step) => it.run(step), calls);
      await it.run();
      expect((await it.status('a'))?.state).toBe('ended');
      expect(it.pausesLeft()).toBe(0);
      if (!crashed) break;
    }
  });

  it('has its turn in the next run when there are many', async () => {
    const it = world();
    for (let index = 0; index < 210; index += 1) {
      await it.register(`s${index}`);
      await it.pause(`s${index}`);
    }
    it.clock.now += longestPauseMs + 1;
    expect([await it.run(), await it.run(), await it.run()]).toEqual([200, 10, 0]);
  });
});

describe('the time to look for them', () => {
  it('is one minute of every hour', () => {
    const minutes = Array.from({ length: 180 }, (_, minute) => isTimeToEndPaused(noon + minute * 60_000));
    expect(minutes.filter(Boolean)).toHaveLength(3);
  });
});
