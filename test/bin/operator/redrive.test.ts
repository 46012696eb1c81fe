import { describe, expect, it } from 'vitest';
import type { DeadLetter, DeadLetterQueue } from '../../../bin/operator/dead-letters.ts';
import {
  decisionOn,
  type RedriveDecision,
  type RedrivePorts,
  redrive,
} from '../../../bin/operator/redrive.ts';
import type { SubscriptionId } from '../../../lambda/runtime/ids.ts';
import { type DeliveryMessage, deadLetterOf } from '../../../lambda/store/delivery-message.ts';
import { readMessage } from '../../../lambda/store/delivery-message-reader.ts';
import { answered, deliverWorld, message } from '../../lambda/deliver/deliver-world.ts';
import { crashBefore, type Step } from '../../lambda/store/schedules.ts';
import { noon } from '../../lambda/subscriptions/world.ts';

const refused = answered(400, { errorCode: 'TriggerInputSchemaMismatch' });
const free: Step = async () => undefined;

/** A queue that hides what was received until it is released. */
const deadLetterQueue = (bodies: readonly string[]) => {
  const letters = bodies.map((body, index) => ({ body, index, hidden: false, removed: false }));
  const queue = (step: Step): DeadLetterQueue => ({
    name: 'given up',
    async receive() {
      await step();
      const some = letters.filter(({ hidden, removed }) => !hidden && !removed).slice(0, 10);
      for (const letter of some) letter.hidden = true;
      return some.map(
        ({ body, index }): DeadLetter => ({
          messageId: String(index),
          body,
          sentAt: noon + index * 1_000,
          handle: String(index),
        }),
      );
    },
    async remove({ handle }) {
      await step();
      const letter = letters[Number(handle)];
      if (letter) letter.removed = true;
    },
    async release({ handle }) {
      await step();
      const letter = letters[Number(handle)];
      if (letter) letter.hidden = false;
    },
  });
  return {
    queue,
    left: () => letters.filter(({ removed }) => !removed).length,
    visible: () => letters.filter(({ hidden, removed }) => !hidden && !removed).length,
    /** The time for which they were hidden is over. */
    comeBack: () => {
      for (const letter of letters) letter.hidden = false;
    },
  };
};

/** A delivery that was given up, and the dead letter of it. */
const givenUp = async () => {
  const world = deliverWorld();
  await world.subscribe();
  world.answers.push(refused);
  await world.deliver();
  const [letter] = world.deadLetters;
  if (!letter) return expect.fail('no dead letter');
  const sent: DeliveryMessage[] = [];
  const ports = (queue: DeadLetterQueue, step: Step = free): RedrivePorts => ({
    deadLetters: [queue],
    deliveries: {
      ...world.deliveries,
      async find(place) {
        await step();
        return world.deliveries.find(place);
      },
    },
    subscriptions: {
      ...world.subscriptions,
      async find(id) {
        await step();
        return world.subscriptions.find(id);
      },
    },
    async sendRetry(messages) {
      await step();
      sent.push(...messages.map(({ body }) => readMessage(body)));
    },
  });
  return { world, letter, sent, ports };
};

const run = async (ports: RedrivePorts, over: Partial<Parameters<typeof redrive>[1]> = {}) => {
  const decisions: RedriveDecision[] = [];
  await redrive(ports, { dryRun: false, ...over }, (decision) => decisions.push(decision));
  return decisions;
};

