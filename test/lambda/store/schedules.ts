/**
 * Several processes on one store, with their calls in every order that needs few preemptions (as in M. Musuvathi and S. Qadeer,
 * "Iterative context bounding", PLDI 2007: almost every race shows with two). A process is paused before each of its calls; it
 * goes on when it is chosen. One that is never chosen again has crashed there.
 */
import type { Table } from '../../../lambda/store/table.ts';

/** Called before every call to the outside; what it does decides when, and whether, the call happens. */
export type Step = () => Promise<void>;

/** The table with a step before every call. */
export const steppedTable = (table: Table, step: Step): Table => {
  const stepped =
    <Arguments extends readonly unknown[], Result>(call: (...args: Arguments) => Promise<Result>) =>
    async (...args: Arguments): Promise<Result> => {
      await step();
      return call(...args);
    };
  return {
    get: stepped(table.get),
    swap: stepped(table.swap),
    remove: stepped(table.remove),
    async *range(pk, from, to) {
      await step();
      yield* table.range(pk, from, to);
    },
    last: stepped(table.last),
  };
};

export type Process = (step: Step) => Promise<unknown>;

/** Which of the waiting processes goes on: an index below `waiting`. */
export type Choose = (waiting: number) => number;

interface Running {
  /** Calls that wait to be made, oldest first: a process may make several at once. */
  readonly waiting: (() => void)[];
  ended: boolean;
  error: unknown;
}

/** Nothing here waits for anything but other promises, so in the next turn of the event loop all of it has come to rest. */
const atRest = () => new Promise<void>((rest) => setImmediate(rest));

const begin = (process: Process): Running => {
  const running: Running = { waiting: [], ended: false, error: undefined };
  const step: Step = () => new Promise((go) => running.waiting.push(go));
  process(step)
    .catch((error: unknown) => {
      running.error = error;
    })
    .finally(() => {
      running.ended = true;
    });
  return running;
};

const goOn = async (running: Running): Promise<void> => {
  running.waiting.shift()?.();
  await atRest();
};

/**
 * Runs the processes to their end in the order chosen.
 * @param preemptions how often a process that could go on is left waiting for another; then each runs to its end
 * @throws what a process threw
 */
export const interleave = async (
  processes: readonly Process[],
  choose: Choose,
  preemptions = 3,
): Promise<void> => {
  const running = processes.map(begin);
  let last: Running | undefined;
  let left = preemptions;
  await atRest();
  for (;;) {
    const failed = running.find(({ error }) => error !== undefined);
    if (failed) throw failed.error;
    // The one that ran last stands first.
    const waiting = running
      .filter(({ ended }) => !ended)
      .sort((a, b) => Number(b === last) - Number(a === last));
    const [first] = waiting;
    if (!first) return;
    const preemptible = first === last;
    const free = waiting.length > 1 && (!preemptible || left > 0);
    const next = free ? (waiting[choose(waiting.length)] ?? first) : first;
    if (preemptible && next !== first) left -= 1;
    last = next;
    await goOn(next);
  }
};

class Crash extends Error {
  override readonly name = 'Crash';
}

/** Also as the cause of an error in which the program has wrapped it. */
const isCrash = (error: unknown): boolean =>
  error instanceof Crash || (error instanceof Error && isCrash(error.cause));

/** The process, ended before its call number `calls` (from 1) while others go on. */
export const dying =
  (process: Process, calls: number): Process =>
  async (step) => {
    let call = 0;
    try {
      await process(async () => {
        call += 1;
        if (call >= calls) throw new Crash();
        await step();
      });
    } catch (error) {
      if (!isCrash(error)) throw error;
    }
  };

/**
 * Runs a process up to its call number `calls` (from 1) and leaves it there, as a crash does.
 * @returns false when it ended before
 */
export const crashBefore = async (process: Process, calls: number): Promise<boolean> => {
  const running = begin(process);
  await atRest();
  for (let call = 1; ; call += 1) {
    if (running.error !== undefined) throw running.error;
    if (running.ended) return false;
    if (call === calls) return true;
    await goOn(running);
  }
};

/**
 * Runs a scenario once for every possible sequence of choices.
 * @param most a scenario that has more sequences is an error: then it needs fewer calls
 * @returns how many there were
 */
export const everySchedule = async (
  scenario: (choose: Choose) => Promise<void>,
  most = 5_000,
): Promise<number> => {
  let path: { choice: number; of: number }[] = [];
  for (let count = 1; count <= most; count += 1) {
    let depth = 0;
    const choose: Choose = (of) => {
      const known = path[depth] ?? { choice: 0, of };
      path[depth] = known;
      depth += 1;
      return known.choice;
    };
    try {
      await scenario(choose);
    } catch (cause) {
      throw new Error(`Fails in the schedule ${path.map(({ choice }) => choice).join(' ')}: ${cause}`, {
        cause,
      });
    }
    while (path.length > 0 && (path.at(-1)?.choice ?? 0) + 1 >= (path.at(-1)?.of ?? 0))
      path = path.slice(0, -1);
    const last = path.at(-1);
    if (!last) return count;
    last.choice += 1;
  }
  throw new Error(`More than ${most} schedules.`);
};
