import { describe, expect, it } from 'vitest';
import { clockDifferenceMs } from '../../../lambda/triggers/cursor.ts';
import type { ObservedJob } from '../../../lambda/triggers/observation.ts';
import { registrationOnJobs } from '../../../lambda/triggers/registration-on-jobs.ts';
import { instanceId, sourceSubscription } from '../store/example-subscription.ts';
import { endedJob, noon, sourceOf, subscriptionsWorld } from '../subscriptions/world.ts';
import { contoso, SourceDown, watchWorld } from './world.ts';

/*
 * State: an instance that no look has met; registrations, each with the job list that it has read; the job list of the source.
 * Events: looks fail for hours (no rights, no answer), jobs end meanwhile, looks succeed.
 * Invariants: what ended after the first registration is told, as far as the source lists it; where it lists no more, there is
 * a gap: logged, counted and in the ledger. With no registration before, the first look owes nobody anything.
 */

const minute = 60_000;

/** Failures of data source refreshes, one every half minute from noon on, newest first. */
const failures = (count: number): readonly ObservedJob[] =>
  Array.from({ length: count }, (_, index): ObservedJob => {
    const at = noon + (index + 1) * (minute / 2);
    const job = endedJob(`task ${index}`, 1);
    return {
      ...job,
      jobId: `job ${index}`,
      submittedAt: at - 10_000,
      endedAt: at,
      tasks: job.tasks.map((task) => ({ ...task, endedAt: at })),
    };
  }).reverse();

/** Registered at noon, then looks that fail for two hours. */
const failingFirstLooks = async (before: readonly ObservedJob[], after: readonly ObservedJob[]) => {
  const world = watchWorld();
  world.state.jobs = before;
  const registrations = subscriptionsWorld();
  await registrations.on(world.items, { sourceOf: () => sourceOf(world.state) }).watchSource('flow');
  world.state.jobs = [...after, ...before];
  world.failures.set(contoso.id, new SourceDown());
  for (let look = 0; look < 5; look += 1) {
    await world.look();
    world.clock.now += 24 * minute;
  }
  world.failures.clear();
  world.recount();
  await world.look();
  return world;
};

const gaps = ({ lines }: ReturnType<typeof watchWorld>) => lines.filter(({ message }) => message === 'gap');

describe('the first look that succeeds', () => {
  it.each([
    ['with jobs before', [endedJob('old', -5)]],
    ['with none before', []],
  ])('reaches back to the earliest registration, %s', async (_, before) => {
    const world = await failingFirstLooks(before, failures(55));
    expect(world.deliveries).toHaveLength(55);
    expect(new Set(world.deliveries.map(({ eventId }) => eventId)).size).toBe(55);
    expect(world.calls).toContain('200 jobs');
    expect(gaps(world)).toEqual([]);
  });

  it('asks for 500 jobs, and beyond them tells of a gap', async () => {
    const world = await failingFirstLooks([endedJob('old', -5)], failures(600));
    expect(world.deliveries).toHaveLength(500);
    expect(gaps(world)).toHaveLength(1);
    expect(gaps(world)[0]).toMatchObject({
      keys: { kind: 'jobs', from: new Date(noon - 6 * minute).toISOString() },
    });
    expect(world.metrics.Gaps).toBe(1);
  });

  it('tells of a gap also where no job was listed at the registration', async () => {
    const world = await failingFirstLooks([], failures(600));
    // In the time of the source, whose clock may be behind ours.
    const from = new Date(noon - clockDifferenceMs).toISOString();
    expect(gaps(world)).toMatchObject([{ keys: { kind: 'jobs', from } }]);
  });

  it('owes nothing where nobody has registered for jobs before', async () => {
    const world = watchWorld();
    world.state.jobs = failures(600);
    world.clock.now += 12 * 60 * minute;
    await world.look();
    expect(world.calls).not.toContain('200 jobs');
    expect(gaps(world)).toEqual([]);
  });

  it('tells of a gap where an end lies more than 30 days back, after a registration', async () => {
    const world = watchWorld();
    await world.cursors.begin(instanceId, { jobsFrom: noon - minute, at: noon });
    await world.subscribe(sourceSubscription('a', null));
    const [early] = failures(1);
    const late = endedJob('late', 1);
    const shift = 31 * 24 * 60 * minute;
    world.state.jobs = [
      { ...late, jobId: 'late', submittedAt: noon + shift, endedAt: noon + shift },
      ...(early ? [early] : []),
      endedJob('old', -1),
    ];
    world.clock.now += shift;
    await world.look();
    expect(gaps(world)).toMatchObject([{ keys: { kind: 'jobs' } }]);
  });
});

describe('where detection begins', () => {
  it('is the earliest of several registrations, whatever their order', async () => {
    const [early, late] = [[endedJob('a', 1)], [endedJob('b', 9), endedJob('a', 1)]];
    for (const order of [
      [early, late],
      [late, early],
    ]) {
      const world = watchWorld();
      for (const jobs of order) {
        const { start } = registrationOnJobs(jobs, noon + 10 * minute);
        if (start) await world.cursors.begin(instanceId, start);
      }
      const { beginning } = await world.cursors.pollState(instanceId);
      expect(beginning()).toMatchObject({ jobsFrom: noon });
    }
  });

  it('reaches back to the oldest job that was under way at the registration', () => {
    const running = { ...endedJob('long', -60), status: 'running', endedAt: undefined };
    const { start } = registrationOnJobs([endedJob('a', 1), running], noon + 2 * minute);
    expect(start).toEqual({ jobsFrom: noon - 61 * minute, at: noon + 2 * minute });
  });
});
