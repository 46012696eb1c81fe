/** What the options of the configuration make of the stack. */
import { afterAll, describe, expect, it } from 'vitest';
import { exampleConfiguration } from '../../config/example.ts';
import { deployedFunctionNames } from '../../lambda/functions.ts';
import { createApp } from '../../lib/app.ts';
import { localEnvironment } from '../../local/synthesise.ts';
import type { Template } from '../../local/template/template.ts';
import { deployedTemplate, deployOptions, resourcesOf } from './deployed.ts';
import { createFunctionsFolder } from './functions-folder.ts';

const functions = createFunctionsFolder();
afterAll(functions.remove);

const optionsWith = (changes: object) => deployOptions(functions.path, changes);
const templateWith = (changes: object) => deployedTemplate(functions.path, changes);
const typesOf = ({ Resources }: Template) => Object.values(Resources).map(({ Type }) => Type);

describe('existing', () => {
  const table = 'InsightsConnector-restored';
  const keyId = '12345678-1234-4123-8123-123456789012';
  const template = templateWith({ existing: { stateTable: table, callbackKey: keyId } });

  it('gives the functions the table and the key, and makes neither', () => {
    expect(typesOf(template)).not.toContain('AWS::KMS::Key');
    expect(typesOf(template).filter((type) => type === 'AWS::DynamoDB::GlobalTable')).toHaveLength(1);
    const environments = JSON.stringify(
      resourcesOf(template, 'AWS::Lambda::Function').map(({ Environment }) => Environment),
    );
    expect(environments).toContain(`"STATE_TABLE":"${table}"`);
    expect(environments).toContain(`"CALLBACK_KEY_ID":"${keyId}"`);
    expect(template.Outputs?.StateTableName?.Value).toBe(table);
  });

  it('grants the rights on them that the functions have on their own', () => {
    const policies = JSON.stringify(resourcesOf(template, 'AWS::IAM::Role').map(({ Policies }) => Policies));
    expect(policies).toContain(`:dynamodb:eu-west-1:${localEnvironment.account}:table/${table}`);
    expect(policies).toContain(`:kms:eu-west-1:${localEnvironment.account}:key/${keyId}`);
  });

  it('leaves every other resource where it was', () => {
    const [own, given] = [Object.keys(templateWith({}).Resources), Object.keys(template.Resources)];
    expect(own.filter((id) => !given.includes(id)).map((id) => id.replace(/[0-9A-F]{8}$/, ''))).toEqual([
      'StorageStateTable',
      'CallbackKey',
    ]);
    expect(given.filter((id) => !own.includes(id))).toEqual([]);
  });
});

describe('federated credentials', () => {
  const template = templateWith({
    applications: {
      ...exampleConfiguration.applications,
      api: { clientId: exampleConfiguration.applications.api.clientId, credential: 'federated' },
    },
    deployment: { name: 'a'.repeat(32) },
  });
  const roles = resourcesOf(template, 'AWS::IAM::Role');
  const named = roles.filter(({ RoleName }) => RoleName !== undefined);

  it('give tokens to the functions that call Customer Insights alone, by roles whose names are pinned', () => {
    const stack = `InsightsConnector-${'a'.repeat(32)}`;
    const names = ['subscriptions', 'proxy', 'console', 'watch'].map((name) => `${stack}-${name}`);
    expect(named.map(({ RoleName }) => RoleName)).toEqual(names);
    // IAM takes 64 characters.
    expect(Math.max(...names.map(({ length }) => length))).toBe(64);
    for (const role of roles)
      expect(JSON.stringify(role).includes('sts:GetWebIdentityToken')).toBe(named.includes(role));
    expect(template.Outputs?.FederatedSubjects).toBeDefined();
  });

  it('are tokens for one audience, for at most 300 s, in the algorithm that Entra ID takes', () => {
    for (const role of named)
      expect(JSON.stringify(role)).toContain(
        JSON.stringify({
          Action: 'sts:GetWebIdentityToken',
          Condition: {
            'ForAllValues:StringEquals': { 'sts:IdentityTokenAudience': ['api://AzureADTokenExchange'] },
            Null: { 'sts:IdentityTokenAudience': 'false' },
            StringEquals: { 'sts:SigningAlgorithm': 'RS256' },
            NumericLessThanEquals: { 'sts:DurationSeconds': '300' },
          },
          Effect: 'Allow',
          Resource: '*',
        }),
      );
  });

  it('leave no client secret to read, to store and to watch', () => {
    expect(JSON.stringify(template)).not.toMatch(/insights-connector\/api\b|ClientSecretDaysLeft/);
    expect(JSON.stringify(templateWith({}))).toMatch(/insights-connector\/api\b.*ClientSecretDaysLeft/s);
    expect(JSON.stringify(templateWith({}))).not.toMatch(/GetWebIdentityToken|"RoleName"/);
  });

  it('and a secret exclude each other', () => {
    const api = { ...exampleConfiguration.applications.api, credential: 'federated' };
    expect(() => templateWith({ applications: { ...exampleConfiguration.applications, api } })).toThrow(
      /applications\.api has both the credential federated and a secretName/,
    );
  });
});

