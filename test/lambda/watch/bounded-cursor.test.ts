import { describe, expect, it } from 'vitest';
import { decimal, segmentSubscription } from '../store/example-subscription.ts';
import { noon, segment, shop } from '../subscriptions/world.ts';
import { contoso, type WatchWorld, watchWorld } from './world.ts';

/*
 * State: what the cursor remembers of segments and data sources.
 * Events: looks over years in which segments and data sources are made and deleted; an answer without a segment.
 * Invariants:
 *  - the cursor has the names that are listed or followed, and no others;
 *  - a segment that is followed keeps its value, however long it is away;
 *  - an instance with so many segments that its cursor would not fit into an item is followed like any other.
 */

const day = 24 * 60 * 60_000;

const cursorOf = async (world: WatchWorld) => (await world.cursors.find(contoso.id)).cursor;

const temporary = (name: string) => ({ ...segment([0, 100]), name, displayName: name });

describe('the cursor', () => {
  it('does not grow with the segments and data sources made and deleted by the thousand', async () => {
    const world = watchWorld();
    for (let today = 0; today < 60; today += 1) {
      world.state.segments = Array.from({ length: 200 }, (_, index) =>
        temporary(`Segment ${today} ${index}`),
      );
      world.state.dataSources = Array.from({ length: 50 }, (_, index) => ({
        ...shop,
        dataSourceId: `source ${today} ${index}`,
        lastRefresh: noon,
      }));
      world.clock.now += day;
      await world.look();
      const { segments, dataSources } = await cursorOf(world);
      expect(Object.keys(segments)).toHaveLength(200);
      expect(Object.keys(dataSources)).toHaveLength(50);
    }
  });

  it.each([
    ['above', 10_000],
    ['many times above', 25_000],
  ])('is packed where it would be %s the size of an item, and comes back as it was', async (_, most) => {
    const world = watchWorld();
    const many = Array.from({ length: most }, (_, index) =>
      temporary(`Segment ${index} of customers in region ${(index * 7919) % 1000}`),
    );
    world.state.segments = [...many, segment([0, 100])];
    await world.look();
    expect(Object.keys((await cursorOf(world)).segments)).toHaveLength(most + 1);
    const stored = world.items.items.get(JSON.stringify([`C#${contoso.id}`, 'CURSOR']));
    expect(JSON.parse(stored?.body ?? '{}')).toMatchObject({ v: 2 });
    expect(Buffer.byteLength(stored?.body ?? '')).toBeLessThan(400 * 1024);
    await world.subscribe(segmentSubscription('a', { baseline: { at: noon, occurrences: [] } }));
    world.state.segments = [...many, segment([0, 100], [5, 2_000])];
    world.clock.now += day;
    await world.look();
    expect(world.deliveries).toMatchObject([{ crossing: { previous: '100', current: '2000' } }]);
    // Small again, it is stored as before.
    world.state.segments = [segment([0, 100], [5, 2_000])];
    world.clock.now += day;
    await world.look();
    const after = world.items.items.get(JSON.stringify([`C#${contoso.id}`, 'CURSOR']));
    expect(JSON.parse(after?.body ?? '{}')).toMatchObject({ v: 1 });
  });

  it('keeps a segment that somebody follows, and fires for what happened while it was away', async () => {
    const world = watchWorld();
    world.state.segments = [segment([0, 100]), temporary('Unfollowed')];
    await world.look();
    await world.subscribe(segmentSubscription('a', { baseline: { at: noon, occurrences: [] } }));
    const here = world.state.segments;
    world.state.segments = [];
    world.clock.now += day;
    await world.look();
    expect((await cursorOf(world)).segments).toEqual({ HighValue: { at: noon, value: decimal(100) } });
    world.state.segments = [segment([0, 100], [5, 2_000]), ...here.slice(1)];
    world.clock.now += day;
    await world.look();
    expect(world.deliveries).toHaveLength(1);
  });
});
