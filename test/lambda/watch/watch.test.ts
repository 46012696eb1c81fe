import { describe, expect, it } from 'vitest';
import type { ObservedJob } from '../../../lambda/triggers/observation.ts';
import { decimal, segmentSubscription, sourceSubscription } from '../store/example-subscription.ts';
import { endedJob, noon, segment, shop, sourceOf } from '../subscriptions/world.ts';
import { contoso, fabrikam, SourceDown, watchWorld } from './world.ts';

/*
 * State: the lease (due time, digest of the job list, last sweep, failures), the cursor, the subscriptions; what Customer Insights
 * would answer; the time.
 * Events: a look is due, or is asked for too early, or by two; something happens in Customer Insights; the source fails.
 * Invariants:
 *  - when nothing happened, a look costs one call and one write;
 *  - every occurrence after a subscription's baseline is queued for it, with the same ids however often it is found;
 *  - a failing source delays its own instance only, and nothing that happened meanwhile is lost.
 */

const minute = 60_000;
const running = (job: ObservedJob): ObservedJob => ({ ...job, status: 'running', endedAt: undefined });
const evaluation = (id: string, at: number): ObservedJob => {
  const job = endedJob(id, at);
  return {
    ...job,
    status: 'successful',
    tasks: job.tasks.map((task) => ({ ...task, operation: 'segmentation', status: 'successful' })),
  };
};

describe('a look at which nothing has happened', () => {
  it('costs one call of the source and one write', async () => {
    const world = watchWorld();
    world.state.jobs = [endedJob('old', -5)];
    await world.look();
    for (let cycle = 1; cycle <= 10; cycle += 1) {
      world.clock.now += minute;
      world.recount();
      await world.look();
      expect(world.calls).toEqual(['jobs']);
      expect(world.counts.writes).toBe(1);
      expect(world.counts.reads).toBe(1);
    }
  });

  it('costs the same however many subscriptions there are', async () => {
    const world = watchWorld();
    await world.look();
    for (let index = 0; index < 200; index += 1)
      await world.subscribe(segmentSubscription(`s${index}`, { threshold: decimal(index) }));
    world.clock.now += minute;
    world.recount();
    await world.look();
    expect({ calls: world.calls, ...world.counts }).toEqual({ calls: ['jobs'], reads: 1, writes: 1 });
  });

  it('is due again a minute later, and not before', async () => {
    const world = watchWorld();
    await world.look();
    expect(await world.dueAt()).toBe(noon + minute);
    world.recount();
    world.clock.now += minute - 1_001;
    await world.look();
    expect({ calls: world.calls, writes: world.counts.writes }).toEqual({ calls: [], writes: 0 });
    // Clocks of two hosts may differ by a second.
    world.clock.now += 1;
    await world.look();
    expect(world.calls).toEqual(['jobs']);
  });
});

describe('a sweep', () => {
  it('reads everything every 15 minutes, whatever the job list says', async () => {
    const world = watchWorld();
    world.state.segments = [segment([0, 100])];
    await world.look();
    expect([...world.calls].sort()).toEqual(['dataSources', 'jobs', 'measures', 'segments of 0 days']);
    const reads: number[] = [];
    for (let cycle = 1; cycle <= 46; cycle += 1) {
      world.clock.now = noon + cycle * minute;
      world.recount();
      await world.look();
      if (world.calls.length > 1) reads.push(cycle);
    }
    expect(reads).toEqual([15, 30, 45]);
  });

  it('finds what no job told of', async () => {
    const world = watchWorld();
    world.state.segments = [segment([0, 100])];
    await world.look();
    await world.subscribe(segmentSubscription('a', { baseline: { at: noon, occurrences: [] } }));
    world.state.segments = [segment([0, 100], [3, 2_000])];
    world.clock.now += 15 * minute;
    await world.look();
    expect(world.deliveries).toMatchObject([
      { subscriptionId: 'a', crossing: { previous: '100', current: '2000', threshold: '1000' } },
    ]);
  });
});

