/**
 * State: a table as it was at the time of a backup; what the deployment sent and changed afterwards is lost with the rest of
 * the old table.
 * Events: events are found after the backup; the table is restored and marked with gap or resend; looks, which may die before
 * any of their calls; an event to more subscriptions than one look sends to.
 * Invariants:
 * - gap: what the first look finds is sent to nobody, is in the ledger for replay, and is a gap; a threshold that it would
 *   have fired is disarmed, as in the old table
 * - resend: it is sent
 * - what is found later is sent, once
 */
import { describe, expect, it } from 'vitest';
import type { InBetween } from '../../../bin/operator/move/activate-subscriptions.ts';
import { markRestored } from '../../../bin/operator/restore.ts';
import type { SubscriptionId } from '../../../lambda/runtime/ids.ts';
import { minuteMs } from '../../../lambda/runtime/time.ts';
import { auditStore } from '../../../lambda/store/audit-records.ts';
import { ledgerStore } from '../../../lambda/store/ledger.ts';
import { rearmStateStore } from '../../../lambda/store/rearm-states.ts';
import { defaultConditions } from '../../../lambda/triggers/conditions.ts';
import { continueFanOut } from '../../../lambda/watch/continue-fan-out.ts';
import { pace } from '../../../lambda/watch/pace.ts';
import { decimal, segmentSubscription } from '../store/example-subscription.ts';
import { crashBefore } from '../store/schedules.ts';
import { noon, segment } from '../subscriptions/world.ts';
import { contoso, type WatchWorld, watchWorld } from './world.ts';

const baseline = { at: noon, occurrences: [] };
const plain = segmentSubscription('plain', { baseline });
const conditions = { ...defaultConditions, rearmLevel: decimal(800) };
const calm = segmentSubscription('calm', { baseline, conditions });

/** Crosses after the backup, and stays above the reset level. */
const lost = [
  [0, 100],
  [1, 1100],
  [2, 900],
] as const;

const mark = (world: WatchWorld, mode: InBetween) =>
  markRestored(
    {
      leases: world.leases,
      cursors: world.cursors,
      audit: auditStore(world.items),
      operator: async () => 'operator test',
      now: () => world.clock.now,
      place: { stack: 's', all: { TenantId: 'tenant' }, services: undefined, outputs: {} as never },
    },
    mode,
  );

/** A table as it was before the crossing, in a world in which it has happened. */
const restored = async (mode: InBetween): Promise<WatchWorld> => {
  const before = watchWorld();
  before.state.segments = [segment([0, 100])];
  await before.look();
  await before.subscribe(calm);
  await before.subscribe(plain);
  const world = watchWorld();
  for (const item of before.items.items.values()) await world.items.swap(item, 'absent');
  world.state.segments = [segment(...lost)];
  world.clock.now += 10 * minuteMs;
  await mark(world, mode);
  return world;
};

const sent = ({ deliveries }: WatchWorld) => deliveries.map(({ crossing }) => String(crossing?.current));
const armed = async ({ items }: WatchWorld) =>
  (await rearmStateStore(items).find('calm' as SubscriptionId))?.body.armed;
const recorded = async ({ items, clock }: WatchWorld) => {
  const ledger = ledgerStore(items, { now: () => clock.now });
  const records = await ledger.ofSubject(contoso.id, calm.trigger, calm.subject, 0, 100);
  return records.flatMap((record) => (record.kind === 'occurrence' ? [record] : []));
};

const later = async (world: WatchWorld) => {
  world.state.segments = [segment(...lost, [30, 1200], [31, 700], [32, 1300])];
  world.clock.now += 60 * minuteMs;
  await world.look();
};

describe('the first look at a restored table', () => {
  it('with gap sends nothing, and leaves record, gap and states as if it had', async () => {
    const world = await restored('gap');
    await world.look();
    expect(sent(world)).toEqual([]);
    expect(await armed(world)).toBe(false);
    expect((await recorded(world)).map(({ deliveries, setAside }) => [deliveries, setAside])).toContainEqual([
      0,
      expect.stringContaining('restored'),
    ]);
    expect(world.lines.filter(({ message }) => message === 'gap')).toHaveLength(1);
    expect((await world.cursors.find(contoso.id)).cursor).not.toHaveProperty('withheld');

    await later(world);
    // At 1200 "calm" is not armed, and at 700 it is again.
    expect(sent(world).sort()).toEqual(['1200', '1300', '1300']);
    expect(world.lines.filter(({ message }) => message === 'gap')).toHaveLength(1);
  });

  it('with resend sends what it finds', async () => {
    const world = await restored('resend');
    await world.look();
    expect(sent(world)).toEqual(['1100', '1100']);
    expect(world.lines.filter(({ message }) => message === 'gap')).toHaveLength(0);
  });

  it('can be decided anew until then', async () => {
    const world = await restored('gap');
    await mark(world, 'resend');
    await world.look();
    expect(sent(world)).toEqual(['1100', '1100']);
  });

  it('may die before any of its calls: nothing is sent, and the end is the same', async () => {
    for (let call = 1; call < 200; call += 1) {
      const world = await restored('gap');
      const died = await crashBefore((step) => world.process(step), call);
      world.clock.now += 2 * minuteMs;
      await world.look();
      expect(sent(world), `call ${call}`).toEqual([]);
      expect(await armed(world), `call ${call}`).toBe(false);
      await later(world);
      expect(sent(world).sort(), `call ${call}`).toEqual(['1200', '1300', '1300']);
      if (!died) return;
    }
    expect.fail('the look never ended');
  });

  it('withholds the further parts of an event to many subscriptions too', async () => {
    const world = await restored('gap');
    const narrow = { pace: { ...pace, entriesPerLook: 1, entriesPerPart: 1 } };
    await world.look(contoso, false, narrow);
    const open = await world.fanOuts.ofInstance(contoso.id);
    expect(open.length).toBeGreaterThan(0);
    for (const { occurrence } of open)
      await continueFanOut(
        world.portsOn(async () => undefined, narrow),
        contoso,
        occurrence.eventId,
      );
    expect(await world.fanOuts.ofInstance(contoso.id)).toEqual([]);
    expect(sent(world)).toEqual([]);
    expect(await armed(world)).toBe(false);
  });
});
