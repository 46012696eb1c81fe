import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firings, type RearmState } from '../../../lambda/triggers/firings.ts';
import { isBehindThreshold, type Threshold } from '../../../lambda/triggers/threshold.ts';
import { decimal } from './example.ts';

/*
 * State: armed or disarmed, and the evaluation that last changed it; nothing means armed.
 * Events: the steps of the value, in order; any of them again, by a watch that repeats itself or comes late; a registration with
 * other inputs.
 * Invariants:
 *  - between two firings the value has been at or beyond the re-arm level;
 *  - a step decides once: seen again at any time, it neither fires nor changes anything;
 *  - another generation begins armed.
 */

const generation = 'first';

const threshold = 100;
const level = 80;
const asked: Threshold = { threshold: decimal(threshold), direction: 'above', rearmLevel: decimal(level) };
const stepOf = (at: number, previous: number, current: number) => ({
  at,
  previous: decimal(previous),
  current: decimal(current),
});

/** As the watch applies a step. */
const apply = (known: RearmState | undefined, at: number, previous: number, current: number) => {
  const { fired, state } = firings(asked, [stepOf(at, previous, current)], { generation, state: known });
  return { fired: fired.length > 0, next: state };
};

describe('a subscription with a re-arm level', () => {
  it('fires at its first crossing, then only after the value has been at the level', () => {
    let state: RearmState | undefined;
    const fired: number[] = [];
    const values = [90, 110, 95, 120, 80, 101, 81, 102, 79, 150];
    values.slice(1).forEach((current, index) => {
      const step = apply(state, index, values[index] ?? 0, current);
      state = step.next;
      if (step.fired) fired.push(current);
    });
    expect(fired).toEqual([110, 101, 150]);
  });

  it('fires alike whether its steps are decided one by one or together', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 60, max: 130 }), { minLength: 2, maxLength: 30 }), (values) => {
        const steps = values.slice(1).map((current, index) => stepOf(index, values[index] ?? 0, current));
        const together = firings(asked, steps, { generation });
        const fired: (typeof steps)[number][] = [];
        let state: RearmState | undefined;
        for (const step of steps) {
          const one = firings(asked, [step], { generation, state });
          fired.push(...one.fired);
          state = one.state;
        }
        expect({ fired, state }).toEqual(together);
      }),
    );
  });

  it('starts armed with other inputs, and leaves a state that no step changes as it is', () => {
    const { next: known } = apply(undefined, 5, 90, 110);
    expect(known).toEqual({ generation, armed: false, changedAt: 5 });
    expect(apply(known, 9, 90, 110).fired).toBe(false);
    const second = (...steps: readonly ReturnType<typeof stepOf>[]) =>
      firings(asked, steps, { generation: 'second', state: known });
    expect(second(stepOf(3, 90, 110)).fired).toHaveLength(1);
    expect(second(stepOf(9, 110, 70)).state).toBe(known);
  });

  it('decides each step once, whatever is repeated in between', () => {
    const value = fc.integer({ min: 60, max: 130 });
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 2, maxLength: 30 }),
        fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 20 }),
        (values, repeats) => {
          const steps = values.slice(1).map((current, index) => ({
            at: index + 1,
            previous: values[index] ?? 0,
            current,
          }));
          // The reference: a trigger with hysteresis, told in plain words.
          let armed = true;
          const expected = steps.flatMap(({ at, previous, current }) => {
            if (current <= level) armed = true;
            const fired = armed && previous <= threshold && threshold < current;
            if (fired) armed = false;
            return fired ? [at] : [];
          });
          let state: RearmState | undefined;
          const fired = new Set<number>();
          steps.forEach(({ at, previous, current }, index) => {
            const step = apply(state, at, previous, current);
            state = step.next;
            if (step.fired) fired.add(at);
            // Steps decided before come again, in any order.
            for (const [when, which] of repeats) {
              if (when % steps.length !== index) continue;
              const again = steps[which % (index + 1)] ?? { at, previous, current };
              const repeated = apply(state, again.at, again.previous, again.current);
              expect(repeated.next).toEqual(state);
              expect(repeated.fired && !fired.has(again.at)).toBe(false);
            }
          });
          expect([...fired]).toEqual(expected);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

describe('a re-arm level', () => {
  it.each([
    ['above', 100, 100, true],
    ['above', 100, '99.99', true],
    ['above', 100, '100.01', false],
    ['below', 100, 100, true],
    ['below', 100, '100.01', true],
    ['below', -5, '-5.5', false],
  ] as const)('of %s %s may be %s: %s', (direction, of, at, expected) => {
    expect(isBehindThreshold(decimal(of), direction, decimal(at))).toBe(expected);
  });
});
