/**
 * What detection and delivery cost against the number of subscriptions, and how fast they are.
 *   npm run bench:triggers               up to 1,000,000 subscriptions, about two minutes
 *   npm run bench:triggers -- --smoke    a small run; its figures are not valid
 */
import { scriptOptions } from '../bin/commands/run.ts';
import { evidence, nothingDurable } from './evidence/evidence.ts';
import { decisionRows } from './triggers/decision.ts';
import { fanOutRows, idleRows } from './triggers/fan-out.ts';
import { throughputRows } from './triggers/throughput.ts';

const smoke = scriptOptions(
  {
    name: 'npm run bench:triggers --',
    summary: 'What detection and delivery cost',
    options: [
      {
        flags: '--smoke',
        description: 'A small run that shows that the benchmark works; its figures are not valid',
      },
    ],
  },
  (values) => values.smoke === true,
);

const title = (text: string) =>
  console.log(
    `\n${text}\n${evidence({ engine: 'dynoxide where the table says so', durable: nothingDurable })}`,
  );

title('One look in which a segment crosses 10 thresholds, against the subscriptions to that segment');
console.table(
  await decisionRows(
    smoke
      ? { engine: [1, 100], memory: [1_000] }
      : { engine: [1, 100, 10_000, 100_000], memory: [100, 1_000_000] },
  ),
);

title('One event for many subscriptions: detection, and every delivery queued');
console.table(await fanOutRows(smoke ? 50 : 10_000));

title('Looks in which nothing has happened, between two sweeps');
console.table(await idleRows(smoke ? [0, 100] : [0, 100, 10_000, 100_000]));

title(
  'deliver() by one process (one core), without the queue, the keys and the log of the function (npm run bench has those), 200 messages under way; the receiver is another process. From detection to the 202; after a 500 the retry waits 1 to 10 s',
);
console.table(
  await throughputRows(
    smoke
      ? { events: 100, engineEvents: 20, random: () => 0 }
      : { events: 20_000, engineEvents: 2_000, random: Math.random },
  ),
);