describe('redrive', () => {
  it('sends a dead letter in a round of its own, so that it is delivered', async () => {
    const { world, letter, sent, ports } = await givenUp();
    const letters = deadLetterQueue([JSON.stringify(letter)]);
    expect(await run(ports(letters.queue(free)))).toMatchObject([{ kind: 'send' }]);
    expect(letters.left()).toBe(0);
    for (const each of sent) await world.deliver(each);
    expect(await world.history()).toMatchObject([{ state: 'delivered', round: 2 }]);
  });

  it('removes what was delivered after all', async () => {
    const { world, letter, ports } = await givenUp();
    await world.deliver(letter);
    const letters = deadLetterQueue([JSON.stringify(letter), JSON.stringify(letter)]);
    expect(await run(ports(letters.queue(free)))).toMatchObject([{ kind: 'done' }, { kind: 'done' }]);
    expect(letters.left()).toBe(0);
  });

  it('begins a round that the record does not know, whatever round the letter says', async () => {
    const { world, letter } = await givenUp();
    world.answers.push(refused);
    await world.deliver(letter);
    const [delivery] = await world.history();
    const subscription = (await world.subscriptions.find(letter.subscriptionId))?.body;
    for (const old of [message(), letter, deadLetterOf(letter)])
      expect(decisionOn(old, delivery, subscription)).toMatchObject({ kind: 'send', message: { round: 3 } });
  });

  it('leaves letters that no subscription would accept in their queue, visible', async () => {
    const { world, letter, sent, ports } = await givenUp();
    const letters = deadLetterQueue([
      JSON.stringify({ ...letter, generation: 'an earlier one' }),
      JSON.stringify({ ...letter, subscriptionId: 'nobody' }),
      JSON.stringify({ v: 2 }),
      'no JSON',
    ]);
    const decisions = await run(ports(letters.queue(free)));
    expect(decisions.map((decision) => decision.kind === 'keep' && decision.reason)).toEqual([
      expect.stringMatching(/saved again with other inputs/),
      expect.stringMatching(/gone/),
      expect.stringMatching(/cannot be read.*has schema version 2/),
      expect.stringMatching(/cannot be read.*is no JSON/),
    ]);
    expect([letters.left(), letters.visible(), sent]).toEqual([4, 4, []]);
    const found = (await world.subscriptions.find(letter.subscriptionId)) ?? expect.fail('gone');
    const status = { state: 'paused', since: '', reason: '' } as const;
    await world.subscriptions.stop(found, status, 1);
    expect(await run(ports(deadLetterQueue([JSON.stringify(letter)]).queue(free)))).toMatchObject([
      { kind: 'keep', reason: expect.stringMatching(/is paused/) },
    ]);
  });

  it('takes only what was asked for', async () => {
    const { letter, ports } = await givenUp();
    const other = JSON.stringify({ ...letter, subscriptionId: 'other' as SubscriptionId });
    const bodies = [JSON.stringify(letter), other, JSON.stringify(letter)];
    const first = deadLetterQueue(bodies);
    expect(await run(ports(first.queue(free)), { subscription: letter.subscriptionId })).toHaveLength(2);
    expect([first.left(), first.visible()]).toEqual([1, 1]);
    const later = deadLetterQueue(bodies);
    expect(await run(ports(later.queue(free)), { since: noon + 1_500 })).toHaveLength(1);
    expect(later.left()).toBe(2);
  });

  it('changes nothing in a dry run, however many there are', async () => {
    const { letter, sent, ports } = await givenUp();
    const letters = deadLetterQueue(Array.from({ length: 25 }, () => JSON.stringify(letter)));
    expect(await run(ports(letters.queue(free)), { dryRun: true })).toHaveLength(25);
    expect([letters.left(), letters.visible(), sent]).toEqual([25, 25, []]);
  });

  it('loses nothing when it dies before any call, and delivers once when it is repeated', async () => {
    for (let calls = 1; ; calls += 1) {
      const { world, letter, sent, ports } = await givenUp();
      const letters = deadLetterQueue([JSON.stringify(letter)]);
      const crashed = await crashBefore((step) => run(ports(letters.queue(step), step)), calls);
      expect(letters.left() + sent.length, `before call ${calls}`).toBeGreaterThan(0);
      letters.comeBack();
      await run(ports(letters.queue(free)));
      for (const each of sent) await world.deliver(each);
      expect(await world.history()).toMatchObject([{ state: 'delivered' }]);
      expect(
        world.posts.filter(({ answer }) => answer === refused || answer.kind === 'answered'),
      ).toHaveLength(2);
      if (!crashed) break;
    }
  });
});
