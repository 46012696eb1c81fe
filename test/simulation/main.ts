/**
 * The seeded simulation of detection and delivery under faults.
 *   npm run simulate -- --seeds 500 --from 1     a tally; exit code 1 when an invariant is violated
 *   npm run simulate -- --seeds 1 --from 17 --trace   what happened in seed 17, line by line
 */
import { parseArgs } from 'node:util';
import { runSeed } from './run-seed.ts';
import { createTally } from './tally.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '500' },
    from: { type: 'string', default: '1' },
    trace: { type: 'boolean', default: false },
  },
});

const whole = (name: string, text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError(`--${name} must be a whole number, not "${text}".`);
  return value;
};

const seeds = whole('seeds', values.seeds);
const from = whole('from', values.from);
const tally = createTally();
for (let seed = from; seed < from + seeds; seed += 1) {
  const result = await runSeed(seed);
  tally.add(result);
  // Every line contains the empty word.
  if (values.trace) console.log(result.traceAbout([''], Number.MAX_SAFE_INTEGER).join('\n'));
  const [violation] = result.violations;
  if (violation === undefined) continue;
  process.exitCode = 1;
  console.error(`Seed ${seed} violates "${violation.rule}": ${violation.text}`);
  console.error(result.traceAbout(violation.about, 30).join('\n'));
  console.error(
    `${result.violations.length} violations in this seed. Replay: npm run simulate -- --seeds 1 --from ${seed} --trace\n`,
  );
}
tally.print(console.log);
