/**
 * A process with a clock of its own that may die at any of its calls; everything it waits for goes through
 * the scheduler.
 */
import type { Chance } from './chance.ts';
import type { FaultRates } from './faults.ts';
import type { Scheduler } from './scheduler.ts';
import type { Trace } from './trace.ts';

/** Hosts' clocks lie within this of the true time, ms: two of them differ by 500 ms at most. */
const skewMs = 250;

export interface InjectedFault {
  readonly at: number;
  readonly host: string;
  readonly port: string;
  readonly what: string;
  /** "late": it took longer than usual. */
  readonly fate: Fate | 'late';
}

export type Fate = 'fine' | 'fails before' | 'fails after' | 'dies before' | 'dies during' | 'dies after';

export interface Surroundings {
  readonly scheduler: Scheduler;
  readonly trace: Trace;
  readonly chance: Chance;
  /** Of the texts that nobody can guess; apart, so that how many are asked for decides nothing else. */
  readonly secrets: Chance;
  /** Told of each fault at the moment of the call it strikes. */
  readonly onFault: (fault: InjectedFault) => void;
  readonly onDeath: (host: string) => void;
  /** How far a new host's clock is ahead, ms; beside what all hosts may differ. */
  readonly aheadMs?: (host: string) => number;
  /** Whether a call of this moment gets no answer and no error, ever; its process waits until its time is up. */
  readonly neverSettles?: (port: string) => boolean;
  /** Of this moment; they end when the system is left to come to rest. */
  readonly rates: () => FaultRates;
}

export interface Call<Result> {
  /** For trace and tally: "table", "queue", "keys", "source". */
  readonly port: string;
  readonly what: string;
  /** What it does at the other end, at one moment. */
  readonly effect: () => Promise<Result>;
  /** What the caller sees when it fails. */
  readonly failure: () => Error;
}

export interface Host {
  readonly name: string;
  /** This host's clock, whole ms. */
  readonly now: () => number;
  readonly alive: () => boolean;
  readonly call: <Result>(call: Call<Result>) => Promise<Result>;
  /** Runs `wake` once this host may go on: not if it has died, and while it is frozen not yet. */
  readonly wake: (wake: () => void) => void;
  readonly crash: (why: string) => void;
  readonly onCrash: (listener: () => void) => void;
  /** Between invocations an environment is frozen: what was left under way goes on with the next one. */
  readonly freeze: () => void;
  readonly thaw: () => void;
  /** Text and numbers that only this run of the seed gives, never the same twice. */
  readonly unguessable: () => string;
}

export const drawFate = (chance: Chance, rates: FaultRates): Fate => {
  if (chance.happens(rates.crash)) return chance.pick(['dies before', 'dies during', 'dies after'] as const);
  if (chance.happens(rates.failBefore)) return 'fails before';
  return chance.happens(rates.failAfter) ? 'fails after' : 'fine';
};

export const drawLatency = (chance: Chance, rates: FaultRates): number => {
  if (chance.happens(rates.stall)) return chance.within(10_000, 55_000);
  return chance.happens(rates.slow) ? chance.within(100, 4_000) : chance.within(1, 12);
};

export const createHost = (
  name: string,
  {
    scheduler,
    trace,
    chance,
    secrets,
    rates,
    onFault,
    onDeath,
    aheadMs = () => 0,
    neverSettles,
  }: Surroundings,
): Host => {
  const skew = chance.within(-skewMs, skewMs) + aheadMs(name);
  const listeners: (() => void)[] = [];
  let alive = true;
  let frozen = false;
  let waiting: (() => void)[] = [];
  let drawn = 0;

  const wake = (run: () => void) => {
    if (!alive) return;
    if (frozen) waiting.push(run);
    else run();
  };
  const crash = (why: string) => {
    if (!alive) return;
    alive = false;
    waiting = [];
    trace.add(`${name} dies: ${why}`);
    onDeath(name);
    for (const listener of listeners) listener();
  };

  const call = <Result>({ port, what, effect, failure }: Call<Result>): Promise<Result> =>
    new Promise((resolve, reject) => {
      // A dead process makes no calls; nobody waits for this promise any more.
      if (!alive) return;
      if (neverSettles?.(port)) {
        trace.count(`${port} never settles`);
        trace.add(`${name} ${port} ${what} never settles`);
        onFault({ at: scheduler.now(), host: name, port, what, fate: 'late' });
        // It may have had its effect all the same.
        if (chance.happens(0.5)) void effect().catch(() => undefined);
        return;
      }
      const fate = drawFate(chance, rates());
      const latency = drawLatency(chance, rates());
      const there = latency * chance.random();
      if (fate !== 'fine') {
        trace.count(`${port} ${fate}`);
        trace.add(`${name} ${port} ${what} ${fate}`);
      } else if (latency >= 100) trace.count(latency >= 10_000 ? `${port} stalls` : `${port} is slow`);
      if (fate !== 'fine' || latency >= 100)
        onFault({ at: scheduler.now(), host: name, port, what, fate: fate === 'fine' ? 'late' : fate });
      if (fate === 'fails before') {
        scheduler.after(latency, () => wake(() => reject(failure())));
        return;
      }
      if (fate === 'dies before' || fate === 'dies during')
        scheduler.after(there, () =>
          crash(`${fate === 'dies before' ? 'before' : 'during'} ${port} ${what}`),
        );
      if (fate === 'dies before') return;
      scheduler.after(fate === 'dies during' ? latency : there, () => {
        effect().then(
          (result) => {
            if (fate === 'dies after') crash(`after ${port} ${what}`);
            else
              scheduler.after(latency - there, () =>
                wake(() => (fate === 'fails after' ? reject(failure()) : resolve(result))),
              );
          },
          (error: Error) => scheduler.after(latency - there, () => wake(() => reject(error))),
        );
      });
    });

  return {
    name,
    now: () => Math.floor(scheduler.now() + skew),
    alive: () => alive,
    call,
    wake,
    crash,
    onCrash: (listener) => listeners.push(listener),
    freeze: () => {
      frozen = true;
    },
    thaw: () => {
      frozen = false;
      const woken = waiting;
      waiting = [];
      for (const run of woken) run();
    },
    unguessable: () => {
      drawn += 1;
      return `${name}~${drawn}~${Math.floor(secrets.random() * 2 ** 32).toString(36)}`;
    },
  };
};
