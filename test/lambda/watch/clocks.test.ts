import { describe, expect, it } from 'vitest';
import { dispatch } from '../../../lambda/dispatch/dispatch.ts';
import { measureNothing } from '../../../lambda/runtime/metrics.ts';
import { troubleStore } from '../../../lambda/store/agenda.ts';
import { baselineOfJobs, isAfter } from '../../../lambda/triggers/baseline.ts';
import { clockDifferenceMs, emptyCursor } from '../../../lambda/triggers/cursor.ts';
import type { ObservedJob } from '../../../lambda/triggers/observation.ts';
import { decimal, segmentSubscription, sourceSubscription } from '../store/example-subscription.ts';
import { endedJob, noon, segment } from '../subscriptions/world.ts';
import { contoso, watchWorld } from './world.ts';

/*
 * State: our clocks; what the source dates in the future; the cursor and the lease, which keep times of both.
 * Events: a job or an evaluation is dated years ahead, stays so, or goes; a host's clock is days ahead for one look.
 * Invariants: nothing that happens afterwards is silenced; the same thing is told once; what is not told, or not at its
 * time, is reported: once in the log, counted, and as a gap where it is set aside.
 */

const minute = 60_000;
const hour = 60 * minute;
const yearsMs = 3 * 365 * 24 * hour;

const failure = (id: string, at: number): ObservedJob => {
  const job = endedJob(id, 1);
  return {
    ...job,
    jobId: `job of ${id}`,
    submittedAt: at - 1_000,
    endedAt: at,
    tasks: job.tasks.map((task) => ({ ...task, endedAt: at })),
  };
};

const afterNoon = { baseline: { at: noon, occurrences: [] } };
const faults = ({ lines }: ReturnType<typeof watchWorld>) =>
  lines.filter(({ message }) => message === 'clock fault');

describe('a job that the source dates years ahead', () => {
  it.each(['it stays listed', 'it goes'])('silences nothing, when %s, and is told once', async (then) => {
    const world = watchWorld();
    world.state.jobs = [failure('old', noon - minute)];
    await world.look();
    await world.subscribe(sourceSubscription('a', null, afterNoon));
    const odd = failure('odd', noon + yearsMs);
    world.state.jobs = [odd, ...world.state.jobs];
    world.clock.now += minute;
    await world.look();
    if (then === 'it goes') world.state.jobs = world.state.jobs.filter((job) => job !== odd);
    for (let count = 0; count < 60; count += 1) {
      world.clock.now += 10 * minute;
      const fresh = failure(`later ${count}`, world.clock.now - 1_000);
      const listed = world.state.jobs.filter((job) => job !== odd);
      world.state.jobs = [...(then === 'it goes' ? [] : [odd]), fresh, ...listed];
      await world.look();
    }
    const ids = world.deliveries.map(({ deliveryId }) => deliveryId);
    expect(ids).toHaveLength(61);
    expect(new Set(ids).size).toBe(61);
    expect(faults(world)).toHaveLength(1);
    expect(world.metrics.ClockFaults).toBe(1);
  });

  it('that was listed at the registration is older than it', () => {
    const odd = failure('odd', noon + yearsMs);
    const baseline = baselineOfJobs([odd, failure('old', noon)], noon + clockDifferenceMs);
    expect(baseline.at).toBe(noon);
    expect(isAfter({ occurrence: 'odd', finalAt: noon + yearsMs }, baseline)).toBe(false);
    expect(isAfter({ occurrence: 'next', finalAt: noon + 1 }, baseline)).toBe(true);
  });
});

/** A world in which a segment has been seen with 100 members, and a flow follows it. */
const followed = async () => {
  const world = watchWorld();
  world.state.segments = [segment([0, 100])];
  await world.look();
  await world.subscribe(segmentSubscription('a', afterNoon));
  return world;
};

describe('an evaluation that the source dates years ahead', () => {
  it('is set aside with a gap, and what follows is compared with the value before', async () => {
    const world = await followed();
    const odd = [yearsMs / minute, 5_000] as const;
    for (const evaluations of [
      [[0, 100], odd],
      [[0, 100], odd],
      [[0, 100], [40, 2_000], odd],
      [
        [0, 100],
        [40, 2_000],
        [50, 100],
        [55, 3_000],
      ],
    ] as const) {
      world.state.segments = [segment(...evaluations)];
      world.clock.now += 16 * minute;
      await world.look();
    }
    expect(world.deliveries.map(({ crossing }) => crossing?.current)).toEqual(['2000', '3000']);
    expect(world.lines.filter(({ message }) => message === 'gap')).toHaveLength(1);
    expect(faults(world)).toHaveLength(1);
  });

  it('is told when its time has come', async () => {
    const world = await followed();
    world.state.segments = [segment([0, 100], [60, 2_000])];
    for (let look = 0; look < 5; look += 1) {
      world.clock.now += 16 * minute;
      await world.look();
    }
    expect(world.deliveries).toHaveLength(1);
  });
});

