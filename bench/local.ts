/**
 * The whole system on this machine: how long until the first callback, and what it holds and uses when nothing happens.
 *   npm run bench:local               the first run after `npm ci`, and the minute after its scenario; two minutes
 *   npm run bench:local -- --smoke    without the waits; its figures are not valid
 * A ratio of its memory or time to another program's says nothing, so it is measured alone, against its targets: run it on
 * a machine that does nothing else.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { scriptOptions } from '../bin/commands/run.ts';
import { minuteMs } from '../lambda/runtime/time.ts';
import { repository } from '../scripts/commit-sources.ts';
import { cpuOf, memoryOf, processTree } from '../test/local/process-tree.ts';
import { evidence, nothingDurable } from './evidence/evidence.ts';

const smoke = scriptOptions(
  {
    name: 'npm run bench:local --',
    summary: 'Time, memory and idle work of a local run',
    options: [
      {
        flags: '--smoke',
        description: 'A small run that shows that the benchmark works; its figures are not valid',
      },
    ],
  },
  (values) => values.smoke === true,
);
const waitMs = smoke ? 2_000 : minuteMs;
const targets = { firstCallbackSeconds: 4, megabytes: 400, idlePercent: 2 } as const;

/** No cache of compiled sources, as after `npm ci`. */
const temporary = mkdtempSync(join(tmpdir(), 'insights-connector-bench-'));
const child = spawn(process.execPath, ['--import', 'tsx', 'bin/insights-connector.ts', 'start'], {
  cwd: repository,
  stdio: ['ignore', 'pipe', 'inherit'],
  env: { ...process.env, TMPDIR: temporary },
});
const ended = once(child, 'exit');
const startedAt = performance.now();
let firstCallback: number | undefined;
const told = new Promise<void>((resolve, reject) => {
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.includes('first callback')) firstCallback = (performance.now() - startedAt) / 1_000;
    if (line.startsWith('All steps succeeded')) resolve();
  });
  child.once('exit', (code) => reject(new Error(`The run ended with exit code ${code}.`)));
});
try {
  await told;
  await sleep(waitMs);
  const before = processTree(child.pid ?? 0);
  await sleep(waitMs);
  const after = processTree(child.pid ?? 0);
  const megabytes = memoryOf(before);
  const idlePercent = ((cpuOf(after) - cpuOf(before)) / waitMs) * 100;
  const rows = [
    { what: 'first callback after the start, s', value: firstCallback, most: targets.firstCallbackSeconds },
    ...(before.length === 0
      ? []
      : [
          {
            what: 'memory of all processes a minute later, MB (PSS)',
            value: megabytes,
            most: targets.megabytes,
          },
          {
            what: 'CPU time when nothing happens, % of a core',
            value: idlePercent,
            most: targets.idlePercent,
          },
        ]),
  ];
  console.log(evidence({ engine: 'dynoxide where it is installed', durable: nothingDurable }));
  console.table(
    rows.map(({ what, value = Number.NaN, most }) => ({ what, value: value.toFixed(1), 'at most': most })),
  );
  if (before.length === 0)
    console.log('Memory and CPU time are read from /proc, which this machine does not have.');
  const missed = smoke ? [] : rows.filter(({ value = Number.NaN, most }) => !(value <= most));
  for (const { what, most } of missed) console.error(`Above the target of ${most}: ${what}.`);
  process.exitCode = firstCallback === undefined || missed.length > 0 ? 1 : 0;
} finally {
  child.kill('SIGTERM');
  await ended;
  rmSync(temporary, { recursive: true, force: true });
}
