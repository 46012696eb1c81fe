import { StoreUnavailable } from './table.ts';

/** After so many attempts something is wrong. */
const tries = 10;

/**
 * Repeats an attempt to read, decide and write until no other process writes in between.
 * @param attempt reads again each time; "overtaken" when its write found another version than it had read
 * @param contention message of the error: what several calls change at once, and what to do
 * @throws StoreUnavailable after ten attempts
 */
export const untilWritten = async <Result>(
  attempt: () => Promise<Result | 'overtaken'>,
  contention: string,
): Promise<Result> => {
  for (let made = 0; made < tries; made += 1) {
    const result = await attempt();
    if (result !== 'overtaken') return result;
  }
  throw new StoreUnavailable(contention);
};
