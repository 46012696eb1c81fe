import { describe, expect, it } from 'vitest';
import { leaseMs } from '../../../lambda/deliver/attempt.ts';
import { DeliveryBusy } from '../../../lambda/deliver/lease.ts';
import { giveUpAfterMs } from '../../../lambda/deliver/retry-policy.ts';
import { deliverySentence } from '../../../lambda/ledger/delivery-sentence.ts';
import { canaryPrincipal } from '../../../lambda/store/canary-runs.ts';
import { attemptCount } from '../../../lambda/store/deliveries.ts';
import { callbackUrl, noon, plainCipher } from '../subscriptions/world.ts';
import { answered, deliverWorld, id, message } from './deliver-world.ts';

/*
 * State: the subscription, the record of the delivery, the messages sent again, the dead letters, the time.
 * Events: a message is received; the flow answers something, or nothing; the flow is registered again while it is posted.
 * Invariants:
 *  - when a message has been handled, the delivery has ended or its message was sent again;
 *  - a dead letter is written before the record that says so;
 *  - a stopped or changed subscription gets nothing; one that was registered again meanwhile loses nothing.
 */

const disabled = answered(400, { errorCode: 'WorkflowTriggerIsNotEnabled' });
const gone = (status: 404 | 410) => answered(status, { errorCode: 'WorkflowNotFound' });

describe('a delivery', () => {
  it('posts the event to the callback URL, with its ids as headers, and is recorded', async () => {
    const world = deliverWorld();
    await world.subscribe();
    await world.deliver();
    expect(world.posts).toMatchObject([
      {
        url: callbackUrl('flow'),
        headers: { 'x-insights-event-id': message().eventId, 'x-insights-delivery-id': message().deliveryId },
      },
    ]);
    expect(JSON.parse(world.posts[0]?.body ?? '')).toMatchObject({
      deliveryId: message().deliveryId,
      threshold: 1000,
    });
    expect(await world.history()).toMatchObject([
      {
        state: 'delivered',
        begun: 1,
        leaseUntil: 0,
        attempts: [{ at: new Date(noon).toISOString(), status: 202, meaning: 'accepted' }],
      },
    ]);
    expect(world.resent).toEqual([]);
  });

  it('that is repeated is done already', async () => {
    const world = deliverWorld();
    await world.subscribe();
    await world.deliver();
    await world.deliver();
    expect(world.posts).toHaveLength(1);
  });

  it('never shows the callback URL in the log', async () => {
    const world = deliverWorld();
    await world.subscribe();
    world.answers.push(answered(500), disabled);
    await world.deliver();
    const { at } = world.takeResent();
    world.clock.now = at;
    await world.deliver();
    expect(world.lines.length).toBeGreaterThan(2);
    expect(world.logText()).not.toContain('sig=');
  });
});

