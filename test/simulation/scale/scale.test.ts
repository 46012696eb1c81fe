import { describe, expect, it } from 'vitest';
import { idleInstances } from '../../../scripts/cost/model.ts';
import { usdOf } from '../../../scripts/cost/units.ts';
import { chanceOf } from '../chance.ts';
import { partitionLimits } from './priced-table.ts';
import { runAtScale } from './scale-run.ts';
import { percentile, sourceDelay } from './slow-source.ts';

/** The processes are as many as this number of instances keeps busy about ten times over; one is too few. */
const plan = { instances: 600, minutes: 12, concurrency: 20 };

describe.each([1, 2, 3])('600 instances with 20 processes, seed %i', (seed) => {
  const run = runAtScale({ ...plan, seed });

  it('polls every instance, one of a hundred at most 90 s late', async () => {
    const { lagsMs, neglected, looks } = await run;
    expect(neglected).toBe(0);
    expect(percentile(lagsMs, 99)).toBeLessThan(90_000);
    // Each once a minute, the first minute for beginning.
    expect(looks).toBeGreaterThan(plan.instances * (plan.minutes - 2));
  });

  it('queues every event for all of its flows', async () => {
    const { eventsOwed, deliveriesSent } = await run;
    expect(eventsOwed).toBeGreaterThan(3);
    expect(deliveriesSent).toBeGreaterThanOrEqual(eventsOwed * 10);
  });

  it('leaves each partition of the table room', async () => {
    const { hottest, throttled } = await run;
    expect(throttled).toBe(0);
    for (const kind of ['writes', 'reads'] as const) {
      expect(hottest[kind].units).toBeGreaterThan(0);
      expect(hottest[kind].units).toBeLessThan(partitionLimits[kind] / 2);
    }
  });
});

it('too few processes are seen: the polls are late', async () => {
  const { lagsMs } = await runAtScale({ ...plan, concurrency: 1, seed: 1 });
  expect(percentile(lagsMs, 99)).toBeGreaterThan(90_000);
});

it('the same seed gives the same run', async () => {
  const [one, again] = [
    await runAtScale({ ...plan, minutes: 3, seed: 5 }),
    await runAtScale({ ...plan, minutes: 3, seed: 5 }),
  ];
  expect(again).toEqual(one);
});

it('the cost model agrees with what quiet polls use', async () => {
  const { units } = await runAtScale({ ...plan, seed: 4, refreshedShare: 0 });
  const ofModel = (usdOf(idleInstances(plan.instances)) * plan.minutes) / (30 * 24 * 60);
  expect(usdOf(units) / ofModel).toBeGreaterThan(0.75);
  expect(usdOf(units) / ofModel).toBeLessThan(1.33);
});

it('half of the calls of the source take 300 ms, one of a hundred 3 s', () => {
  const { random } = chanceOf(1, 0);
  const delays = Array.from({ length: 100_000 }, () => sourceDelay(random)).sort((a, b) => a - b);
  expect(percentile(delays, 50) / 300).toBeCloseTo(1, 1);
  expect(percentile(delays, 99) / 3_000).toBeCloseTo(1, 1);
});
