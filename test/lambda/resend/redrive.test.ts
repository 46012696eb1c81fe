import { describe, expect, it } from 'vitest';
import { deliveryLetters, type LetterSelection } from '../../../lambda/resend/letters.ts';
import {
  decisionOn,
  type RedriveDecision,
  type RedrivePorts,
  redrive,
} from '../../../lambda/resend/redrive.ts';
import type { SubscriptionId } from '../../../lambda/runtime/ids.ts';
import { auditStore } from '../../../lambda/store/audit-records.ts';
import { type DeadLetterStore, deadLetterStore } from '../../../lambda/store/dead-letters.ts';
import { type DeliveryMessage, deadLetterOf } from '../../../lambda/store/delivery-message.ts';
import { readMessage } from '../../../lambda/store/delivery-message-reader.ts';
import { answered, deliverWorld, message } from '../deliver/deliver-world.ts';
import { memoryTable } from '../memory-table.ts';
import { crashBefore, type Step, steppedTable } from '../store/schedules.ts';
import { noon } from '../subscriptions/world.ts';

const refused = answered(400, { errorCode: 'TriggerInputSchemaMismatch' });
const free: Step = async () => undefined;

/** The records of dead letters, a second apart. */
const kept = async (bodies: readonly string[]) => {
  const table = memoryTable();
  const store = deadLetterStore(table);
  for (const [index, body] of bodies.entries())
    await store.keep({
      queue: index % 2 === 0 ? 'delivery' : 'retry',
      messageId: String(index),
      sentAt: noon + index * 1_000,
      storedAt: noon + index * 1_000,
      body,
    });
  return {
    store,
    letters: (step: Step) => deadLetterStore(steppedTable(table, step)),
    left: () => table.items.size,
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
  const ports = (letters: DeadLetterStore, step: Step = free): Ports => ({
    letters,
    audit: auditStore(steppedTable(world.items, step)),
    operator: async () => 'operator test',
    now: () => noon,
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

type Ports = Omit<RedrivePorts, 'letters'> & { readonly letters: DeadLetterStore };

const run = async (ports: Ports, over: LetterSelection & { readonly dryRun?: boolean } = {}) => {
  const decisions: RedriveDecision[] = [];
  const { dryRun = false, ...selection } = over;
  const request = { letters: deliveryLetters(ports.letters, selection), dryRun };
  await redrive(ports, request, (decision) => decisions.push(decision));
  return decisions;
};

describe('redrive', () => {
  it('sends a dead letter in a round of its own, so that it is delivered', async () => {
    const { world, letter, sent, ports } = await givenUp();
    const letters = await kept([JSON.stringify(letter)]);
    expect(await run(ports(letters.store))).toMatchObject([{ kind: 'send' }]);
    expect(
      [...world.items.items.values()].filter(
        ({ pk, body }) => pk.startsWith('A#') && body.includes('redriven'),
      ),
    ).toHaveLength(1);
    expect(letters.left()).toBe(0);
    for (const each of sent) await world.deliver(each);
    expect(await world.history()).toMatchObject([{ state: 'delivered', round: 2 }]);
  });

  it('removes what was delivered after all', async () => {
    const { world, letter, ports } = await givenUp();
    await world.deliver(letter);
    const letters = await kept([JSON.stringify(letter), JSON.stringify(letter)]);
    expect(await run(ports(letters.store))).toMatchObject([{ kind: 'done' }, { kind: 'done' }]);
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

  it('leaves letters that no subscription would accept where they are', async () => {
    const { world, letter, sent, ports } = await givenUp();
    const letters = await kept([
      JSON.stringify({ ...letter, generation: 'an earlier one' }),
      JSON.stringify({ ...letter, subscriptionId: 'nobody' }),
      JSON.stringify({ v: 2 }),
      'no JSON',
    ]);
    const decisions = await run(ports(letters.store));
    // First those of the one queue, then those of the other.
    expect(decisions.map((decision) => decision.kind === 'keep' && decision.reason)).toEqual([
      expect.stringMatching(/saved again with other inputs/),
      expect.stringMatching(/cannot be read.*has schema version 2/),
      expect.stringMatching(/gone/),
      expect.stringMatching(/cannot be read.*is not JSON/),
    ]);
    expect([letters.left(), sent]).toEqual([4, []]);
    const found = (await world.subscriptions.find(letter.subscriptionId)) ?? expect.fail('gone');
    const status = { state: 'paused', since: '', reason: '' } as const;
    await world.subscriptions.stop(found, status, 1);
    expect(await run(ports((await kept([JSON.stringify(letter)])).store))).toMatchObject([
      { kind: 'keep', reason: expect.stringMatching(/is paused/) },
    ]);
  });

  it('takes only what was asked for', async () => {
    const { letter, ports } = await givenUp();
    const other = JSON.stringify({ ...letter, subscriptionId: 'other' as SubscriptionId });
    const bodies = [JSON.stringify(letter), other, JSON.stringify(letter)];
    const first = await kept(bodies);
    expect(await run(ports(first.store), { subscription: letter.subscriptionId })).toHaveLength(2);
    expect(first.left()).toBe(1);
    const later = await kept(bodies);
    expect(await run(ports(later.store), { since: noon + 1_500 })).toHaveLength(1);
    expect(later.left()).toBe(2);
  });

  it('ends where a flow refuses at once what is sent again', async () => {
    const { world, letter, ports } = await givenUp();
    const letters = await kept([JSON.stringify(letter), JSON.stringify(deadLetterOf(letter))]);
    world.answers.push(...Array.from({ length: 9 }, () => refused));
    let at = noon + 60_000;
    const refusing: Ports = {
      ...ports(letters.store),
      async sendRetry(messages) {
        for (const { body } of messages) {
          await world.deliver(readMessage(body));
          const body2 = JSON.stringify(world.deadLetters.at(-1));
          at += 1_000;
          await letters.store.keep({
            queue: 'delivery',
            messageId: String(at),
            sentAt: at,
            storedAt: at,
            body: body2,
          });
        }
      },
    };
    // The second letter is of another queue, and of a later round than the first began.
    expect((await run(refusing)).map(({ kind }) => kind)).toEqual(['send']);
    expect(letters.left()).toBe(2);
  });

  it('changes nothing in a dry run, however many there are', async () => {
    const { letter, sent, ports } = await givenUp();
    const letters = await kept(Array.from({ length: 25 }, () => JSON.stringify(letter)));
    expect(await run(ports(letters.store), { dryRun: true })).toHaveLength(25);
    expect([letters.left(), sent]).toEqual([25, []]);
  });

  it('loses nothing when it dies before any call, and delivers once when it is repeated', async () => {
    for (let calls = 1; ; calls += 1) {
      const { world, letter, sent, ports } = await givenUp();
      const letters = await kept([JSON.stringify(letter)]);
      const crashed = await crashBefore((step) => run(ports(letters.letters(step), step)), calls);
      expect(letters.left() + sent.length, `before call ${calls}`).toBeGreaterThan(0);
      await run(ports(letters.store));
      for (const each of sent) await world.deliver(each);
      expect(await world.history()).toMatchObject([{ state: 'delivered' }]);
      expect(
        world.posts.filter(({ answer }) => answer === refused || answer.kind === 'answered'),
      ).toHaveLength(2);
      if (!crashed) break;
    }
  });
});
