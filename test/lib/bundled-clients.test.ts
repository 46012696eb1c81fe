/** No function carries a client of a service that it may not call: bundles and roles must name the same services. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { exampleConfiguration } from '../../config/example.ts';
import { isJsonObject } from '../../connector/emit/json.ts';
import { type FunctionName, functionNames } from '../../lambda/functions.ts';
import { type BundledFunction, bundleFunctions } from '../../lib/bundle.ts';
import { type Synthesis, synthesise } from '../../local/synthesise.ts';
import type { Json, Properties } from '../../local/template/template.ts';

let directory: string;
let bundles: Readonly<Record<FunctionName, BundledFunction>>;
let synthesis: Synthesis;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'insights-connector-clients-'));
  bundles = await bundleFunctions({ configuration: exampleConfiguration, outDir: directory });
  synthesis = synthesise({
    configuration: exampleConfiguration,
    source: 'the test',
    isExample: true,
    functionsDir: directory,
  });
});
afterAll(() => rm(directory, { recursive: true, force: true }));

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

const propertiesOf = (logicalId: string): Properties =>
  synthesis.template.Resources[logicalId]?.Properties ?? {};

const roleOf = (name: FunctionName): Properties => {
  const key = [...synthesis.assets].find(([, folder]) => folder === join(directory, name))?.[0] ?? 'none';
  const found = Object.values(synthesis.template.Resources).find(({ Properties }) =>
    JSON.stringify(Properties?.Code ?? null).includes(key),
  );
  const role = found?.Properties?.Role as { readonly 'Fn::GetAtt': readonly [string, string] } | undefined;
  return propertiesOf(role?.['Fn::GetAtt'][0] ?? 'none');
};

it.each(functionNames)('%s', (name) => {
  const actions = actionsIn(roleOf(name).Policies ?? null);
  expect(actions.length).toBeGreaterThan(2);
  const allowed = actions
    .filter((action) => !withoutClient.has(action))
    .map((action) => clientOfAction[action]);
  const bundled = bundles[name].packages.filter((packageName) => packageName.startsWith('@aws-sdk/client-'));
  expect(bundled).toEqual([...new Set(allowed)].map((client) => `@aws-sdk/${client}`).sort());
});
