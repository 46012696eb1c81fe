/** One seed: a few hours of life, then rest until everything has been worked off, then the invariants. */
import { flowIdOf } from '../../lambda/callback/callback-url.ts';
import { subscriptionId } from '../../lambda/runtime/ids.ts';
import { type Pace, pace } from '../../lambda/watch/pace.ts';
import { absenceViolations, crowdViolations, deadLettersIn, lastSweepMs } from './at-rest.ts';
import { callbackUrlOf } from './callback-receiver.ts';
import { type Chance, chanceOf } from './chance.ts';
import { uncountedPlaces } from './counted-places.ts';
import { type FaultRates, faultRates, noFaults } from './faults.ts';
import { createFlow, type Flow, liveFlow, type Platform } from './flows.ts';
import type { Surroundings } from './host.ts';
import { type CheckResult, check } from './invariants.ts';
import { observe } from './observations.ts';
import { drawOddLife, drawRevocation, leaveOtherRecords, loseSegment, type OddLife } from './odd-lives.ts';
import { drawOperatorLife, type OperatorOutcome, operate, personViolations } from './operator-life.ts';
import { ownershipViolations } from './ownership-at-rest.ts';
import { drawPauseLife, gapsAfterPause, pausesOf } from './pause-life.ts';
import { intruder, owner } from './people.ts';
import { platformOf } from './platform.ts';
import { createScheduler, type Scheduler } from './scheduler.ts';
import { type Deployment, deploy, type Seams } from './simulated-deployment.ts';
import { liveInstance, refreshOften } from './source-life.ts';
import { createInstance, type InstanceWorld } from './source-world.ts';
import { drawTellers, registerTeller, surelyToldMs, tellerViolations, toldOfTroubles } from './tellers.ts';
import { createTrace, type Trace } from './trace.ts';
import { triggerKinds } from './trigger-kinds.ts';
import type { Violation } from './violation.ts';

export interface SeedResult extends CheckResult {
  readonly seed: number;
  readonly virtualMs: number;
  readonly events: number;
  readonly counts: ReadonlyMap<string, number>;
  readonly traceDigest: string;
  /** The rare lives that this seed has. */
  readonly lives: readonly string[];
  /** The newest lines of the trace that contain one of the words. */
  readonly traceAbout: Trace['about'];
}

const minute = 60_000;
const hour = 60 * minute;
const start = Date.UTC(2026, 2, 1, 6);
/**
 * After the last change in the source: a sweep, the longest pause after failures, and a watch message's
 * visibility time-outs.
 */
const restMs = 45 * minute;
/** After a pause in which an instance was busy: a look at one event, every 15 s, for each of 500 jobs that are listed. */
const backlogMs = 3 * hour;
/** With nothing failing, an event is found by the next sweep and delivered with it. */
const promptMs = 18 * minute;

/** The life of the seeds that do little work at a time. */
export const littleAtATime = 'little work at a time';

/** Times in which something is away as a whole. */
const outages = (chance: Chance, rates: FaultRates, activeMs: number, longestMs: number) => {
  const times = Array.from({ length: chance.whole(0, rates.outages) }, () => {
    const from = start + chance.random() * activeMs;
    return { from, to: Math.min(start + activeMs, from + chance.within(20_000, longestMs)) };
  });
  return (now: number) => times.some(({ from, to }) => from <= now && now < to);
};

/**
 * Half of the seeds work off so little at a time that a few flows are many: looks end before their work does, and
 * most events are sent in parts. What is lost is asked for again while the seed still rests.
 */
const paceOf = (chance: Chance): Pace =>
  chance.happens(0.5)
    ? pace
    : {
        lookMs: chance.pick([50, 1_000, pace.lookMs]),
        entriesPerLook: chance.pick([0, 0, 1, 3]),
        entriesPerPart: chance.whole(1, 3),
        partsPerMessage: chance.whole(1, 3),
        messageMs: chance.pick([50, pace.messageMs]),
        lostAfterMs: pace.lostAfterMs,
      };

const ticks = (scheduler: Scheduler, deployment: Deployment, chance: Chance, until: number) => {
  const tick = () => {
    // The schedule itself is late or skips a beat, now and then.
    if (!chance.happens(0.01)) scheduler.after(chance.within(0, 900), deployment.tick);
    if (scheduler.now() < until) scheduler.after(minute, tick);
  };
  tick();
};

