import { StoreUnavailable } from './table.ts';

/** Others get in between this often: something is wrong. */
const tries = 10;

/**
 * Reads, decides and writes until nobody else writes in between.
 * @param attempt reads anew each time; "overtaken" when its write found another version than it had read
 * @param contention a sentence for the caller: what is changed by several at once, and what to do
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
