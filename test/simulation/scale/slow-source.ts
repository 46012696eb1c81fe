/** Customer Insights in virtual time: it takes as long as chance says, and knows one refresh of some instances. */
import { minuteMs } from '../../../lambda/runtime/time.ts';
import type { ObservedJob } from '../../../lambda/triggers/observation.ts';
import type { Source } from '../../../lambda/triggers/source.ts';
import { figure } from '../../../scripts/cost/figures.ts';
import { noon, shop, sourceOf } from '../../lambda/subscriptions/world.ts';
import type { Scheduler } from '../scheduler.ts';

/** @param percent 0 to 100 @returns of values in ascending order, by the nearest rank */
export const percentile = (sorted: readonly number[], percent: number): number =>
  sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0;

/** Normal, by the method of Box and Muller. */
const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Ms; half of the calls within the median, 99 % within the slow figure of the cost model. */
export const sourceDelay = (random: () => number): number => {
  const [median, slow] = [figure('sourceMedianMs'), figure('sourceSlowMs')];
  return median * (slow / median) ** (normal(random) / 2.326_347_87);
};

/** What a refresh looks like at a time; it fails, so that the flows get an event. */
const jobAt = (ended: ObservedJob, minute: number): readonly ObservedJob[] => {
  const { submittedAt = 0, endedAt } = ended;
  const at = noon + minute * minuteMs;
  if (at < submittedAt) return [];
  return [
    endedAt !== undefined && at >= endedAt
      ? ended
      : { ...ended, status: 'running', endedAt: undefined, tasks: [] },
  ];
};

export const slowSource = (
  { now, sleep }: Pick<Scheduler, 'now' | 'sleep'>,
  random: () => number,
  refreshOf: (instanceId: string) => ObservedJob | undefined,
): { readonly source: Source; readonly pauseReads: () => number } => {
  const answering = async <Answer>(read: () => Promise<Answer>): Promise<Answer> => {
    await sleep(sourceDelay(random));
    return read();
  };
  let pauseReads = 0;
  const stateOf = (id: string) => {
    const refresh = refreshOf(id);
    const jobs = refresh ? jobAt(refresh, (now() - noon) / minuteMs) : [];
    return sourceOf({ jobs, dataSources: [shop], segments: [], measures: [] });
  };
  const source: Source = {
    jobs: (id, top) => {
      // Whether the instance is paused: a read of the limiter's table, where each instance has a key of its own.
      pauseReads += 1;
      return answering(() => stateOf(id).jobs(id, top));
    },
    dataSources: (id) => answering(() => stateOf(id).dataSources(id)),
    segments: (id, days) => answering(() => stateOf(id).segments(id, days)),
    measures: (id) => answering(() => stateOf(id).measures(id)),
    measure: (id, name, days) => answering(() => stateOf(id).measure(id, name, days)),
    nodes: (id) => answering(() => stateOf(id).nodes(id)),
  };

  return { source, pauseReads: () => pauseReads };
};
