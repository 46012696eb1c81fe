/** What one poll reads of the source beside the job list: only what the finished tasks call for. */
import pMap from 'p-map';
import { dayMs, minuteMs } from '../runtime/time.ts';
import type { Cursor, DetectionStart } from '../triggers/cursor.ts';
import { needsNodes } from '../triggers/data-source-of-task.ts';
import { type Needs, needsOf, type Reads } from '../triggers/detect.ts';
import type { JobChanges } from '../triggers/job-changes.ts';
import { reachesBack } from '../triggers/job-list-reach.ts';
import { hasNewEvaluation, type LostMeasure, measureLoss, missingMeasures } from '../triggers/measures.ts';
import type { ObservedMeasure } from '../triggers/observation.ts';
import { missingNames } from '../triggers/readings.ts';
import { type JobList, jobListLengths, longestHistoryDays, newestJobs } from '../triggers/source.ts';
import { isThresholdTrigger, tasksCallingFor, triggersReading } from '../triggers/trigger-set.ts';
import type { WatchPorts } from './ports.ts';

/** Measures read one by one, this many at a time. */
const measuresAtOnce = { concurrency: 6 };
/** Names whose subscriptions are looked for, this many at a time. */
const namesAtOnce = { concurrency: 20 };

/**
 * The job list, with older jobs asked for until it reaches back to what was processed last or there are no more
 * jobs. Jobs that do not fit into one response are not asked for again: a gap reports them.
 */
export const jobsSince = async (
  { source }: WatchPorts,
  instanceId: string,
  cursor: Cursor,
  newest: JobList,
  start: DetectionStart | undefined,
): Promise<JobList> => {
  let list = newest;
  for (const [index, top] of jobListLengths.entries()) {
    const asked = jobListLengths[index - 1];
    if (asked === undefined) continue;
    // Where fewer were asked for because the answer was too large, more would be too large as well.
    if (list.cut || list.jobs.length < asked || reachesBack(cursor.jobs, list.jobs, start)) break;
    const longer = await newestJobs(source, instanceId, top);
    list = longer.jobs.length > list.jobs.length ? longer : { jobs: list.jobs, cut: longer.cut };
  }
  return list;
};

/**
 * How many days of evaluation history close the gap between the last reading and now: one more than have
 * passed, because an evaluation that began before that reading may have ended after it. A reading that has
 * not been yet was noted by a host whose clock is wrong: then all that is kept.
 */
export const historyDays = (readAt: number | null, now: number): number =>
  readAt !== null && readAt > now + minuteMs
    ? longestHistoryDays
    : readAt === null
      ? 0
      : Math.min(longestHistoryDays, Math.max(0, Math.floor((now - readAt) / dayMs)) + 1);

/** Whether a subscription follows a segment or a measure. */
export const isFollowed = async (
  { triggers, subscriptions }: WatchPorts,
  instanceId: string,
  name: string,
  read: 'segments' | 'measures',
): Promise<boolean> => {
  for (const trigger of triggersReading(triggers, read))
    if (isThresholdTrigger(triggers, trigger)) {
      if (await subscriptions.followsValue(instanceId, trigger, name)) return true;
    } else for await (const _ of subscriptions.ofSubject(instanceId, trigger, name)) return true;
  return false;
};

/**
 * The followed measures that were evaluated since, each with its history, and those that can no longer be
 * followed.
 */
const measuresSince = async (
  ports: WatchPorts,
  instanceId: string,
  cursor: Cursor,
  days: number,
  registering: ReadonlySet<string>,
): Promise<Required<Pick<Reads, 'measures' | 'lostMeasures'>>> => {
  const { source } = ports;
  const listed = await source.measures(instanceId);
  const suspects = new Set(missingMeasures(cursor, listed));
  const evaluated = listed.filter((measure) => hasNewEvaluation(cursor.measures[measure.name], measure));
  const measures = new Map(listed.map((measure): [string, ObservedMeasure] => [measure.name, measure]));
  const lost: LostMeasure[] = [];
  const readAlone = async (name: string) => {
    const suspect = suspects.has(name);
    if (!registering.has(name) && !(await isFollowed(ports, instanceId, name, 'measures'))) {
      const measure = measures.get(name);
      if (measure) measures.set(name, { ...measure, unfollowed: true });
      if (suspect) lost.push({ name, reason: null });
      return;
    }
    const measure = await source.measure(instanceId, name, days);
    // One odd answer of the list ends nothing: the measure itself is asked.
    const loss = suspect ? measureLoss(name, measure) : undefined;
    const reason = loss === undefined ? undefined : `${loss} Then save the flow.`;
    if (reason !== undefined) lost.push({ name, reason });
    if (measure) measures.set(name, measure);
  };
  const names = [...new Set([...suspects, ...evaluated.map(({ name }) => name)])].sort();
  await pMap(names, readAlone, measuresAtOnce);
  return { measures: [...measures.values()], lostMeasures: lost };
};

/**
 * The segments, and those that may be forgotten: no longer listed, and followed by no subscription. A followed
 * one keeps its value, because it may be missing from this answer only.
 */
const segmentsSince = async (
  ports: WatchPorts,
  instanceId: string,
  cursor: Cursor,
  days: number,
): Promise<Required<Pick<Reads, 'segments' | 'goneSegments'>>> => {
  const segments = await ports.source.segments(instanceId, days);
  const goneSegments: string[] = [];
  await pMap(
    missingNames(cursor.segments, segments),
    async (name) => {
      if (!(await isFollowed(ports, instanceId, name, 'segments'))) goneSegments.push(name);
    },
    namesAtOnce,
  );
  return { segments, goneSegments };
};

const dataSourcesOf = async (
  { source, triggers }: WatchPorts,
  instanceId: string,
  changes: JobChanges,
): Promise<Pick<Reads, 'dataSources' | 'nodes'>> => {
  const dataSources = await source.dataSources(instanceId);
  return needsNodes(tasksCallingFor(triggers, 'dataSources', changes.tasks), dataSources)
    ? { dataSources, nodes: await source.nodes(instanceId) }
    : { dataSources };
};

/**
 * @param readAt epoch ms of the last reading of all values, or of the first registration; null for neither
 * @param sweep everything is read
 */
export const readFurther = async (
  ports: WatchPorts,
  instanceId: string,
  cursor: Cursor,
  changes: JobChanges,
  options: {
    readonly readAt: number | null;
    readonly sweep: boolean;
    readonly now: number;
    /** Measures of which a registration has noted the value: it is about to follow them, if it has not ended. */
    readonly registering: ReadonlySet<string>;
  },
): Promise<Omit<Reads, 'jobs'>> => {
  const needs: Needs = needsOf(ports.triggers, changes.tasks, options.sweep);
  const days = historyDays(options.readAt, options.now);
  const [dataSources, segments, measures] = await Promise.all([
    needs.dataSources ? dataSourcesOf(ports, instanceId, changes) : {},
    needs.segments ? segmentsSince(ports, instanceId, cursor, days) : {},
    needs.measures ? measuresSince(ports, instanceId, cursor, days, options.registering) : {},
  ]);
  return { ...dataSources, ...segments, ...measures };
};
