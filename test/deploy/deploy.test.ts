/**
 * Deployments, in the order in which an operator makes them, with the real command line of CDK against an emulated account.
 *
 * State: the account. Events: deploy, update, destroy, a deployment that fails. Never: a table, key, queue or API of a stack
 * is replaced by an update; a secret is removed or emptied by a stack; a configuration of another tenant changes a stack;
 * what another stage or an earlier attempt left is in the way; an instance of the configuration has no row after a
 * deployment, or a deployment changes one.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient, ListTablesCommand, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { GetAliasCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleConfiguration } from '../../config/example.ts';
import { awsClient } from '../../lambda/runtime/aws-client.ts';
import { dynamoDb } from '../../lambda/runtime/aws-services.ts';
import { parseJson } from '../../lambda/runtime/json.ts';
import { dynamoDbTable } from '../../lambda/store/dynamodb-table.ts';
import { type InstanceRow, instanceStore, rowsOf } from '../../lambda/store/instances.ts';
import { optionSets } from '../lib/option-sets.ts';
import {
  asPredecessorNames,
  extractPredecessor,
  predecessor,
  predecessorIsHere,
} from '../releases/predecessor.ts';
import { accountId, type EmulatedAccount, lintFindings, region, startAccount } from './account.ts';

const notShown = [
  'whether IAM lets CloudFormation and the functions do what they do',
  'whether the issuer of the tenant answers, which API Gateway asks when the authorizer is made',
  'quotas, such as reserved concurrency',
  'the rollback of an update (that of a creation is emulated)',
  'that CodeDeploy shifts the calls of an alias step by step, watches the alarms, and shifts them back',
  'whether the functions run (but for that of the custom resource): npm run test does, in the local run',
];

/** None of the example file. */
const digits = (digit: string) => `${digit.repeat(8)}-9999-4999-8999-${digit.repeat(12)}`;
const { connector, limit } = exampleConfiguration;
const instance = (digit: string) => ({
  id: digits(digit),
  name: `Instance ${digit}`,
  secretName: `insights-connector/instances/${digit}`,
});
const configurationOf = (others: object = {}) => ({
  tenantId: digits('a'),
  applications: {
    connector: { clientId: digits('b') },
    api: { clientId: digits('c'), secretName: 'insights-connector/api' },
  },
  instances: [instance('1'), instance('2')],
  limit,
  connector: { ...connector, host: undefined },
  updates: { terminationProtection: false },
  ...others,
});
const ofPredecessor = () => asPredecessorNames(configurationOf());

const secretNames = [
  'insights-connector/api',
  'insights-connector/instances/1',
  'insights-connector/instances/2',
];
const stack = 'InsightsConnector';

const newVersion = () => crypto.randomUUID();

let account: EmulatedAccount;
let secrets: SecretsManagerClient;
let database: DynamoDBClient;
beforeAll(async () => {
  account = await startAccount();
  secrets = new SecretsManagerClient(account.place);
  database = new DynamoDBClient(account.place);
}, 300_000);
afterAll(async () => {
  secrets?.destroy();
  database?.destroy();
  await account?.close();
  console.log(`The emulator does not show:\n${notShown.map((line) => `  - ${line}`).join('\n')}`);
});

/** @param options of `cdk deploy` */
const deploy = async (configuration: object, source?: string, ...options: readonly string[]) => {
  const app = await account.synthesise(configuration, source);
  if ('refused' in app) return app.refused;
  const given = ['--app', app.folder, '--require-approval', 'never', '--progress', 'events', ...options];
  return account.cdk('deploy', ...given);
};

const deployed = async (...given: Parameters<typeof deploy>) => {
  const { code, text } = await deploy(...given);
  expect(code, text.slice(-4_000)).toBe(0);
  return text;
};

/** What holds something, or is known by its name outside. */
const stateful = /^AWS::(DynamoDB::GlobalTable|KMS::Key|SQS::Queue|ApiGatewayV2::Api)$/;

const statefulOf = async (name = stack): Promise<Readonly<Record<string, string>>> =>
  Object.fromEntries(
    [...((await account.resources(name)) ?? [])].flatMap(([id, { type, physicalId }]) =>
      stateful.test(type) ? [[id, physicalId]] : [],
    ),
  );

const resourcesOf = async (type: string): Promise<readonly string[]> =>
  [...((await account.resources(stack))?.values() ?? [])].flatMap((resource) =>
    resource.type === type ? [resource.physicalId] : [],
  );

/** ARN of the alias that calls go to → the version behind it. */
const liveVersions = async (): Promise<ReadonlyMap<string, string | undefined>> => {
  const lambda = new LambdaClient(account.place);
  const versions = new Map<string, string | undefined>();
  for (const arn of await resourcesOf('AWS::Lambda::Alias')) {
    const [, FunctionName, Name] = /^(.+):([^:]+)$/.exec(arn) ?? [];
    const { FunctionVersion } = await lambda.send(new GetAliasCommand({ FunctionName, Name }));
    versions.set(arn, FunctionVersion);
  }
  lambda.destroy();
  return versions;
};

