import { describe, expect, it } from 'vitest';
import { onTriggerTrouble } from '../../../connector/contract/operations/on-trigger-trouble.ts';
import { createAjv } from '../../../connector/contract/validation.ts';
import { hour, minute, type TroubleWorld, troubleWorld } from './trouble-world.ts';

/*
 * The trigger "When one of my triggers is paused or ended or failing".
 * State: of each subscription its status, its deliveries and the trouble that was noted; the agenda of what is to be looked at;
 *   the entries of those who are told.
 * Events: a flow is turned off, responds late, is gone, works again; a registration, a deletion; a process that dies.
 * Invariants:
 *  - each trouble is told once to each flow of its owner, and to each of an operator, that was registered before it;
 *  - after that the subscription is told of again only when a delivery was accepted in between;
 *  - nobody is told of another person's, and no flow of its own;
 *  - nothing is told that was not so: not a retry of less than an hour, not a flow without events;
 *  - that it works again is told only where a trouble was, once, and to those who ask for it;
 *  - the agenda is empty when nothing is due.
 */

const checkNotification = createAjv('answer').compile(onTriggerTrouble.notification);

describe('a trigger that is paused', () => {
  it('is told once: which, why, since when, and what to do', async () => {
    const world = troubleWorld();
    await world.watched('shop');
    await world.teller('tell');
    world.mood('shop', 'off');
    world.clock.now += 10 * minute;
    await world.event('shop');
    await world.event('shop');
    await world.pass(5);
    expect(world.states('tell')).toEqual(['paused']);
    const [{ payload = {} } = {}] = world.told;
    checkNotification(payload);
    expect(checkNotification.errors ?? []).toEqual([]);
    expect(payload).toMatchObject({
      trigger: 'OnTriggerTrouble',
      instanceName: 'Contoso',
      label: 'any data source: refresh fails permanently (Contoso)',
      flowName: 'Flow shop',
      state: 'paused',
      reason: 'Power Automate says that the flow is switched off or deleted.',
      since: new Date(world.clock.now - 5 * minute).toISOString(),
      troubledTrigger: 'OnDataSourceRefreshFailed',
      subscriptionId: world.idOf('shop'),
      ownerId: 'anna',
    });
    expect(payload.whatToDo).toMatch(/turn the flow on/);
    expect(world.agenda()).toEqual([]);
  });

  it('is told again only after it has delivered an event', async () => {
    const world = troubleWorld();
    await world.watched('shop');
    await world.teller('tell', 'anna', { report: 'troubleAndRecovery' });
    const off = async () => {
      world.mood('shop', 'off');
      await world.event('shop');
      await world.pass(5);
    };
    const on = async () => {
      world.mood('shop', 'works');
      await world.watched('shop');
    };
    await world.pass(1);
    await off();
    await on();
    await off();
    expect(world.states('tell')).toEqual(['paused']);
    await on();
    await world.event('shop');
    await world.pass(5);
    expect(world.states('tell')).toEqual(['paused', 'working']);
    await off();
    expect(world.states('tell')).toEqual(['paused', 'working', 'paused']);
  });
});

describe('a trigger that is failing', () => {
  const failing = async () => {
    const world = troubleWorld();
    await world.watched('shop');
    await world.teller('tell');
    world.mood('shop', 'down');
    await world.event('shop');
    return world;
  };

  it('is told when an event has waited for an hour, and works again when one is accepted', async () => {
    const world = troubleWorld();
    await world.watched('shop');
    await world.teller('tell', 'anna', { report: 'troubleAndRecovery' });
    await world.teller('only troubles');
    world.mood('shop', 'down');
    await world.pass(1);
    await world.event('shop');
    await world.pass(hour - 1);
    expect(world.told).toEqual([]);
    await world.pass(4);
    expect(world.states('tell')).toEqual(['failing']);
    expect(world.told[0]?.payload.reason).toMatch(/platform reported a server error/);
    await world.event('shop');
    await world.pass(4 * hour);
    expect(world.states('tell')).toEqual(['failing']);
    world.mood('shop', 'works');
    await world.pass(2 * hour);
    expect(world.states('tell')).toEqual(['failing', 'working']);
    expect(world.states('only troubles')).toEqual(['failing']);
    expect((await world.find('shop'))?.body.trouble).toBeUndefined();
  });

  it('is not told when the event was accepted within the hour, or when there are no events', async () => {
    const world = troubleWorld();
    await world.watched('shop');
    await world.watched('quiet');
    await world.teller('tell', 'anna', { report: 'troubleAndRecovery' });
    world.mood('shop', 'down');
    await world.event('shop');
    await world.pass(40);
    world.mood('shop', 'works');
    await world.pass(30 * hour);
    expect(world.told).toEqual([]);
    expect(world.agenda()).toEqual([]);
  });

  it('is not told when the sweep comes so late that the event was accepted', async () => {
    const world = await failing();
    for (let passed = 0; passed < 3 * hour; passed += 1) {
      world.clock.now += minute;
      if (passed === 2 * hour) world.mood('shop', 'works');
      await world.deliverDue();
    }
    expect(world.agenda()).toHaveLength(1);
    await world.tick();
    await world.deliverDue();
    expect(world.told).toEqual([]);
    expect(world.agenda()).toEqual([]);
    expect((await world.find('shop'))?.body.trouble).toBeUndefined();
  });

  it('is not told early by a host whose clock is hours ahead', async () => {
    const world = await failing();
    await world.pass(40);
    const ahead = { now: () => world.clock.now + 3 * hour * minute, askedAt: world.clock.now };
    await world.sweep(undefined, ahead);
    await world.deliverDue();
    expect(world.told).toEqual([]);
    await world.pass(30);
    expect(world.states('tell')).toEqual(['failing']);
  });

  it('and is then ended is told once', async () => {
    const world = await failing();
    await world.pass(2 * hour);
    world.mood('shop', 'gone');
    await world.pass(2 * hour);
    expect((await world.find('shop'))?.body.status.state).toBe('ended');
    expect(world.states('tell')).toEqual(['failing']);
  });
});

