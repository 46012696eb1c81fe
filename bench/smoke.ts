/** Runs every benchmark once with small inputs, to show that it works. The checks of a change use it. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const directory = fileURLToPath(new URL('.', import.meta.url));
/** Not benchmarks themselves. */
const others = ['smoke.ts'];
const benchmarks = readdirSync(directory).filter((name) => name.endsWith('.ts') && !others.includes(name));
const failed: string[] = [];
for (const name of benchmarks) {
  process.stdout.write(`\n== ${name} --smoke\n`);
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', `${directory}${name}`, '--smoke'], {
    stdio: 'inherit',
  });
  if (status !== 0) {
    failed.push(`${name} ended with exit code ${status}`);
    process.stdout.write(`${failed.at(-1)}\n`);
  }
}
// Again at the end: the output of the others is long.
for (const line of failed) process.stdout.write(`failed benchmark: ${line}\n`);
process.exit(failed.length > 0 || benchmarks.length === 0 ? 1 : 0);