describe('a domain', () => {
  const domain = {
    name: 'insights.contoso.com',
    certificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/0c1d',
  };

  it('becomes the host of the connector, and its target is told', () => {
    const { Outputs, ...template } = templateWith({ domain });
    expect(Outputs?.ConnectorHost?.Value).toBe('insights.contoso.com');
    expect(Outputs?.DomainTarget?.Value).toMatchObject({
      'Fn::GetAtt': [expect.stringMatching(/^Domain/), 'RegionalDomainName'],
    });
    expect(typesOf(template)).not.toContain('AWS::Route53::RecordSet');
  });

  it('gets its DNS records where the zone is given', () => {
    const records = resourcesOf(
      templateWith({ domain: { ...domain, hostedZoneId: 'Z0123456789' } }),
      'AWS::Route53::RecordSet',
    );
    expect(records.map(({ Type, Name }) => [Type, Name])).toEqual([
      ['A', domain.name],
      ['AAAA', domain.name],
    ]);
  });
});

describe('a change of one key', () => {
  const before = templateWith({}).Resources;
  /** The construct that a logical id is made of, without the hash. */
  const changedBy = (changes: object) =>
    Object.entries(templateWith(changes).Resources).flatMap(([id, resource]) =>
      JSON.stringify(resource) === JSON.stringify(before[id]) ? [] : [id.replace(/[0-9A-F]{8}$/, '')],
    );

  it.each<[string, object, RegExp]>([
    ['monitoring.monthlyUsd', { monitoring: { monthlyUsd: 7 } }, /^Monitoring(Cost|Dashboard)$/],
    ['monitoring.email', { monitoring: { email: 'a@example.com' } }, /^MonitoringEmail$/],
    ['logs.retentionDays', { logs: { retentionDays: 90 } }, /Log$/],
    ['logs.level', { logs: { level: 'WARN' } }, /Function$/],
    ['reservedConcurrency.watch', { reservedConcurrency: { watch: 9 } }, /^WatchFunction$/],
    [
      'monitoring.canary',
      { monitoring: { canary: true } },
      /Canary|canary|^(Subscriptions|Deliver)Function$|^HttpApiStage$|^MonitoringDashboard$/,
    ],
  ])('%s changes only what it is about', (_, changes, about) => {
    const changed = changedBy(changes);
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.filter((name) => !about.test(name))).toEqual([]);
  });
});

describe('the presets', () => {
  it.each([
    ['production', true],
    ['dev', false],
  ])('%s: termination protection is %s', (preset, protectedFrom) => {
    const { stack } = createApp(optionsWith({ preset }));
    expect(stack.terminationProtection).toBe(protectedFrom);
  });

  it('dev has no alarms and keeps logs for a week', () => {
    const template = templateWith({ preset: 'dev' });
    expect(typesOf(template)).not.toContain('AWS::CloudWatch::Alarm');
    for (const { RetentionInDays } of resourcesOf(template, 'AWS::Logs::LogGroup'))
      expect(RetentionInDays).toBe(7);
  });
});

describe('the logs', () => {
  it.each([
    ['INFO', 'INFO'],
    // Lines of metrics have no level and count as INFO: Lambda must let them pass.
    ['ERROR', 'INFO'],
    ['DEBUG', 'DEBUG'],
  ])('of level %s: Lambda lets %s pass, and of its own lines warnings', (level, passed) => {
    const made = resourcesOf(templateWith({ logs: { level } }), 'AWS::Lambda::Function');
    expect(made).toHaveLength(deployedFunctionNames.length);
    for (const { LoggingConfig, Environment } of made) {
      expect(LoggingConfig).toMatchObject({
        LogFormat: 'JSON',
        ApplicationLogLevel: passed,
        SystemLogLevel: 'WARN',
      });
      expect(JSON.stringify(Environment)).toContain(`"POWERTOOLS_LOG_LEVEL":"${level}"`);
    }
  });

  it('of the API have the address of the caller', () => {
    expect(JSON.stringify(resourcesOf(templateWith({}), 'AWS::ApiGatewayV2::Stage'))).toContain(
      '$context.identity.sourceIp',
    );
  });
});

