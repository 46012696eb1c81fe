/** A run that answers calls for a long time holds no more memory than after its first minutes. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Held } from './long-run.ts';

const script = fileURLToPath(new URL('./long-run.ts', import.meta.url));

/** Twenty calls a second for ten minutes of the run's clock, which are about a minute here. */
const plan = { minutes: 10, callsPerMinute: 1_200 };
/** Caches, code and the log of requests have been filled by then. */
const settledAfter = 5;

const growthOf = ({ minutes, callsPerMinute, keptBytes = 0 }: typeof plan & { keptBytes?: number }): Held => {
  const numbers = [minutes, callsPerMinute, keptBytes].map(String);
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--expose-gc', '--import', 'tsx', script, ...numbers],
    { encoding: 'utf8' },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const held = stdout.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Held] : []));
  expect(held).toHaveLength(minutes);
  const after = held.slice(settledAfter);
  const growth = (of: (one: Held) => number) =>
    Math.min(...after.slice(-2).map(of)) - Math.min(...after.slice(0, 2).map(of));
  return { objects: growth(({ objects }) => objects), all: growth(({ all }) => all) };
};

/** 12,000 calls take 40 s of a slow machine, more beside other tests, ms. */
const timeout = 240_000;

describe('ten minutes of twenty calls a second', { timeout }, () => {
  it('hold no more at the end', () => {
    const { objects, all } = growthOf(plan);
    expect(objects).toBeLessThan(1);
    // Workers and engine collect when they want to.
    expect(all).toBeLessThan(40);
  });

  it('would be seen to hold more if something of each call were kept', () => {
    const { objects } = growthOf({ ...plan, callsPerMinute: 120, keptBytes: 16_384 });
    expect(objects).toBeGreaterThan(4);
  });
});
