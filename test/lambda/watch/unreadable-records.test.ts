import { describe, expect, it } from 'vitest';
import { dispatch } from '../../../lambda/dispatch/dispatch.ts';
import { measureNothing } from '../../../lambda/runtime/metrics.ts';
import { troubleStore } from '../../../lambda/store/agenda.ts';
import { shardOf } from '../../../lambda/store/instances.ts';
import { leaseStore } from '../../../lambda/store/leases.ts';
import { rearmStateStore } from '../../../lambda/store/rearm-states.ts';
import type { Version } from '../../../lambda/store/table.ts';
import { defaultConditions } from '../../../lambda/triggers/conditions.ts';
import { decimal, segmentSubscription, sourceSubscription } from '../store/example-subscription.ts';
import { endedJob, noon, segment } from '../subscriptions/world.ts';
import { contoso, fabrikam, type WatchWorld, watchWorld } from './world.ts';

/*
 * State: records of the state table, one of them of another schema version (a newer one, or one that no program has).
 * Events: a look meets it.
 * Invariants: every other subscription gets its event; the record stays as it is; each meeting is logged and counted.
 */

const minute = 60_000;

/** Makes the stored record one of another schema version. */
const spoil = async ({ items }: WatchWorld, pk: string, sk: string, v: number) => {
  const item = await items.get({ pk, sk });
  if (!item) throw new Error(`There is no record ${pk}/${sk}.`);
  const body = item.body.replace(/^\{"v":\d+/, `{"v":${v}`);
  await items.swap({ ...item, version: 'spoiled' as Version, body }, item.version);
};

const setAside = ({ lines }: WatchWorld) => lines.filter(({ message }) => message === 'record set aside');

describe('a record of another schema version', () => {
  it.each([0, 2])('version %i: as an entry keeps no other flow from its event', async (v) => {
    const world = watchWorld();
    await world.look();
    for (const id of ['a', 'b', 'c'])
      await world.subscribe(sourceSubscription(id, null, { baseline: { at: noon, occurrences: [] } }));
    const partition = `I#${contoso.id}#OnDataSourceRefreshFailed#*`;
    await spoil(world, partition, 'E#b', v);
    world.state.jobs = [endedJob('task', 1)];
    world.clock.now += minute;
    await world.look();
    expect(world.deliveries.map(({ subscriptionId }) => subscriptionId)).toEqual(['a', 'c']);
    expect(setAside(world)).toMatchObject([{ keys: { pk: partition, sk: 'E#b' } }]);
    expect(world.metrics.RecordsSetAside).toBe(1);
    expect((await world.items.get({ pk: partition, sk: 'E#b' }))?.body).toContain(`{"v":${v}`);
  });

  it('as the re-arm state of one subscription keeps no other from its event', async () => {
    const world = watchWorld();
    world.state.segments = [segment([0, 100])];
    await world.look();
    const conditions = { ...defaultConditions, rearmLevel: decimal(500) };
    for (const id of ['a', 'b'])
      await world.subscribe(segmentSubscription(id, { conditions, baseline: { at: noon, occurrences: [] } }));
    const state = { generation: 'generation of a', armed: true, changedAt: noon };
    await rearmStateStore(world.items).update(segmentSubscription('a').subscriptionId, () => state);
    await spoil(world, 'S#a', 'ARMAMENT', 2);
    world.state.segments = [segment([0, 100], [3, 2_000])];
    world.clock.now += 15 * minute;
    await world.look();
    expect(world.deliveries.map(({ subscriptionId }) => subscriptionId)).toEqual(['b']);
    expect(world.metrics.RecordsSetAside).toBeGreaterThan(0);
  });

  it('as the lease of one instance does not keep others from being looked at', async () => {
    const world = watchWorld();
    await Promise.all([world.look(contoso), world.look(fabrikam)]);
    await spoil(world, `WATCH#${shardOf(fabrikam.id)}`, fabrikam.id, 2);
    const sent: string[] = [];
    await dispatch(
      {
        leases: leaseStore(world.table),
        troubles: troubleStore(world.table),
        measure: measureNothing,
        sendWatch: async (messages) => {
          sent.push(...messages.map(({ body }) => body));
        },
        now: () => world.clock.now + minute,
      },
      [contoso, fabrikam],
    );
    expect(sent.join()).toContain(contoso.id);
  });
});
