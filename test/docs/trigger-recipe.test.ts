/**
 * The recipe "A trigger" of CONTRIBUTING.md, followed in copies of the sources: the trigger of
 * test/lambda/triggers/additional is added with exactly the files that the recipe names. One compiler run checks
 * a complete copy, and for each file a copy that lacks it. The tests of the additional trigger then run in the
 * complete copy.
 */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleConfiguration } from '../../config/example.ts';
import { createFunctionsFolder } from '../lib/functions-folder.ts';
import { triggerSteps } from './trigger-steps.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
const temporary = mkdtempSync(join(tmpdir(), 'insights-connector-recipe-'));
const named = Object.keys(triggerSteps);

/** What the compiler reads from the files of the recipe, and what the complete copy needs beside that. */
const compiled = ['config', 'connector', 'flows', 'lambda', 'local', 'test/simulation', 'package.json'];
const played = ['lib', 'test/lambda'];

const copyOf = (name: string, parts: readonly string[], without?: string): string => {
  const tree = join(temporary, name);
  for (const part of [...parts, 'test/lambda/triggers/additional'])
    cpSync(join(project, part), join(tree, part), { recursive: true });
  for (const [file, edit] of Object.entries(triggerSteps)) if (file !== without) edit(tree);
  return tree;
};

symlinkSync(join(project, 'node_modules'), join(temporary, 'node_modules'), 'junction');
const complete = copyOf('complete', [...compiled, ...played]);

/** The modules of the complete copy. */
const inCopy = (path: string) => import(join(complete, path));

/** They import everything else that the recipe names. */
const roots = [
  'lambda/triggers/registry.ts',
  'local/exchanges/occurrences.ts',
  'test/simulation/trigger-kinds.ts',
] as const;

/** The messages of the compiler for the complete copy, and for the copies that lack one file each. */
const compile = async (): Promise<readonly string[]> => {
  const files = [
    ...roots.map((root) => `complete/${root}`),
    ...named.map((file, number) => {
      copyOf(`without-${number}`, compiled, file);
      return `without-${number}/${roots.find((root) => root === file) ?? roots[0]}`;
    }),
  ];
  writeFileSync(
    join(temporary, 'tsconfig.json'),
    JSON.stringify({
      extends: join(project, 'tsconfig.json'),
      compilerOptions: { typeRoots: [join(project, 'node_modules/@types')] },
      include: [],
      files,
    }),
  );
  const compiler = join(project, 'node_modules/.bin/tsc');
  const { stdout } = await promisify(execFile)(compiler, ['--pretty', 'false', '-p', temporary], {
    cwd: temporary,
    maxBuffer: 64 * 1024 * 1024,
  }).catch((error: { readonly stdout: string }) => error);
  return stdout.split('\n').filter((line) => line.includes(': error '));
};

afterAll(() => rmSync(temporary, { recursive: true, force: true }));

describe('the recipe for a trigger', () => {
  let errors: readonly string[];
  beforeAll(async () => {
    errors = await compile();
  });

  it('names the files that the steps of this test edit, in their order', () => {
    const contributing = readFileSync(join(project, 'CONTRIBUTING.md'), 'utf8');
    const recipe = contributing.split('\n### A trigger\n')[1]?.split('\n### ')[0] ?? '';
    expect([...recipe.matchAll(/^\d+\. `([^`]+\.ts)`/gm)].map(([, file]) => file)).toEqual(named);
  });

  it('compiles when every step is done', () => {
    expect(errors.filter((line) => line.startsWith('complete/'))).toEqual([]);
    expect(errors.filter((line) => !/^(complete|without-\d+)\//.test(line))).toEqual([]);
  });

  it.each(named.map((file, number) => [file, number] as const))(
    'does not compile without %s',
    (_, number) => {
      expect(errors.filter((line) => line.startsWith(`without-${number}/`))).not.toEqual([]);
    },
  );

  it('puts the operation into the swagger', async () => {
    const { operations } = await inCopy('connector/contract/index.ts');
    const { emitSwagger } = await inCopy('connector/emit/swagger.ts');
    const { paths } = emitSwagger(operations, exampleConfiguration);
    expect(paths['/datasets/{dataset}/subscriptions/segment-evaluated']).toMatchObject({
      'x-ms-notification-content': { schema: { $ref: '#/definitions/SegmentEvaluated' } },
      post: { operationId: 'OnSegmentEvaluated', 'x-ms-trigger': 'single' },
    });
  });

  it('gives the operation a route', async () => {
    const functions = createFunctionsFolder();
    const { synthesise } = await inCopy('local/synthesise.ts');
    const { template } = synthesise({
      configuration: exampleConfiguration,
      source: 'the test',
      isExample: true,
      functionsDir: functions.path,
    });
    functions.remove();
    expect(Object.values(template.Resources)).toContainEqual(
      expect.objectContaining({
        Type: 'AWS::ApiGatewayV2::Route',
        Properties: expect.objectContaining({
          RouteKey: 'POST /v1/datasets/{dataset}/subscriptions/segment-evaluated',
        }),
      }),
    );
  });
});

// Its tests become tests of this file: registration, detection, delivery, explanation, samples, removal.
describe('in the copy', () => inCopy('test/lambda/triggers/additional-trigger.test.ts'));
