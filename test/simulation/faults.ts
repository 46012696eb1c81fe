import type { Chance } from './chance.ts';

/** How often each fault strikes; probabilities, per call unless said otherwise. */
export interface FaultRates {
  /** The process dies: before, while or after the call takes effect. */
  readonly crash: number;
  /** The call fails and has had no effect. */
  readonly failBefore: number;
  /** The call fails although it had its effect. */
  readonly failAfter: number;
  /** 0.1 to 4 s instead of milliseconds. */
  readonly slow: number;
  /** 10 to 55 s: longer than a lease. */
  readonly stall: number;
  /** Per message: it comes a second time, at once or after it was deleted. */
  readonly duplicate: number;
  /** Per message: it comes up to a minute late, behind others. */
  readonly late: number;
  /** Per call of the source: 429, 5xx, no answer. */
  readonly source: number;
  /** Per callback: it is accepted, but the answer is lost or comes after the time-out. */
  readonly answerLost: number;
  /** Per invocation: its environment is not used again. */
  readonly recycled: number;
  /** Whole minutes in which the source or the table does not answer at all; number of such times. */
  readonly outages: number;
}

export const noFaults: FaultRates = {
  crash: 0,
  failBefore: 0,
  failAfter: 0,
  slow: 0,
  stall: 0,
  duplicate: 0,
  late: 0,
  source: 0,
  answerLost: 0,
  recycled: 0,
  outages: 0,
};

const light: FaultRates = {
  crash: 0.002,
  failBefore: 0.004,
  failAfter: 0.002,
  slow: 0.03,
  stall: 0.001,
  duplicate: 0.03,
  late: 0.05,
  source: 0.02,
  answerLost: 0.01,
  recycled: 0.02,
  outages: 1,
};

const heavy: FaultRates = {
  crash: 0.02,
  failBefore: 0.02,
  failAfter: 0.015,
  slow: 0.1,
  stall: 0.008,
  duplicate: 0.15,
  late: 0.2,
  source: 0.1,
  answerLost: 0.05,
  recycled: 0.1,
  outages: 2,
};

/**
 * Each seed has weather of its own: all faults, a single kind of them so that none hides another, or none.
 */
export const faultRates = (chance: Chance): FaultRates => {
  const only = (some: Partial<FaultRates>): FaultRates => ({ ...noFaults, ...some });
  return chance.pick([
    noFaults,
    light,
    light,
    heavy,
    heavy,
    only({ crash: 0.04, recycled: 0.1 }),
    only({ stall: 0.03, slow: 0.2 }),
    only({ stall: 0.05, slow: 0.2, duplicate: 0.4, late: 0.3, recycled: 0.3 }),
    only({ failBefore: 0.04, failAfter: 0.04 }),
    only({ duplicate: 0.4, late: 0.4 }),
    only({ source: 0.25, outages: 3 }),
  ]);
};
