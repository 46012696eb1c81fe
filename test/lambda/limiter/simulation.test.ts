import { describe, expect, it } from 'vitest';
import { memoryLimiterStore } from '../../../lambda/limiter/index.ts';
import { arrivalPatterns } from './arrivals.ts';
import { seeded } from './random.ts';
import { limiterContender, simulate, slowTravel } from './simulation.ts';

const policy = { limit: 100, windowMs: 60_000 };

describe.each(arrivalPatterns)('arrivals in the pattern %s', (pattern) => {
  it.each([
    { callers: 1, processes: 1 },
    { callers: 8, processes: 8 },
    { callers: 64, processes: 16 },
  ])(
    'from $callers callers in $processes processes: exact while the clocks agree',
    async ({ callers, processes }) => {
      const contender = limiterContender(memoryLimiterStore(), slowTravel(seeded(1)));
      const scenario = { pattern, calls: 2_000, callers, processes, skewMs: 0, seed: 2, ...policy };
      const result = await simulate(scenario, contender);
      expect(result.admitted + result.refused).toBe(2_000);
      expect(result.refused).toBeGreaterThan(0);
      expect(result).toMatchObject({
        overAdmitted: 0,
        overAdmittedByClock: 0,
        falselyRefused: 0,
        falselyRefusedByClock: 0,
      });
    },
  );

  it.each([50, 500])(
    'with clocks up to %i ms apart: exact by the clocks, off by no more than that in true time',
    async (skewMs) => {
      const contender = limiterContender(memoryLimiterStore(), slowTravel(seeded(3)));
      const scenario = { pattern, calls: 4_000, callers: 16, processes: 8, skewMs, seed: 4, ...policy };
      const result = await simulate(scenario, contender);
      expect(result).toMatchObject({ overAdmittedByClock: 0, falselyRefusedByClock: 0 });
      expect(result.windowShortfallMs).toBeLessThanOrEqual(skewMs);
      expect(result.refusalExcessMs).toBeLessThanOrEqual(skewMs);
    },
  );
});

describe('the simulation', () => {
  it('finds a limiter that admits too much and one that refuses too much', async () => {
    const scenario = {
      pattern: 'bursts',
      calls: 2_000,
      callers: 1,
      processes: 1,
      skewMs: 0,
      seed: 5,
      ...policy,
    } as const;
    const always = (answer: boolean) => ({
      writes: () => ({ all: 0, lost: 0 }),
      start:
        ({ now, audit }: Parameters<ReturnType<typeof limiterContender>['start']>[0]) =>
        async () => {
          if (answer) audit.admitted({ trueTime: now(), clockTime: now() });
          return answer;
        },
    });
    const generous = await simulate(scenario, always(true));
    expect(generous.overAdmitted).toBeGreaterThan(500);
    expect(generous.windowShortfallMs).toBeGreaterThan(1_000);
    const strict = await simulate(scenario, always(false));
    expect(strict).toMatchObject({ falselyRefused: 2_000, falselyRefusedByClock: 2_000 });
  });
});
