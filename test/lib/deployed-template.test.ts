/** What a deployment is told, and what two deployments share. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkConfiguration } from '../../config/check.ts';
import { loadConfiguration } from '../../config/load.ts';
import { type Configuration, schemaOf } from '../../config/schema.ts';
import { functionNames, servingFunctionNames } from '../../lambda/functions.ts';
import { isRecord } from '../../lambda/runtime/json.ts';
import { alarmDefinitions } from '../../lib/alarms.ts';
import { createApp } from '../../lib/app.ts';
import { writeSettings } from '../../lib/function-settings.ts';
import { type LogQuery, logQueries } from '../../lib/log-queries.ts';
import { synthesise } from '../../local/synthesise.ts';
import type { Json, Template } from '../../local/template/template.ts';
import { templateNames } from '../pins/template-names.ts';
import { createFunctionsFolder } from './functions-folder.ts';

const guid = (digit: string) => '00000000-0000-4000-8000-000000000000'.replaceAll('0', digit);

/** Two configurations that have every key, and no value in common. */
const givenOf = (digit: '1' | '2') => ({
  deployment: { name: `stage${digit}` },
  cloud: digit === '1' ? 'public' : 'gcc',
  tenantId: guid(digit),
  applications: {
    connector: { clientId: guid(String(Number(digit) + 2)) },
    api: { clientId: guid(String(Number(digit) + 4)), secretName: `api-secret-${digit}` },
  },
  instances: [
    { id: guid(String(Number(digit) + 6)), name: `Instance ${digit}`, secretName: `keys-${digit}` },
  ],
  limit: { calls: 40 + Number(digit), windowSeconds: 50 + Number(digit) },
  registrations: { calls: 30 + Number(digit), windowSeconds: 70 + Number(digit) },
  subscriptions: { perPrincipal: 60 + Number(digit), perInstance: 70 + Number(digit) },
  callbacks: { allowedHosts: [`host${digit}.example.com`] },
  customerInsights: {
    url: `https://insights${digit}.example.com/v1`,
    scope: `https://scope${digit}.example.com/.default`,
    linkBase: `https://pages${digit}.example.com`,
  },
  connector: {
    title: `Title ${digit}`,
    host: `api${digit}.example.com`,
    hostEnvironmentVariable: `contoso_Host${digit}`,
    publisher: `Publisher ${digit}`,
    stackOwner: `Owner ${digit}`,
    contact: {
      name: `Contact ${digit}`,
      url: `https://contact${digit}.example.com`,
      email: `contact${digit}@example.com`,
    },
    website: `https://website${digit}.example.com`,
    privacyPolicy: `https://privacy${digit}.example.com`,
  },
  console: {
    clientId: guid(`${Number(digit) + 7}`.slice(-1)),
    connectorUrl: `https://make.powerautomate.com/page${digit}`,
  },
  monitoring: { email: `operations${digit}@example.com`, monthlyUsd: 70 + Number(digit) },
  logs: {
    retentionDays: digit === '1' ? 7 : 14,
    level: digit === '1' ? 'DEBUG' : 'WARN',
    tracing: digit === '1',
  },
  existing: {
    stateTable: `left-table-${digit}`,
    callbackKey: `arn:aws:kms:eu-west-1:${digit.repeat(12)}:key/${guid(digit)}`,
  },
  domain: {
    name: `insights${digit}.example.com`,
    certificateArn: `arn:aws:acm:eu-west-1:${digit.repeat(12)}:certificate/${guid(digit)}`,
    hostedZoneId: `Z${digit.repeat(8)}`,
  },
  reservedConcurrency: Object.fromEntries(servingFunctionNames.map((name) => [name, 5 + Number(digit)])),
  operators: { readCallbackUrls: digit === '1' },
  throttle: { callsPerSecond: 600 + Number(digit), burst: 1_200 + Number(digit) },
  encryptionKeyArn: `arn:aws:kms:eu-west-1:${digit.repeat(12)}:key/${guid(digit)}`,
  permissionsBoundaryArn: `arn:aws:iam::${digit.repeat(12)}:policy/boundary${digit}`,
});

const checked = (given: unknown): Configuration => checkConfiguration(given, 'the test');

const cleanUps: (() => void)[] = [];
afterAll(() => {
  for (const cleanUp of cleanUps) cleanUp();
});

const folder = () => {
  const { path, remove } = createFunctionsFolder();
  cleanUps.push(remove);
  return path;
};

/**
 * The template for AWS, with stand-ins for the bundles that have the configuration beside them as the true
 * ones do.
 */
const deployed = async (configuration: Configuration): Promise<Template> => {
  const functionsDir = folder();
  for (const name of functionNames) writeSettings(functionsDir, name, configuration);
  return templateOf(configuration, functionsDir, 'deploy');
};

