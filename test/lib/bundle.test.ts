import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleConfiguration } from '../../config/example.ts';
import { exampleInstanceId } from '../../connector/contract/example.ts';
import { operations } from '../../connector/contract/index.ts';
import { functionNames } from '../../lambda/functions.ts';
import { bundleFunctions } from '../../lib/bundle.ts';

const sourceRoot = join(import.meta.dirname, 'fixture');
let outDir: string;

const bundle = () => bundleFunctions({ configuration: exampleConfiguration, outDir, sourceRoot });

const handlerOf = async (name: string): Promise<(event?: unknown) => unknown> => {
  const module: { handler(event?: unknown): unknown } = await import(
    pathToFileURL(join(outDir, name, 'index.mjs')).href
  );
  return module.handler;
};

beforeAll(async () => {
  outDir = await mkdtemp(join(tmpdir(), 'insights-connector-bundle-'));
  await bundle();
});
afterAll(() => rm(outDir, { recursive: true, force: true }));

describe('bundleFunctions', () => {
  it('writes a module and the settings for each function, and nothing else', async () => {
    expect((await readdir(outDir)).sort()).toEqual([...functionNames].sort());
    // What concerns the stack only is not beside a function: its code stays the same when that changes.
    const {
      preset,
      logs,
      monitoring,
      updates,
      reservedConcurrency,
      operators,
      tags,
      throttle,
      instances,
      ...told
    } = exampleConfiguration;
    for (const name of functionNames) {
      expect((await readdir(join(outDir, name))).sort()).toEqual([
        // The pages of the console.
        ...(name === 'console' ? ['assets'] : []),
        'index.mjs',
        'settings.json',
      ]);
      // Instances are served as their rows say, which one function writes.
      expect(JSON.parse(await readFile(join(outDir, name, 'settings.json'), 'utf8'))).toEqual(
        name === 'instance-rows' ? { instances } : told,
      );
    }
  });

  it('makes modules that load by themselves', async () => {
    expect((await handlerOf('watch'))()).toBe('watch');
  });

  it('gives a function the checks of its own operations', async () => {
    const own = operations.filter((operation) => operation.function === 'subscriptions');
    expect((await handlerOf('subscriptions'))()).toEqual(own.map(({ operationId }) => operationId));
  });

  it('compiles checks that refuse as the contract says', async () => {
    const getItems = await handlerOf('proxy');
    const path = { dataset: exampleInstanceId, table: 'Customer' };

    expect(getItems({ path, query: { $top: 2, $skip: 0 } })).toEqual({
      path: true,
      query: true,
      converted: { $top: 2, $skip: 0 },
    });
    expect(getItems({ path: { dataset: exampleInstanceId }, query: { $top: '2' } })).toMatchObject({
      path: false,
      query: false,
    });
  });

  it('writes the same bytes again, and removes what no longer belongs', async () => {
    const read = () =>
      Promise.all(functionNames.map((name) => readFile(join(outDir, name, 'index.mjs'), 'utf8')));
    const before = await read();
    await writeFile(join(outDir, 'proxy', 'left-over.txt'), '');
    await bundle();
    expect(await read()).toEqual(before);
    expect(await readdir(join(outDir, 'proxy'))).not.toContain('left-over.txt');
  });

  it('names the file when a function cannot be bundled', async () => {
    const broken = bundleFunctions({
      configuration: exampleConfiguration,
      outDir: join(outDir, 'broken'),
      sourceRoot: join(sourceRoot, 'absent'),
    });
    // All are missing; esbuild's message names some of them.
    await expect(broken).rejects.toThrow(/absent\/[\w-]+\/index\.ts/);
  });
});