describe('a cursor that followed a date of the future', () => {
  it.each([
    ['years', yearsMs],
    // A host of ours whose own clock was hours ahead has believed it.
    ['20 hours', 20 * 60 * minute],
  ])('comes back to now from %s ahead, with a gap', async (_, aheadMs) => {
    const world = watchWorld();
    const ahead = noon + aheadMs;
    await world.cursors.save(
      contoso.id,
      {
        ...emptyCursor,
        jobs: { seenUntil: ahead, open: {}, closed: {} },
        segments: { HighValue: { at: ahead, value: decimal(100) } },
        valuesReadAt: noon,
      },
      'absent',
    );
    await world.subscribe(sourceSubscription('a', null, afterNoon));
    await world.subscribe(segmentSubscription('b', afterNoon));
    world.state.jobs = [failure('old', noon - minute)];
    await world.look();
    world.clock.now += 16 * minute;
    world.state.jobs = [failure('later', noon + 10 * minute), ...world.state.jobs];
    world.state.segments = [segment([0, 100], [12, 2_000])];
    await world.look();
    expect(world.deliveries.map(({ subscriptionId }) => subscriptionId).sort()).toEqual(['a', 'b']);
    expect(world.lines.filter(({ message }) => message === 'gap')).toHaveLength(1);
  });
});

describe('a host whose clock is 30 hours ahead', () => {
  it('believes no date of these hours though it makes every look, because the message says when it was sent', async () => {
    const world = watchWorld();
    const aheadMs = 30 * hour;
    const lookFast = () =>
      world.look(contoso, false, { now: () => world.clock.now + aheadMs, askedAt: world.clock.now - 1_000 });
    world.state.jobs = [failure('old', noon - minute)];
    world.state.segments = [segment([0, 100])];
    await lookFast();
    await world.subscribe(sourceSubscription('a', null, afterNoon));
    await world.subscribe(segmentSubscription('b', afterNoon));
    const odd = failure('odd', noon + 20 * hour);
    world.state.jobs = [odd, ...world.state.jobs];
    world.state.segments = [segment([0, 100], [20 * 60, 1])];
    for (let look = 0; look < 2; look += 1) {
      world.clock.now += 16 * minute;
      await lookFast();
    }
    world.clock.now += 20 * minute;
    world.state.jobs = [failure('later', world.clock.now - 1_000), ...world.state.jobs];
    world.state.segments = [segment([0, 100], [40, 2_000], [20 * 60, 1])];
    await lookFast();
    expect(world.deliveries.map(({ subscriptionId }) => subscriptionId).sort()).toEqual(['a', 'a', 'b']);
  });
});

describe('a host whose clock is two days ahead', () => {
  it('delays the next look by no more than a minute', async () => {
    const world = watchWorld();
    world.state.segments = [segment([0, 100])];
    await world.look();
    await world.subscribe(sourceSubscription('a', null, afterNoon));
    await world.subscribe(segmentSubscription('b', afterNoon));
    world.clock.now += 48 * hour;
    await world.look();
    world.clock.now -= 48 * hour;
    world.state.jobs = [failure('later', noon + minute / 2)];
    world.state.segments = [segment([0, 100], [1, 2_000])];
    world.clock.now += minute;
    const sent: string[] = [];
    const sendWatch = async (messages: readonly { readonly body: string }[]) => {
      sent.push(...messages.map(({ body }) => body));
    };
    const { leases, items } = world;
    const ports = { leases, troubles: troubleStore(items), measure: measureNothing, sendWatch };
    await dispatch({ ...ports, now: () => world.clock.now }, [contoso]);
    expect(sent.join()).toContain(contoso.id);
    await world.look();
    // The sweep too: the host that was ahead noted that there had been one.
    expect(world.deliveries.map(({ subscriptionId }) => subscriptionId).sort()).toEqual(['a', 'b']);
    expect(world.calls).toContain('segments of 30 days');
    expect(faults(world)).toHaveLength(1);
  });
});
