import { describe, expect, it } from 'vitest';
import { minuteMs } from '../../../lambda/runtime/time.ts';
import type { ObservedJob } from '../../../lambda/triggers/observation.ts';
import { pace } from '../../../lambda/watch/pace.ts';
import { sourceSubscription } from '../store/example-subscription.ts';
import { crashBefore } from '../store/schedules.ts';
import { endedJob, noon } from '../subscriptions/world.ts';
import * as watch from './world.ts';

/*
 * State: what a look has found; the ledger; the cursor.
 * Events: an event that no queue takes, or neither queue nor table; looks whose time ends before their work does.
 * Invariants:
 *  - one bad event stops nothing else: the others are sent in the same look, and the cursor moves on;
 *  - it is logged, counted and a gap, and can be replayed where the table takes it;
 *  - looks that are cut short make progress, so that each event is sent after finitely many of them.
 */

const prepared = async (): Promise<watch.WatchWorld> => {
  const world = watch.watchWorld();
  await world.look();
  await world.subscribe(
    sourceSubscription('a', null, { baseline: { at: noon - minuteMs, occurrences: [] } }),
  );
  world.clock.now += 2 * minuteMs;
  return world;
};

const withMessage = (job: ObservedJob, errorMessage: string): ObservedJob => ({
  ...job,
  tasks: job.tasks.map((task) => ({ ...task, errorMessage })),
});

describe('an event that cannot be sent', () => {
  it.each([
    ['300 KB: the queue refuses it, the table does not', 300_000, 3],
    ['420 KB: nothing takes it', 420_000, 2],
  ])('with %s: it alone is set aside', async (_, bytes, recorded) => {
    const world = await prepared();
    world.state.jobs = [
      endedJob('after', 2),
      withMessage(endedJob('bad', 1), 'x'.repeat(bytes)),
      endedJob('before', 0),
    ];
    const counted: string[] = [];
    await world.look(watch.contoso, false, {
      count: (metric, value = 1) => counted.push(`${metric} ${value}`),
    });
    expect(world.deliveries).toHaveLength(2);
    expect(counted).toContain('EventsSetAside 1');
    expect(counted).toContain('Gaps 1');
    expect(world.lines.filter(({ message }) => message === 'event set aside').length).toBeGreaterThan(0);
    const noted = [...world.items.items.values()].filter(({ pk }) => pk.startsWith('L#'));
    expect(noted.filter(({ body }) => body.includes('"kind":"gap"'))).toHaveLength(1);
    expect(noted.filter(({ body }) => body.includes('"kind":"occurrence"'))).toHaveLength(recorded);
    // The cursor has moved: the next look finds nothing new.
    world.clock.now += 16 * minuteMs;
    await world.look();
    expect(world.deliveries).toHaveLength(2);
    expect(Object.keys((await world.cursors.find(watch.contoso.id)).cursor.jobs.closed)).toHaveLength(3);
  });
});

describe('looks that are cut short', () => {
  const jobs = Array.from({ length: 40 }, (_, index) => endedJob(`task ${index}`, index));

  it('by their budget end, are asked for again, and send each event once', async () => {
    const world = await prepared();
    world.state.jobs = jobs;
    let looks = 0;
    const count = (): void => undefined;
    while (new Set(world.deliveries.map(({ deliveryId }) => deliveryId)).size < jobs.length) {
      looks += 1;
      // Each event takes a second, and a look has five.
      const { sendDelivery } = world.portsOn(async () => undefined);
      await world.look(watch.contoso, false, {
        count,
        pace: { ...pace, lookMs: 5_000 },
        async sendDelivery(messages) {
          world.clock.now += 1_000;
          await sendDelivery(messages);
        },
      });
      world.clock.now += minuteMs;
    }
    expect(looks).toBe(7);
    expect(world.deliveries).toHaveLength(jobs.length);
    expect(world.watchMessages.filter(({ delaySeconds }) => delaySeconds === 15)).toHaveLength(6);
  });

  it('by their death make progress too: each one that dies leaves less', async () => {
    const world = await prepared();
    world.state.jobs = jobs;
    const sent = () => new Set(world.deliveries.map(({ deliveryId }) => deliveryId)).size;
    let deaths = 0;
    let before = 0;
    // Lease, source and records take some 50 calls, and an event three.
    while (await crashBefore((step) => world.process(step), 64)) {
      deaths += 1;
      if (before < jobs.length) expect(sent()).toBeGreaterThan(before);
      expect(deaths).toBeLessThan(20);
      before = sent();
      world.clock.now += 2 * minuteMs;
    }
    expect(deaths).toBeGreaterThan(2);
    expect(sent()).toBe(jobs.length);
    // What a death can repeat is the one event that was not recorded yet.
    expect(world.deliveries.length).toBeLessThanOrEqual(jobs.length + deaths);
  });
});
