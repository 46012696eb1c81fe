/**
 * How long first attempts wait, in virtual time, with the queues, batches and invocations of the deployment.
 *
 * State: the queues of first and later attempts, the invocations that work on them, the flows. Events: an event for
 * many flows at once; a flow answers, fails, or does not answer before the attempt's time limit. What must hold:
 * - with 5 % errors the median wait of first attempts is at most twice that without;
 * - a flow that never answers delays the first attempts of others by at most 3 s, however many events a look finds for
 *   it. The queue is not fair here; what a look queues for one subscription is spread (lambda/watch/stagger.ts).
 */

import { expect, it } from 'vitest';
import { exampleConfiguration } from '../../config/example.ts';
import { attemptTimeoutMs, type CallbackAnswer } from '../../lambda/callback/post.ts';
import { deliver } from '../../lambda/deliver/deliver.ts';
import { deliverStores } from '../../lambda/deliver/deliver-stores.ts';
import { functionFacts, type Use } from '../../lambda/functions.ts';
import type { DeliveryId, SubscriptionId } from '../../lambda/runtime/ids.ts';
import { countNothing } from '../../lambda/runtime/metrics.ts';
import { forEachMessage } from '../../lambda/runtime/queue-batch.ts';
import { queued } from '../../lambda/store/delivery-message.ts';
import { readMessage } from '../../lambda/store/delivery-message-reader.ts';
import { subscriptionStore } from '../../lambda/store/subscriptions.ts';
import { createStagger } from '../../lambda/watch/stagger.ts';
import { answered, message } from '../lambda/deliver/deliver-world.ts';
import { memoryTable } from '../lambda/memory-table.ts';
import { segmentSubscription } from '../lambda/store/example-subscription.ts';
import { callbackUrl, plainCipher } from '../lambda/subscriptions/world.ts';
import { chanceOf } from './chance.ts';
import { noFaults } from './faults.ts';
import { tableFrom } from './faulty-table.ts';
import { connectQueue, createFunction } from './function-pool.ts';
import type { Surroundings } from './host.ts';
import { createQueue, sendFrom } from './message-queue.ts';
import { createScheduler } from './scheduler.ts';
import { createTrace } from './trace.ts';

const start = Date.UTC(2026, 0, 10, 12);
const second = 1_000;
const flows = 200;
const slowFlow = 'flow-0';

const consumption = functionFacts.deliver.uses.flatMap((use: Use) =>
  'consume' in use ? [use.consume] : [],
)[0];

interface Load {
  /** Of answers of the flows that answer: a 503. */
  readonly errors: number;
  /** Events that the slow flow gets in one burst at the beginning; 0: there is none. */
  readonly burst: number;
}