describe('while a job runs', () => {
  it('the watch queues itself every 15 seconds, and at each look costs one call and one write', async () => {
    const world = watchWorld();
    await world.look();
    world.clock.now += minute;
    world.state.jobs = [running(endedJob('task', 5))];
    await world.look();
    for (let cycle = 0; cycle < 5; cycle += 1) {
      const [again, ...more] = world.watchMessages.splice(0);
      expect(more).toEqual([]);
      expect(again).toEqual({ message: { v: 1, instanceIds: [contoso.id], busy: true }, delaySeconds: 15 });
      world.clock.now += 15_000;
      expect(await world.dueAt()).toBe(world.clock.now);
      world.recount();
      await world.look(contoso, true);
      expect({ calls: world.calls, writes: world.counts.writes }).toEqual({ calls: ['jobs'], writes: 1 });
    }
  });

  it('keeps that pace when the tick of the minute comes first, and does not queue itself twice', async () => {
    const world = watchWorld();
    world.state.jobs = [running(endedJob('task', 5))];
    await world.look();
    world.watchMessages.length = 0;
    world.clock.now += 15_000;
    await world.look(contoso, false);
    // Its own message arrives as well, and finds the work done.
    await world.look(contoso, true);
    expect(world.watchMessages).toHaveLength(1);
    world.clock.now += 15_000;
    world.recount();
    await world.look(contoso, true);
    expect(world.calls).toEqual(['jobs']);
    expect(world.watchMessages).toHaveLength(2);
  });

  it('and no longer when it has ended', async () => {
    const world = watchWorld();
    world.state.jobs = [running(endedJob('task', 5))];
    await world.look();
    world.watchMessages.length = 0;
    world.state.jobs = [endedJob('task', 5)];
    world.clock.now += 15_000;
    await world.look(contoso, true);
    expect(world.watchMessages).toEqual([]);
    expect(await world.dueAt()).toBe(world.clock.now + minute);
  });
});

describe('a failure of a data source', () => {
  it('is queued for its subscriptions and for those to any, once', async () => {
    const world = watchWorld();
    await world.look();
    const version = await world.subscribe(sourceSubscription('mine', shop.dataSourceId));
    await world.subscribe(sourceSubscription('any', null));
    await world.subscribe(sourceSubscription('other', 'another'));
    world.state.jobs = [endedJob('task', 1)];
    world.clock.now += minute;
    await world.look();
    world.clock.now += minute;
    await world.look();
    expect(world.deliveries.map(({ subscriptionId }) => subscriptionId)).toEqual(['mine', 'any']);
    expect(new Set(world.deliveries.map(({ deliveryId }) => deliveryId)).size).toBe(2);
    expect(new Set(world.deliveries.map(({ eventId }) => eventId)).size).toBe(1);
    expect(world.deliveries[0]).toMatchObject({
      v: 1,
      round: 1,
      generation: 'generation of mine',
      crossing: null,
      entry: { key: { sk: 'E#mine' }, version },
      payload: { instanceName: 'Contoso', dataSourceId: shop.dataSourceId, errorCode: 'E1' },
    });
  });

  it('that had ended when the subscription was registered is not sent, one that ended later is', async () => {
    const world = watchWorld();
    const baseline = { at: noon + minute, occurrences: ['seen'] };
    await world.subscribe(sourceSubscription('a', null, { baseline }));
    // Both ended in the millisecond of the baseline; one was not visible yet when it was read.
    const [seen, unseen] = [endedJob('seen', 1), { ...endedJob('unseen', 1), jobId: 'another' }];
    world.state.jobs = [endedJob('later', 2), unseen, seen, endedJob('earlier', 0)];
    await world.look();
    expect(world.deliveries.map(({ payload }) => payload.occurredAt)).toEqual([
      new Date(noon + minute).toISOString(),
      new Date(noon + 2 * minute).toISOString(),
    ]);
  });

  it('after an outage of hours is sent with the time at which it happened', async () => {
    const world = watchWorld();
    await world.look();
    await world.subscribe(sourceSubscription('a', null));
    world.state.jobs = [endedJob('second', 30), endedJob('first', 20)];
    world.clock.now += 8 * 60 * minute;
    await world.look();
    expect(world.deliveries.map(({ payload }) => payload.occurredAt)).toEqual([
      new Date(noon + 20 * minute).toISOString(),
      new Date(noon + 30 * minute).toISOString(),
    ]);
  });
});

