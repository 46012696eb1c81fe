import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleConfiguration } from '../../config/example.ts';
import { type FunctionName, functionFacts, functionNames, metricNames } from '../../lambda/functions.ts';
import { type BundledFunction, bundleFunctions, projectDirectory } from '../../lib/bundle.ts';
import { type Synthesis, synthesise } from '../../local/synthesise.ts';

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

const environmentOf = (name: FunctionName): readonly string[] => {
  const asset = [...synthesis.assets].find(([, folder]) => folder === join(directory, name))?.[0];
  const found = Object.values(synthesis.template.Resources).find(({ Properties }) =>
    JSON.stringify(Properties?.Code ?? null).includes(asset ?? 'none'),
  );
  const environment = found?.Properties?.Environment as { Variables: Record<string, unknown> } | undefined;
  return Object.keys(environment?.Variables ?? {});
};

describe.each(functionNames)('the function %s', (name) => {
  it('is told what its code asks for, and nothing else', async () => {
    const code = await readFile(join(directory, name, 'index.mjs'), 'utf8');
    const asked = namesAskedFor().filter((variable) => code.includes(`"${variable}"`));
    expect(asked.length).toBeGreaterThan(0);
    expect([...environmentOf(name)].sort()).toEqual(asked.sort());
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
});
