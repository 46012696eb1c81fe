/** Findings for other programs: JSON, SARIF 2.1.0, JUnit. */
import { createHash } from 'node:crypto';
import type { Finding, Profile, Severity } from '../rule.ts';
import { levelFor } from '../rule.ts';
import { isRuleId, type RuleId, ruleIds, rules } from '../rules/index.ts';
import { countsOf, identityOf } from '../summary.ts';

export interface Run {
  readonly findings: readonly Finding[];
  readonly profile: Profile;
  /** Version of this program. */
  readonly version: string;
}

/** Also what `--baseline` reads. */
export const jsonOfRun = ({ findings, profile, version }: Run): string =>
  JSON.stringify(
    { tool: 'insights-connector check', version, profile, counts: countsOf(findings), findings },
    null,
    2,
  );

const sarifLevel: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };

/** Relative to the working directory, or absolute for files elsewhere. */
const uri = (file: string): string => {
  const encoded = file.split('/').map(encodeURIComponent).join('/');
  return encoded.startsWith('/') ? `file://${encoded}` : encoded;
};

const result = (finding: Finding, index: ReadonlyMap<string, number>) => ({
  ruleId: finding.rule,
  ruleIndex: index.get(finding.rule),
  level: sarifLevel[finding.severity],
  message: { text: `${finding.message} ${finding.mend}` },
  locations: [
    {
      physicalLocation: {
        artifactLocation: { uri: uri(finding.file) },
        region: { startLine: finding.line, startColumn: finding.column },
      },
      ...(finding.pointer !== '' && {
        logicalLocations: [{ fullyQualifiedName: finding.pointer, kind: 'member' }],
      }),
    },
  ],
  partialFingerprints: {
    'connectorCheck/v1': createHash('sha256').update(identityOf(finding)).digest('hex'),
  },
});

const described = (id: RuleId, profile: Profile) => {
  const { severity, says, mend, source } = rules[id];
  const level = levelFor(severity, profile);
  return {
    id,
    shortDescription: { text: says },
    help: { text: mend },
    helpUri: source,
    defaultConfiguration: level === 'off' ? { enabled: false } : { level: sarifLevel[level] },
  };
};

/** https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export const sarifOfRun = ({ findings, profile, version }: Run): string => {
  const used = new Set(findings.map(({ rule }) => rule));
  const ids = ruleIds.filter((id) => used.has(id));
  const index = new Map<string, number>(ids.map((id, at) => [id, at]));
  return JSON.stringify(
    {
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name: 'insights-connector check',
              version,
              informationUri: rules.DefinitionMissing.source,
              rules: ids.map((id) => described(id, profile)),
            },
          },
          columnKind: 'utf16CodeUnits',
          results: findings.filter(({ rule }) => isRuleId(rule)).map((finding) => result(finding, index)),
        },
      ],
    },
    null,
    2,
  );
};

const escaped = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 has no way to write them
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

const testCase = (finding: Finding): string => {
  const name = `${finding.rule} ${finding.line}:${finding.column}`;
  const body = escaped(
    `${finding.severity}: ${finding.message}\n${finding.pointer}\n${finding.mend}\n${finding.source}`,
  );
  const content =
    finding.severity === 'error'
      ? `<failure type="${finding.rule}" message="${escaped(finding.message)}">${body}</failure>`
      : `<system-out>${body}</system-out>`;
  return `    <testcase classname="${escaped(finding.file)}" name="${escaped(name)}">${content}</testcase>`;
};

/** One suite for each file, one case for each finding; errors are failures, the others pass with their text as output. */
export const junitOfRun = ({ findings }: Run, files: readonly string[]): string => {
  const names = [...new Set([...files, ...findings.map(({ file }) => file)])];
  const suites = names.map((file) => {
    const here = findings.filter((finding) => finding.file === file);
    const { error } = countsOf(here);
    const cases =
      here.length > 0
        ? here.map(testCase)
        : [`    <testcase classname="${escaped(file)}" name="no findings"/>`];
    return [
      `  <testsuite name="${escaped(file)}" tests="${cases.length}" failures="${error}" errors="0" skipped="0">`,
      ...cases,
      '  </testsuite>',
    ].join('\n');
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites name="insights-connector check">',
    ...suites,
    '</testsuites>',
  ].join('\n');
};
