import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { checkConnector } from '../../../connector/check/check-connector.ts';
import { jsonOfRun, junitOfRun, sarifOfRun } from '../../../connector/check/formats/machine.ts';
import { textOfFindings } from '../../../connector/check/formats/text.ts';
import { Source } from '../../../connector/check/source.ts';
import { filesOf, soundConnectors } from './sound.ts';

const [orders] = soundConnectors;
if (orders === undefined) throw new Error('no connector');
const bad = orders.make();
bad.definition.host = 'https://api.contoso.com/<&">';
bad.definition.paths['/me'].get['x-ms-sumary'] = 'x';
bad.definition.info.description = 'Short.';
bad.properties.properties.iconBrandColor = '#ffffff';
const files = filesOf(bad, 2).map((file) => ({ ...file, name: `my connector/${file.name}` }));
const findings = checkConnector(files);
const run = { findings, profile: 'import', version: '1.2.3' } as const;

describe('SARIF', () => {
  // The schema names itself in the way of draft 4 and otherwise keeps to draft 7.
  const {
    id: _,
    $schema: __,
    ...schema
  } = createRequire(import.meta.url)('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
  const compile = () => {
    const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
    formats.default(ajv);
    return ajv.compile(schema);
  };

  it.each([
    ['findings', run],
    ['nothing', { ...run, findings: [] }],
  ] as const)('with %s keeps the schema of SARIF 2.1.0', (_, what) => {
    const validate = compile();
    validate(JSON.parse(sarifOfRun(what)));
    expect(validate.errors ?? []).toEqual([]);
  });

  it('the schema refuses a broken log', () => {
    const log = JSON.parse(sarifOfRun(run));
    log.runs[0].results[0].level = 'fatal';
    expect(compile()(log)).toBe(false);
  });

  it('gives rule, level, place and a fingerprint for each finding', () => {
    const [{ tool, results }] = JSON.parse(sarifOfRun(run)).runs;
    expect(results).toHaveLength(findings.length);
    const result = results.find(({ ruleId }: { readonly ruleId: string }) => ruleId === 'HostNameNotValid');
    expect(tool.driver.rules[result.ruleIndex].id).toBe('HostNameNotValid');
    expect(result).toMatchObject({
      level: 'error',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'my%20connector/apiDefinition.swagger.json' },
            region: { startLine: 16, startColumn: 11 },
          },
          logicalLocations: [{ fullyQualifiedName: '/host' }],
        },
      ],
      partialFingerprints: { 'connectorCheck/v1': expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
  });
});

describe('JUnit', () => {
  it('makes errors failures, escapes, and names files without findings', () => {
    const xml = junitOfRun(run, ['a/clean.json']);
    expect(xml).toContain('<testsuite name="a/clean.json" tests="1" failures="0"');
    expect(xml.match(/<failure /g)).toHaveLength(
      findings.filter(({ severity }) => severity === 'error').length,
    );
    expect(xml).toContain('&lt;&amp;&quot;&gt;');
    expect(xml.match(/<testcase /g)?.length).toBe(findings.length + 1);
  });
});

describe('JSON', () => {
  it('holds the findings with their counts', () => {
    const value = JSON.parse(jsonOfRun(run));
    expect(value.findings).toEqual(JSON.parse(JSON.stringify(findings)));
    expect(value.counts).toEqual({ error: 1, warning: 2, info: 2 });
  });
});

describe('text', () => {
  const source = new Map(files.map(({ name, content }) => [name, new Source(name, content)]));
  const line = (file: string, number: number) => source.get(file)?.line(number);

  it('groups by file, shows the line with a mark, and counts what is below the level', () => {
    expect(textOfFindings(findings, { least: 'warning', line })).toMatchInlineSnapshot(`
      "my connector/apiDefinition.swagger.json: 1 error, 1 warning, 1 info

        error   16:11  HostNameNotValid
          "https://api.contoso.com/<&">" is not a host name.
             16 | "host": "https://api.contoso.com/<&\\">",
                |         ^
          → Remove scheme, path and placeholders; where the host varies use the policy
            dynamichosturl.

        warning 544:9  ExtensionMisspelt  (--fix)
          "x-ms-sumary" is ignored; "x-ms-summary" is meant.
            544 | "x-ms-sumary": "x"
                | ^
          → Correct the spelling; the platform ignores the key as it is.

        below warning (--level info shows them):
              1  FieldLengthNotInRange

      my connector/apiProperties.json: 0 errors, 1 warning, 0 infos

        warning 5:23  BrandColorRefused
          "#ffffff" is white.
              5 | "iconBrandColor": "#ffffff",
                |                   ^
          → Choose another colour than #ffffff and #007ee5.

      my connector/icon.png: 0 errors, 0 warnings, 1 info

        below warning (--level info shows them):
              1  IconBackgroundDiffers
      "
    `);
  });

  it('keeps to 80 columns, except for single words', () => {
    const long = orders.make();
    long.definition.info.title = 'A long title with many words that go on '.repeat(20);
    long.definition.host = 'x y'.repeat(100);
    const made = filesOf(long, 0);
    const text = textOfFindings(checkConnector(made, { profile: 'certification' }), {
      least: 'info',
      line: (file, number) =>
        new Source(file, made.find(({ name }) => name === file)?.content ?? new Uint8Array()).line(number),
    });
    for (const row of text.split('\n'))
      expect(row.length, row).toBeLessThanOrEqual(row.trim().includes(' ') ? 80 : 500);
  });
});