describe('who is told', () => {
  const troubled = async (world: TroubleWorld) => {
    world.mood('shop', 'gone');
    await world.pass(1);
    await world.event('shop');
    await world.pass(5);
  };

  it('is the owner and the operators, and nobody else', async () => {
    const world = troubleWorld();
    await world.watched('shop', 'anna');
    await world.teller('of anna', 'anna');
    await world.teller('of bert', 'bert');
    await world.operator('of olga');
    await troubled(world);
    expect(world.told.map(({ flow }) => flow).sort()).toEqual(['of anna', 'of olga']);
    expect(world.states('of olga')).toEqual(['ended']);
  });

  it('is refused to follow all without the role', async () => {
    const world = troubleWorld();
    await expect(world.teller('of bert', 'bert', { triggers: 'all' })).rejects.toMatchObject({
      code: 'OperatorRoleMissing',
    });
  });

  it('is not told of itself, but of the others that tell', async () => {
    const world = troubleWorld();
    await world.watched('shop');
    await world.teller('first');
    await world.teller('second');
    world.mood('first', 'off');
    await troubled(world);
    await world.pass(5);
    expect(world.told.map(({ flow, payload }) => [flow, payload.troubledTrigger])).toEqual([
      ['second', 'OnDataSourceRefreshFailed'],
      ['second', 'OnTriggerTrouble'],
    ]);
    expect(world.told[1]?.payload).toMatchObject({
      label: 'any other trigger: is paused, ended or failing (all instances)',
      instanceName: 'all instances',
    });
  });

  it('is not told of what was before the registration', async () => {
    const world = troubleWorld();
    await world.watched('shop');
    await troubled(world);
    await world.teller('late');
    await world.pass(5);
    expect(world.told).toEqual([]);
  });

  it('and is told of another one later, although nobody was told of the first trouble', async () => {
    const world = troubleWorld();
    await world.watched('shop');
    world.mood('shop', 'off');
    await world.pass(1);
    await world.event('shop');
    await world.pass(5);
    await world.teller('late');
    await world.watched('shop');
    world.mood('shop', 'gone');
    await world.pass(1);
    await world.event('shop');
    await world.pass(5);
    expect(world.states('late')).toEqual(['ended']);
  });
});

describe('for its owner, the trigger for troubles', () => {
  it('is listed, explained and has samples, as any other', async () => {
    const world = troubleWorld();
    await world.watched('shop');
    const { subscriptionId } = await world.teller('tell');
    world.mood('shop', 'off');
    await world.pass(1);
    await world.event('shop');
    await world.pass(5);
    const { implementations } = world;
    const context = world.as('anna');
    const request = { path: { subscriptionId }, query: {}, body: null };
    const { value } = (await implementations.ListSubscriptions({ path: {}, query: {}, body: null }, context))
      .body;
    expect(value.find((one) => one.subscriptionId === subscriptionId)).toMatchObject({
      label: 'any other trigger: is paused, ended or failing (all instances)',
      instanceName: 'all instances',
      instanceServed: true,
      state: 'active',
      lastDelivery: 'delivered',
    });
    const { body } = await implementations.ExplainSubscription(request, context);
    expect(body.summary).toMatch(/^any other trigger in all instances: is paused, ended or failing\./);
    expect(body.decisions.map(({ sentence }) => sentence)).toEqual([
      expect.stringMatching(/^The trigger "any data source: .*" is paused\. Sent; the flow accepted it/),
    ]);
    const sample = await implementations.SendSampleEvent(request, context);
    expect(sample.body.eventId).toMatch(/^sample-/);
  });
});
