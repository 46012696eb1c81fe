import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleConfiguration } from '../../config/example.ts';
import { isJsonObject } from '../../connector/emit/json.ts';
import { type FunctionName, functionFacts, functionNames, metricNames } from '../../lambda/functions.ts';
import { type BundledFunction, bundleFunctions, projectDirectory } from '../../lib/bundle.ts';
import { type Synthesis, synthesise } from '../../local/synthesise.ts';
import type { Json, Properties } from '../../local/template/template.ts';

let directory: string;
let bundles: Readonly<Record<FunctionName, BundledFunction>>;
let synthesis: Synthesis;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'insights-connector-deployed-'));
  bundles = await bundleFunctions({ configuration: exampleConfiguration, outDir: directory });
  synthesis = synthesise({
    configuration: exampleConfiguration,
    source: 'the test',
    isExample: true,
    functionsDir: directory,
  });
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** Every name that the source of some function asks for. */
const namesAskedFor = (): readonly string[] => {
  const folder = join(projectDirectory, 'lambda');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [
      ...readFileSync(join(folder, file), 'utf8').matchAll(/\benvironment\('([A-Z_]+)'\)/g),
    ])
    .flatMap(([, name]) => name ?? []);
  return [...new Set(names)];
};

const deployedFunction = (name: FunctionName): Properties => {
  const asset = [...synthesis.assets].find(([, folder]) => folder === join(directory, name))?.[0] ?? 'none';
  const found = Object.values(synthesis.template.Resources).find(({ Properties }) =>
    JSON.stringify(Properties?.Code ?? null).includes(asset),
  );
  return found?.Properties ?? {};
};

const environmentOf = (name: FunctionName): readonly string[] => {
  const environment = deployedFunction(name).Environment as
    | { Variables: Record<string, unknown> }
    | undefined;
  return Object.keys(environment?.Variables ?? {});
};

/** What a function calls by a client of the SDK. Receiving and deleting is what the event source mapping does with its role. */
const clientOfAction: Readonly<Record<string, string>> = {
  'dynamodb:GetItem': 'client-dynamodb',
  'dynamodb:Query': 'client-dynamodb',
  'dynamodb:PutItem': 'client-dynamodb',
  'dynamodb:UpdateItem': 'client-dynamodb',
  'dynamodb:DeleteItem': 'client-dynamodb',
  'sqs:SendMessage': 'client-sqs',
  'kms:GenerateDataKey': 'client-kms',
  'kms:Decrypt': 'client-kms',
  'secretsmanager:GetSecretValue': 'client-secrets-manager',
};
const withoutClient = new Set([
  'logs:CreateLogStream',
  'logs:PutLogEvents',
  'sqs:ReceiveMessage',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
]);

/** Every `Action` below a value. */
const actionsIn = (value: Json): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap(actionsIn);
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === 'Action' ? [inner].flat().map(String) : actionsIn(inner),
  );
};

const roleOf = (name: FunctionName): Properties => {
  const role = deployedFunction(name).Role as
    | { readonly 'Fn::GetAtt': readonly [string, string] }
    | undefined;
  return synthesis.template.Resources[role?.['Fn::GetAtt'][0] ?? 'none']?.Properties ?? {};
};

describe.each(functionNames)('the function %s', (name) => {
  it('gets only the variables that its code reads', async () => {
    const code = await readFile(join(directory, name, 'index.mjs'), 'utf8');
    const asked = namesAskedFor().filter((variable) => code.includes(`"${variable}"`));
    expect(asked.length).toBeGreaterThan(0);
    // The library of the log reads one by itself.
    expect([...environmentOf(name)].sort()).toEqual([...asked, 'POWERTOOLS_LOG_LEVEL'].sort());
  });

  it('counts what is declared of it, and nothing else', async () => {
    const code = await readFile(join(directory, name, 'index.mjs'), 'utf8');
    const counted = metricNames.filter((metric) => code.includes(`"${metric}"`));
    expect([...functionFacts[name].metrics].sort()).toEqual([...counted].sort());
  });

  it('carries nothing of the contract that only the connector needs', async () => {
    const code = await readFile(join(directory, name, 'index.mjs'), 'utf8');
    expect(code.includes('x-definition')).toBe(false);
    expect(code.includes('When a segment threshold is crossed')).toBe(false);
  });

  it('bundles the SDK clients of the services that its environment names, and no other', async () => {
    const code = await readFile(join(directory, name, 'index.mjs'), 'utf8');
    const environment = [...environmentOf(name)];
    const services: readonly (readonly [mark: string, variable: RegExp])[] = [
      ['DynamoDB_20120810', /_TABLE$/],
      ['AmazonSQS', /_QUEUE_URL$/],
      ['TrentService', /^CALLBACK_KEY_ID$/],
      ['secretsmanager', /^AUTHORITY$/],
    ];
    for (const [mark, variable] of services)
      expect(code.includes(mark), mark).toBe(environment.some((one) => variable.test(one)));
  });

  it('is small enough to start fast', () => {
    expect(bundles[name].bytes).toBeLessThanOrEqual(functionFacts[name].maximumBundleBytes);
  });

  it('carries the clients of the services that its role allows, and no other', () => {
    const actions = actionsIn(roleOf(name).Policies ?? null);
    expect(actions.length).toBeGreaterThan(2);
    const allowed = actions
      .filter((action) => !withoutClient.has(action))
      .map((action) => clientOfAction[action]);
    const bundled = bundles[name].packages.filter((packageName) =>
      packageName.startsWith('@aws-sdk/client-'),
    );
    expect(bundled).toEqual([...new Set(allowed)].map((client) => `@aws-sdk/${client}`).sort());
  });
});
