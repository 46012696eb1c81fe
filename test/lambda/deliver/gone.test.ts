import { beforeEach, describe, expect, it } from 'vitest';
import { goneEveryMs, goneForMs, goneTimes } from '../../../lambda/deliver/failing.ts';
import type { DeliveryId } from '../../../lambda/runtime/ids.ts';
import { failureStore } from '../../../lambda/store/failures.ts';
import { callbackUrl, noon, plainCipher } from '../subscriptions/world.ts';
import { answered, type DeliverWorld, deliverWorld, id, message } from './deliver-world.ts';

/*
 * State: the subscription; the doubt in its failure record: since when and how often "gone" was said; deliveries.
 * Events: an answer 404 or 410 without the platform's own word; any other answer; none; a registration.
 * Invariants:
 *  - the subscription is ended no earlier than goneForMs after the first such answer, and not by fewer than goneTimes
 *    of them, goneEveryMs apart;
 *  - with any other answer in between, or a registration, all of it begins anew;
 *  - until then the event is tried again, and its owner reads what is counted and what follows;
 *  - the event that ends it is a dead letter.
 */

const minute = 60_000;
let world: DeliverWorld;

beforeEach(async () => {
  world = deliverWorld();
  await world.subscribe();
});

/** An event of its own, at this many minutes after noon. */
const at = async (minutes: number, answer = answered(404)) => {
  world.clock.now = noon + minutes * minute;
  world.answers.push(answer);
  const first = message();
  const occurredAt = new Date(world.clock.now).toISOString();
  await world.deliver({
    ...first,
    deliveryId: `delivery-${minutes}` as DeliveryId,
    payload: { ...first.payload, occurredAt },
  });
};

const untilRest = async () => {
  let attempts = 1;
  while (world.resent.length > 0) {
    const next = world.takeResent();
    world.clock.now = next.at;
    const before = world.posts.length;
    await world.deliver(next.message);
    attempts += world.posts.length - before;
  }
  return attempts;
};

const reason = async () => (await world.subscriptions.find(id))?.body.status.reason;

describe.each([404, 410])('a bare %i', (status) => {
  const bare = answered(status);

  it('once ends nothing: the event is tried again and accepted', async () => {
    world.answers.push(bare);
    await world.deliver();
    expect(await world.state()).toBe('active');
    await untilRest();
    expect(await world.history()).toMatchObject([
      { state: 'delivered', attempts: [{ status }, { status: 202 }] },
    ]);
    expect(world.counted.get('SubscriptionsEnded')).toBeUndefined();
    expect(world.deadLetters).toEqual([]);
  });

  it('that is all a flow answers ends it after hours, within the retries of one event, which is a dead letter', async () => {
    world.answers.push(...Array.from({ length: 100 }, () => bare));
    await world.deliver();
    const attempts = await untilRest();
    expect(attempts).toBeGreaterThan(goneTimes);
    expect(await world.state()).toBe('ended');
    const after = world.clock.now - noon;
    expect(after).toBeGreaterThanOrEqual(goneForMs);
    expect(after).toBeLessThan(2 * goneForMs);
    expect(await reason()).toMatch(
      /has answered \d+ times since 2026-01-10T12:00:00.000Z that the flow is gone/,
    );
    expect(world.deadLetters).toHaveLength(1);
    expect(await world.history()).toMatchObject([{ state: 'dead' }]);
    expect(world.entries()).toEqual([]);
    expect(world.counted.get('SubscriptionsEnded')).toBe(1);
  });

  it('by many events at once counts once', async () => {
    for (let event = 0; event < 3 * goneTimes; event += 1) await at(event / 10, bare);
    await at(goneForMs / minute + 1, bare);
    expect(await world.state()).toBe('active');
    expect((await failureStore(world.items, { now: () => noon }).find(id))?.body.gone?.times).toBe(2);
  });
});

