import { describe, expect, it } from 'vitest';
import type { CallbackAnswer } from '../../../lambda/callback/post.ts';
import { leaseMs } from '../../../lambda/deliver/attempt.ts';
import { DeliveryBusy } from '../../../lambda/deliver/lease.ts';
import type { DeliveryMessage } from '../../../lambda/store/delivery-message.ts';
import { readMessage } from '../../../lambda/store/delivery-message-reader.ts';
import { crashBefore, everySchedule, interleave } from '../store/schedules.ts';
import { answered, type DeliverWorld, deliverWorld, message } from './deliver-world.ts';

/*
 * State: the queue with the delivery's messages, the record, the subscription, the dead letters.
 * Events: a message is received once or by two processes at the same time; a process dies before any of its calls; its message
 * comes back.
 * Invariants, when the queue is empty:
 *  - the event was accepted by the flow, or is a dead letter, or its subscription has stopped;
 *  - the flow accepted it twice only if a process died between the answer and the record of it.
 */

/** Receives everything that is in the queue, in the order of time, until nothing is left. */
const workOff = async (world: DeliverWorld, first: readonly DeliveryMessage[]) => {
  let queue = first.map((each) => ({ at: world.clock.now, message: each }));
  for (let received = 0; queue.length > 0; received += 1) {
    if (received > 100) expect.fail('the queue never becomes empty');
    const [next, ...rest] = queue.sort((a, b) => a.at - b.at);
    queue = rest;
    if (!next) break;
    world.clock.now = Math.max(world.clock.now, next.at);
    try {
      await world.deliver(next.message);
    } catch (error) {
      if (!(error instanceof DeliveryBusy)) throw error;
      queue.push({ at: world.clock.now + leaseMs, message: next.message });
    }
    for (const { body, delaySeconds = 0 } of world.resent.splice(0))
      queue.push({ at: world.clock.now + delaySeconds * 1000, message: readMessage(body) });
  }
};

const accepted = (world: DeliverWorld) =>
  world.posts.filter(({ answer }) => answer.kind === 'answered' && answer.status === 202).length;

const answers: readonly (readonly [string, CallbackAnswer])[] = [
  ['accepts', answered(202)],
  ['fails', answered(500)],
  ['does not answer', { kind: 'unreachable', reason: 'ECONNRESET' }],
  ['refuses the event', answered(400, { errorCode: 'TriggerInputSchemaMismatch' })],
  ['is switched off', answered(400, { errorCode: 'WorkflowTriggerIsNotEnabled' })],
  ['is gone', answered(404, { errorCode: 'WorkflowNotFound' })],
  ['is said to be gone by something else', answered(404)],
];

describe.each(answers)('when the flow %s', (_, answer) => {
  it('and the process dies before any call, nothing is lost, and duplicates lie between the post and the record', async () => {
    for (let call = 1; ; call += 1) {
      const world = deliverWorld();
      await world.subscribe();
      world.answers.push(answer);
      if (!(await crashBefore((step) => world.process(step), call))) {
        expect(call).toBeGreaterThanOrEqual(6);
        break;
      }
      const before = accepted(world);
      const [recorded] = await world.history();
      // What was sent again before the crash is in the queue too.
      const resent = world.resent.splice(0).map(({ body }) => readMessage(body));
      await workOff(world, [message(), ...resent]);

      const stopped = (await world.state()) !== 'active';
      expect(
        accepted(world) > 0 || world.deadLetters.length > 0 || stopped,
        `crash before call ${call}`,
      ).toBe(true);
      if (accepted(world) > 1) {
        expect(before).toBe(1);
        expect(recorded?.state).toBe('pending');
      }
      expect(accepted(world)).toBeLessThanOrEqual(2);
      // The record tells how it ended.
      expect((await world.history()).map(({ state }) => state)).not.toContain(
        stopped ? 'delivered' : 'pending',
      );
    }
  });

  it('and two processes receive the message at once, it is posted once', async () => {
    await everySchedule(async (choose) => {
      const world = deliverWorld();
      await world.subscribe();
      world.answers.push(answer);
      const busy: DeliveryMessage[] = [];
      const receive = (step: () => Promise<void>) =>
        world.process(step).catch((error: unknown) => {
          if (!(error instanceof DeliveryBusy)) throw error;
          busy.push(message());
        });
      await interleave([receive, receive], choose);
      expect(world.posts).toHaveLength(1);
      const resent = world.resent.splice(0).map(({ body }) => readMessage(body));
      await workOff(world, [...busy, ...resent]);
      expect(accepted(world)).toBeLessThanOrEqual(1);
      expect(
        accepted(world) === 1 || world.deadLetters.length === 1 || (await world.state()) !== 'active',
      ).toBe(true);
    });
  });
});

describe('when the flow is saved, stopped or deleted while it is delivered to', () => {
  it('the event is accepted once, or the subscription is gone', async () => {
    await everySchedule(async (choose) => {
      const world = deliverWorld();
      await world.subscribe();
      await interleave(
        [
          (step) => world.process(step),
          async (step) => {
            await step();
            const stored = await world.subscriptions.find(message().subscriptionId);
            await step();
            if (stored) await world.subscriptions.remove(stored);
          },
        ],
        choose,
      );
      expect(accepted(world)).toBeLessThanOrEqual(1);
      expect(await world.state()).toBeUndefined();
      expect(world.entries()).toEqual([]);
    });
  });
});