describe('a delivery that fails', () => {
  it('is sent again with the delay of the policy, and tried when that is over', async () => {
    const world = deliverWorld();
    await world.subscribe();
    world.answers.push(answered(500), { kind: 'unreachable', reason: 'ECONNREFUSED' });
    await world.deliver();
    const first = world.takeResent();
    expect(first.at).toBe(noon + 5_000);
    world.clock.now = first.at;
    await world.deliver(first.message);
    const second = world.takeResent();
    expect(second.at).toBe(noon + 15_000);
    world.clock.now = second.at;
    await world.deliver(second.message);
    expect(world.posts).toHaveLength(3);
    expect(world.resent).toEqual([]);
    expect(await world.history()).toMatchObject([
      {
        state: 'delivered',
        begun: 3,
        attempts: [{ status: 500 }, { status: null, meaning: 'ECONNREFUSED' }, { status: 202 }],
      },
    ]);
  });

  it('waits as long as the platform asks, in steps that the queue can hold', async () => {
    const world = deliverWorld();
    await world.subscribe();
    world.answers.push(answered(429, { retryAfter: '2000' }));
    await world.deliver();
    const delays: number[] = [];
    while (world.resent.length > 0) {
      const next = world.takeResent();
      delays.push((next.at - world.clock.now) / 1000);
      world.clock.now = next.at;
      await world.deliver(next.message);
    }
    expect(delays).toEqual([900, 900, 200]);
    expect(world.posts.map(({ at }) => at - noon)).toEqual([0, 2_000_000]);
  });

  it('that comes back too early is not tried, but sent on', async () => {
    const world = deliverWorld();
    await world.subscribe();
    world.answers.push(answered(500));
    await world.deliver();
    const { message: again } = world.takeResent();
    world.clock.now += 4_999;
    await world.deliver(again);
    expect(world.posts).toHaveLength(1);
    expect(world.takeResent().at).toBe(world.clock.now + 1_000);
  });

  it('for a whole day becomes a dead letter, with the attempts in the record', async () => {
    const world = deliverWorld();
    await world.subscribe();
    world.answers.push(...Array.from({ length: 200 }, () => answered(503)));
    let next = { message: message(), at: noon };
    for (;;) {
      world.clock.now = next.at;
      await world.deliver(next.message);
      if (world.resent.length === 0) break;
      next = world.takeResent();
    }
    expect(world.deadLetters).toEqual([message({ round: 2 })]);
    const [record] = await world.history();
    expect(record).toMatchObject({ state: 'dead', begun: world.posts.length });
    expect(record?.attempts).toHaveLength(40);
    // Those that are no longer kept are counted.
    expect(record && attemptCount(record)).toBe(world.posts.length);
    expect(world.posts.length).toBeGreaterThan(40);
    expect(record && deliverySentence(record)).toContain(`given up after ${world.posts.length} attempts`);
    const last = world.posts.at(-1)?.at ?? 0;
    expect(last - noon).toBeLessThanOrEqual(giveUpAfterMs);
    expect(last - noon).toBeGreaterThan(giveUpAfterMs - 2 * 60 * 60 * 1000);
    expect(world.posts.length).toBeGreaterThan(30);
    expect(await world.state()).toBe('active');
  });

  it.each([
    ['an event that the flow cannot read', answered(400, { errorCode: 'TriggerInputSchemaMismatch' })],
    ['a redirect', answered(302)],
  ])('with %s becomes a dead letter at once', async (_, answer) => {
    const world = deliverWorld();
    await world.subscribe();
    world.answers.push(answer);
    await world.deliver();
    expect(world.deadLetters).toHaveLength(1);
    expect(await world.history()).toMatchObject([{ state: 'dead' }]);
    expect(await world.state()).toBe('active');
  });

  it('is no dead letter when that cannot be written: the message stays', async () => {
    const world = deliverWorld();
    await world.subscribe();
    world.answers.push(answered(302));
    const away = new Error('The queue is away.');
    await expect(world.deliver(message(), { sendDeadLetter: () => Promise.reject(away) })).rejects.toBe(away);
    expect(await world.history()).toMatchObject([{ state: 'pending' }]);
    world.clock.now += leaseMs;
    await world.deliver();
    expect(await world.history()).toMatchObject([{ state: 'delivered' }]);
  });
});

describe('a dead letter', () => {
  const dead = async () => {
    const world = deliverWorld();
    await world.subscribe();
    world.answers.push(answered(302));
    await world.deliver();
    const [letter] = world.deadLetters;
    return { world, letter: letter ?? expect.fail('no dead letter') };
  };

  it('that is moved back into the queue is delivered', async () => {
    const { world, letter } = await dead();
    world.clock.now += 5 * giveUpAfterMs;
    world.answers.push(answered(500));
    await world.deliver(letter);
    const { message: again, at } = world.takeResent();
    world.clock.now = at;
    await world.deliver(again);
    expect(world.posts).toHaveLength(3);
    expect(await world.history()).toMatchObject([{ state: 'delivered', begun: 2, round: 2 }]);
  });

  it('does not come to life by a repeated message of the attempts before', async () => {
    const { world } = await dead();
    await world.deliver();
    expect(world.posts).toHaveLength(1);
    expect(world.deadLetters).toHaveLength(1);
  });

  it('can die again, and be moved again', async () => {
    const { world, letter } = await dead();
    world.answers.push(answered(302));
    await world.deliver(letter);
    expect(world.deadLetters.map(({ round }) => round)).toEqual([2, 3]);
    await world.deliver(letter);
    expect(world.posts).toHaveLength(2);
    await world.deliver(world.deadLetters[1]);
    expect(await world.history()).toMatchObject([{ state: 'delivered', round: 3 }]);
  });
});

describe('a delivery that is being attempted', () => {
  it('elsewhere is busy, and taken over when that has died', async () => {
    const world = deliverWorld();
    await world.subscribe();
    const died = new Error('died');
    await expect(world.deliver(message(), { post: () => Promise.reject(died) })).rejects.toBe(died);
    world.clock.now += leaseMs - 1;
    await expect(world.deliver()).rejects.toBeInstanceOf(DeliveryBusy);
    world.clock.now += 1;
    await world.deliver();
    expect(world.posts).toHaveLength(1);
    expect(await world.history()).toMatchObject([{ state: 'delivered', begun: 2 }]);
  });

  it('and overtaken after its lease does not spoil the record', async () => {
    const world = deliverWorld();
    await world.subscribe();
    world.answers.push(answered(500));
    world.hooks.whilePosting = async () => {
      world.hooks.whilePosting = async () => undefined;
      world.clock.now += leaseMs;
      await world.deliver();
    };
    await world.deliver();
    expect(await world.history()).toMatchObject([{ state: 'delivered', begun: 2 }]);
    // The slow one sends its message again, which then finds everything done.
    const { message: again, at } = world.takeResent();
    world.clock.now = at;
    await world.deliver(again);
    expect(world.posts).toHaveLength(2);
  });
});