/** @returns for each first attempt of a flow that answers, how long it has waited, ms, in ascending order */
const waits = async ({ errors, burst }: Load): Promise<readonly number[]> => {
  const scheduler = createScheduler(start);
  const trace = createTrace(scheduler.now, start);
  const surroundings: Surroundings = {
    scheduler,
    trace,
    chance: chanceOf(12, 1),
    secrets: chanceOf(12, 2),
    onFault: () => undefined,
    onDeath: () => undefined,
    rates: () => noFaults,
  };
  const answers = chanceOf(12, 3);
  const table = memoryTable();
  const subscriptions = subscriptionStore(table);
  for (let flow = 0; flow < flows; flow += 1) {
    const id = `flow-${flow}` as SubscriptionId;
    const callback = await plainCipher.seal(callbackUrl(id), id);
    await subscriptions.save(
      segmentSubscription(id, { generation: 'first generation', callback }),
      undefined,
    );
  }
  const limitMs = functionFacts.deliver.timeoutSeconds * second;
  const rules = { visibilityMs: 6 * limitMs, maximumReceives: 5 };
  const delivery = createQueue('delivery', rules, surroundings, () => undefined);
  const retry = createQueue('retry', rules, surroundings, () => undefined);
  const sentAt = new Map<string, number>();
  const found: number[] = [];

  const attempt = async (deliveryId: string, slow: boolean): Promise<CallbackAnswer> => {
    const at = sentAt.get(deliveryId);
    sentAt.delete(deliveryId);
    if (at !== undefined && !slow) found.push(scheduler.now() - at);
    await scheduler.sleep(slow ? attemptTimeoutMs : answers.within(20, 120));
    if (slow) return { kind: 'unreachable', reason: 'no answer within 10 s' };
    return answered(answers.happens(errors) ? 503 : 202);
  };

  const delivering = createFunction('deliver', limitMs, surroundings, (host) => {
    const own = tableFrom(
      host,
      table,
      surroundings,
      () => false,
      () => undefined,
    );
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const ports = {
      subscriptions: subscriptionStore(own),
      ...deliverStores(own, { now: host.now }),
      cipher: plainCipher,
      post: (url: URL, _: string, headers: Readonly<Record<string, string>>) =>
        attempt(headers['x-insights-delivery-id'] ?? '', url.pathname.includes(`/${slowFlow}/`)),
      rules: exampleConfiguration.callbacks,
      sendRetry: sendFrom(host, retry, surroundings),
      sendDeadLetter: sendFrom(host, { name: 'dead letters', put: () => undefined }, surroundings),
      now: host.now,
      random: surroundings.chance.random,
      log,
      count: countNothing,
    };
    return (event: Parameters<typeof forEachMessage>[0]) =>
      forEachMessage(event, log, (body) => deliver(ports, readMessage(body)));
  });
  const connect = (name: 'delivery' | 'retry', queue: typeof delivery) => {
    const { batchSize, maximumConcurrency } = consumption?.[name] ?? expect.fail(`${name} is not consumed`);
    connectQueue(queue, delivering, { batchSize, concurrency: maximumConcurrency }, surroundings);
  };
  connect('delivery', delivery);
  connect('retry', retry);

  const send = (flow: string, event: string, delaySeconds = 0) => {
    const first = message();
    const next = {
      ...first,
      deliveryId: `${flow} ${event}` as DeliveryId,
      subscriptionId: flow as SubscriptionId,
    };
    sentAt.set(next.deliveryId, scheduler.now());
    delivery.put({ ...queued(next), delaySeconds });
  };
  const delayOf = createStagger();
  for (let event = 0; event < burst; event += 1)
    send(slowFlow, `burst ${event}`, delayOf(slowFlow as SubscriptionId));
  // Then an event for all the other flows, every five seconds.
  for (let time = 0; time < 6; time += 1)
    scheduler.after(100 + time * 5 * second, () => {
      for (let flow = 1; flow < flows; flow += 1) send(`flow-${flow}`, `event ${time}`);
    });
  await scheduler.run(start + 600 * second);
  expect(found).toHaveLength(6 * (flows - 1));
  return found.sort((a, b) => a - b);
};

const median = (sorted: readonly number[]): number => sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
const longest = (sorted: readonly number[]): number => sorted.at(-1) ?? Number.NaN;

it('first attempts are not slowed by 5 % errors', async () => {
  const without = median(await waits({ errors: 0, burst: 0 }));
  const under = median(await waits({ errors: 0.05, burst: 0 }));
  console.log(
    `median wait of first attempts: ${without.toFixed(0)} ms, with 5 % errors ${under.toFixed(0)} ms`,
  );
  expect(under).toBeLessThanOrEqual(2 * without);
});

it.each([1, 10, 21, 50, 200])(
  'a flow that never answers, with %i events at once, delays others by at most 3 s',
  async (burst) => {
    const without = longest(await waits({ errors: 0, burst: 0 }));
    const beside = longest(await waits({ errors: 0, burst }));
    console.log(
      `longest wait next to ${burst} events of a slow flow: ${beside.toFixed(0)} ms, without ${without.toFixed(0)} ms`,
    );
    expect(beside - without).toBeLessThanOrEqual(3 * second);
  },
);
