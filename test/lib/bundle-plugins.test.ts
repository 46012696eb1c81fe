import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { build } from 'esbuild';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HttpFunction, httpFunctions, type Operation } from '../../connector/contract/operation.ts';
import { servedOperations } from '../../connector/contract/served.ts';
import { compileValidators, type OperationValidators } from '../../connector/contract/validation.ts';
import { routesOf } from '../../lambda/http/route-table.ts';
import { bundleOptions, projectDirectory } from '../../lib/bundle.ts';

interface Bundled {
  readonly validators: Readonly<Record<string, OperationValidators>>;
  readonly routesOf: typeof routesOf;
}

let outDir: string;
beforeAll(async () => {
  outDir = await mkdtemp(join(tmpdir(), 'insights-connector-plugins-'));
});
afterAll(() => rm(outDir, { recursive: true, force: true }));

/** What a bundle that serves the function has of the contract. */
const bundled = async (name: HttpFunction): Promise<Bundled> => {
  const outfile = join(outDir, `${name}.mjs`);
  const contents = `export { validators } from 'validators:${name}';
export { routesOf } from './lambda/http/route-table.ts';`;
  await build({
    ...bundleOptions,
    plugins: [...bundleOptions.plugins],
    stdin: { contents, resolveDir: projectDirectory, sourcefile: `${name}.ts` },
    outfile,
  });
  return import(pathToFileURL(outfile).href) as Promise<Bundled>;
};

/** Values near those that a schema describes: its own properties and others, with values of any kind and length. */
const valuesNear = (schema: object): fc.Arbitrary<unknown> => {
  const properties = 'properties' in schema ? Object.keys(schema.properties as object) : [];
  const text = fc.constantFrom(
    '',
    'a',
    'above',
    'https://example.com/a',
    'a b',
    '\u{1F600}'.repeat(60),
    'x'.repeat(5_000),
  );
  const value = fc.oneof(
    text,
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(text),
    fc.object(),
  );
  return fc.oneof(
    { weight: 20, arbitrary: fc.dictionary(fc.constantFrom(...properties, 'unknown'), value) },
    { weight: 1, arbitrary: value },
  );
};

const verdict = (check: ValidateFunction, given: unknown) => {
  const value = structuredClone(given);
  const accepted = check(value);
  const problems = (check.errors as ErrorObject[] | null)?.map(({ instancePath, keyword, params }) => ({
    instancePath,
    keyword,
    params,
  }));
  return { accepted, problems, value };
};

describe.each(httpFunctions)('a bundle of %s', (name) => {
  it('has the routes of the contract', async () => {
    const { routesOf: routesInBundle } = await bundled(name);
    expect(routesInBundle(name)).toEqual(routesOf(name));
  });

  it('checks requests as the contract does', async () => {
    const { validators } = await bundled(name);
    const compiled: Bundled['validators'] = compileValidators(name);
    expect(Object.keys(validators)).toEqual(Object.keys(compiled));
    const refused = new Set<string>();
    for (const operation of servedOperations as readonly Operation[]) {
      const { operationId } = operation;
      const [inBundle, expected] = [validators[operationId], compiled[operationId]];
      if (inBundle === undefined || expected === undefined) continue;
      expect(inBundle.body === null).toBe(expected.body === null);
      for (const [part, schema] of [
        ['path', operation.pathParameters],
        ['query', operation.queryParameters],
        ['body', operation.body],
      ] as const) {
        const [check, reference] = [inBundle[part], expected[part]];
        if (check === null || reference === null || schema === null) continue;
        fc.assert(
          fc.property(valuesNear(schema), (value) => {
            const answer = verdict(check, value);
            for (const { keyword } of answer.problems ?? []) refused.add(keyword);
            expect(answer).toEqual(verdict(reference, value));
          }),
          { numRuns: 200, seed: 1 },
        );
      }
    }
    // The values reach the checks.
    expect([...refused]).toEqual(expect.arrayContaining(['type', 'required', 'additionalProperties']));
  });
});