describe('a threshold', () => {
  it('that was crossed twice between two looks, with a fall in between, fires twice', async () => {
    const world = watchWorld();
    world.state.segments = [segment([0, 100])];
    await world.look();
    await world.subscribe(segmentSubscription('a', { baseline: { at: noon, occurrences: [] } }));
    world.state.segments = [segment([0, 100], [1, 1_500], [2, 1_000], [3, 1_001], [4, 5_000])];
    world.state.jobs = [evaluation('task', 4)];
    world.clock.now += 5 * minute;
    await world.look();
    expect(world.deliveries.map(({ crossing }) => [crossing?.previous, crossing?.current])).toEqual([
      ['100', '1500'],
      ['1000', '1001'],
    ]);
    expect(new Set(world.deliveries.map(({ deliveryId }) => deliveryId)).size).toBe(2);
    expect(world.calls).toContain('segments of 1 days');
  });

  it('is not crossed by what the segment did before the subscription, not even at the first look ever', async () => {
    const world = watchWorld();
    await world.subscribe(segmentSubscription('a', { baseline: { at: noon + 2 * minute, occurrences: [] } }));
    world.state.segments = [segment([0, 100], [1, 1_500], [2, 900])];
    world.clock.now += 3 * minute;
    await world.look();
    expect(world.deliveries).toMatchObject([]);
    world.state.segments = [segment([0, 100], [1, 1_500], [2, 900], [4, 1_500])];
    world.state.jobs = [evaluation('task', 4)];
    world.clock.now += 3 * minute;
    await world.look();
    expect(world.deliveries).toMatchObject([{ crossing: { previous: '900', current: '1500' } }]);
  });

  it('crossed for many subscriptions is queued for all of them', async () => {
    const world = watchWorld();
    world.state.segments = [segment([0, 0])];
    await world.look();
    for (let index = 0; index < 450; index += 1)
      await world.subscribe(segmentSubscription(`s${index}`, { threshold: decimal(index) }));
    world.state.segments = [segment([0, 0], [1, 449])];
    world.state.jobs = [evaluation('task', 1)];
    world.clock.now += 2 * minute;
    const chunks: number[] = [];
    await world.look(contoso, false, {
      sendDelivery: async (messages) => {
        chunks.push(messages.length);
      },
    });
    expect(chunks).toEqual([200, 200, 49]);
  });
});

describe('a source that fails', () => {
  it('does not throw, backs off, and says so', async () => {
    const world = watchWorld();
    world.failures.set(contoso.id, new SourceDown());
    const pauses: number[] = [];
    for (let failure = 1; failure <= 8; failure += 1) {
      await world.look();
      const due = (await world.dueAt()) ?? 0;
      pauses.push((due - world.clock.now) / minute);
      world.clock.now = due;
    }
    // Half of a ceiling that doubles from two minutes to a quarter of an hour; never less than the idle pace.
    expect(pauses).toEqual([1, 2, 4, 7.5, 7.5, 7.5, 7.5, 7.5]);
    expect(world.lines.filter(({ message }) => message === 'source failed')).toHaveLength(8);
  });

  it('is left alone as long as it asks, but not for longer than two minutes', async () => {
    const world = watchWorld();
    world.failures.set(contoso.id, new SourceDown(1.5 * minute));
    await world.look();
    expect(await world.dueAt()).toBe(noon + 1.5 * minute);
    world.failures.set(contoso.id, new SourceDown(48 * 60 * minute));
    world.clock.now += 1.5 * minute;
    await world.look();
    expect(await world.dueAt()).toBe(world.clock.now + 2 * minute);
  });

  it('leaves other instances as they are', async () => {
    const world = watchWorld();
    world.failures.set(fabrikam.id, new SourceDown());
    await Promise.all([world.look(contoso), world.look(fabrikam)]);
    world.clock.now += minute;
    world.recount();
    await world.look(contoso);
    expect(world.calls).toEqual(['jobs']);
    expect(await world.dueAt(contoso.id)).toBe(world.clock.now + minute);
  });

  it('loses nothing that happened meanwhile, also when it fails in the middle of a look', async () => {
    const world = watchWorld();
    await world.look();
    await world.subscribe(sourceSubscription('a', null));
    world.state.jobs = [endedJob('task', 1)];
    world.clock.now += minute;
    await world.look(contoso, false, {
      source: { ...sourceOf(world.state), dataSources: () => Promise.reject(new SourceDown()) },
    });
    expect(world.deliveries).toEqual([]);
    world.clock.now = (await world.dueAt()) ?? 0;
    await world.look();
    expect(world.deliveries).toHaveLength(1);
    expect((await world.leases.find(contoso.id))?.body).toMatchObject({
      failures: 0,
      dueAt: world.clock.now + minute,
    });
  });

  it('is not what an error of the queue or the store is: that sends the message back', async () => {
    const world = watchWorld();
    await world.look();
    await world.subscribe(sourceSubscription('a', null));
    world.state.jobs = [endedJob('task', 1)];
    world.clock.now += minute;
    const away = new Error('The queue is away.');
    await expect(world.look(contoso, false, { sendDelivery: () => Promise.reject(away) })).rejects.toBe(away);
    world.clock.now += minute;
    await world.look();
    expect(world.deliveries).toHaveLength(1);
  });
});