const failedInto =
  (trace: Trace) =>
  (error: unknown): void => {
    trace.count('the simulation itself failed');
    trace.add(String(error instanceof Error ? error.stack : error));
  };

const lives = (
  seed: number,
  surroundings: Surroundings,
  platform: (chance: Chance) => Platform,
  instances: readonly InstanceWorld[],
  flows: readonly Flow[],
  end: number,
) => {
  const { scheduler, trace } = surroundings;
  const failed = failedInto(trace);
  for (const [index, instance] of instances.entries())
    void liveInstance({ instance, scheduler, trace, chance: chanceOf(seed, 100 + index) }, end).catch(failed);
  for (const [index, flow] of flows.entries())
    void liveFlow(platform(chanceOf(seed, 200 + index)), flow, end).catch(failed);
};

export const runSeed = async (seed: number, seams: Seams = {}): Promise<SeedResult> => {
  const scheduler = createScheduler(start);
  const trace: Trace = createTrace(scheduler.now, start);
  const world = chanceOf(seed, 1);
  const chance = chanceOf(seed, 2);
  const hectic = world.happens(0.15);
  const activeMs = hectic ? 20 * minute : world.within(15, 75) * minute;
  const end = start + activeMs;
  const intruderRevokedAt = drawRevocation(chanceOf(seed, 11), start, activeMs);
  const revokedAt = (objectId: string) =>
    objectId === intruder ? intruderRevokedAt : Number.POSITIVE_INFINITY;
  const { observations, observers, onFault, onDeath } = observe(scheduler.now, trace, revokedAt);
  const stormy = faultRates(chanceOf(seed, 3));
  let rates = stormy;
  let odd: OddLife | undefined;
  const surroundings: Surroundings = {
    scheduler,
    trace,
    chance,
    secrets: chanceOf(seed, 7),
    rates: () => rates,
    onFault,
    onDeath,
    aheadMs: (host) => (host.startsWith('watch-') ? (odd?.hostAheadMs() ?? 0) : 0),
    neverSettles: (port) => odd?.neverSettles(port, scheduler.now()) ?? false,
  };
  const instances = Array.from({ length: world.pick([1, 1, 1, 2, 3]) }, (_, index) =>
    createInstance(world, index, hectic),
  );
  odd = drawOddLife(chanceOf(seed, 8), start, activeMs, instances);
  const { looksRefusedUntil, isRemoved, otherVersion, segmentLostAt } = odd;
  const isFirst = (id: string) => id === instances[0]?.id;
  const flows = Array.from({ length: world.whole(3, 12) }, (_, index) => createFlow(index));
  const tellers = drawTellers(chanceOf(seed, 13));
  const pause = drawPauseLife(chanceOf(seed, 14), start, activeMs);
  const pauses = pause && pausesOf(pause);
  const ownPace = paceOf(chanceOf(seed, 8));
  const tableAway = outages(chanceOf(seed, 4), stormy, activeMs, 4 * minute);
  const sourceAway = outages(chanceOf(seed, 5), stormy, activeMs, 90 * minute);
  const deployment = deploy({
    surroundings,
    instances,
    flows: new Map([...flows, ...tellers].map(({ endpoint }) => [endpoint.id, endpoint])),
    observers,
    seams,
    sourceAway: (id) => isFirst(id) && sourceAway(scheduler.now()),
    tableAway: () => tableAway(scheduler.now()),
    looksRefused: (id) => isFirst(id) && scheduler.now() < looksRefusedUntil,
    isRevoked: (objectId) => scheduler.now() >= revokedAt(objectId),
    isServed: (id) => !isFirst(id) || !isRemoved(scheduler.now()),
    inTable: pause !== undefined,
    onLook: pauses?.onLook,
    pace: ownPace,
  });
  const [first] = instances;
  if (first && looksRefusedUntil > 0)
    void refreshOften(
      { instance: first, scheduler, trace, chance: chanceOf(seed, 9) },
      Math.min(looksRefusedUntil, start + 15 * minute),
    );
  if (first && segmentLostAt !== undefined) void loseSegment(first, scheduler, segmentLostAt);
  if (otherVersion !== undefined)
    void leaveOtherRecords(deployment.table, scheduler, otherVersion, instances);
  const operator = drawOperatorLife(chanceOf(seed, 12), start, end);
  const operated: OperatorOutcome[] = [];
  const failed = failedInto(trace);
  if (operator)
    void operate({ surroundings, deployment, observations, seam: seams.person }, operator, operated).catch(
      failed,
    );
  const { configured } = deployment;
  void pauses?.operate({ surroundings, deployment, observations, configured }).catch(failed);
  if (first && pause?.beyondHistory)
    void scheduler
      .sleep(pause.from - start)
      .then(() =>
        refreshOften(
          { instance: first, scheduler, trace, chance: chanceOf(seed, 15) },
          pause.to - 5 * minute,
        ),
      )
      .catch(failed);
  // Looks that were refused for hours are made again an hour after the last of them at the latest.
  const restUntil = Math.max(
    looksRefusedUntil > end ? looksRefusedUntil + hour + restMs : end + restMs,
    (pause?.to ?? 0) + (pause?.beyondHistory ? backlogMs : 0) + restMs,
  );
  ticks(scheduler, deployment, chanceOf(seed, 6), restUntil);
  lives(
    seed,
    surroundings,
    (own) => platformOf(surroundings, own, instances, deployment.http),
    instances,
    flows,
    end,
  );
  for (const [index, teller] of tellers.entries())
    void registerTeller(
      platformOf(surroundings, chanceOf(seed, 300 + index), instances, deployment.http),
      teller,
      // A registration has had its effect before an operator ends everything.
      (operator?.at ?? Number.POSITIVE_INFINITY) - 3 * minute,
    );
  await scheduler.run(end + 10 * minute);
  rates = noFaults;
  await scheduler.run(restUntil + 10 * minute);
  // Nothing is looked for any more; what is being tried again for a day may meet faults to its end. Those
  // that double a message are left out: each of a waiting delivery's messages is sent anew for a day, and
  // they would multiply.
  if (world.happens(0.5))
    rates = { ...noFaults, crash: Math.min(0.02, stormy.crash), failBefore: stormy.failBefore };
  await scheduler.run(Number.POSITIVE_INFINITY);
  rates = noFaults;
  const asking = ownershipViolations(deployment);
  await scheduler.run(Number.POSITIVE_INFINITY);

  const absences: Violation[] = [];
  for (const instance of instances)
    absences.push(...(await absenceViolations(deployment.table, instance, restUntil - lastSweepMs)));
  const calm = stormy === noFaults && !odd.delays && pause === undefined;
  const truths = instances.flatMap((instance) => triggerKinds.flatMap((kind) => kind.truths(instance)));
  const findings = check(
    {
      instances,
      flows,
      truths,
      observations,
      deadLetters: await deadLettersIn(deployment.table),
      subscriptionIdOf: ({ endpoint }) =>
        subscriptionId(flowIdOf(new URL(callbackUrlOf(endpoint.id, 1, ''))), owner),
      ...(first && pause?.beyondHistory && { mayBeMissing: await gapsAfterPause(deployment.table, first) }),
      promptMs: ({ moody }) => (calm && !moody ? promptMs : undefined),
    },
    start,
  );
  const uncounted = await uncountedPlaces(deployment);
  const leftOver = [...Object.values(deployment.queues), ...Object.values(deployment.deadLetters)].filter(
    (queue) => queue.size() > 0,
  );
  const own: readonly Violation[] = [
    ...absences,
    ...crowdViolations(deployment.table),
    ...(await asking),
    ...personViolations(deployment.table, flows, observations.places, operator, operated),
    ...tellerViolations(tellers, flows, observations, deployment.table, restUntil - surelyToldMs),
    ...leftOver.map((queue) => ({
      rule: 'rest',
      text: `${queue.size()} messages stay in the queue ${queue.name}`,
      about: [queue.name],
    })),
    ...uncounted.map((text) => ({ rule: 'counted', text, about: ['counters'] })),
    ...(trace.counts.has('the simulation itself failed')
      ? [{ rule: 'simulation', text: 'the simulation itself failed', about: ['at '] }]
      : []),
  ];
  return {
    ...findings,
    violations: [...findings.violations, ...own],
    seed,
    virtualMs: scheduler.now() - start,
    events: scheduler.events(),
    counts: trace.counts,
    traceDigest: trace.digest(),
    lives: [
      ...odd.names,
      ...(operator ? [operator.name] : []),
      ...(pause ? [pause.name] : []),
      ...(ownPace === pace ? [] : [littleAtATime]),
      ...(tellers.length > 0 ? [toldOfTroubles] : []),
    ],
    traceAbout: trace.about,
  };
};
