import { describe, expect, it } from 'vitest';
import { endedJob, shop, sourceOf } from '../subscriptions/world.ts';
import { expectAllSent, failedRefreshFor, workOffDying } from './fan-out.ts';
import { contoso, type WatchWorld } from './world.ts';

/*
 * State: the position of each event that is being sent in parts; the watch queue; the ledger; the cursor.
 * Events: functions that die of their time limit at any call; a message that is lost; a later event of the same
 * subject, and of another.
 * Invariants:
 *  - every subscription gets the event, with one delivery id, however often a function dies;
 *  - a message does a bounded amount of work, and each one that does not die gets further;
 *  - an event waits for an earlier one of its subject and holds up no other.
 */

const minute = 60_000;
const namesakeId = 'd83c871c-0000-4000-8000-00000000beef';

/** When the events happened that have been sent so far, in the order of their deliveries. */
const occurred = (world: WatchWorld) => world.deliveries.map(({ payload }) => payload.occurredAt);

/** One of two events is sent, and the other waits until all of its deliveries are queued. */
const expectOneByOne = async (world: WatchWorld) => {
  expect(new Set(occurred(world)).size).toBe(1);
  await workOffDying(world, () => 1_000);
  world.clock.now += 2 * minute;
  await workOffDying(world, () => 1_000);
  expect(new Set(occurred(world)).size).toBe(2);
  expect(occurred(world)).toEqual([...occurred(world)].sort());
};

const subjectOf = (payload: object) => ('dataSourceId' in payload ? payload.dataSourceId : undefined);

describe('an event to 10,000 subscriptions', () => {
  it('is sent to each of them although every function dies early', async () => {
    const world = await failedRefreshFor(10_000);
    // A part is at most 13 calls; sometimes there is time for three of them, sometimes for none.
    await workOffDying(world, (invocation) => 10 + ((invocation * 7) % 30));
    expectAllSent(world, 10_000);
    // Work that was done is not done again: what is repeated is at most one part for each death.
    expect(world.deliveries.length).toBeLessThan(20_000);
    expect(await world.fanOuts.ofInstance(contoso.id)).toEqual([]);
    expect(world.lines.filter(({ message }) => message === 'event detected')).toMatchObject([
      { keys: { deliveries: 10_000 } },
    ]);
  });

  it('does not keep a look at it: 1,000 are sent by the look, the others by messages', async () => {
    const world = await failedRefreshFor(10_000);
    await world.look();
    expect(world.deliveries).toHaveLength(1_000);
    expect(world.parts).toHaveLength(1);
    const before = await world.cursors.find(contoso.id);
    expect(Object.keys(before.cursor.jobs.closed)).toHaveLength(1);
  });
});