describe('a key of the operator', () => {
  const keyArn = 'arn:aws:kms:eu-west-1:123456789012:key/12345678-1234-4123-8123-123456789012';
  const template = templateWith({ encryptionKeyArn: keyArn, monitoring: { email: 'a@example.com' } });

  it.each(['AWS::DynamoDB::GlobalTable', 'AWS::SQS::Queue', 'AWS::Logs::LogGroup', 'AWS::SNS::Topic'])(
    'encrypts each %s',
    (type) => {
      const made = resourcesOf(template, type);
      expect(made.length).toBeGreaterThan(0);
      for (const properties of made) expect(JSON.stringify(properties)).toContain(keyArn);
    },
  );

  it('may be used by each function, through the services only', () => {
    const roles = resourcesOf(template, 'AWS::IAM::Role').filter((role) =>
      JSON.stringify(role).includes('lambda.amazonaws.com'),
    );
    expect(roles).toHaveLength(deployedFunctionNames.length);
    for (const role of roles) {
      expect(JSON.stringify(role)).toMatch(/"kms:ViaService":\[\{"Fn::Join":\["",\["dynamodb\.eu-west-1\./);
      expect(JSON.stringify(role)).toContain(keyArn);
    }
  });
});

describe('a permissions boundary', () => {
  it('bounds every role', () => {
    const permissionsBoundaryArn = 'arn:aws:iam::123456789012:policy/boundary';
    const roles = resourcesOf(templateWith({ permissionsBoundaryArn }), 'AWS::IAM::Role');
    expect(roles.length).toBeGreaterThan(deployedFunctionNames.length);
    for (const { PermissionsBoundary } of roles) expect(PermissionsBoundary).toBe(permissionsBoundaryArn);
  });
});

describe('the policy for operators', () => {
  it('allows named actions on named resources, and is attached to nothing', () => {
    const [policy] = resourcesOf(templateWith({}), 'AWS::IAM::ManagedPolicy');
    const { Statement } = JSON.parse(JSON.stringify(policy?.PolicyDocument)) as {
      readonly Statement: readonly { readonly Action: unknown; readonly Resource: unknown }[];
    };
    expect(Statement.length).toBeGreaterThan(2);
    for (const { Action, Resource } of Statement)
      expect(JSON.stringify([Action, Resource])).not.toContain('*');
    expect(policy).not.toHaveProperty('Roles');
  });
});

describe('a cloud', () => {
  it('keeps the host of its sign-in', () => {
    const template = templateWith({
      cloud: 'gcc',
      customerInsights: {
        url: 'https://api.gov.example/v1',
        scope: 'https://api.gov.example/.default',
        linkBase: 'https://pages.gov.example',
      },
    });
    expect(JSON.stringify(resourcesOf(template, 'AWS::ApiGatewayV2::Authorizer'))).toContain(
      `https://login.microsoftonline.com/${exampleConfiguration.tenantId}/v2.0`,
    );
  });
});

describe('tags', () => {
  it('are those of the operator beside those of the deployment', () => {
    const { stack } = createApp(optionsWith({ tags: { owner: 'data platform' } }));
    expect(stack.tags.tagValues()).toEqual({ application: 'insights-connector', owner: 'data platform' });
  });
});

describe('the secrets of instances that are added later', () => {
  it.each([[{}], [{ deployment: { name: 'staging' } }]])(
    'are read without a deployment, by the name that the output begins: %j',
    (changes) => {
      const template = templateWith(changes);
      const prefix = String(template.Outputs?.AddedKeysPrefix?.Value);
      const readers = resourcesOf(template, 'AWS::IAM::Role').filter((role) =>
        JSON.stringify(role).includes('secretsmanager:GetSecretValue'),
      );
      expect(readers).toHaveLength(4);
      for (const reader of readers) expect(JSON.stringify(reader)).toContain(`:secret:${prefix}????-??????"`);
    },
  );
});