describe('a flow that was switched off or is gone', () => {
  it.each([
    ['paused', disabled],
    ['ended', gone(404)],
    ['ended', gone(410)],
  ])('is %s: no more is sent, detection finds it no more, and it says why', async (state, answer) => {
    const world = deliverWorld();
    await world.subscribe();
    world.answers.push(answer);
    await world.deliver();
    expect(await world.state()).toBe(state);
    expect(world.entries()).toEqual([]);
    expect((await world.subscriptions.find(id))?.body.status.reason).toMatch(
      /^Power Automate says that the flow is /,
    );
    expect(await world.history()).toMatchObject([{ state: 'dropped' }]);
    expect(world.deadLetters).toEqual([]);
    expect(world.resent).toEqual([]);
    await world.deliver(message({ deliveryId: 'another' as never }));
    expect(world.posts).toHaveLength(1);
  });

  it.each([disabled, gone(404)])(
    'but was registered again meanwhile goes on, and the event reaches its new URL',
    async (answer) => {
      const world = deliverWorld();
      await world.subscribe();
      world.answers.push(answer);
      world.hooks.whilePosting = async () => {
        world.hooks.whilePosting = async () => undefined;
        await world.subscribe({ callback: await plainCipher.seal(callbackUrl('flow', 2), id) });
      };
      await world.deliver();
      expect(await world.state()).toBe('active');
      const { message: again, at } = world.takeResent();
      world.clock.now = at;
      await world.deliver(again);
      expect(world.posts.map(({ url }) => url)).toEqual([callbackUrl('flow', 1), callbackUrl('flow', 2)]);
      expect(await world.history()).toMatchObject([{ state: 'delivered' }]);
    },
  );
});

/** Events of one subscription, all posted before the first of them is answered. */
const inFlight = async (
  world: ReturnType<typeof deliverWorld>,
  count: number,
  meanwhile: () => Promise<unknown> = async () => undefined,
) => {
  let posted = 0;
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  world.hooks.whilePosting = async () => {
    posted += 1;
    if (posted === count) {
      await meanwhile();
      open();
    }
    await opened;
  };
  const messages = Array.from({ length: count }, (_, index) =>
    message({ deliveryId: `delivery-${index}` as never }),
  );
  await Promise.all(messages.map((each) => world.deliver(each)));
};

describe('many events in flight to one flow', () => {
  const times = 20;
  const meanings = async (world: ReturnType<typeof deliverWorld>) =>
    (await world.history()).map(({ state, attempts }) => [state, attempts.at(-1)?.meaning]);

  it.each([
    ['ended', gone(410), 'the flow is gone'],
    ['ended', gone(404), 'the flow is gone'],
    ['paused', disabled, 'the flow is switched off or deleted'],
  ])('all say what the platform said: %s', async (state, answer, meaning) => {
    const world = deliverWorld();
    await world.subscribe();
    world.answers.push(...Array.from({ length: times }, () => answer));
    await inFlight(world, times);
    expect(await meanings(world)).toEqual(Array.from({ length: times }, () => ['dropped', meaning]));
    expect(world.resent).toEqual([]);
    expect(world.deadLetters).toEqual([]);
    expect(await world.state()).toBe(state);
    // One of them has stopped it.
    expect(world.counted.get(state === 'ended' ? 'SubscriptionsEnded' : 'SubscriptionsPaused')).toBe(1);
    expect(world.lines.filter((line) => JSON.stringify(line).includes('subscription stopped'))).toHaveLength(
      1,
    );
  });

  it('say so too when the subscription was removed meanwhile', async () => {
    const world = deliverWorld();
    await world.subscribe();
    world.answers.push(...Array.from({ length: times }, () => gone(410)));
    await inFlight(world, times, async () => {
      const stored = (await world.subscriptions.find(id)) ?? expect.fail('not stored');
      await world.subscriptions.remove(stored);
    });
    expect(new Set((await meanings(world)).map(String))).toEqual(new Set(['dropped,the flow is gone']));
    expect(world.resent).toEqual([]);
    expect(await world.state()).toBeUndefined();
  });

  it('are all owed still when the flow was registered again meanwhile', async () => {
    const world = deliverWorld();
    await world.subscribe();
    world.answers.push(...Array.from({ length: times }, () => gone(410)));
    await inFlight(world, times, async () =>
      world.subscribe({ callback: await plainCipher.seal(callbackUrl('flow', 2), id), secretHash: 'newer' }),
    );
    expect(new Set((await meanings(world)).map(String))).toEqual(
      new Set(['pending,the flow is gone; it was registered again in the meantime']),
    );
    expect(world.resent).toHaveLength(times);
    expect(await world.state()).toBe('active');
  });

  it.each([
    ['switched off and gone', [disabled, gone(410)]],
    ['gone and switched off', [gone(410), disabled]],
  ])('of which some say %s end it: gone is the stronger', async (_, both) => {
    const world = deliverWorld();
    await world.subscribe();
    world.answers.push(...both);
    await inFlight(world, both.length);
    expect(await world.state()).toBe('ended');
    expect(world.resent).toEqual([]);
  });
});

