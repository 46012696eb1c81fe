/** I11: values of the right form that cannot be right are refused, and what is most likely a mistake is told. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkConfiguration } from '../../config/check.ts';
import { exampleConfiguration } from '../../config/example.ts';
import { loadConfiguration, noConfiguration, parseConfiguration } from '../../config/load.ts';
import { doubtful } from '../../config/plausible.ts';

/** Any key of a copy of the example can be set. */
// biome-ignore lint/suspicious/noExplicitAny: values of a file have no type before they are checked.
const changed = (change: (values: any) => void): unknown => {
  const values = structuredClone(exampleConfiguration);
  change(values);
  return values;
};
const check = (change: Parameters<typeof changed>[0]) => () => checkConfiguration(changed(change), 'x.json');

describe('values that cannot be right', () => {
  it.each<[string, Parameters<typeof changed>[0], RegExp]>([
    [
      'a placeholder',
      (v) => (v.connector.host = '<your-host>'),
      /connector\.host is "<your-host>", which is a placeholder.*cdk deploy/,
    ],
    ['TODO', (v) => (v.connector.host = 'TODO'), /not a host name of the internet/],
    ['this machine', (v) => (v.connector.host = 'localhost'), /Power Platform cannot reach/],
    ['an address', (v) => (v.connector.host = '10.0.0.5'), /Power Platform cannot reach/],
    ['a blank title', (v) => (v.connector.title = '  '), /connector\.title is blank/],
    ['a title with API', (v) => (v.connector.title = 'Insights API'), /must not have the words API/],
    ['a title with Connector', (v) => (v.connector.title = 'My connector'), /must not have the words/],
    [
      'one application for two',
      (v) => (v.applications.api.clientId = v.applications.connector.clientId.toUpperCase()),
      /are the same.*registration each/,
    ],
    ['the nil tenant', (v) => (v.tenantId = '00000000-0000-0000-0000-000000000000'), /tenantId is all zeros/],
    [
      'callbacks in China',
      (v) => v.callbacks.allowedHosts.push('*.logic.azure.cn'),
      /allowedHosts has the host "\*\.logic\.azure\.cn", which is in the cloud of China.*does not offer/,
    ],
    [
      'callbacks of the US government in the public cloud',
      (v) => v.callbacks.allowedHosts.push('*.logic.azure.us'),
      /"\*\.logic\.azure\.us", which is in the cloud for the US government: set cloud to "gcc"/,
    ],
    [
      'Customer Insights in China',
      (v) => (v.customerInsights.url = 'https://api.ci.dynamics.cn/v1'),
      /customerInsights\.url has the host "api\.ci\.dynamics\.cn"/,
    ],
    ['http', (v) => (v.customerInsights.url = 'http://api.ci.ai.dynamics.com/v1'), /must be https/],
    [
      'a scope of one permission',
      (v) => (v.customerInsights.scope = 'https://api.ci.ai.microsoft.com/api.access'),
      /end with \/\.default/,
    ],
    [
      'a slash at the end',
      (v) => (v.connector.website = 'https://contoso.com/'),
      /without a slash at the end/,
    ],
  ])('%s is refused, with what is allowed', (_, change, message) => {
    expect(check(change)).toThrow(message);
    expect(check(change)).not.toThrow(/must match pattern/);
  });

  it('a server of this machine may be http, for tests', () => {
    expect(check((v) => (v.customerInsights.url = 'http://127.0.0.1:8080/v1'))).not.toThrow();
  });
});

describe('values that are most likely a mistake', () => {
  const told = (change: Parameters<typeof changed>[0]) =>
    doubtful(checkConfiguration(changed(change), 'x')).join(' ');
  it.each<[string, Parameters<typeof changed>[0], RegExp]>([
    [
      'ids of the example file',
      (v) => (v.tenantId = '01234567-89ab-cdef-0123-456789abcdef'),
      /tenantId has the value of the example file/,
    ],
    [
      'two instances of one name',
      (v) =>
        v.instances.push({
          ...v.instances[0],
          id: '44444444-4444-4444-8444-444444444444',
          secretName: 'other',
        }),
      /Two instances have the name "Contoso Retail"/,
    ],
    [
      'one person above all',
      (v) => (v.subscriptions = { perPrincipal: 50, perInstance: 10 }),
      /perPrincipal \(50\) is above/,
    ],
  ])('%s are told', (_, change, message) => {
    expect(told(change)).toMatch(message);
  });

  it('a sound configuration has none', () => {
    expect(told(() => undefined)).toBe('');
  });
});

describe('the file', () => {
  it('may begin with a byte order mark, and names line and column where it is no JSON', () => {
    expect(parseConfiguration('\ufeff{"a":1}', 'x')).toEqual({ a: 1 });
    expect(() => parseConfiguration('{\n  "a": 1,\n  b: 2\n}', 'x.json')).toThrow(
      /x\.json.*line 3, column 3/s,
    );
  });

  it('that is missing or almost named so is told', () => {
    const folder = mkdtempSync(join(tmpdir(), 'plausible-'));
    expect(noConfiguration(folder)).toMatch(/insights-connector init/);
    writeFileSync(join(folder, 'insights-conector.json'), '{}');
    expect(noConfiguration(folder)).toMatch(/Is insights-conector\.json meant\?/);
    expect(loadConfiguration(undefined, folder).isExample).toBe(true);
    rmSync(folder, { recursive: true });
  });

  it('of the example is the one that the warnings know', () => {
    const example = JSON.parse(
      readFileSync(new URL('../../config/insights-connector.example.json', import.meta.url), 'utf8'),
    );
    expect(doubtful(checkConfiguration(example, 'x')).join()).toMatch(
      /tenantId, applications\.connector\.clientId, applications\.api\.clientId, instances\.0\.id have the value of the example file/,
    );
  });
});
