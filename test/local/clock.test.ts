/**
 * Invariants of the clock:
 * 1. A timer fires once, never before its time, and sees exactly its time when the clock is advanced over it.
 * 2. Timers fire in the order of their times, then of their registration, also those registered by other timers on the way.
 * 3. Between two timers all work in flight has ended, work begun by that work included.
 * 4. After advance(ms) of a frozen clock the time is exactly ms later; time never goes back.
 * 5. A cancelled timer does not fire.
 * 6. Every thread that installed the clock reads the same time; Date with arguments is untouched.
 */
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LocalClock } from '../../local/clock.ts';

const start = Date.UTC(2026, 0, 1);
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a frozen clock', () => {
  it('is stopped until advanced, then is exactly that much later', async () => {
    const clock = LocalClock.frozen(start);
    await turn();
    expect(clock.now()).toBe(start);
    await clock.advance(90_000);
    expect(clock.now()).toBe(start + 90_000);
  });

  it('fires any set of timers in order, each at its own time and once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 12 }),
        fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 3 }),
        async (delays, steps) => {
          const clock = LocalClock.frozen(start);
          const fired: { readonly due: number; readonly seen: number; readonly index: number }[] = [];
          for (const [index, delay] of delays.entries()) {
            clock.at(start + delay, () => fired.push({ due: start + delay, seen: clock.now(), index }));
          }
          for (const step of steps) {
            await clock.advance(step);
          }
          const reached = steps.reduce((sum, step) => sum + step, 0);
          const expected = delays
            .map((delay, index) => ({ due: start + delay, seen: start + delay, index }))
            .filter(({ due }) => steps.length > 0 && due <= start + reached)
            .sort((a, b) => a.due - b.due || a.index - b.index);
          expect(fired).toEqual(expected);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('fires the timers that timers register on the way', async () => {
    const clock = LocalClock.frozen(start);
    const ticks: number[] = [];
    const tick = (): void => {
      ticks.push(clock.now() - start);
      clock.at(clock.now() + 60_000, tick);
    };
    clock.at(start + 60_000, tick);
    await clock.advance(200_000);
    expect(ticks).toEqual([60_000, 120_000, 180_000]);
  });

  it('waits for the work that a timer set off, and for the work begun by that work', async () => {
    const clock = LocalClock.frozen(start);
    const log: string[] = [];
    const work = async (name: string, next?: () => void): Promise<void> => {
      const end = clock.begin();
      await turn();
      await turn();
      log.push(`${name} at ${clock.now() - start}`);
      next?.();
      end();
    };
    clock.at(start + 1_000, () => void work('first', () => void work('second')));
    clock.at(start + 2_000, () => log.push('timer'));
    await clock.advance(5_000);
    expect(log).toEqual(['first at 1000', 'second at 1000', 'timer']);
  });

  it('fires a timer of the past in the next turn, without an advance, and idle waits for it', async () => {
    const clock = LocalClock.frozen(start);
    let fired = false;
    clock.at(start - 1, () => {
      fired = true;
    });
    expect(fired).toBe(false);
    await clock.idle();
    expect(fired).toBe(true);
  });

  it('does not fire a cancelled timer, also when another timer of the same time cancels it', async () => {
    const clock = LocalClock.frozen(start);
    const fired: string[] = [];
    let cancelLater: () => void = () => undefined;
    const cancel = clock.at(start + 10, () => fired.push('cancelled at once'));
    cancel();
    clock.at(start + 10, () => {
      fired.push('first');
      cancelLater();
    });
    cancelLater = clock.at(start + 10, () => fired.push('cancelled by first'));
    await clock.advance(10);
    expect(fired).toEqual(['first']);
  });

  it('runs overlapping advances one after the other', async () => {
    const clock = LocalClock.frozen(start);
    await Promise.all([clock.advance(10), clock.advance(20)]);
    expect(clock.now()).toBe(start + 30);
  });

  it('rejects the advance whose callback throws, and advances on afterwards', async () => {
    const clock = LocalClock.frozen(start);
    clock.at(start + 10, () => {
      throw new Error('schedule failed');
    });
    await expect(clock.advance(100)).rejects.toThrow('schedule failed');
    expect(clock.now()).toBe(start + 10);
    await clock.advance(5);
    expect(clock.now()).toBe(start + 15);
  });

  it('refuses to go back and to hold parts of a millisecond', () => {
    const clock = LocalClock.frozen(start);
    expect(() => clock.advance(-1)).toThrow('advance by 0 ms or more');
    expect(() => clock.advance(0.5)).toThrow('whole number of milliseconds');
    expect(() => LocalClock.frozen(Number.NaN)).toThrow('whole number of milliseconds');
  });
});

