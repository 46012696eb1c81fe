import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleConfiguration } from '../../config/example.ts';
import { routeKey } from '../../connector/contract/index.ts';
import { servedOperations } from '../../connector/contract/served.ts';
import { isJsonObject } from '../../connector/emit/json.ts';
import { outputNames } from '../../connector/emit/outputs.ts';
import { deployedFunctionNames, functionFacts } from '../../lambda/functions.ts';
import { type Synthesis, synthesise } from '../../local/synthesise.ts';
import type { Json, Properties, Resource } from '../../local/template/template.ts';
import { templateNames } from '../pins/template-names.ts';
import { createFunctionsFolder } from './functions-folder.ts';

const functions = createFunctionsFolder();
let synthesis: Synthesis;

beforeAll(() => {
  synthesis = synthesise({
    configuration: exampleConfiguration,
    source: 'the test',
    isExample: true,
    functionsDir: functions.path,
  });
});
afterAll(functions.remove);

const ofType = (type: string): readonly (readonly [string, Resource])[] =>
  Object.entries(synthesis.template.Resources).filter(([, { Type }]) => Type === type);

const propertiesOf = (type: string): readonly Properties[] =>
  ofType(type).map(([, { Properties: properties = {} }]) => properties);

/** What lies at a path inside a value; null when nothing does. */
const at = (value: Json | undefined, ...path: readonly string[]): Json => {
  const [key, ...rest] = path;
  if (value === undefined || key === undefined) return value ?? null;
  return isJsonObject(value) ? at(value[key], ...rest) : null;
};

const resource = (id: string): Properties => synthesis.template.Resources[id]?.Properties ?? {};

/** The logical ids that a value refers to, by Ref or Fn::GetAtt, however deep. */
const references = (value: Json): readonly string[] => {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(references);
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'Ref') return [String(inner)];
    if (key === 'Fn::GetAtt') return [String((inner as readonly Json[])[0])];
    return references(inner);
  });
};

/** The function of the contract's name whose code a logical id runs. */
const functionNameOf = (logicalId: string): string => {
  const folder = synthesis.assets.get(String(at(resource(logicalId), 'Code', 'S3Key'))) ?? 'no function';
  return folder.slice(folder.lastIndexOf('/') + 1);
};

const one = (list: readonly string[]): string => {
  expect(list).toHaveLength(1);
  return list[0] ?? '';
};

const servedBy = (route: Properties): string => {
  const integration = resource(one(references(at(route, 'Target'))));
  return functionNameOf(one(references(at(integration, 'IntegrationUri'))));
};

describe('the API', () => {
  const routes = () =>
    new Map(propertiesOf('AWS::ApiGatewayV2::Route').map((route) => [route.RouteKey, route]));

  it('has a route for every operation, to the function that serves it', () => {
    expect(routes().size).toBe(servedOperations.length + ['page', 'files', 'unknown'].length);
    for (const operation of servedOperations) {
      const route = routes().get(routeKey(operation));
      expect(route && servedBy(route)).toBe(operation.function);
    }
  });

  it('asks for a token everywhere but where the address is the credential, and for the pages of the console', () => {
    const open = [...routes().values()].filter(({ AuthorizationType }) => AuthorizationType !== 'JWT');
    expect(open.map(({ RouteKey, AuthorizationType }) => [RouteKey, AuthorizationType])).toEqual([
      ['DELETE /v1/subscriptions/{subscriptionId}/{secret}', 'NONE'],
      ...['GET /console', 'GET /console/{path+}'].map((key) => [key, 'NONE']),
    ]);
    const authorizer = one(ofType('AWS::ApiGatewayV2::Authorizer').map(([id]) => id));
    for (const route of routes().values())
      if (route.AuthorizationType === 'JWT') expect(route.AuthorizerId).toEqual({ Ref: authorizer });
  });

  it('answers unknown routes by the proxy, behind the authorizer', () => {
    const unknown = routes().get('$default');
    expect(unknown && servedBy(unknown)).toBe('proxy');
  });

  it('trusts tokens of the authority for the API registration', () => {
    const { clientId } = exampleConfiguration.applications.api;
    expect(propertiesOf('AWS::ApiGatewayV2::Authorizer')[0]?.JwtConfiguration).toEqual({
      Issuer: { Ref: 'Authority' },
      Audience: [clientId, `api://${clientId}`],
    });
  });

  it('may invoke each function behind it, and for this API only', () => {
    const api = one(ofType('AWS::ApiGatewayV2::Api').map(([id]) => id));
    const permissions = propertiesOf('AWS::Lambda::Permission');
    expect(
      permissions.map(({ FunctionName }) => functionNameOf(one(references(FunctionName ?? null)))).sort(),
    ).toEqual(['console', 'proxy', 'resend', 'subscriptions']);
    for (const { SourceArn } of permissions) expect(references(SourceArn ?? null)).toEqual([api]);
  });

  it('never logs a path', () => {
    const [stage] = propertiesOf('AWS::ApiGatewayV2::Stage');
    const format = String(at(stage, 'AccessLogSettings', 'Format'));
    expect(Object.values(JSON.parse(format) as Record<string, string>)).toContain('$context.routeKey');
    expect(format).not.toMatch(/path|queryString/i);
  });
});

