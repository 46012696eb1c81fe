/**
 * The bundled function `watch` in a process of its own, called as an event source mapping calls it. Its clock goes on
 * between polls, which are a minute apart, without anybody waiting for it.
 */
import { pathToFileURL } from 'node:url';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { minuteMs } from '../../lambda/runtime/time.ts';
import type { WatchMessage } from '../../lambda/store/watch-message.ts';
import { clockBytes, installClock, writeLive } from '../../local/clock-worker.mjs';
import { queueRecord } from '../delivery/queue-record.ts';
import { becomePart, partInput } from '../proxy/part.ts';

export interface WatchWorkerInput {
  readonly directory: string;
  readonly instanceId: string;
}

/** Polls of the instance, a minute apart. */
export interface LookQuestion {
  /** Epoch ms of the first. */
  readonly at: number;
  readonly looks: number;
}

export interface LookAnswer {
  /** CPU time of all threads, ms. */
  readonly cpuMs: number;
  readonly ms: number;
  /** Messages that went back to the queue. */
  readonly failed: number;
}

const { directory, instanceId } = partInput<WatchWorkerInput>();
const realNow = Date.now;
const clock = new SharedArrayBuffer(clockBytes);
installClock(clock);
const { handler } = (await import(pathToFileURL(`${directory}/index.mjs`).href)) as {
  handler: (event: SQSEvent) => Promise<SQSBatchResponse>;
};

const message: WatchMessage = { v: 1, instanceIds: [instanceId], busy: false };

becomePart('', async (question): Promise<LookAnswer> => {
  const { at: first, looks } = question as LookQuestion;
  const before = process.cpuUsage();
  const begun = performance.now();
  let failed = 0;
  for (let at = first; at < first + looks * minuteMs; at += minuteMs) {
    writeLive(clock, at - realNow());
    failed += (await handler({ Records: [queueRecord('watch', String(at), message, at)] })).batchItemFailures
      .length;
  }
  const { user, system } = process.cpuUsage(before);
  return { cpuMs: (user + system) / 1_000, ms: performance.now() - begun, failed };
});
