import { roundTrip } from '../expressions/dates/format.ts';
import { timestamp } from '../expressions/dates/timestamp.ts';

/** The time in which flows run. */
export interface FlowClock {
  /** Epoch ms. */
  now(): number;
  /** Ends when so many ms have passed on this clock. */
  wait(ms: number): Promise<void>;
}

/** Stands still but when something waits: a day passes at once. */
export const virtualClock = (startMs: number): FlowClock => {
  let at = startMs;
  return {
    now: () => at,
    wait: async (ms) => {
      at += ms;
    },
  };
};

/** An instant as the platform writes it. */
export const instantText = (ms: number): string => roundTrip(timestamp(ms, 0, 'utc'));
