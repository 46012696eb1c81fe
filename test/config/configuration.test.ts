import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkConfiguration } from '../../config/check.ts';
import { exampleConfiguration } from '../../config/example.ts';
import { loadConfiguration } from '../../config/load.ts';
import { configurationReference } from '../../config/reference.ts';
import { schemaOf } from '../../config/schema.ts';
import { problemsOf } from './problems.ts';

const exampleFile = new URL('../../config/insights-connector.example.json', import.meta.url);
const valid = () => JSON.parse(readFileSync(exampleFile, 'utf8'));

describe('a configuration', () => {
  it('like the example file is admitted, and its defaults are filled in', () => {
    expect(checkConfiguration(valid(), 'the example')).toMatchObject({
      limit: { calls: 100, windowSeconds: 60 },
      callbacks: {
        allowLoopback: false,
        allowedHosts: ['*.logic.azure.com', '*.environment.api.powerplatform.com'],
      },
      customerInsights: { url: 'https://api.ci.ai.dynamics.com/v1' },
      connector: { title: 'Customer Insights Events', publisher: 'Contoso' },
      logs: { level: 'INFO', retentionDays: 30, tracing: false },
      preset: 'production',
    });
  });

  it('is not changed by checking it', () => {
    const values = valid();
    checkConfiguration(values, 'the example');
    expect(values).toEqual(valid());
  });

  it('names where to correct it', () => {
    expect(() => checkConfiguration({}, '/etc/insights-connector.json')).toThrow(
      /^Invalid \/etc\/insights-connector\.json:.*Correct the values there; docs\/configuration\.md lists every key\.$/s,
    );
  });

  it('tells all problems at once, a missing object with what belongs into it', () => {
    expect(problemsOf({})).toEqual([
      expect.stringMatching(/^tenantId is missing\. .*A GUID, for example/),
      expect.stringMatching(
        /^applications is missing\. The two application registrations .*"connector", "api"/,
      ),
      expect.stringMatching(
        /^instances is missing\. The Customer Insights instances that the deployment begins with; 1 to 200\./,
      ),
    ]);
  });

  it.each([
    ['a wrong form', { tenantId: 'contoso' }, /^tenantId is "contoso", .*A GUID/],
    ['a number out of range', { limit: { calls: 101 } }, /^limit\.calls is 101, .*<= 100.*1 to 100/],
    ['a wrong type', { limit: { calls: '100' } }, /^limit\.calls is "100", which must be integer/],
    ['an unknown key', { limits: {} }, /^limits is unknown\. Allowed here: .*tenantId.*limit/],
    [
      'an unknown key further down',
      { limit: { call: 1 } },
      /^limit\.call is unknown\. Allowed here: calls, windowSeconds\.$/,
    ],
    [
      'an empty list',
      { instances: [] },
      /^instances is \[\], which must NOT have fewer than 1 items\. .*1 to 200/,
    ],
    [
      'a value not in the list',
      { logs: { retentionDays: 10 } },
      /^logs\.retentionDays is 10, .*one of 1, 3, 5/,
    ],
    [
      'a host that is an address',
      { connector: { host: 'https://x.y' } },
      /^connector\.host is "https:\/\/x\.y".*without scheme/,
    ],
    [
      'a host pattern in capitals',
      { callbacks: { allowedHosts: ['*.Logic.com'] } },
      /^callbacks\.allowedHosts\.0 is .*lower case/,
    ],
  ])('with %s is refused by key, value and what is allowed', (_, change, message) => {
    expect(problemsOf({ ...valid(), ...change })).toEqual([expect.stringMatching(message)]);
  });

  it('with an instance or a secret name twice is refused', () => {
    const values = valid();
    const [instance] = values.instances;
    const twice = {
      ...instance,
      id: instance.id.toUpperCase(),
      secretName: values.applications.api.secretName,
    };
    expect(problemsOf({ ...values, instances: [instance, twice] })).toEqual([
      expect.stringMatching(/has the id 33333333-.* twice/),
      'instances.1.secretName is the same as applications.api.secretName. The client secret needs a name of its own; instances may share a secret with each other.',
    ]);
  });
});