const storedSecrets = () =>
  Promise.all(
    secretNames.map(
      async (SecretId) => (await secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString,
    ),
  );

/** The rows of instances in a state table. */
const rowsIn = (stateTable: string) =>
  instanceStore(dynamoDbTable(awsClient(dynamoDb, account.place), stateTable, { newVersion }), newVersion);

const stateTableOf = async (name = stack): Promise<string> =>
  Object.entries(await statefulOf(name)).find(([id]) => id.startsWith('StorageState'))?.[1] ?? 'none';

/** In the order of their ids. */
const rows = async (stateTable: string): Promise<readonly InstanceRow[]> => {
  const list = await rowsIn(stateTable).list();
  return (list ? [...rowsOf(list)] : []).sort((a, b) => (a.id < b.id ? -1 : 1));
};

const tables = async () => (await database.send(new ListTablesCommand({}))).TableNames ?? [];

describe('an account', () => {
  it('is bootstrapped', async () => {
    const { code, text } = await account.cdk('bootstrap', `aws://${accountId}/${region}`);
    expect(code, text).toBe(0);
  });
});

describe.runIf(predecessorIsHere('an update of resources'))(`an update from ${predecessor}`, () => {
  const source = () => join(account.folder, predecessor);
  let before: Readonly<Record<string, string>>;
  beforeAll(() => extractPredecessor(source()));

  it('begins with its deployment, whose secrets are filled', async () => {
    await deployed(ofPredecessor(), source());
    before = await statefulOf();
    expect(Object.keys(before).length).toBeGreaterThan(8);
    for (const SecretId of secretNames)
      await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: `value of ${SecretId}` }));
  });

  it('replaces no table, key, queue or API, and leaves each secret with its value', async () => {
    await deployed(configurationOf());
    expect(await statefulOf()).toEqual(before);
    expect(await storedSecrets()).toEqual(secretNames.map((name) => `value of ${name}`));
    const types = new Set([...((await account.resources(stack))?.values() ?? [])].map(({ type }) => type));
    expect(types).toContain('AWS::CloudWatch::Alarm');
    expect(types).not.toContain('AWS::SecretsManager::Secret');
  });

  it('writes rows for the instances, which 0.1.0 did not know', async () => {
    expect(await rows(await stateTableOf())).toEqual([instance('1'), instance('2')]);
  });

  it('is rolled back, and made again: a stack takes the secrets over with their values, nothing is replaced', async () => {
    const steps: readonly Parameters<typeof deploy>[] = [
      [ofPredecessor(), source(), '--import-existing-resources'],
      [configurationOf()],
    ];
    for (const given of steps) {
      await deployed(...given);
      expect(await statefulOf()).toEqual(before);
      expect(await storedSecrets()).toEqual(secretNames.map((name) => `value of ${name}`));
    }
  });
});

