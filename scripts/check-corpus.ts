/**
 * `npm run check:corpus -- <folder> [--profile <profile>] [--rule <id>] [--write]`: checks every connector below a folder and
 * prints the findings by severity and rule. `--rule` lists the findings of one rule, `--write` records how often each rule finds
 * something in connector/check/frequency.ts.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { checkConnector } from '../connector/check/check-connector.ts';
import { readInputs } from '../connector/check/read.ts';
import { type Finding, type Level, type Profile, profiles } from '../connector/check/rule.ts';
import { isRuleId, type RuleId, ruleIds } from '../connector/check/rules/index.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { profile: { type: 'string' }, rule: { type: 'string' }, write: { type: 'boolean' } },
});
const [folder] = positionals;
const wanted = values.profile ?? 'import';
const profile: Profile | undefined = profiles.find((name) => name === wanted);
if (profile === undefined) throw new RangeError(`--profile is ${wanted}; profiles: ${profiles.join(', ')}`);

interface Row {
  readonly connectors: Set<string>;
  findings: number;
}

const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const tally = (rows: Map<string, Row>, key: string, connector: string): void => {
  const row = rows.get(key) ?? { connectors: new Set(), findings: 0 };
  row.connectors.add(connector);
  row.findings += 1;
  rows.set(key, row);
};

const recorded = (rows: ReadonlyMap<string, Row>, size: number): string => {
  const entries = ruleIds.flatMap((id) => {
    const row = rows.get(id);
    return row ? [`  ${id}: [${row.connectors.size}, ${row.findings}],`] : [];
  });
  return [
    '/**',
    ' * How often each rule finds something in published connectors: [connectors, findings] at all levels, rules that are off by',
    ' * default counted as if they were on. Written by `npm run check:corpus -- <folder> --write`.',
    ' */',
    "import type { RuleId } from './rules/index.ts';",
    '',
    `export const sampleSize = ${size};`,
    '',
    'export const frequencies: Readonly<Partial<Record<RuleId, readonly [number, number]>>> = {',
    ...entries,
    '};',
    '',
  ].join('\n');
};

const run = (root: string): void => {
  const inputs = readInputs(root);
  const everything = new Map<RuleId, Level>(values.write ? ruleIds.map((id) => [id, 'info']) : []);
  const bySeverity = new Map<string, Row>();
  const byRule = new Map<string, Row>();
  let heap = 0;
  const started = performance.now();
  for (const input of inputs) {
    if (input.kind === 'zip') continue;
    const findings: readonly Finding[] = checkConnector(input.files, { profile, levels: everything });
    heap = Math.max(heap, process.memoryUsage().rss);
    for (const finding of findings) {
      tally(bySeverity, `${finding.severity.padEnd(8)} ${finding.rule}`, input.path);
      tally(byRule, finding.rule, input.path);
      if (finding.rule === values.rule)
        print(`${finding.file}:${finding.line}:${finding.column} ${finding.pointer}\n    ${finding.message}`);
    }
  }
  const seconds = (performance.now() - started) / 1000;
  if (values.rule !== undefined) return;
  if (values.write) {
    const file = fileURLToPath(new URL('../connector/check/frequency.ts', import.meta.url));
    writeFileSync(file, recorded(byRule, inputs.length));
    print(`written ${file}; now run \`npm run generate\``);
    return;
  }
  print(`severity rule${' '.repeat(56)}connectors  findings`);
  for (const [key, { connectors, findings }] of [...bySeverity].sort(([one], [other]) =>
    one < other ? -1 : 1,
  ))
    print(`${key.padEnd(70)}${String(connectors.size).padStart(9)}${String(findings).padStart(10)}`);
  print(
    `${inputs.length} connectors, profile ${profile}: ${seconds.toFixed(2)} s, ${(heap / 1_000_000).toFixed(0)} MB at most`,
  );
};

if (folder === undefined || (values.rule !== undefined && !isRuleId(values.rule))) {
  process.stderr.write(
    'Give a folder of connectors: npm run check:corpus -- <folder> [--profile <profile>] [--rule <id>] [--write]\n',
  );
  process.exitCode = 2;
} else run(folder);