describe('a secret in the configuration', () => {
  const secret = `abc8Q${'~'}${'dEf-1_g.'.repeat(4)}`;
  const short = 'hunter2!';
  const inApi = (api: unknown) => ({ ...valid(), applications: { ...valid().applications, api } });
  const inInstance = (changed: object) => ({
    ...valid(),
    instances: [{ ...valid().instances[0], ...changed }],
  });
  const { clientId } = valid().applications.api;

  it.each([
    [
      'as the name of a secret',
      inApi({ clientId, secretName: secret }),
      [
        /^applications\.api\.secretName looks like a client secret of Microsoft Entra, not like .*docs\/deployment\.md, step 5.*create a new secret\.$/,
      ],
    ],
    [
      'a key as the name of a secret',
      inInstance({ secretName: '0123456789abcdef0123456789ABCDEF' }),
      [/^instances\.0\.secretName looks like a key of 32 hexadecimal digits/],
    ],
    [
      'as the id of an application',
      inApi({ clientId: secret, secretName: 'a' }),
      [/^applications\.api\.clientId contains a value that looks like a client secret/],
    ],
    [
      'as the name of an instance',
      inInstance({ name: secret }),
      [/^instances\.0\.name contains a value that looks like a client secret/],
    ],
    [
      'a key as the id of an instance',
      inInstance({ id: '0123456789abcdef0123456789ABCDEF' }),
      [
        /^instances\.0\.id is a value that looks like a key of 32 hexadecimal digits and is not shown, which has a form/,
      ],
    ],
    [
      'of a form that nobody knows, as a name',
      inApi({ clientId, secretName: short }),
      [/^applications\.api\.secretName is a value that is not shown.*which has a form/],
    ],
    [
      'as a number',
      inInstance({ secretName: 12345678 }),
      [/^instances\.0\.secretName is a value that is not shown.*must be string/],
    ],
    [
      'in place of the object around it',
      inApi(short),
      [/^applications\.api is a text, which must be object/],
    ],
    [
      'in place of the list around it',
      { ...valid(), instances: short },
      [/^instances is a text, which must be array/],
    ],
    [
      'in an object in place of its name',
      inApi({ clientId, secretName: { clientSecret: short } }),
      [/^applications\.api\.secretName is an object, which must be string/],
    ],
    [
      'in a list in place of an object',
      inApi([short]),
      [/^applications\.api is a list of 1, which must be object/],
    ],
    [
      'in place of a number',
      { ...valid(), limit: { calls: secret } },
      [/^limit\.calls contains a value that looks like/],
    ],
    [
      'under an unknown key',
      inApi({ clientId, secretName: 'a', clientSecret: short }),
      [/^applications\.api\.clientSecret is unknown/],
    ],
    ['as an unknown key', { ...valid(), [secret]: true }, [/^\(a key that looks like a secret\) is unknown/]],
    [
      'twice, as names that pass',
      {
        ...inApi({ clientId, secretName: 'hunter2' }),
        instances: [{ ...valid().instances[0], secretName: 'hunter2' }],
      },
      [/^instances\.0\.secretName is the same as applications\.api\.secretName/],
    ],
  ] as const)('%s is refused once and never repeated', (_, values, messages) => {
    const problems = problemsOf(values);
    expect(problems).toEqual(messages.map((message) => expect.stringMatching(message)));
    expect(problems.join()).not.toMatch(/hunter|~dEf|0123456789|12345678/i);
  });

  it('is searched in every key that takes the name of a secret', () => {
    const places = (schema: Readonly<Record<string, unknown>>, key: string): readonly string[] => [
      ...(/Secrets Manager secret/.test(String(schema.description)) ? [key] : []),
      ...Object.entries((schema.properties ?? {}) as Record<string, Record<string, unknown>>).flatMap(
        ([name, below]) => places(below, name),
      ),
      ...(schema.items ? places(schema.items as Record<string, unknown>, key) : []),
    ];
    const found = places({ ...schemaOf() }, '');
    expect(found.length).toBeGreaterThan(1);
    for (const key of found) expect(key).toMatch(/^secret(Name)?$/);
  });

  it('is not repeated when the file is not JSON; the message names the place', () => {
    const own = mkdtempSync(join(tmpdir(), 'configuration-'));
    const file = join(own, 'broken.json');
    for (const [text, place] of [
      [`{\n  "secret": "${secret}",,\n}`, 'see line 2, column 54.'],
      [`{ "secret": ${secret} }`, 'see line 1, column 13.'],
      [`{ "secret": "${secret}"`, 'it ends too early, in line 1, column 53.'],
    ] as const) {
      writeFileSync(file, text);
      const told = () => loadConfiguration(file);
      expect(told).toThrow(`it is not JSON: ${place}`);
      expect(told).not.toThrow(/dEf|8Q/);
    }
    rmSync(own, { recursive: true });
  });
});

describe('loading', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'configuration-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('falls back to the embedded example when nothing is named and nothing is there', () => {
    expect(loadConfiguration(undefined, folder)).toEqual({
      configuration: exampleConfiguration,
      source: 'embedded example configuration',
      isExample: true,
    });
  });

  it('takes the file of the folder when there is one', () => {
    const file = join(folder, 'insights-connector.json');
    writeFileSync(file, JSON.stringify(valid()));
    expect(loadConfiguration(undefined, folder)).toMatchObject({ source: file, isExample: false });
    rmSync(file);
  });

  it('takes a file that begins with a byte order mark', () => {
    writeFileSync(join(folder, 'marked.json'), `\ufeff${JSON.stringify(valid())}`);
    expect(loadConfiguration('marked.json', folder)).toMatchObject({ isExample: false });
  });

  it('refuses a named file that is absent, or no JSON, by its path', () => {
    expect(() => loadConfiguration('absent.json', folder)).toThrow(
      /^Invalid .*absent\.json:.*the file does not exist/s,
    );
    writeFileSync(join(folder, 'broken.json'), '{"tenantId": }');
    expect(() => loadConfiguration('broken.json', folder)).toThrow(
      /^Invalid .*broken\.json:.*it is not JSON/s,
    );
  });
});

describe('docs/configuration.md', () => {
  it('is what the schema says now', () => {
    const file = new URL('../../docs/configuration.md', import.meta.url);
    expect(readFileSync(file, 'utf8')).toBe(configurationReference());
  });

  it('describes every key', () => {
    const undescribed = (schema: Readonly<Record<string, unknown>>, key: string): readonly string[] => [
      ...(schema.description || key === '' ? [] : [key]),
      ...Object.entries((schema.properties ?? {}) as Record<string, Record<string, unknown>>).flatMap(
        ([name, below]) => undescribed(below, `${key}.${name}`),
      ),
      ...(schema.items ? undescribed(schema.items as Record<string, unknown>, `${key}[]`) : []),
    ];
    expect(undescribed({ ...schemaOf() }, '')).toEqual([]);
  });
});
