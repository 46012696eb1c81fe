/**
 * `npm run audit`: known vulnerabilities of the packages in package-lock.json, by `npm audit`. Exit codes: 0 none of
 * severity high or critical, 1 some, 2 the registry has no audit service, so nothing is known.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { auditResult, type LockFile, lockProblems } from './audit-result.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const { stdout, stderr } = spawnSync(['npm audit --json', ...process.argv.slice(2)].join(' '), {
  cwd: root,
  encoding: 'utf8',
  shell: true,
  maxBuffer: 64 * 1024 * 1024,
});
const lock: LockFile = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
const { lines, code } = auditResult(stdout, stderr);
for (const line of lines) (code === 0 ? console.log : console.error)(line);

const { packages, problems } = lockProblems(lock);
console.log(
  problems.length === 0
    ? `package-lock.json: ${packages} packages, each from the registry and with a SHA-512 checksum.`
    : `package-lock.json: ${problems.length} problems in ${packages} packages:`,
);
for (const problem of problems) console.error(`  ${problem}`);
process.exitCode = code === 0 && problems.length > 0 ? 1 : code;
