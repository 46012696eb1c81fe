/** How troubles are told although processes die, the store fails and records are of a newer version; see troubles.test.ts. */
import { describe, expect, it } from 'vitest';
import { crashBefore } from '../store/schedules.ts';
import { hour, minute, troubleWorld } from './trouble-world.ts';

describe('a subscription that cannot be handled', () => {
  const stopped = async () => {
    const world = troubleWorld();
    for (const flow of ['shop', 'other']) {
      await world.watched(flow);
      world.mood(flow, 'off');
    }
    await world.teller('tell');
    await world.pass(1);
    for (const flow of ['other', 'shop']) await world.event(flow);
    await world.deliverDue();
    world.clock.now += minute;
    return world;
  };

  it('because this version does not know its trigger is set aside for an hour, and holds up no other', async () => {
    const world = await stopped();
    const item =
      (await world.items.get({ pk: `S#${world.idOf('other')}`, sk: 'SUBSCRIPTION' })) ??
      expect.fail('it is not there');
    await world.items.swap(
      { ...item, body: item.body.replace('OnDataSourceRefreshFailed', 'OnSomethingNewer') },
      item.version,
    );
    await world.pass(3);
    expect(world.told.map(({ subscriptionId }) => subscriptionId)).toEqual([world.idOf('shop')]);
    const [left] = world.agenda();
    expect(Date.parse(left?.sk.split('#')[0] ?? '')).toBeGreaterThan(world.clock.now + 55 * minute);
    expect(world.watch.lines.filter(({ message }) => message === 'record set aside')).toHaveLength(1);
  });

  it('because the store fails is handled in the next minute, and holds up no other', async () => {
    const world = await stopped();
    let failing = true;
    const { watch } = world;
    await world.sweep(undefined, {
      ledger: {
        ...watch.portsOn(async () => undefined).ledger,
        async record(...records) {
          const fails = failing;
          failing = false;
          if (fails) throw new Error('The store does not answer.');
          return watch.portsOn(async () => undefined).ledger.record(...records);
        },
      },
    });
    expect(world.agenda()).toHaveLength(1);
    await world.pass(2);
    expect(world.states('tell')).toEqual(['paused', 'paused']);
    expect(world.agenda()).toEqual([]);
  });
});

describe('a sweep that dies', () => {
  it('before any call is repeated, and everything is told once', async () => {
    for (const report of ['trouble', 'troubleAndRecovery'] as const) {
      let calls = 0;
      for (let call = 1; ; call += 1) {
        const world = troubleWorld();
        await world.watched('shop');
        await world.watched('slow');
        await world.teller('tell', 'anna', { report });
        await world.operator('all', 'olga', { report });
        world.mood('shop', 'off');
        world.mood('slow', 'down');
        await world.pass(1);
        await world.event('shop');
        await world.event('slow');
        await world.deliverDue();
        world.clock.now += hour * minute;
        const crashed = await crashBefore((step) => world.sweep(step), call);
        calls = call;
        await world.pass(5);
        for (const flow of ['tell', 'all']) expect(world.states(flow).sort()).toEqual(['failing', 'paused']);
        world.mood('slow', 'works');
        await world.pass(2 * hour);
        const after = report === 'trouble' ? ['failing', 'paused'] : ['failing', 'paused', 'working'];
        for (const flow of ['tell', 'all']) expect(world.states(flow).sort()).toEqual(after);
        expect(world.agenda()).toEqual([]);
        if (!crashed) break;
      }
      expect(calls).toBeGreaterThan(10);
    }
  });
});