describe('while an event is being sent in parts', () => {
  it('a later one of its subject waits, and one of another subject does not', async () => {
    const world = await failedRefreshFor(3_000);
    await world.look();
    const other = endedJob('other', 3);
    world.state.jobs = [
      { ...other, tasks: other.tasks.map((task) => ({ ...task, objectName: 'Another' })) },
      endedJob('again', 2),
      ...world.state.jobs,
    ];
    world.clock.now += 2 * minute;
    await world.look();
    const tasks = () => new Set(occurred(world));
    expect(tasks().size).toBe(2);
    // The look was not finished: it is asked for again, and the cursor has not moved.
    expect(world.watchMessages.at(-1)).toMatchObject({ delaySeconds: 15 });
    await workOffDying(world, () => 1_000);
    world.clock.now += 2 * minute;
    await workOffDying(world, () => 1_000);
    expect(tasks().size).toBe(3);
    expect(new Set(world.deliveries.map(({ deliveryId }) => deliveryId)).size).toBe(9_000);
    expect(world.deliveries.length).toBe(9_000);
  });

  it('a later one waits also for a look that had read the cursor before it was begun', async () => {
    const world = await failedRefreshFor(3_000);
    const before = sourceOf(world.state);
    const jobsBefore = world.state.jobs;
    world.state.jobs = [endedJob('again', 2), ...jobsBefore];
    let overtaken = false;
    await world.look(undefined, false, {
      source: {
        ...sourceOf(world.state),
        async dataSources(id) {
          if (!overtaken) {
            overtaken = true;
            world.clock.now += 2 * minute;
            await world.look(undefined, false, { source: { ...before, jobs: async () => jobsBefore } });
            expect(world.parts).toHaveLength(1);
          }
          return before.dataSources(id);
        },
      },
    });
    await expectOneByOne(world);
  });

  it('a later one of its data source waits also when only one of the two can be told from a namesake', async () => {
    const world = await failedRefreshFor(3_000);
    world.state.dataSources = [shop, { ...shop, dataSourceId: namesakeId, name: 'Namesake' }];
    const identified = endedJob('failed', 1);
    world.state.nodes = [
      {
        operation: 'ingestion',
        identifier: shop.dataSourceId,
        objectName: shop.displayName,
        status: 'failed',
        jobIds: [identified.jobId],
        endedAt: identified.endedAt,
      },
    ];
    await world.look();
    expect(new Set(world.deliveries.map(({ payload }) => subjectOf(payload)))).toEqual(
      new Set([shop.dataSourceId]),
    );
    world.state.jobs = [endedJob('again', 2), ...world.state.jobs];
    world.clock.now += 2 * minute;
    await world.look();
    await expectOneByOne(world);
    expect(new Set(world.deliveries.map(({ payload }) => subjectOf(payload)))).toEqual(
      new Set([shop.dataSourceId, undefined]),
    );
  });

  it('its message may be lost although nothing else happens: a poll that reads everything sends another', async () => {
    const world = await failedRefreshFor(3_000);
    await world.look();
    world.parts.length = 0;
    for (let waited = 0; waited < 15 && world.parts.length === 0; waited += 1) {
      world.clock.now += minute;
      await world.look();
    }
    expect(world.parts).toHaveLength(1);
    await workOffDying(world, () => 1_000);
    expectAllSent(world, 3_000);
  });

  it('its message may be lost: another is sent once it has not got further for five minutes', async () => {
    const world = await failedRefreshFor(3_000);
    await world.look();
    world.parts.length = 0;
    world.state.jobs = [endedJob('again', 2), ...world.state.jobs];
    world.clock.now += 4 * minute;
    await world.look();
    expect(world.parts).toEqual([]);
    world.clock.now += 2 * minute;
    await world.look();
    expect(world.parts).toHaveLength(1);
    await workOffDying(world, () => 1_000);
    world.clock.now += 2 * minute;
    await workOffDying(world, () => 1_000);
    expect(new Set(world.deliveries.map(({ deliveryId }) => deliveryId)).size).toBe(6_000);
  });

  it('its message may be lost by a host whose clock is hours ahead: another is sent at the next look', async () => {
    const world = await failedRefreshFor(3_000);
    await world.look();
    const [begun] = await world.fanOuts.ofInstance(contoso.id);
    const { version } =
      (begun && (await world.fanOuts.find(contoso.id, begun.occurrence.eventId))) ?? expect.fail('none');
    if (begun)
      await world.fanOuts.save(contoso.id, { ...begun, movedAt: begun.movedAt + 30 * 60 * minute }, version);
    world.parts.length = 0;
    world.state.jobs = [endedJob('again', 2), ...world.state.jobs];
    world.clock.now += 2 * minute;
    await world.look();
    expect(world.parts).toHaveLength(1);
  });

  it('two messages at once send no second delivery id, and only one gets further', async () => {
    const world = await failedRefreshFor(5_000);
    await world.look();
    world.parts.push(...world.parts);
    await workOffDying(world, () => 1_000);
    expectAllSent(world, 5_000);
  });
});