describe('work in flight', () => {
  it('keeps idle waiting until the last work has ended; ending twice counts once', async () => {
    const clock = LocalClock.frozen(start);
    const endFirst = clock.begin();
    const endSecond = clock.begin();
    let idle = false;
    const waiting = clock.idle().then(() => {
      idle = true;
    });
    endFirst();
    endFirst();
    await turn();
    await turn();
    expect(idle).toBe(false);
    endSecond();
    await waiting;
    expect(idle).toBe(true);
  });
});

describe('a live clock', () => {
  it('follows real time and keeps what it was advanced by', async () => {
    const clock = LocalClock.live();
    const hourMs = 3_600_000;
    const [realBefore, before] = [Date.now(), clock.now()];
    expect(before).toBeGreaterThanOrEqual(realBefore);
    await clock.advance(hourMs);
    // An advance takes real time too, which is a part of the hour.
    const [after, realAfter] = [clock.now(), Date.now()];
    expect(after).toBeGreaterThanOrEqual(before + hourMs);
    expect(after).toBeLessThanOrEqual(realAfter + hourMs);
    expect(clock.now()).toBeGreaterThanOrEqual(after);
  });

  it('fires by itself when real time gets there', async () => {
    const clock = LocalClock.live();
    const due = clock.now() + 15;
    const seen = await new Promise<number>((resolve) => clock.at(due, () => resolve(clock.now())));
    expect(seen).toBeGreaterThanOrEqual(due);
  });

  it('arms its timers again after an advance', async () => {
    const clock = LocalClock.live();
    const due = clock.now() + 3_600_000;
    const fired = new Promise<number>((resolve) => clock.at(due, () => resolve(clock.now())));
    await clock.advance(3_600_000 - 20);
    expect(await fired).toBeGreaterThanOrEqual(due);
  });

  it('fires the timers on the way of an advance, in order', async () => {
    const clock = LocalClock.live();
    const from = clock.now();
    const fired: string[] = [];
    clock.at(from + 7_200_000, () => fired.push('two hours'));
    clock.at(from + 3_600_000, () => fired.push('one hour'));
    await clock.advance(7_300_000);
    expect(fired).toEqual(['one hour', 'two hours']);
  });
});

describe('a worker that installed the clock', () => {
  const source = `
    const { parentPort, workerData } = require('node:worker_threads');
    import(workerData.clockWorker).then(({ installClock }) => {
      installClock(workerData.shared);
      class Later extends Date {}
      parentPort.on('message', () => parentPort.postMessage({
        now: Date.now(),
        constructed: new Date().getTime(),
        called: Date(),
        subclass: new Later().getTime(),
        given: new Date(86_400_000).toISOString(),
        parts: new Date(2020, 1, 2).getDate(),
        parsed: Date.parse('2020-01-01T00:00:00Z'),
        utc: Date.UTC(2020, 0, 1),
        instance: new Date() instanceof Date && new Later() instanceof Later && new Date(1).constructor === Date,
      }));
      parentPort.postMessage('ready');
    });`;
  const next = (worker: Worker): Promise<unknown> =>
    new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));

  it('reads the time of the main thread, before and after an advance', async () => {
    const clock = LocalClock.frozen(start);
    const clockWorker = new URL('../../local/clock-worker.mjs', import.meta.url).href;
    const worker = new Worker(source, {
      eval: true,
      execArgv: [],
      workerData: { shared: clock.shared, clockWorker },
    });
    try {
      expect(await next(worker)).toBe('ready');
      for (const expected of [start, start + 86_400_000]) {
        worker.postMessage('read');
        expect(await next(worker)).toEqual({
          now: expected,
          constructed: expected,
          called: new Date(expected).toString(),
          subclass: expected,
          given: '1970-01-02T00:00:00.000Z',
          parts: 2,
          parsed: Date.UTC(2020, 0, 1),
          utc: Date.UTC(2020, 0, 1),
          instance: true,
        });
        await clock.advance(86_400_000);
      }
    } finally {
      await worker.terminate();
    }
  });
});
