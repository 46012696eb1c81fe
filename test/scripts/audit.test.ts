import { describe, expect, it } from 'vitest';
import { auditResult, lockProblems } from '../../scripts/audit-result.ts';

const report = (...severities: readonly string[]): string =>
  JSON.stringify({
    vulnerabilities: Object.fromEntries(
      severities.map((severity, at) => [
        `package-${at}`,
        {
          name: `package-${at}`,
          severity,
          range: '<1.2.0',
          via: [{ title: 'Prototype pollution', url: 'https://example.com/advisory' }, 'other'],
        },
      ]),
    ),
  });

describe('the result of an audit', () => {
  it('is 0 without a vulnerability of severity high', () => {
    expect(auditResult(report('low', 'moderate'), '')).toEqual({
      code: 0,
      lines: ['No known vulnerability of severity high or critical; 2 of lower severity.'],
    });
  });

  it.each(['high', 'critical'])('is 1 with one of severity %s, and names it', (severity) => {
    const { code, lines } = auditResult(report('low', severity), '');
    expect(code).toBe(1);
    expect(lines).toContain(
      `  ${severity}  package-1 <1.2.0: Prototype pollution (https://example.com/advisory); depends on other`,
    );
    expect(lines.join('\n')).not.toContain('package-0');
  });

  it.each([
    ['a registry without audit', JSON.stringify({ message: '405 Method Not Allowed', statusCode: 405 }), ''],
    ['no network', JSON.stringify({ error: { code: 'ENOTFOUND', summary: '405 Method Not Allowed' } }), ''],
    ['no JSON', 'npm error', '405 Method Not Allowed\nA complete log …'],
  ])('is 2 with %s, and says that nothing was checked', (_, stdout, stderr) => {
    const { code, lines } = auditResult(stdout, stderr);
    expect(code).toBe(2);
    expect(lines[0]).toBe(
      'Not checked for known vulnerabilities: the registry did not answer the audit request (405 Method Not Allowed).',
    );
    expect(lines.join('\n')).toContain('npm run audit -- --registry');
  });
});

it('a locked package needs a checksum, and no address of its own', () => {
  const integrity = 'sha512-abc';
  expect(
    lockProblems({
      packages: {
        '': {},
        'node_modules/good': { integrity },
        'node_modules/public': {
          integrity,
          resolved: 'https://registry.npmjs.org/public/-/public-1.0.0.tgz',
        },
        'node_modules/workspace': { link: true, resolved: 'workspace' },
        'node_modules/good/node_modules/bundled': { inBundle: true },
        'node_modules/elsewhere': { integrity, resolved: 'git+ssh://git@example.com/elsewhere.git' },
        'node_modules/unchecked': { integrity: 'sha1-abc' },
      },
    }),
  ).toEqual({
    packages: 4,
    problems: [
      'node_modules/elsewhere: resolved from "git+ssh://git@example.com/elsewhere.git", not from the registry',
      'node_modules/unchecked: no SHA-512 checksum',
    ],
  });
});
