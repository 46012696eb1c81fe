/**
 * The calls to the outside that a delivery makes, and no more: docs/performance.md lists them, and what each is for.
 *
 * State: the record of a delivery (none, pending with or without a lease, ended). Events: its message arrives for the
 * first time, from the queue of retries, or again. What must hold: the fewest calls that the promises of
 * docs/delivery.md need.
 */
import type { SQSEvent } from 'aws-lambda';
import { expect, it } from 'vitest';
import { deliverBatch } from '../../../lambda/deliver/deliver-batch.ts';
import type { DeliveryId } from '../../../lambda/runtime/ids.ts';
import { answered, batch, deliverWorld, message, queueOfRetries } from './deliver-world.ts';

const ten = Array.from({ length: 10 }, (_, index) =>
  message({ deliveryId: `delivery-${index}` as DeliveryId }),
);

const world = async () => {
  const own = deliverWorld();
  await own.subscribe();
  return {
    ...own,
    /** @returns the calls that the batch made, in words */
    async callsOf(event: SQSEvent) {
      const { ports, counts } = own.countedPorts();
      const { batchItemFailures } = await deliverBatch(ports, event, queueOfRetries);
      return { ...counts(), failed: batchItemFailures.length };
    },
  };
};

const none = { reads: 0, items: 0, writes: 0, posts: 0, sends: 0, failed: 0 };

it('a first attempt: the subscription read, the lease written, the post, the outcome written', async () => {
  const { callsOf } = await world();
  expect(await callsOf(batch([message()]))).toEqual({ ...none, reads: 1, writes: 2, posts: 1 });
});

it('a batch of ten for one subscription reads it once', async () => {
  const { callsOf } = await world();
  expect(await callsOf(batch(ten))).toEqual({ ...none, reads: 1, writes: 20, posts: 10 });
});

it('accepted events of a batch share a line of the log; a single one and those that failed have their own', async () => {
  const { callsOf, answers, lines } = await world();
  answers.push(answered(500));
  await callsOf(batch(ten));
  expect(lines).toMatchObject([
    { message: 'delivery attempted', keys: { attempt: 1, consequence: 'retry', status: 500 } },
    { message: 'deliveries accepted' },
  ]);
  const failed = lines[0]?.keys.deliveryId;
  expect(lines[1]?.keys.deliveries).toEqual(
    ten
      .filter(({ deliveryId }) => deliveryId !== failed)
      .map(({ deliveryId, subscriptionId }) => [deliveryId, subscriptionId]),
  );
  lines.length = 0;
  await callsOf(batch([message()]));
  expect(lines).toMatchObject([
    { message: 'delivery attempted', keys: { consequence: 'delivered', status: 202 } },
  ]);
});

it('a failed attempt: its retry is sent besides', async () => {
  const { callsOf, answers } = await world();
  answers.push(answered(500));
  expect(await callsOf(batch([message()]))).toEqual({ ...none, reads: 1, writes: 2, posts: 1, sends: 1 });
});

it.each([
  ['from the queue of retries', { queue: queueOfRetries }],
  ['received again', { receives: 2 }],
])('a message %s: its record is read before the lease, so that no write is refused', async (_, over) => {
  const { callsOf, answers, clock, takeResent } = await world();
  answers.push(answered(500));
  await callsOf(batch([message()]));
  const { message: again, at } = takeResent();
  clock.now = at;
  expect(await callsOf(batch([again], over))).toEqual({ ...none, reads: 2, writes: 2, posts: 1 });
});

it('a message that was sent twice: the lease is refused, then the record is read', async () => {
  const { callsOf } = await world();
  await callsOf(batch([message()]));
  expect(await callsOf(batch([message()]))).toEqual({ ...none, reads: 2, writes: 1 });
});

it('a message that is sent twice and handled at once is posted once', async () => {
  const { callsOf } = await world();
  const { posts, failed } = await callsOf(batch([message(), message()]));
  expect({ posts, failed }).toEqual({ posts: 1, failed: 1 });
});

it('an event that is refused: a dead letter before the outcome', async () => {
  const { callsOf, answers } = await world();
  answers.push(answered(400, { errorCode: 'TriggerInputSchemaMismatch' }));
  expect(await callsOf(batch([message()]))).toEqual({
    ...none,
    // The subscription, and how many of its events were given up before.
    reads: 2,
    writes: 3,
    posts: 1,
    sends: 1,
  });
});
