/** What the deliver function works with, but in memory and without chance; any call can be made to fail. */

import type { SQSEvent } from 'aws-lambda';
import { expect } from 'vitest';
import type { CallbackAnswer } from '../../../lambda/callback/post.ts';
import { type DeliverPorts, deliver } from '../../../lambda/deliver/deliver.ts';
import { deliverStores } from '../../../lambda/deliver/deliver-stores.ts';
import { deliveryId, eventId, type SubscriptionId } from '../../../lambda/runtime/ids.ts';
import { logWith } from '../../../lambda/runtime/log.ts';
import type { MetricName } from '../../../lambda/runtime/metrics.ts';
import type { Outgoing } from '../../../lambda/runtime/queue.ts';
import { type Delivery, deliveryStore } from '../../../lambda/store/deliveries.ts';
import type { DeliveryMessage } from '../../../lambda/store/delivery-message.ts';
import { readMessage } from '../../../lambda/store/delivery-message-reader.ts';
import { listedSubscriptionStore } from '../../../lambda/store/listed-subscriptions.ts';
import { entryKey, type Subscription, subscriptionStore } from '../../../lambda/store/subscriptions.ts';
import { countedTable } from '../counted-table.ts';
import { recordedLog } from '../http/recorded-log.ts';
import { firstVersion, memoryTable } from '../memory-table.ts';
import { decimal, instanceId, segmentSubscription } from '../store/example-subscription.ts';
import { type Step, steppedTable } from '../store/schedules.ts';
import { callbackUrl, noon, plainCipher } from '../subscriptions/world.ts';

/** As version 0.1.0 has made them: that of the flow. */
export const id = 'subscription-of-a-flow' as SubscriptionId;
const crossing = eventId(instanceId, 'OnSegmentThresholdCrossed', 'HighValue', '2026-01-10T11:59:00.000Z');

export const message = (over: Partial<DeliveryMessage> = {}): DeliveryMessage => {
  const generation = over.generation ?? 'first generation';
  return {
    v: 1,
    deliveryId: deliveryId(crossing, id, generation),
    eventId: crossing,
    subscriptionId: id,
    generation,
    entry: { key: entryKey(id, segmentSubscription(id)), version: firstVersion },
    payload: {
      eventId: crossing,
      trigger: 'OnSegmentThresholdCrossed',
      instanceId,
      instanceName: 'Contoso',
      occurredAt: '2026-01-10T11:59:00.000Z',
      segmentName: 'HighValue',
      segmentDisplayName: 'High value',
    },
    crossing: {
      previous: decimal(900),
      current: decimal(1100),
      threshold: decimal(1000),
      direction: 'above',
    },
    round: 1,
    ...over,
  };
};

/** Name of the queue. */
export const queueOfRetries = 'retry';

