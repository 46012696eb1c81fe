/** A command of an operator, as a process that may die or be refused. */
import type { Host, Surroundings } from './host.ts';

/** A call that never settles keeps the command; so long the operator waits, ms. */
const patienceMs = 10 * 60_000;

/** @returns what it said; undefined when it came to no end, so that the operator repeats it */
export const commandOn = <Said>(
  host: Host,
  { scheduler }: Surroundings,
  run: () => Promise<Said>,
): Promise<Said | undefined> =>
  new Promise((resolve) => {
    host.onCrash(() => resolve(undefined));
    scheduler.after(patienceMs, () => host.crash('the operator stops the command'));
    run().then(resolve, () => resolve(undefined));
  });