const templateOf = (configuration: Configuration, functionsDir: string, mode: 'deploy' | 'local'): Template =>
  synthesise({ configuration, source: 'the test', isExample: false, functionsDir, mode, validate: false })
    .template;

const withoutParametersAndRules = ({ Parameters: _, Rules: __, ...rest }: Template): string =>
  JSON.stringify(rest);

/** Every value that a function of CloudFormation stands for by name, however deep. */
const referenced = (value: unknown): readonly string[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    if (key === 'Ref') return [String(inner)];
    if (key === 'Fn::Sub')
      return [...JSON.stringify(inner).matchAll(/\$\{([^!}.]+)[^}]*\}/g)].map(([, name = '']) => name);
    return referenced(inner);
  });
};

type Path = readonly (string | number)[];

const leavesOf = (value: unknown, path: Path = []): readonly Path[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
        leavesOf(inner, [...path, Array.isArray(value) ? Number(key) : key]),
      )
    : [path];

interface Described {
  readonly properties?: Readonly<Record<string, Described>>;
  readonly items?: Described;
}

const keysOfSchema = (schema: Described, prefix = ''): readonly string[] => {
  if (schema.properties)
    return Object.entries(schema.properties).flatMap(([name, below]) =>
      keysOfSchema(below, prefix === '' ? name : `${prefix}.${name}`),
    );
  return schema.items ? keysOfSchema(schema.items, `${prefix}.0`) : [prefix];
};

/** The first value with one place of it taken from the second. */
const exchanged = (first: unknown, second: unknown, [key, ...rest]: Path): unknown => {
  if (key === undefined) return second;
  const at = (value: unknown) => (value as Readonly<Record<string | number, unknown>>)[key];
  const changed = exchanged(at(first), at(second), rest);
  if (Array.isArray(first)) return first.map((item: unknown, index) => (index === key ? changed : item));
  return { ...(first as object), [key]: changed };
};

const propertiesOf = (template: Template, type: string) =>
  Object.values(template.Resources)
    .filter(({ Type }) => Type === type)
    .map(({ Properties = {} }) => Properties);

describe('a deployed template', () => {
  const configuration = checked(givenOf('1'));
  let template: Template;
  beforeAll(async () => {
    template = await deployed(configuration);
  });

  it('has parameters that only its rules read', () => {
    const names = Object.keys(template.Parameters ?? {});
    expect(names.sort()).toEqual(['Audience', 'Authority', 'BootstrapVersion']);
    const { Parameters: _, Rules, ...rest } = template;
    expect(names.filter((name) => !referenced(Rules).includes(name))).toEqual([]);
    expect(names.filter((name) => referenced(rest).includes(name))).toEqual([]);
  });

  it('tells the functions and the authorizer the configured values themselves', () => {
    const environments = propertiesOf(template, 'AWS::Lambda::Function').map(({ Environment }) =>
      isRecord(Environment ?? null) ? (Environment as { Variables: Record<string, Json> }).Variables : {},
    );
    const told = (name: string) => environments.flatMap((variables) => variables[name] ?? []);
    expect(told('CUSTOMER_INSIGHTS_URL')).toEqual(Array(4).fill('https://insights1.example.com/v1'));
    const authority = `https://login.microsoftonline.com/${guid('1')}/v2.0`;
    // A deployment has no controls of a local run, and so its console no page of one.
    expect(told('LOCAL_RUN_URL')).toEqual(['none']);
    expect(told('AUTHORITY')).toEqual(Array(5).fill(authority));
    expect(
      propertiesOf(template, 'AWS::ApiGatewayV2::Authorizer').map(({ JwtConfiguration }) => JwtConfiguration),
    ).toEqual([{ Issuer: authority, Audience: [guid('5'), `api://${guid('5')}`] }]);
  });

  it('names, keeps and puts out what is configured', () => {
    expect(templateNames(template).readSecrets).toEqual(['stage1/api-secret-1', 'stage1/keys-1']);
    expect(propertiesOf(template, 'AWS::ApiGatewayV2::Api').map(({ Name }) => Name)).toEqual([
      'insights-connector-stage1',
    ]);
    for (const { RetentionInDays } of propertiesOf(template, 'AWS::Logs::LogGroup'))
      expect(RetentionInDays).toBe(7);
    expect(template.Outputs).toMatchObject({
      TenantId: { Value: guid('1') },
      ConnectorClientId: { Value: guid('3') },
      ApiClientId: { Value: guid('5') },
      SecretsToFill: { Value: 'stage1/api-secret-1 stage1/keys-1' },
    });
  });

  it('has the resources of the local run, the values of the endpoints apart', () => {
    const functionsDir = folder();
    const { Resources, Parameters = {} } = templateOf(configuration, functionsDir, 'local');
    const { CustomerInsightsUrl, Authority, LocalRunUrl, ...others } = Parameters;
    expect(Object.keys(others)).toEqual(['BootstrapVersion']);
    const inserted = JSON.parse(
      JSON.stringify(Resources)
        .replaceAll('{"Ref":"CustomerInsightsUrl"}', JSON.stringify(CustomerInsightsUrl?.Default))
        .replaceAll('{"Ref":"Authority"}', JSON.stringify(Authority?.Default))
        .replaceAll('{"Ref":"LocalRunUrl"}', JSON.stringify(LocalRunUrl?.Default)),
    ) as unknown;
    expect(inserted).toEqual(templateOf(configuration, functionsDir, 'deploy').Resources);
  });
});

