/** A run that goes the same way every time: its clock moves only when advanced, and its ids are counted. */
import { createHash } from 'node:crypto';
import { LocalClock } from '../clock.ts';
import { type LocalSystem, type LocalSystemOptions, startLocalSystem } from '../system.ts';

/** A Monday morning, well away from the daily refresh at night. */
const start = Date.UTC(2026, 5, 1, 10, 0, 0);

/** Texts that look random and are the same in every run. */
const countedText = (): ((bytes: number) => string) => {
  let count = 0;
  return (bytes) => {
    count += 1;
    return createHash('sha512')
      .update(`text ${count}`)
      .digest('hex')
      .slice(0, bytes * 2);
  };
};

/**
 * Starts a system, lets `use` work with it and ends it.
 * @param options a world of another size, a log; bundles and template that exist already
 */
export const inReproducibleRun = async <Result>(
  options: Omit<LocalSystemOptions, 'clock' | 'newText'>,
  use: (system: LocalSystem) => Promise<Result>,
): Promise<Result> => {
  const system = await startLocalSystem({
    ...options,
    clock: LocalClock.frozen(start),
    newText: countedText(),
  });
  try {
    return await use(system);
  } finally {
    await system.close();
  }
};
