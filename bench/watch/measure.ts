/** Polls by the bundled function `watch`: without news, and with crossings of many subscriptions. */
import { minuteMs } from '../../lambda/runtime/time.ts';
import { sweepMs } from '../../lambda/watch/poll-schedule.ts';
import { describeCalls } from '../delivery/measure.ts';
import type { Part } from '../proxy/part.ts';
import { interleave, medianRatio } from '../statistics/interleave.ts';
import { median } from '../statistics/median.ts';
import { startWatchSurroundings, type WatchPlace } from './around-watch.ts';
import type { Evaluation } from './polled-instance.ts';
import type { LookAnswer, LookQuestion } from './polling-process.ts';

export interface WatchPlan {
  readonly subscriptions: number;
  readonly rounds: number;
  /** Sweeps in a run; between two of them are {@link quietLooks} and {@link crossingLooks}. */
  readonly sweeps: number;
}

/** Subscriptions whose threshold an evaluation crosses. */
export const crossed = 10;
const quietLooks = 6;
/** Each is followed by one in which the value is back where it was, which crosses nothing. */
const crossingLooks = 4;

/** Of a poll, in ms. */
interface Look {
  readonly quietCpu: number;
  readonly quietMs: number;
  readonly crossingCpu: number;
  readonly crossingMs: number;
}

/** A build's place, its worker, and what time it is there. */
interface Contender {
  readonly place: WatchPlace;
  readonly worker: Part;
  at: number;
}

/** @throws Error when a message went back to the queue */
const look = async (contender: Contender, looks: number): Promise<LookAnswer> => {
  const answer = await contender.worker.ask<LookAnswer>({ at: contender.at, looks } satisfies LookQuestion);
  contender.at += looks * minuteMs;
  if (answer.failed > 0) throw new Error(`${answer.failed} of ${looks} polls failed.`);
  return answer;
};

/** The poll that finds a new evaluation. */
const lookAt = async (contender: Contender, members: number): Promise<LookAnswer> => {
  const evaluation: Evaluation = { at: contender.at - minuteMs / 2, members };
  await contender.place.source.ask(evaluation);
  return look(contender, 1);
};

const perLook = (answers: readonly LookAnswer[], looks: number, value: (answer: LookAnswer) => number) =>
  answers.reduce((sum, answer) => sum + value(answer), 0) / looks;

/** @throws Error when an evaluation did not queue exactly one delivery for each threshold that it crosses */
const run = async (contender: Contender, { subscriptions, sweeps }: WatchPlan): Promise<Look> => {
  const quiet: LookAnswer[] = [];
  const crossing: LookAnswer[] = [];
  const low = Math.floor(subscriptions / 2);
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    contender.at += sweepMs;
    await lookAt(contender, low);
    quiet.push(await look(contender, quietLooks));
    contender.place.takeDeliveries();
    for (let made = 0; made < crossingLooks; made += 1) {
      crossing.push(await lookAt(contender, low + crossed));
      const queued = contender.place.takeDeliveries();
      if (queued !== crossed) throw new Error(`${queued} deliveries were queued, not ${crossed}.`);
      await lookAt(contender, low);
    }
  }
  const [quietSum, crossingSum] = [quietLooks * sweeps, crossingLooks * sweeps];
  return {
    quietCpu: perLook(quiet, quietSum, ({ cpuMs }) => cpuMs),
    quietMs: perLook(quiet, quietSum, ({ ms }) => ms),
    crossingCpu: perLook(crossing, crossingSum, ({ cpuMs }) => cpuMs),
    crossingMs: perLook(crossing, crossingSum, ({ ms }) => ms),
  };
};

/** Requests of one poll without news, and of one with crossings: "GET 1.00, GetItem 1.00". */
const callsOf = async (contender: Contender, low: number): Promise<readonly [string, string]> => {
  const worker = await contender.place.startWorker(true);
  const counted: Contender = { ...contender, worker };
  try {
    counted.at += sweepMs;
    await lookAt(counted, low);
    // By now it has read what is kept.
    await look(counted, 1);
    contender.place.takeCounts();
    await look(counted, 1);
    const quiet = contender.place.takeCounts();
    await lookAt(counted, low + crossed);
    const crossing = contender.place.takeCounts();
    contender.at = counted.at;
    return [describeCalls(quiet), describeCalls(crossing)];
  } finally {
    await worker.stop();
  }
};

export interface WatchComparison {
  readonly engine: string;
  readonly rows: readonly object[];
  /** By build: CPU time of its polls as a multiple of the first build's. */
  readonly ofFirst: readonly { readonly quiet: number; readonly crossing: number }[];
  /** By build: requests of a poll without news, and of one with crossings. */
  readonly calls: readonly (readonly [string, string])[];
}

/** @param directories of the function `watch`, by the name of their build */
export const compareWatch = async (
  directories: Readonly<Record<string, string>>,
  plan: WatchPlan,
): Promise<WatchComparison> => {
  const at = Date.now();
  const surroundings = await startWatchSurroundings(Object.values(directories), { ...plan, at });
  const contenders: Contender[] = [];
  try {
    for (const place of surroundings.places)
      contenders.push({ place, worker: await place.startWorker(), at: at + minuteMs });
    // Until the code is compiled.
    for (const contender of contenders) await run(contender, plan);
    const measured = await interleave(contenders, plan.rounds, (contender) => run(contender, plan));
    const [first = []] = measured;
    const of = (all: readonly Look[], value: (one: Look) => number) => median(all.map(value)).toFixed(2);
    const calls: (readonly [string, string])[] = [];
    for (const contender of contenders)
      calls.push(await callsOf(contender, Math.floor(plan.subscriptions / 2)));
    return {
      engine: surroundings.engine,
      rows: measured.map((all, index) => ({
        of: Object.keys(directories)[index],
        'CPU ms, no news': of(all, ({ quietCpu }) => quietCpu),
        'ms, no news': of(all, ({ quietMs }) => quietMs),
        [`CPU ms, ${crossed} crossings`]: of(all, ({ crossingCpu }) => crossingCpu),
        [`ms, ${crossed} crossings`]: of(all, ({ crossingMs }) => crossingMs),
      })),
      ofFirst: measured.map((all) => ({
        quiet: medianRatio(all, first, ({ quietCpu }) => quietCpu),
        crossing: medianRatio(all, first, ({ crossingCpu }) => crossingCpu),
      })),
      calls,
    };
  } finally {
    for (const { worker } of contenders) await worker.stop();
    await surroundings.close();
  }
};