/** They exclude others, add resources, or are not in the template: tests of monitoring, options and rollout. */
const triedElsewhere: readonly string[] = [
  'preset',
  'applications.api.credential',
  'monitoring.alarms',
  'monitoring.topicArn',
  'monitoring.canary',
  'updates.terminationProtection',
  'updates.automaticRollback',
  'tags',
];

describe('a changed value of the configuration', () => {
  const [first, second] = [givenOf('1'), givenOf('2')];
  const leaves = leavesOf(first).map((path) => [path.join('.'), path] as const);
  let before: Template;
  const emptyFolder = createFunctionsFolder();
  cleanUps.push(emptyFolder.remove);
  beforeAll(async () => {
    before = await deployed(checked(first));
  });

  it('is tried for every key', () => {
    const keys = keysOfSchema(schemaOf() as object as Described);
    // Ignored; of the local run only.
    const left = ['$schema', 'callbacks.allowLoopback', ...triedElsewhere];
    expect(leaves.map(([key]) => key).sort()).toEqual(keys.filter((key) => !left.includes(key)).sort());
  });

  it.each(leaves)('%s changes the template outside of its parameters and rules', async (_, path) => {
    const after = await deployed(checked(exchanged(first, second, path)));
    expect(withoutParametersAndRules(after)).not.toBe(withoutParametersAndRules(before));
  });

  /**
   * What the stack itself uses must change it even where the bundles, with all of the configuration, stay the
   * same.
   */
  it.each([
    [['deployment', 'name']],
    [['tenantId']],
    [['applications', 'api', 'clientId']],
    [['applications', 'api', 'secretName']],
    [['instances', 0, 'secretName']],
    [['customerInsights', 'url']],
    [['logs', 'retentionDays']],
  ] as readonly (readonly [Path])[])('%j changes resources by itself', (path) => {
    const resources = (given: unknown) =>
      JSON.stringify(templateOf(checked(given), emptyFolder.path, 'deploy').Resources);
    expect(resources(exchanged(first, second, path))).not.toBe(resources(first));
  });
});

/** As CloudFormation evaluates the rules of this project; those of the CDK read the account. */
const brokenRules = ({ Rules = {} }: Template, parameters: Readonly<Record<string, string>>) =>
  Object.entries(Rules)
    .filter(([name]) => name !== 'CheckBootstrapVersion')
    .flatMap(([, rule]) => {
      const { Assertions } = rule as unknown as {
        readonly Assertions: readonly {
          readonly Assert: { readonly 'Fn::Equals': readonly [{ readonly Ref: string }, string] };
          readonly AssertDescription: string;
        }[];
      };
      return Assertions.flatMap(({ Assert: { 'Fn::Equals': equal }, AssertDescription }) =>
        parameters[equal[0].Ref] === equal[1] ? [] : [AssertDescription],
      );
    });

const defaultsOf = ({ Parameters = {} }: Template) =>
  Object.fromEntries(Object.entries(Parameters).map(([name, { Default }]) => [name, String(Default)]));

/**
 * What `cdk deploy` makes of a parameter on an update: the previous value, where the stack has it already.
 */
const updated = (template: Template, previous: Readonly<Record<string, string>>) => {
  const defaults = defaultsOf(template);
  return Object.fromEntries(
    Object.keys(defaults).map((name) => [name, previous[name] ?? defaults[name] ?? '']),
  );
};

