/** A burst of events delivered by the bundled function, and what each event costs. */
import type { Part } from '../proxy/part.ts';
import { interleave, medianRatio } from '../statistics/interleave.ts';
import { median } from '../statistics/median.ts';
import type { DeliverySurroundings } from './surroundings.ts';
import type { WorkAnswer, WorkQuestion } from './work.ts';

export interface Burst {
  readonly eventsPerSecond: number;
  /** From the beginning of the burst to the 202, ms. */
  readonly p50: number;
  readonly p99: number;
  /** CPU ms for an event: of the worker, of the engine, and of worker, engine and receiver together. */
  readonly workerCpu: number;
  readonly engineCpu: number;
  readonly allCpu: number;
}

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

let runs = 0;

/** @throws Error when not every event was accepted exactly once */
const burst = async (
  worker: Part,
  { receiver, engineCpuMs }: DeliverySurroundings,
  events: number,
): Promise<Burst> => {
  runs += 1;
  await worker.ask({ events, run: `${runs}-` } satisfies WorkQuestion);
  await receiver.ask('accepted');
  const cpu = async () => [await worker.cpuMs(), engineCpuMs(), await receiver.cpuMs()] as const;
  const before = await cpu();
  const { begunAt, failed } = await worker.ask<WorkAnswer>('work');
  const after = await cpu();
  const accepted = (await receiver.ask<number[]>('accepted')).map((at) => at - begunAt).sort((a, b) => a - b);
  if (failed > 0 || accepted.length !== events)
    throw new Error(
      `Of ${events} events ${accepted.length} were accepted, and ${failed} went back to the queue.`,
    );
  const [workerCpu = 0, engineCpu = 0, receiverCpu = 0] = after.map(
    (value, part) => (value - (before[part] ?? 0)) / events,
  );
  return {
    eventsPerSecond: (1000 * events) / (accepted.at(-1) ?? Number.NaN),
    p50: percentile(accepted, 0.5),
    p99: percentile(accepted, 0.99),
    workerCpu,
    engineCpu,
    allCpu: workerCpu + engineCpu + receiverCpu,
  };
};

/** Requests for an event, by operation: "PutItem 2.00, GetItem 1.00". */
export type CallsPerEvent = ReadonlyMap<string, number>;

/** Of a worker that has delivered before, so that keys are known; the POST to the flow is not among them. */
export const callsPerEvent = async (
  surroundings: DeliverySurroundings,
  directory: string,
  events: number,
): Promise<CallsPerEvent> => {
  const worker = await surroundings.startWorker(directory, true);
  try {
    await burst(worker, surroundings, events);
    surroundings.takeCounts();
    await burst(worker, surroundings, events);
    return new Map([...surroundings.takeCounts()].map(([name, count]) => [name, count / events]));
  } finally {
    await worker.stop();
  }
};

export const describeCalls = (calls: CallsPerEvent): string =>
  [...calls].map(([name, count]) => `${name} ${count.toFixed(2)}`).join(', ');

export interface DeliveryRow {
  readonly of: string;
  readonly 'events/s': number;
  readonly 'p50 ms': number;
  readonly 'p99 ms': number;
  readonly 'CPU ms/event, worker': string;
  readonly engine: string;
  readonly 'all parts': string;
  readonly 'worker : bare loop': string;
  /** p99 by the CPU time of all events in all parts, spread over the cores. */
  readonly 'p99 : all CPU / cores': string;
}

export interface DeliveryComparison {
  readonly rows: readonly DeliveryRow[];
  /** By contender: worker CPU for an event as a multiple of the bare loop's, and CPU, rate as multiples of the first. */
  readonly ofBare: readonly number[];
  readonly ofFirst: readonly { readonly cpu: number; readonly rate: number; readonly p99: number }[];
}

/** @param directories of the function `deliver`, by the name of their build */
export const compareDelivery = async (
  surroundings: DeliverySurroundings,
  directories: Readonly<Record<string, string>>,
  plan: { readonly events: number; readonly rounds: number; readonly cores: number },
): Promise<DeliveryComparison> => {
  const names = Object.keys(directories);
  const workers: Part[] = [];
  try {
    for (const directory of Object.values(directories))
      workers.push(await surroundings.startWorker(directory));
    workers.push(await surroundings.startBareLoop());
    // Until the code is compiled.
    for (const worker of workers) await burst(worker, surroundings, plan.events);
    const measured = await interleave(workers, plan.rounds, (worker) =>
      burst(worker, surroundings, plan.events),
    );
    const [first = []] = measured;
    const bare = measured.at(-1) ?? [];
    const of = (all: readonly Burst[], value: (one: Burst) => number) => median(all.map(value));
    const rows = measured.map(
      (all, index): DeliveryRow => ({
        of: names[index] ?? 'bare loop: signed write, POST, signed write',
        'events/s': Math.round(of(all, (one) => one.eventsPerSecond)),
        'p50 ms': Math.round(of(all, ({ p50 }) => p50)),
        'p99 ms': Math.round(of(all, ({ p99 }) => p99)),
        'CPU ms/event, worker': of(all, ({ workerCpu }) => workerCpu).toFixed(3),
        engine: of(all, ({ engineCpu }) => engineCpu).toFixed(3),
        'all parts': of(all, ({ allCpu }) => allCpu).toFixed(3),
        'worker : bare loop': medianRatio(all, bare, ({ workerCpu }) => workerCpu).toFixed(2),
        'p99 : all CPU / cores': of(
          all,
          ({ p99, allCpu }) => (p99 * plan.cores) / (allCpu * plan.events),
        ).toFixed(2),
      }),
    );
    return {
      rows,
      ofBare: measured.map((all) => medianRatio(all, bare, ({ workerCpu }) => workerCpu)),
      ofFirst: measured.map((all) => ({
        cpu: medianRatio(all, first, ({ workerCpu }) => workerCpu),
        rate: medianRatio(all, first, ({ eventsPerSecond }) => eventsPerSecond),
        p99: medianRatio(all, first, ({ p99 }) => p99),
      })),
    };
  } finally {
    for (const worker of workers) await worker.stop();
  }
};
