/** The keys of the configuration that depend on others, exclude others, or had another name. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkConfiguration } from '../../config/check.ts';
import { exampleConfiguration } from '../../config/example.ts';
import { editorSchema } from '../../config/reference.ts';
import { renamedKeys } from '../../config/renamed-keys.ts';
import { configurableFunctions } from '../../config/stack-options.ts';
import { servingFunctionNames } from '../../lambda/functions.ts';
import { problemsOf as problemsIn } from './problems.ts';

const exampleFile = new URL('../../config/insights-connector.example.json', import.meta.url);
type Values = Record<string, unknown> & {
  readonly applications: { readonly api: Readonly<Record<string, unknown>> };
  readonly instances: readonly Readonly<Record<string, unknown>>[];
};
const valid = (): Values => JSON.parse(readFileSync(exampleFile, 'utf8'));
const checked = (changes: object) => checkConfiguration({ ...valid(), ...changes }, 'the test');

const problemsOf = (changes: object) => problemsIn({ ...valid(), ...changes });

const without = (key: string, { [key]: removed, ...rest }: Readonly<Record<string, unknown>>) =>
  [removed, rest] as const;

describe('a key with its old name', () => {
  const inApi = () => {
    const { applications } = valid();
    const [secret, api] = without('secretName', applications.api);
    return { applications: { ...applications, api: { ...api, secret } } };
  };
  const inInstance = () => {
    const { instances } = valid();
    const [secret, instance] = without('secretName', instances[0] ?? {});
    return { instances: [{ ...instance, secret }] };
  };

  it('is told once, with its new name and its place', () => {
    expect(problemsOf({ ...inApi(), ...inInstance(), logRetentionDays: 30 })).toEqual([
      'logRetentionDays is now called logs.retentionDays. Rename the key; its value stays the same.',
      'applications.api.secret is now called applications.api.secretName. Rename the key; its value stays the same.',
      'instances.0.secret is now called instances.0.secretName. Rename the key; its value stays the same.',
    ]);
  });

  it('has a new name that the schema knows', () => {
    const known = JSON.stringify(JSON.parse(editorSchema()));
    for (const name of Object.values(renamedKeys))
      expect(known).toContain(`"${name.slice(name.lastIndexOf('.') + 1)}":`);
  });
});

describe('a preset', () => {
  const defaultsOf = (preset?: string) => {
    const { logs, monitoring, updates } = checked({ ...(preset && { preset }) });
    return [logs.retentionDays, monitoring.alarms, updates.terminationProtection];
  };

  it('is production unless the configuration says otherwise', () => {
    expect(defaultsOf()).toEqual([30, true, true]);
    expect(defaultsOf('production')).toEqual([30, true, true]);
    expect(defaultsOf('dev')).toEqual([7, false, false]);
  });

  it('gives way to what is configured', () => {
    expect(checked({ preset: 'dev', logs: { retentionDays: 90 } }).logs.retentionDays).toBe(90);
  });

  it('that nobody knows is refused', () => {
    expect(problemsOf({ preset: 'prod' })).toEqual([
      expect.stringMatching(/^preset is "prod", .* One of production, dev\.$/),
    ]);
  });

  it('stays what it was when the configuration is checked again', () => {
    const dev = checked({ preset: 'dev' });
    expect(checkConfiguration(dev, 'again')).toEqual(dev);
  });
});

describe('a cloud', () => {
  it('has callback hosts of its own', () => {
    const gcc = checked({
      cloud: 'gcc',
      customerInsights: {
        url: 'https://api.gov.example/v1',
        scope: 'https://api.gov.example/.default',
        linkBase: 'https://pages.gov.example',
      },
    });
    expect(gcc.callbacks.allowedHosts).toEqual([
      '*.logic.azure.us',
      '*.environment.api.gov.powerplatform.microsoft.us',
    ]);
    expect(checked({}).callbacks.allowedHosts[0]).toBe('*.logic.azure.com');
  });

  it('without published addresses asks for them', () => {
    expect(problemsOf({ cloud: 'gcc' })).toEqual([
      expect.stringMatching(/^customerInsights\.url is missing\./),
      expect.stringMatching(/^customerInsights\.scope is missing\./),
      expect.stringMatching(/^customerInsights\.linkBase is missing\./),
    ]);
  });

  it.each(['gcc-high', 'dod', 'china'])('%s is refused with the reason', (cloud) => {
    expect(problemsOf({ cloud })).toEqual([
      expect.stringMatching(/^cloud is .*GCC High, DoD and China \(21Vianet\) cannot be served: Customer/),
    ]);
  });
});

describe('the address of the connector', () => {
  it.each([
    'https://make.powerautomate.com/environments/x/connections/custom/edit/shared_y',
    'https://make.gov.powerapps.us/environments/x/customconnectors',
  ])('is a page of one of the portals: %s', (connectorUrl) => {
    expect(checked({ console: { connectorUrl } }).console).toEqual({ connectorUrl });
  });

  it.each([
    'http://make.powerautomate.com/environments/x',
    'https://make.powerautomate.com.example.com/environments/x',
    'https://make.powerautomate.com@example.com/environments/x',
    'https://example.com/?https://make.powerautomate.com/x',
    'https://make.powerautomate.com',
    'javascript:alert(1)',
  ])('is nothing else: %s', (connectorUrl) => {
    expect(problemsOf({ console: { connectorUrl } })).toEqual([
      expect.stringMatching(/^console\.connectorUrl is .*https, on make\.powerautomate\.com, /),
    ]);
  });
});

describe('keys that contradict each other are refused, with what to do:', () => {
  const api = () => valid().applications.api;
  const withApi = (changed: object) => ({ applications: { ...valid().applications, api: changed } });
  const topicArn = 'arn:aws:sns:eu-west-1:123456789012:operations';

  it.each([
    [
      'a client secret without a name',
      withApi(without('secretName', api())[1]),
      /^applications\.api\.secretName is missing\./,
    ],
    [
      'two targets of notifications',
      { monitoring: { email: 'a@example.com', topicArn } },
      /^monitoring has both email and topicArn\./,
    ],
    [
      'a target without alarms',
      { preset: 'dev', monitoring: { topicArn } },
      /^monitoring\.alarms is false, so nothing would be sent/,
    ],
    [
      'a rollback without alarms',
      { preset: 'dev', updates: { automaticRollback: true } },
      /^updates\.automaticRollback is true but monitoring\.alarms is false\./,
    ],
    [
      'a tag of AWS',
      { tags: { 'aws:owner': 'x' } },
      /^tags has the name "aws:owner", which is not allowed\./,
    ],
    ['a tag of ours', { tags: { application: 'x' } }, /^tags has the name "application", which is not/],
    ['nothing that exists', { existing: {} }, /^existing is .*fewer than 1/],
  ])('%s', (_, changes, message) => {
    expect(problemsOf(changes)).toEqual([expect.stringMatching(message)]);
  });
});

describe('reserved concurrency', () => {
  it('can be given to every function, and to nothing else', () => {
    expect([...configurableFunctions].sort()).toEqual([...servingFunctionNames].sort());
    expect(problemsOf({ reservedConcurrency: { watcher: 1 } })).toEqual([
      expect.stringMatching(/^reservedConcurrency\.watcher is unknown\. Allowed here: subscriptions, proxy,/),
    ]);
  });
});

describe('the schema for editors', () => {
  it('is the one that the check uses', () => {
    const schema = JSON.parse(editorSchema());
    expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#');
    expect(Object.keys(exampleConfiguration)).toEqual(
      expect.arrayContaining(Object.keys(schema.properties).filter((key) => schema.required.includes(key))),
    );
    expect(schema.additionalProperties).toBe(false);
  });
});