/** As SQS hands them over. */
export const batch = (
  messages: readonly DeliveryMessage[],
  { queue = 'delivery', receives = 1 }: { readonly queue?: string; readonly receives?: number } = {},
): SQSEvent => ({
  Records: messages.map((each) => ({
    messageId: each.deliveryId,
    receiptHandle: '',
    body: JSON.stringify(each),
    attributes: {
      ApproximateReceiveCount: String(receives),
      SentTimestamp: '',
      SenderId: '',
      ApproximateFirstReceiveTimestamp: '',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:eu-west-1:000000000000:${queue}`,
    awsRegion: 'eu-west-1',
  })),
});

export const answered = (
  status: number,
  over: Partial<Extract<CallbackAnswer, { kind: 'answered' }>> = {},
): CallbackAnswer => ({
  kind: 'answered',
  status,
  errorCode: undefined,
  retryAfter: undefined,
  ...over,
});

export interface Posted {
  readonly at: number;
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly answer: CallbackAnswer;
}

const free: Step = async () => undefined;

export const deliverWorld = () => {
  const items = memoryTable();
  const subscriptions = subscriptionStore(items);
  const clock = { now: noon };
  const posts: Posted[] = [];
  const resent: Outgoing[] = [];
  const deadLetters: DeliveryMessage[] = [];
  const counted = new Map<MetricName, number>();
  /** What the flow answers next; 202 when there is nothing more. */
  const answers: CallbackAnswer[] = [];
  const { log, lines, text } = recordedLog();
  const hooks = { whilePosting: async (): Promise<unknown> => undefined };

  const portsOn = (step: Step, over: Partial<DeliverPorts> = {}): DeliverPorts => {
    const table = steppedTable(items, step);
    return {
      subscriptions: listedSubscriptionStore(table, { now: () => clock.now, by: 'test' }),
      ...deliverStores(table, { now: () => clock.now }),
      cipher: plainCipher,
      async post(url, body, headers) {
        await step();
        const answer = answers.shift() ?? answered(202);
        posts.push({ at: clock.now, url: url.href, body, headers, answer });
        await hooks.whilePosting();
        return answer;
      },
      rules: { allowedHosts: ['*.logic.azure.com'], allowLoopback: false },
      async sendRetry(messages) {
        await step();
        resent.push(...messages);
      },
      async sendDeadLetter(messages) {
        await step();
        deadLetters.push(...messages.map(({ body }) => readMessage(body)));
      },
      now: () => clock.now,
      random: () => 0.5,
      log: logWith(log, {}),
      count: (metric, value = 1) => {
        counted.set(metric, (counted.get(metric) ?? 0) + value);
      },
      ...over,
    };
  };

  return {
    items,
    subscriptions,
    deliveries: deliveryStore(items),
    clock,
    posts,
    resent,
    deadLetters,
    counted,
    answers,
    lines,
    logText: text,
    hooks,
    async subscribe(over: Partial<Subscription> = {}) {
      const callback = await plainCipher.seal(callbackUrl('flow'), id);
      const next = segmentSubscription(id, { generation: 'first generation', callback, ...over });
      expect(await subscriptions.save(next, await subscriptions.find(id))).toBeDefined();
      return next;
    },
    deliver: (what: DeliveryMessage = message(), over?: Partial<DeliverPorts>) =>
      deliver(portsOn(free, over), what),
    /** Ports whose calls are counted by what they are. */
    countedPorts() {
      const { table, counts } = countedTable(items);
      const calls = { posts: 0, sends: 0 };
      const onCall = portsOn(free);
      const ports: DeliverPorts = {
        ...onCall,
        subscriptions: listedSubscriptionStore(table, { now: () => clock.now, by: 'test' }),
        ...deliverStores(table, { now: () => clock.now }),
        post(...what) {
          calls.posts += 1;
          return onCall.post(...what);
        },
        sendRetry(messages) {
          calls.sends += 1;
          return onCall.sendRetry(messages);
        },
        sendDeadLetter(messages) {
          calls.sends += 1;
          return onCall.sendDeadLetter(messages);
        },
      };
      return { ports, counts: () => ({ ...counts, ...calls }) };
    },
    /** With a step before each call to the outside. */
    process: (step: Step, what: DeliveryMessage = message()) => deliver(portsOn(step), what),
    /** The message that was sent again, and the time at which it comes back. */
    takeResent() {
      const [next, ...more] = resent.splice(0);
      if (!next || more.length > 0)
        return expect.fail(`${more.length + Number(next !== undefined)} messages were sent again`);
      return { message: readMessage(next.body), at: clock.now + (next.delaySeconds ?? 0) * 1000 };
    },
    async history(): Promise<readonly Delivery[]> {
      const found: Delivery[] = [];
      for await (const each of deliveryStore(items).history(id)) found.push(each);
      return found;
    },
    state: async () => (await subscriptions.find(id))?.body.status.state,
    entries: () => [...items.items.keys()].filter((key) => key.includes('I#')),
  };
};

export type DeliverWorld = ReturnType<typeof deliverWorld>;
