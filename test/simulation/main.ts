/** `npm run simulate`: the seeded simulation of detection and delivery under faults. */
import { wholeOf } from '../../bin/commands/command.ts';
import { scriptOptions } from '../../bin/commands/run.ts';
import { runSeed } from './run-seed.ts';
import { createTally } from './tally.ts';

const { seeds, from, trace } = scriptOptions(
  {
    name: 'npm run simulate --',
    summary: 'Simulate detection and delivery under faults; end with 1 when an invariant is violated',
    options: [
      { flags: '--seeds <count>', description: 'How many seeds', default: '500' },
      { flags: '--from <seed>', description: 'The first seed', default: '1' },
      { flags: '--trace', description: 'Print what happened, line by line' },
    ],
    examples: ['--seeds 500 --from 1', '--seeds 1 --from 17 --trace'],
  },
  (values) => ({
    seeds: wholeOf(values, 'seeds') ?? 0,
    from: wholeOf(values, 'from') ?? 0,
    trace: values.trace === true,
  }),
);

const tally = createTally();
for (let seed = from; seed < from + seeds; seed += 1) {
  const result = await runSeed(seed);
  tally.add(result);
  // Every line contains the empty word.
  if (trace) console.log(result.traceAbout([''], Number.MAX_SAFE_INTEGER).join('\n'));
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
