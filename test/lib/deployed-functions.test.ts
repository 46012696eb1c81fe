import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkConfiguration } from '../../config/check.ts';
import { exampleConfiguration } from '../../config/example.ts';
import { isJsonObject } from '../../connector/emit/json.ts';
import { type FunctionName, functionFacts, functionNames, metricNames } from '../../lambda/functions.ts';
import { type BundledFunction, bundleFunctions, projectDirectory } from '../../lib/bundle.ts';
import { type Synthesis, synthesise } from '../../local/synthesise.ts';
import type { Json, Properties } from '../../local/template/template.ts';

/** With each function that there can be. */
const configuration = checkConfiguration(
  { ...exampleConfiguration, monitoring: { canary: true } },
  'the test',
);

let directory: string;
let bundles: Readonly<Record<FunctionName, BundledFunction>>;
let synthesis: Synthesis;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'insights-connector-deployed-'));
  bundles = await bundleFunctions({ configuration, outDir: directory });
  synthesis = synthesise({
    configuration,
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
      ...readFileSync(join(folder, file), 'utf8').matchAll(/\benvironment(?:IfSet)?\('([A-Z_]+)'\)/g),
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

/**
 * What a function calls, and the mark of that service in its bundle. Receiving and deleting is what the event source
 * mapping does with its role.
 */
const markOfAction: Readonly<Record<string, string>> = {
  'dynamodb:GetItem': 'DynamoDB_20120810',
  'dynamodb:BatchGetItem': 'DynamoDB_20120810',
  'dynamodb:Query': 'DynamoDB_20120810',
  'dynamodb:PutItem': 'DynamoDB_20120810',
  'dynamodb:UpdateItem': 'DynamoDB_20120810',
  'dynamodb:DeleteItem': 'DynamoDB_20120810',
  'sqs:SendMessage': 'AmazonSQS',
  'kms:GenerateDataKey': 'TrentService',
  'kms:Encrypt': 'TrentService',
  'kms:Decrypt': 'TrentService',
  'secretsmanager:GetSecretValue': 'secretsmanager',
  'lambda:InvokeFunction': 'LAMBDA',
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

  it('is small enough to start fast', () => {
    expect(bundles[name].bytes).toBeLessThanOrEqual(functionFacts[name].maximumBundleBytes);
  });

  it('carries the protocols of the services that its role allows, and no other', async () => {
    const actions = actionsIn(roleOf(name).Policies ?? null);
    expect(actions.length).toBeGreaterThan(2);
    const allowed = actions
      .filter((action) => !withoutClient.has(action))
      .map((action) => markOfAction[action]);
    const code = await readFile(join(directory, name, 'index.mjs'), 'utf8');
    const marks = [...new Set(Object.values(markOfAction))].filter((mark) => code.includes(`"${mark}"`));
    expect(marks.sort()).toEqual([...new Set(allowed)].sort());
  });

  it('carries no client of the AWS SDK, which would be most of its cold start', () => {
    expect(bundles[name].packages.filter((one) => one.startsWith('@aws-sdk/'))).toEqual([]);
  });
});
