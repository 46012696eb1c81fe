import { beforeEach, describe, expect, it } from 'vitest';
import { failingEvents, failingForMs } from '../../../lambda/deliver/failing.ts';
import { deliveryId, type EventId } from '../../../lambda/runtime/ids.ts';
import { noon } from '../subscriptions/world.ts';
import { answered, type DeliverWorld, deliverWorld, id, message } from './deliver-world.ts';

const day = 24 * 60 * 60 * 1000;
const refused = answered(400, { errorCode: 'TriggerInputSchemaMismatch' });
let world: DeliverWorld;

beforeEach(async () => {
  world = deliverWorld();
  await world.subscribe();
});

/** An event on this day; the flow answers so. */
const onDay = async (days: number, answer = refused) => {
  world.clock.now = noon + days * day;
  const eventId = `event ${days}` as EventId;
  const occurredAt = new Date(world.clock.now).toISOString();
  world.answers.push(answer);
  const first = message();
  await world.deliver({
    ...first,
    eventId,
    deliveryId: deliveryId(eventId, id, first.generation),
    payload: { ...first.payload, eventId, occurredAt },
  });
};

describe('a subscription whose callbacks keep failing', () => {
  it(`is ended when nothing was accepted for ${failingForMs / day} days, is counted, and says why`, async () => {
    await onDay(0);
    await onDay(3);
    await onDay(6);
    expect(await world.state()).toBe('active');
    await onDay(7);
    expect((await world.subscriptions.find(id))?.body.status).toMatchObject({
      state: 'ended',
      reason: expect.stringMatching(
        /No event was accepted for 7 days, and 4 were given up.*another version of the connector/,
      ),
    });
    expect(world.counted.get('SubscriptionsEnded')).toBe(1);
    expect(world.counted.get('DeadLetters')).toBe(4);
    expect(world.entries()).toEqual([]);
    expect(world.deadLetters).toHaveLength(4);
  });

  it(`is not ended by less than ${failingEvents} events`, async () => {
    await onDay(0);
    await onDay(20);
    expect(await world.state()).toBe('active');
  });

  it('goes on when one was accepted in between, and has its days again', async () => {
    await onDay(0);
    await onDay(3);
    await onDay(4, answered(202));
    await onDay(7);
    await onDay(8);
    expect(await world.state()).toBe('active');
    await onDay(13);
    expect(await world.state()).toBe('active');
    await onDay(15);
    expect(await world.state()).toBe('ended');
  });

  it('begins anew with other inputs', async () => {
    await onDay(0);
    await onDay(3);
    const found = (await world.subscriptions.find(id)) ?? expect.fail('gone');
    await world.subscriptions.save({ ...found.body, generation: 'second' }, found);
    const first = message({ generation: 'second' });
    world.clock.now = noon + 8 * day;
    world.answers.push(refused);
    await world.deliver({
      ...first,
      payload: { ...first.payload, occurredAt: new Date(world.clock.now).toISOString() },
    });
    expect(await world.state()).toBe('active');
  });

  it('is not ended when it was registered again during the attempt', async () => {
    await onDay(0);
    await onDay(3);
    world.hooks.whilePosting = async () => {
      const found = (await world.subscriptions.find(id)) ?? expect.fail('gone');
      await world.subscriptions.save(found.body, found);
    };
    await onDay(8);
    expect(await world.state()).toBe('active');
  });
});
