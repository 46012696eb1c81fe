/**
 * How many events a second the deliver function's core brings to their callbacks, and how long each one
 * takes.
 */
import { postCallback } from '../../lambda/callback/post.ts';
import type { CallbackCipher } from '../../lambda/callback/sealed-url.ts';
import { type DeliverPorts, deliver } from '../../lambda/deliver/deliver.ts';
import { deliverStores } from '../../lambda/deliver/deliver-stores.ts';
import type { AwsClient } from '../../lambda/runtime/aws-services.ts';
import { countNothing } from '../../lambda/runtime/metrics.ts';
import type { Outgoing } from '../../lambda/runtime/queue.ts';
import { readMessage } from '../../lambda/store/delivery-message-reader.ts';
import { callbackCipher } from '../../lambda/store/sealing-key.ts';
import { subscriptionStore } from '../../lambda/store/subscriptions.ts';
import type { Table } from '../../lambda/store/table.ts';
import { memoryTable } from '../../test/lambda/memory-table.ts';
import { activeSubscription, flowId, flows, messageFor } from '../delivery/messages.ts';
import { startPart } from '../proxy/part.ts';
import { startEngineTable } from './engine-table.ts';
import { noLog } from './quiet.ts';

/** As many messages as the event source mapping has under way: 20 invocations of 10. */
const atOnce = 200;

/** Data keys of a key service that is not asked twice. */
const keys: AwsClient<'kms'> = async () => ({
  Plaintext: Buffer.alloc(32).toString('base64'),
  CiphertextBlob: 'AQ==',
});

interface Waiting {
  readonly body: string;
  readonly detectedAt: number;
}

const subscribe = async (table: Table, cipher: CallbackCipher, url: string): Promise<void> => {
  const store = subscriptionStore(table);
  for (let flow = 0; flow < flows; flow += 1) {
    const id = flowId(flow);
    const callback = await cipher.seal(`${url}/workflows/${flow}/triggers/manual/run`, id);
    await store.save(activeSubscription(id, callback), undefined);
  }
};

/** The queue between detection and delivery, with as many consumers as the deployed one has. */
const runQueue = async (
  handle: (waiting: Waiting) => Promise<void>,
  arrivals: readonly { readonly body: string; readonly afterMs: number }[],
  retries: { onSend: (send: (outgoing: Outgoing, detectedAt: number) => void) => void },
): Promise<void> => {
  const ready: Waiting[] = [];
  let running = 0;
  let left = arrivals.length;
  let finish: () => void = () => undefined;
  let fail: (error: unknown) => void = () => undefined;
  const finished = new Promise<void>((resolve, reject) => {
    finish = resolve;
    fail = reject;
  });
  const pump = () => {
    for (let next = ready[0]; next && running < atOnce; next = ready[0]) {
      ready.shift();
      running += 1;
      handle(next)
        .then(() => {
          running -= 1;
          left -= 1;
          if (left === 0) finish();
          else pump();
        })
        .catch(fail);
    }
  };
  const begun = performance.now();
  retries.onSend(({ body, delaySeconds = 0 }, detectedAt) => {
    left += 1;
    setTimeout(() => {
      ready.push({ body, detectedAt });
      pump();
    }, delaySeconds * 1000);
  });
  let arrived = 0;
  const arrive = () => {
    for (
      let next = arrivals[arrived];
      next && next.afterMs <= performance.now() - begun;
      next = arrivals[arrived]
    ) {
      arrived += 1;
      ready.push({ body: next.body, detectedAt: begun + next.afterMs });
    }
    pump();
    if (arrived < arrivals.length) setTimeout(arrive, 1);
  };
  arrive();
  await finished;
};

export interface ThroughputRow {
  readonly store: string;
  readonly receiver: string;
  readonly arrivals: string;
  readonly 'events/s': number;
  readonly 'p50 ms': string;
  readonly 'p99 ms': string;
  readonly 'accepted of': string;
}

const percentile = (sorted: readonly number[], share: number) =>
  (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);

interface Load {
  readonly events: number;
  /** Share of the requests that the receiver answers with 500. */
  readonly errors: number;
  /** Pace of the arrivals; undefined: all at once. */
  readonly perSecond?: number;
  /** Jitter of the retries, in [0, 1). */
  readonly random: () => number;
}

const measure = async (
  store: string,
  table: Table,
  { events, errors, perSecond, random }: Load,
): Promise<ThroughputRow & { readonly rate: number }> => {
  const receiver = await startPart('../delivery/receiver.ts', { errors });
  try {
    const cipher = callbackCipher(table, keys, 'key', Date.now);
    await subscribe(table, cipher, receiver.url);
    const times: number[] = [];
    let lastAcceptedAt = 0;
    let resend: (outgoing: Outgoing, detectedAt: number) => void = () => undefined;
    const portsOf = (detectedAt: number): DeliverPorts => ({
      subscriptions: subscriptionStore(table),
      ...deliverStores(table, { now: Date.now }),
      cipher,
      async post(url, body, headers) {
        const answer = await postCallback(url, body, headers);
        if (answer.kind === 'answered' && answer.status === 202) {
          lastAcceptedAt = performance.now();
          times.push(lastAcceptedAt - detectedAt);
        }
        return answer;
      },
      rules: { allowedHosts: [], allowLoopback: true },
      sendRetry: async (messages) => {
        for (const message of messages) resend(message, detectedAt);
      },
      sendDeadLetter: async () => {
        throw new Error('A delivery was given up.');
      },
      now: Date.now,
      random,
      log: noLog,
      count: countNothing,
    });
    const arrivals = Array.from({ length: events }, (_, event) => ({
      body: JSON.stringify(messageFor(event, event % flows)),
      afterMs: perSecond === undefined ? 0 : (event / perSecond) * 1000,
    }));
    const begun = performance.now();
    await runQueue(({ body, detectedAt }) => deliver(portsOf(detectedAt), readMessage(body)), arrivals, {
      onSend: (send) => {
        resend = send;
      },
    });
    const sorted = times.sort((a, b) => a - b);
    const rate = sorted.length / ((lastAcceptedAt - begun) / 1000);
    return {
      rate,
      store,
      receiver: errors === 0 ? 'fast' : `${errors * 100} % errors`,
      arrivals: perSecond === undefined ? 'all at once' : `${Math.round(perSecond)}/s`,
      'events/s': Math.round(rate),
      'p50 ms': percentile(sorted, 0.5),
      'p99 ms': percentile(sorted, 0.99),
      'accepted of': `${sorted.length}/${events}`,
    };
  } finally {
    await receiver.stop();
  }
};

export const throughputRows = async ({
  events,
  engineEvents,
  random,
}: {
  /** Per run over the store in memory, and over the engine. */
  readonly events: number;
  readonly engineEvents: number;
  readonly random: () => number;
}): Promise<readonly ThroughputRow[]> => {
  const engine = await startEngineTable('throughput');
  try {
    const fast = await measure('memory', memoryTable(), { events, errors: 0, random });
    // Half of its capacity, so that times are those of the delivery and not of the wait in the queue.
    const perSecond = fast.rate / 2;
    const rows = [
      fast,
      await measure('memory', memoryTable(), { events, errors: 0, perSecond, random }),
      await measure('memory', memoryTable(), { events, errors: 0.05, random }),
      await measure('memory', memoryTable(), { events, errors: 0.05, perSecond, random }),
      await measure(engine.engine, engine.table, { events: engineEvents, errors: 0, random }),
    ];
    return rows.map(({ rate: _, ...row }) => row);
  } finally {
    await engine.close();
  }
};