describe('a delivery is dropped', () => {
  it('when its subscription is gone, together with the entry that led to it', async () => {
    const world = deliverWorld();
    const subscription = await world.subscribe();
    const stored = (await world.subscriptions.find(id)) ?? expect.fail('not stored');
    // The delete died before it reached the entry.
    await world.items.remove({ pk: `S#${id}`, sk: 'SUBSCRIPTION' }, stored.version);
    expect(world.entries()).toHaveLength(1);
    await world.deliver();
    expect(world.posts).toEqual([]);
    expect(world.entries()).toEqual([]);
    expect(subscription.generation).toBe(message().generation);
  });

  it('when the subscription has changed, and its valid entry stays', async () => {
    const world = deliverWorld();
    await world.subscribe();
    await world.subscribe({ generation: 'second generation' });
    await world.deliver();
    expect(world.posts).toEqual([]);
    expect(world.entries()).toHaveLength(1);
  });

  it('when the subscription has moved, together with an entry that was left behind', async () => {
    const world = deliverWorld();
    await world.subscribe();
    const left =
      [...world.items.items.values()].find(({ pk }) => pk.startsWith('I#')) ?? expect.fail('no entry');
    await world.subscribe({ generation: 'second generation', subject: 'Other' });
    await world.items.swap(left, 'absent');
    await world.deliver();
    expect(world.posts).toEqual([]);
    expect(world.entries()).toEqual([expect.stringContaining('Other')]);
  });

  it('in the middle of its attempts, which its record then says', async () => {
    const world = deliverWorld();
    await world.subscribe();
    world.answers.push(answered(500));
    await world.deliver();
    const { message: again, at } = world.takeResent();
    const stored = (await world.subscriptions.find(id)) ?? expect.fail('not stored');
    await world.subscriptions.remove(stored);
    world.clock.now = at;
    await world.deliver(again);
    expect(world.posts).toHaveLength(1);
    expect(world.resent).toEqual([]);
    expect(await world.history()).toMatchObject([{ state: 'dropped', attempts: [{ status: 500 }] }]);
  });
});

describe('a callback URL', () => {
  it('that is no longer allowed is not called, but tried again, for the rules may change back', async () => {
    const world = deliverWorld();
    await world.subscribe();
    await world.deliver(message(), { rules: { allowedHosts: ['example.com'], allowLoopback: false } });
    expect(world.posts).toEqual([]);
    const { message: again, at } = world.takeResent();
    world.clock.now = at;
    await world.deliver(again);
    expect(world.posts).toHaveLength(1);
  });

  it('of the canary is called for the canary alone', async () => {
    const canaryCallback = 'https://api.example.com/v1/canary';
    for (const [principal, called] of [
      [canaryPrincipal('tenant'), [canaryCallback]],
      [{ ...canaryPrincipal('tenant'), objectId: 'a person' }, []],
    ] as const) {
      const world = deliverWorld();
      await world.subscribe({ principal, callback: await plainCipher.seal(canaryCallback, id) });
      await world.deliver(message(), { canaryCallback });
      expect(world.posts.map(({ url }) => url)).toEqual(called);
    }
  });

  it('that cannot be decrypted leaves the message in the queue', async () => {
    const world = deliverWorld();
    await world.subscribe({ callback: { dataKey: 'key', sealed: 'another https://example.com' } });
    await expect(world.deliver()).rejects.toThrow('Sealed for another subscription.');
    expect(world.posts).toEqual([]);
  });
});