describe('a deployment', () => {
  let before: Readonly<Record<string, string>>;

  it('again changes nothing', async () => {
    await deployed(configurationOf());
    before = await statefulOf();
    expect(await deployed(configurationOf())).toMatch(/no changes/);
    expect(await statefulOf()).toEqual(before);
    expect(await rows(await stateTableOf())).toEqual([instance('1'), instance('2')]);
  });

  it('with other instances writes rows for new ones, and changes none, a removed one neither', async () => {
    const [table, removedAt] = [await stateTableOf(), '2026-06-01T12:00:00Z'];
    await rowsIn(table).change([instance('2').id], (row) => row && { ...row, removedAt });
    const renamed = { ...instance('1'), name: 'Renamed in the configuration' };
    await deployed(configurationOf({ instances: [renamed, instance('2'), instance('3')] }));
    expect(await rows(table)).toEqual([instance('1'), { ...instance('2'), removedAt }, instance('3')]);
    await deployed(configurationOf());
    expect(await rows(table)).toHaveLength(3);
    expect(await statefulOf()).toEqual(before);
  });

  it('of another tenant, or another API registration, is refused before anything changes', async () => {
    for (const other of [
      { tenantId: digits('d') },
      {
        applications: {
          ...configurationOf().applications,
          api: { clientId: digits('e'), secretName: 'insights-connector/api' },
        },
      },
    ]) {
      const { code, text } = await deploy(configurationOf(other));
      expect(code, text).toBe(1);
      expect(text).toMatch(/is another deployment: its (tenant|API)/);
    }
    expect(await statefulOf()).toEqual(before);
    expect(await deployed(configurationOf())).toMatch(/no changes/);
  });

  it('of a second stage shares nothing with the first', async () => {
    await deployed(configurationOf({ deployment: { name: 'staging' } }));
    const staging = await statefulOf('InsightsConnector-staging');
    expect(Object.keys(staging)).toEqual(Object.keys(before));
    expect(Object.values(staging).filter((id) => Object.values(before).includes(id))).toEqual([]);
    expect(await statefulOf()).toEqual(before);
    const ofStaging = await rows(await stateTableOf('InsightsConnector-staging'));
    expect(ofStaging.map(({ id }) => id)).toEqual([instance('1').id, instance('2').id]);
  });

  it('takes an instance out, and puts it back', async () => {
    await deployed(configurationOf({ instances: [instance('1')] }));
    await deployed(configurationOf());
    expect(await statefulOf()).toEqual(before);
  });

  it('is given updates that undo themselves, makes one, and is without them again', async () => {
    const shifting = (others: object = {}) =>
      configurationOf({ updates: { terminationProtection: false, automaticRollback: true }, ...others });
    await deployed(shifting());
    expect(await statefulOf()).toEqual(before);
    const aliases = await liveVersions();
    const groups = await resourcesOf('AWS::CodeDeploy::DeploymentGroup');
    expect(groups.length).toBeGreaterThan(5);
    expect(aliases.size).toBe(groups.length);

    await deployed(shifting({ logs: { level: 'DEBUG' } }));
    const later = await liveVersions();
    expect(later).toEqual(
      new Map([...aliases].map(([alias, version]) => [alias, String(Number(version) + 1)])),
    );

    await deployed(configurationOf());
    expect(await liveVersions()).toEqual(new Map());
    expect(await statefulOf()).toEqual(before);
  });

  it('that is removed leaves state table, key and secrets, which the next one is given', async () => {
    const app = await account.synthesise(configurationOf());
    if ('refused' in app) expect.fail(app.refused.text);
    const { code, text } = await account.cdk('destroy', '--app', app.folder, '--force', stack);
    expect(code, text.slice(-2_000)).toBe(0);
    expect(await account.resources(stack)).toBeUndefined();
    const [tableId, stateTable = ''] =
      Object.entries(before).find(([id]) => id.startsWith('StorageState')) ?? [];
    const [, callbackKey = ''] = Object.entries(before).find(([id]) => id.startsWith('CallbackKey')) ?? [];
    const left = await tables();
    expect(left).toContain(stateTable);
    expect(left).not.toContain(Object.entries(before).find(([id]) => id.startsWith('StorageLimiter'))?.[1]);

    const kept = await rows(stateTable);
    expect(kept).toHaveLength(3);
    await deployed(configurationOf({ existing: { stateTable, callbackKey } }));
    expect(await rows(stateTable)).toEqual(kept);
    const next = await statefulOf();
    expect(next).not.toHaveProperty(tableId ?? '');
    expect(Object.keys(next).some((id) => id.startsWith('CallbackKey'))).toBe(false);
    expect(JSON.stringify([...((await account.resources(stack)) ?? [])])).not.toContain('SecretsManager');
  });
});

describe('a deployment that cannot write the rows', () => {
  it('fails with the reason, and what to do', async () => {
    const { code, text } = await deploy(
      configurationOf({ deployment: { name: 'lost' }, existing: { stateTable: 'no-such-table' } }),
    );
    expect(code, text.slice(-2_000)).toBe(1);
    expect(text).toMatch(/rows of the instances could not be written: .*not found.* deploy again/s);
  });
});

describe('a first deployment that fails', () => {
  const broken = () => configurationOf({ deployment: { name: 'broken' } });
  const name = 'InsightsConnector-broken';

  it('is rolled back, and can be repeated once the cause is removed', async () => {
    const all = await tables();
    account.refuseAuthorizers(true);
    const failed = await deploy(broken());
    expect(failed.code, failed.text.slice(-2_000)).toBe(1);
    account.refuseAuthorizers(false);
    const left = (await tables()).filter((table) => !all.includes(table));
    // The state table stays, under a name that no other attempt will have.
    expect(left).toEqual([expect.stringContaining('StorageState')]);

    await deployed(broken());
    const made = Object.values(await statefulOf(name));
    expect(made.length).toBeGreaterThan(8);
    expect(made).not.toContain(left[0]);
    await database.send(new UpdateTableCommand({ TableName: left[0], DeletionProtectionEnabled: false }));
  });
});

describe('the templates', () => {
  it.each([
    ['the preset production', {}],
    ['the preset dev', { preset: 'dev' }],
    ...Object.entries(optionSets(configurationOf().applications)),
  ])('of %s have no finding of cfn-lint', async (_, options) => {
    const app = await account.synthesise(configurationOf(options));
    if ('refused' in app) expect.fail(app.refused.text);
    const template = join(app.folder, `${stack}.template.json`);
    expect(
      Object.keys((parseJson(readFileSync(template, 'utf8')) as { Resources: object }).Resources).length,
    ).toBeGreaterThan(50);
    // W3005: the CDK declares a dependency that a reference implies already.
    const findings = (await lintFindings(account, template)).filter(({ Rule }) => Rule.Id !== 'W3005');
    expect(findings.map(({ Rule, Message }) => `${Rule.Id} ${Message}`)).toEqual([]);
  });
});
