import { setImmediate as nextTurn } from 'node:timers/promises';
import { createLimiter, type LimiterStore } from '../../../lambda/limiter/index.ts';
import { limiterEpoch } from '../../../lambda/limiter/window.ts';
import { futureStart } from '../times-of-engines.ts';
import { AdmissionAudit, type AuditResult } from './admission-audit.ts';
import { type ArrivalPattern, arrivalGaps } from './arrivals.ts';
import { between, type Random, seeded } from './random.ts';

export interface Scenario {
  readonly pattern: ArrivalPattern;
  readonly calls: number;
  /** Calls under way at most. */
  readonly callers: number;
  /** Over how many processes the callers are spread, each with its own clock and its own limiter. */
  readonly processes: number;
  /** Largest difference between two of those clocks, milliseconds. */
  readonly skewMs: number;
  readonly limit: number;
  readonly windowMs: number;
  readonly seed: number;
}

/** What a limiter under simulation is given: its clock, and the audit it has to report admitted calls to. */
export interface SimulatedProcess {
  /** Unix milliseconds, off by this process's skew. */
  readonly now: () => number;
  /** True time of a reading of this process's clock. */
  readonly trueTimeOf: (clockTime: number) => number;
  readonly audit: AdmissionAudit;
  /** The same for all processes of a scenario, different between scenarios. */
  readonly connection: string;
  readonly random: Random;
}

/** Makes the call of one process; resolves to whether it was admitted. */
export type SimulatedCall = () => Promise<boolean>;

export interface Contender {
  start(process: SimulatedProcess, scenario: Scenario): SimulatedCall;
  /** Writes so far. */
  writes(): WriteCounts;
}

/** Failed conditions are paid for like writes. */
export interface WriteCounts {
  readonly all: number;
  /** Those that neither admitted a call nor established a refusal. */
  readonly lost: number;
}

export interface ScenarioResult extends AuditResult {
  readonly calls: number;
  readonly writes: WriteCounts;
}

const startTime = futureStart;
/** Time does not move on by more than this while calls are under way: no write takes as long. */
const longestOverlapMs = 50;

/**
 * Runs a scenario's arrivals in simulated time. Calls overlap, so that answers overtake each other, but nothing sleeps. Clocks are
 * set anew every 500 calls: they step forwards and backwards within the skew.
 */
export const simulate = async (scenario: Scenario, contender: Contender): Promise<ScenarioResult> => {
  const { callers, processes, skewMs, limit, windowMs, seed } = scenario;
  const random = seeded(seed);
  const gaps = arrivalGaps(scenario.pattern, scenario.calls, random, scenario);
  const audit = new AdmissionAudit(limit, windowMs, skewMs);
  const writesBefore = contender.writes();
  const skews: number[] = [];
  let trueTime = startTime;

  const setClocks = () => {
    for (let process = 0; process < processes; process += 1)
      skews[process] = between(random, 0, skewMs) - Math.floor(skewMs / 2);
  };
  setClocks();
  const calls = Array.from({ length: processes }, (_, process) => {
    const skew = () => skews[process] ?? 0;
    const call = contender.start(
      {
        now: () => trueTime + skew(),
        trueTimeOf: (clockTime) => clockTime - skew(),
        audit,
        random,
        connection: `${scenario.pattern}-${callers}-${processes}-${skewMs}-${seed}`,
      },
      scenario,
    );
    return async () => {
      if (!(await call())) audit.refused({ trueTime, clockTime: trueTime + skew() });
    };
  });

  const underWay = new Set<Promise<void>>();
  for (const [arrival, gap] of gaps.entries()) {
    if (gap > longestOverlapMs) await Promise.all(underWay);
    if (arrival % 500 === 499) {
      await Promise.all(underWay);
      setClocks();
    }
    while (underWay.size >= callers) await Promise.race(underWay);
    trueTime += gap;
    const call = calls[arrival % processes];
    if (call === undefined) throw new RangeError('A scenario needs at least one process.');
    const made = call().finally(() => underWay.delete(made));
    underWay.add(made);
    // Lets every answer that has arrived be heard before the clock moves on.
    await nextTurn();
  }
  await Promise.all(underWay);
  const { all, lost } = contender.writes();
  const writes = { all: all - writesBefore.all, lost: lost - writesBefore.lost };
  return { ...audit.result(), calls: scenario.calls, writes };
};

/**
 * Our limiter over any store.
 * @param travel Wraps the way to the store and back, so that the audit learns of a call when it is stored, as the store does.
 */
export const limiterContender = (
  store: LimiterStore,
  travel: (store: LimiterStore) => LimiterStore = (near) => near,
): Contender => {
  let all = 0;
  let lost = 0;
  return {
    writes: () => ({ all, lost }),
    start({ now, trueTimeOf, audit, connection, random }, { limit, windowMs }) {
      const record = (time: number) => {
        const clockTime = time + limiterEpoch;
        audit.admitted({ clockTime, trueTime: trueTimeOf(clockTime) });
      };
      const audited: LimiterStore = {
        async replace(replacement) {
          all += 1;
          const answer = await store.replace(replacement);
          if (answer.replaced) record(replacement.time);
          else if (answer.times?.some((time) => time <= replacement.notAfter) ?? true) lost += 1;
          return answer;
        },
        async create(creation) {
          all += 1;
          const answer = await store.create(creation);
          const time = creation.times.at(-1);
          if (answer.created && time !== undefined) record(time);
          else lost += 1;
          return answer;
        },
      };
      const limiter = createLimiter({ store: travel(audited), limit, windowMs, now, random });
      const identity = { tenantId: 'tenant', objectId: connection, clientAppId: 'app' };
      return async () => (await limiter.admit(identity)).admitted;
    },
  };
};

/** A way to the store that takes time: up to two turns of the event loop there, and as many back. */
export const slowTravel = (random: Random): ((store: LimiterStore) => LimiterStore) => {
  const delay = async () => {
    for (let turns = between(random, 0, 2); turns > 0; turns -= 1) await nextTurn();
  };
  const travel = async <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
    await delay();
    const answer = await work();
    await delay();
    return answer;
  };
  return (store) => ({
    replace: (replacement) => travel(() => store.replace(replacement)),
    create: (creation) => travel(() => store.create(creation)),
  });
};