describe('the queues', () => {
  const queues = () =>
    new Map(ofType('AWS::SQS::Queue').map(([id, { Properties: properties = {} }]) => [id, properties]));
  const deadLettersOf = ({ RedrivePolicy }: Properties) => references(RedrivePolicy ?? null);

  it('have dead letters, all but those that hold them', () => {
    const holders = [...queues().values()].flatMap(deadLettersOf);
    expect(new Set(holders).size).toBe(3);
    for (const [id, queue] of queues())
      expect(deadLettersOf(queue)).toHaveLength(holders.includes(id) ? 0 : 1);
    for (const id of holders) expect(queues().get(id)?.MessageRetentionPeriod).toBe(14 * 24 * 3600);
  });

  it('keep dead letters longer than the messages they come from, whose age they keep', () => {
    for (const queue of queues().values())
      if (queue.RedrivePolicy) expect(queue.MessageRetentionPeriod).toBeLessThan(14 * 24 * 3600);
  });

  it('hide a message for six times the time-out of its function', () => {
    const mappings = propertiesOf('AWS::Lambda::EventSourceMapping');
    // The queues and their dead letters.
    expect(mappings).toHaveLength(6);
    for (const { EventSourceArn, FunctionName, FunctionResponseTypes } of mappings) {
      const queue = queues().get(one(references(EventSourceArn ?? null)));
      const name = functionNameOf(one(references(FunctionName ?? null)));
      const { timeoutSeconds } = functionFacts[name as keyof typeof functionFacts];
      expect(queue?.VisibilityTimeout).toBeGreaterThanOrEqual(6 * timeoutSeconds);
      expect(FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
    }
  });

  it('are encrypted and refuse plain HTTP', () => {
    const guarded = propertiesOf('AWS::SQS::QueuePolicy').flatMap(({ Queues }) => references(Queues ?? null));
    expect([...guarded].sort()).toEqual([...queues().keys()].sort());
    for (const queue of queues().values()) expect(queue.SqsManagedSseEnabled).toBe(true);
  });
});

describe('the functions', () => {
  it('are one per bundle', () => {
    expect(
      ofType('AWS::Lambda::Function')
        .map(([id]) => functionNameOf(id))
        .sort(),
    ).toEqual([...deployedFunctionNames].sort());
  });

  it('give the removal, which needs no token, a throttle of its own behind its route', () => {
    const [[, stage] = []] = ofType('AWS::ApiGatewayV2::Stage');
    const key = 'DELETE /v1/subscriptions/{subscriptionId}/{secret}';
    expect(stage?.Properties?.RouteSettings).toEqual({
      [key]: { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
    });
    const route = ofType('AWS::ApiGatewayV2::Route').find(([, found]) => found.Properties?.RouteKey === key);
    expect(stage).toMatchObject({ DependsOn: expect.arrayContaining([route?.[0]]) });
  });

  it('log to groups that forget', () => {
    const groups = new Map(ofType('AWS::Logs::LogGroup'));
    for (const { Properties: properties } of groups.values())
      expect(properties?.RetentionInDays).toBe(exampleConfiguration.logs.retentionDays);
    for (const { LoggingConfig } of propertiesOf('AWS::Lambda::Function'))
      expect(groups.has(one(references(LoggingConfig ?? null)))).toBe(true);
  });

  it('are told the tables, queues and keys that their roles let them use', () => {
    for (const { Environment, Role } of propertiesOf('AWS::Lambda::Function')) {
      const told = references(Environment ?? null).filter((id) => id in synthesis.template.Resources);
      const allowed = references(at(resource(one(references(Role ?? null))), 'Policies'));
      expect(told.length).toBeGreaterThan(0);
      for (const id of told) expect(allowed).toContain(id);
    }
  });

  it('end before the API gives up on them', () => {
    for (const name of ['subscriptions', 'proxy', 'console'] as const)
      expect(functionFacts[name].timeoutSeconds).toBeLessThan(29);
  });
});

describe('the roles', () => {
  const statements = () =>
    propertiesOf('AWS::IAM::Role')
      .flatMap(
        ({ Policies }) =>
          (Policies ?? []) as readonly { PolicyDocument: { Statement: readonly Properties[] } }[],
      )
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  const allowed = () => statements().filter(({ Effect }) => Effect !== 'Deny');

  it('allow named actions on named resources', () => {
    expect(allowed().length).toBeGreaterThan(10);
    for (const { Action, Resource, Effect } of allowed()) {
      expect(Effect).toBe('Allow');
      expect(JSON.stringify([Action, Resource])).not.toContain('*');
    }
  });

  it('come without managed policies and without policies added elsewhere', () => {
    for (const role of propertiesOf('AWS::IAM::Role')) expect(role.ManagedPolicyArns).toBeUndefined();
    expect(ofType('AWS::IAM::Policy')).toEqual([]);
  });

  it('let only deliver decrypt the keys beside callback URLs, and only subscriptions make them', () => {
    const context = 'kms:EncryptionContext:purpose';
    const kms = allowed()
      .filter(({ Action }) => JSON.stringify(Action).includes('kms:'))
      .map(({ Action, Condition }) => [Action, at(Condition, 'StringEquals', context)].flat().join(' '));
    const [made, opened] = ['GenerateDataKey', 'Decrypt'].map((action) => `kms:${action} callback-url`);
    expect(kms).toEqual([made, 'kms:Decrypt kms:Encrypt callback-url-sealing', opened]);
  });
});

describe('what outlives the stack', () => {
  it('is the state table and the callback key', () => {
    const retained = Object.values(synthesis.template.Resources)
      .filter(({ DeletionPolicy }) => String(DeletionPolicy).startsWith('Retain'))
      .map(({ Type }) => Type);
    expect([...new Set(retained)].sort()).toEqual(['AWS::DynamoDB::GlobalTable', 'AWS::KMS::Key']);
    expect(retained.filter((type) => type === 'AWS::DynamoDB::GlobalTable')).toHaveLength(1);
  });

  it('is not in the way of a first deployment that is repeated after its creation was rolled back', () => {
    const { Resources } = synthesis.template;
    const lefts = Object.entries(Resources).filter(
      ([, { DeletionPolicy, UpdateReplacePolicy }]) =>
        DeletionPolicy === 'Retain' || (UpdateReplacePolicy === 'Retain' && !DeletionPolicy),
    );
    // What is deleted along with the creation must be deletable; what is kept, of a name that is made anew.
    expect(lefts.map(([id, { Properties: properties }]) => [id, at(properties, 'TableName')])).toEqual([
      [expect.stringMatching(/^StorageStateTable/), null],
    ]);
    for (const [, { Properties: properties }] of lefts)
      expect(JSON.stringify(at(properties, 'Replicas'))).toContain('"DeletionProtectionEnabled":true');
    for (const [id, { DeletionPolicy, Properties: properties }] of Object.entries(Resources))
      if (DeletionPolicy === 'RetainExceptOnCreate')
        expect(JSON.stringify(properties), id).not.toContain('"DeletionProtectionEnabled":true');
  });

  it('is kept by an update that replaces it and by the removal of the stack', () => {
    const policies = Object.values(synthesis.template.Resources)
      .filter(({ Type }) => /^AWS::(DynamoDB::GlobalTable|KMS::Key)$/.test(Type))
      .map(({ Type, DeletionPolicy, UpdateReplacePolicy }) => [Type, DeletionPolicy, UpdateReplacePolicy]);
    expect(policies).toEqual([
      ['AWS::DynamoDB::GlobalTable', 'Retain', 'Retain'],
      // Of the limiter.
      ['AWS::DynamoDB::GlobalTable', 'Delete', 'Delete'],
      ['AWS::KMS::Key', 'RetainExceptOnCreate', 'Retain'],
    ]);
  });

  it('is no secret: they belong to the account, and are read by name', () => {
    expect(propertiesOf('AWS::SecretsManager::Secret')).toEqual([]);
    expect(templateNames(synthesis.template).readSecrets).toEqual([
      exampleConfiguration.applications.api.secretName,
      ...exampleConfiguration.instances.map(({ secretName }) => secretName),
    ]);
  });
});

describe('the outputs', () => {
  it('are what building the connector asks for', () => {
    const { Outputs = {} } = synthesis.template;
    expect(Object.keys(Outputs)).toEqual(expect.arrayContaining(Object.values(outputNames)));
  });

  it('name the secrets to fill', () => {
    expect(String(synthesis.template.Outputs?.SecretsToFill?.Value).split(' ')).toEqual(
      templateNames(synthesis.template).readSecrets,
    );
  });
});

describe('dispatch', () => {
  it('runs every minute', () => {
    const [schedule] = propertiesOf('AWS::Scheduler::Schedule');
    expect(schedule?.ScheduleExpression).toBe('rate(1 minute)');
    expect(functionNameOf(one(references(at(schedule, 'Target', 'Arn'))))).toBe('dispatch');
  });
});
