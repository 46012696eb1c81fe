import { describe, expect, it } from 'vitest';
import { permutation } from '../../../local/simulator/data/permutation.ts';
import { type Bench, bench, MINUTE, START, testClock } from './harness.ts';

const PATHS = [
  '/instances',
  'manage/entities',
  'manage/datasources',
  'manage/segments?includeHistoricStats=true',
  'manage/measures/TotalRevenue?includeHistoricStats=true',
  'workflows/main/jobs?includeTasks=true&top=200',
  'workflows/main/status',
  'workflows/main/history?top=200',
  'data/Customer?$skip=4321',
  "data/UnifiedActivity?$filter=contains(Title,'Store')&$skip=1000",
  'data/SpendByCustomerAndChannel?$skip=77',
  'manage/search',
];

const play = async (one: Bench): Promise<string[]> => {
  const control = one.simulator.world.instance();
  control.refreshAll({ kind: 'scheduled', outcomes: { PoS: 'retryThenSucceed' } });
  one.clock.advance(7 * MINUTE);
  control.refreshSegment('LoyaltyGold', { growBy: 10 });
  one.clock.advance(30 * MINUTE);
  const texts: string[] = [];
  for (const path of PATHS) {
    const answer = await one.call(path);
    expect(answer.status, answer.text).toBe(200);
    texts.push(answer.text);
  }
  return texts;
};

describe('determinism', () => {
  it('gives identical bytes for the same seed, clock and scenario, however often it is read in between', async () => {
    const [first, second] = [await bench({ seed: 7 }), await bench({ seed: 7 }, testClock(START))];
    await second.call('workflows/main/jobs');
    expect(await play(first)).toEqual(await play(second));
    await Promise.all([first.close(), second.close()]);
  });

  it('gives other data for another seed', async () => {
    const [first, second] = [await bench({ seed: 7 }), await bench({ seed: 8 })];
    const page = async (one: Bench) => (await one.call('data/Customer?$top=5')).text;
    expect(await page(first)).not.toBe(await page(second));
    await Promise.all([first.close(), second.close()]);
  });

  it('is ready in under 400 ms with two instances of full size', async () => {
    const times: number[] = [];
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const begun = performance.now();
      const one = await bench({ instances: [{}, {}] });
      times.push(performance.now() - begun);
      await one.close();
    }
    expect(Math.min(...times)).toBeLessThan(400);
  });
});

describe('permutation', () => {
  it.each([1, 2, 7, 100, 9_973, 10_000, 65_536])(
    'is a bijection of %i numbers and knows its inverse',
    (size) => {
      const order = permutation(size, 42);
      const images = new Set(Array.from({ length: size }, (_, index) => order.at(index)));
      expect(images.size).toBe(size);
      for (let index = 0; index < size; index += 1) {
        if (order.indexOf(order.at(index)) !== index) throw new Error(`no inverse at ${index}`);
      }
    },
  );
});