describe('what is counted', () => {
  const step = goneForMs / minute / goneTimes;

  it('is enough at the last of them, and not before', async () => {
    for (let time = 0; time < goneTimes; time += 1) await at(time * step);
    expect(await world.state()).toBe('active');
    await at(goneForMs / minute - 1);
    expect(await world.state()).toBe('active');
    await at(goneForMs / minute);
    expect(await world.state()).toBe('ended');
  });

  it('is not enough by its age alone', async () => {
    for (let time = 0; time < goneTimes - 1; time += 1) await at(time * 10 * (goneForMs / minute));
    expect(await world.state()).toBe('active');
    expect(goneEveryMs * goneTimes).toBeLessThanOrEqual(goneForMs);
  });

  it.each([
    ['accepted', answered(202)],
    ['in trouble', answered(503)],
    ['throttled', answered(429)],
    ['refused', answered(400, { errorCode: 'TriggerInputSchemaMismatch' })],
  ])('begins anew when another event was %s in between', async (_, other) => {
    await at(0);
    await at(step);
    await at(step + 1, other);
    for (let time = 2; time <= goneTimes; time += 1) await at(time * step);
    expect(await world.state()).toBe('active');
    // From here on nothing else is answered.
    for (let time = goneTimes + 1; time < 2 * goneTimes; time += 1) await at(time * step);
    expect(await world.state()).toBe('active');
    await at(2 * goneTimes * step);
    expect(await world.state()).toBe('ended');
  });

  it('does not begin anew when there was no answer in between, which says nothing', async () => {
    await at(0);
    await at(1, { kind: 'unreachable', reason: 'ECONNRESET' } as never);
    for (let time = 1; time <= goneTimes; time += 1) await at(time * step);
    expect(await world.state()).toBe('ended');
  });

  it('begins anew with a registration', async () => {
    for (let time = 0; time < goneTimes; time += 1) await at(time * step);
    await world.subscribe({ registeredAt: new Date(world.clock.now).toISOString() });
    await at(goneForMs / minute);
    expect(await world.state()).toBe('active');
  });

  it('is not used against a registration that comes while it is answered', async () => {
    for (let time = 0; time < goneTimes; time += 1) await at(time * step);
    world.resent.splice(0);
    world.hooks.whilePosting = async () => {
      world.hooks.whilePosting = async () => undefined;
      await world.subscribe({
        callback: await plainCipher.seal(callbackUrl('flow', 2), id),
        secretHash: 'newer',
      });
    };
    await at(goneForMs / minute);
    expect(await world.state()).toBe('active');
    expect(world.resent).toHaveLength(1);
    expect(world.deadLetters).toEqual([]);
  });

  it('leaves the count of events that were given up as it is', async () => {
    const refused = answered(400, { errorCode: 'TriggerInputSchemaMismatch' });
    await at(0, refused);
    await at(1);
    await at(2, refused);
    const { body } = (await failureStore(world.items, { now: () => noon }).find(id)) ?? expect.fail('none');
    expect(body).toMatchObject({ since: new Date(noon).toISOString(), count: 2, gone: { times: 1 } });
  });

  it('does not make the first event that is given up older than it is', async () => {
    await at(0);
    await at(60, answered(400, { errorCode: 'TriggerInputSchemaMismatch' }));
    const { body } = (await failureStore(world.items, { now: () => noon }).find(id)) ?? expect.fail('none');
    expect(body).toMatchObject({ since: new Date(noon + 60 * minute).toISOString(), count: 1 });
  });
});

describe('the owner', () => {
  it('sees it coming in every attempt: how often, since when, until when', async () => {
    world.answers.push(answered(404));
    await world.deliver();
    const [{ attempts } = { attempts: [] }] = await world.history();
    expect(attempts[0]?.meaning).toBe(
      'the response says that the flow is gone, but without the error code of Power Automate (counted 1 of 6 times since 2026-01-10T12:00:00.000Z; without another response, the subscription is ended after 2026-01-10T18:00:00.000Z)',
    );
  });
});