describe('the rules over the guard parameters', () => {
  const unnamed = (changes: object = {}) => {
    const { deployment: _, ...given } = givenOf('1');
    return templateOf(checked({ ...given, ...changes }), guardFolder, 'deploy');
  };
  const guardFolder = folder();
  const otherApi = { applications: { ...givenOf('1').applications, api: givenOf('2').applications.api } };

  it('let a first deployment and an update of the same one pass', () => {
    const template = unnamed();
    expect(brokenRules(template, defaultsOf(template))).toEqual([]);
    const changed = unnamed({ logs: { retentionDays: 30 } });
    expect(brokenRules(changed, updated(changed, defaultsOf(template)))).toEqual([]);
  });

  it.each([
    ['tenant', { tenantId: guid('2') }],
    ['API registration', otherApi],
  ])('refuse an update for another %s, and name the remedy', (what, changes) => {
    const changed = unnamed(changes);
    expect(brokenRules(changed, updated(changed, defaultsOf(unnamed())))).toEqual([
      expect.stringMatching(
        new RegExp(`for another ${what}; .*"deployment": \\{ "name": .*--no-previous-parameters --context`),
      ),
    ]);
  });

  it('let the operator move it by the command that they name', () => {
    const changed = unnamed({ tenantId: guid('2'), ...otherApi });
    // --no-previous-parameters: the defaults of the new template.
    expect(brokenRules(changed, defaultsOf(changed))).toEqual([]);
  });

  it('guard a stack that was deployed when Authority and CustomerInsightsUrl were read by its resources', () => {
    const stored = {
      Authority: `https://login.microsoftonline.com/${guid('1')}/v2.0`,
      CustomerInsightsUrl: 'https://insights1.example.com/v1',
      BootstrapVersion: '/cdk-bootstrap/hnb659fds/version',
    };
    const same = unnamed();
    expect(brokenRules(same, updated(same, stored))).toEqual([]);
    const other = unnamed({ tenantId: guid('2') });
    expect(brokenRules(other, updated(other, stored))).toHaveLength(1);
  });
});

describe('two stages', () => {
  /**
   * Of the account and region, and set by the template; what CloudFormation names begins with the stack's
   * name.
   */
  const physicalNames = ({ Resources }: Template): readonly string[] =>
    Object.values(Resources).flatMap(({ Type, Properties = {} }) =>
      Object.entries(Properties).flatMap(([property, value]) =>
        /Name$/.test(property) && typeof value === 'string' && !withinItsApi.has(`${Type}.${property}`)
          ? [`${Type} ${value}`]
          : [],
      ),
    );
  const withinItsApi = new Set(['AWS::ApiGatewayV2::Stage.StageName', 'AWS::ApiGatewayV2::Authorizer.Name']);

  const directory = mkdtempSync(join(tmpdir(), 'insights-connector-stages-'));
  cleanUps.push(() => rmSync(directory, { recursive: true, force: true }));

  /** From a file, as `INSIGHTS_CONNECTOR_CONFIG=<file> npx cdk synth` makes it. */
  const stage = (deployment: { readonly name: string } | undefined) => {
    const file = join(directory, `${deployment?.name ?? 'unnamed'}.json`);
    // What an operator gives stages of their own, and the policies of tracing, whose names are of their role.
    const { deployment: _, domain: __, existing: ___, logs: ____, ...given } = givenOf('1');
    // All the rest is the same: the second is a copy of the first.
    writeFileSync(file, JSON.stringify({ ...given, ...(deployment && { deployment }) }));
    const loaded = loadConfiguration(file);
    const options = { ...loaded, functionsDir: folder(), mode: 'deploy' as const, validate: false };
    const { stack } = createApp({ ...options, outDir: join(directory, deployment?.name ?? 'unnamed') });
    return { stack, template: synthesise(options).template };
  };

  const stages = [stage(undefined), stage({ name: 'staging' }), stage({ name: 'test' })];

  it('share neither stack, artifact nor tag', () => {
    expect(stages.map(({ stack }) => stack.stackName)).toEqual([
      'InsightsConnector',
      'InsightsConnector-staging',
      'InsightsConnector-test',
    ]);
    expect(new Set(stages.map(({ stack }) => stack.artifactId)).size).toBe(3);
    expect(stages.map(({ stack }) => stack.tags.tagValues())).toEqual([
      { application: 'insights-connector' },
      { application: 'insights-connector', deployment: 'staging' },
      { application: 'insights-connector', deployment: 'test' },
    ]);
  });

  it('share no physical name and no export', () => {
    const names = stages.flatMap(({ template }) => [
      ...physicalNames(template),
      ...templateNames(template).readSecrets,
    ]);
    const queries = Object.values<LogQuery>(logQueries).filter(({ logs }) => !logs.includes('canary'));
    // The API, two secrets, the alarms, the saved queries and the dashboard of each.
    expect(names).toHaveLength(stages.length * (3 + alarmDefinitions(1).length + queries.length + 1));
    expect(new Set(names).size).toBe(names.length);
    for (const { template } of stages)
      expect(Object.values(template.Outputs ?? {}).filter(({ Export }) => Export !== undefined)).toEqual([]);
  });

  it('have the same logical ids', () => {
    const [ids, ...others] = stages.map(({ template }) => Object.keys(template.Resources));
    for (const other of others) expect(other).toEqual(ids);
  });
});
