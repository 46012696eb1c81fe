import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { definitions } from '../../../lambda/triggers/registry.ts';
import { createTriggers } from '../../../lambda/triggers/trigger-set.ts';

/*
 * The compiler is asked once, for one file with a line for each variant: every definition without each of its members, the registry
 * without each of its triggers, and definitions of a kind that their notification does not have. The whole ones must compile.
 */

const project = resolve(fileURLToPath(new URL('../../..', import.meta.url)));
const triggers = createTriggers(definitions);

interface Variant {
  readonly name: string;
  readonly compiles: boolean;
  readonly code: string;
}

const definitionVariants = (id: keyof typeof definitions): readonly Variant[] => {
  const definition = definitions[id];
  const type = `(typeof definitions)['${id}']`;
  // Of its own kind: a definition may be of one of several.
  const whole = `Extract<${type}, { kind: '${definition.kind}' }>`;
  const variant = (name: string, compiles: boolean, omitted: string) => ({
    name: `${id} ${name}`,
    compiles,
    code: `const value: ${type} = {} as Omit<${whole}, ${omitted}>;`,
  });
  return [
    variant('as it is', true, 'never'),
    ...Object.keys(definition).map((member) => variant(`without ${member}`, false, `'${member}'`)),
  ];
};

const registryVariants: readonly Variant[] = [
  { name: 'the registry as it is', compiles: true, omitted: 'never' },
  ...triggers.ids.map((id) => ({
    name: `the registry without ${id}`,
    compiles: false,
    omitted: `'${id}'`,
  })),
].map(({ name, compiles, omitted }) => ({
  name,
  compiles,
  code: `const value: typeof definitions = {} as Omit<typeof definitions, ${omitted}>;`,
}));

const kindVariants: readonly Variant[] = [
  ['OnSegmentThresholdCrossed', 'subject'],
  ['OnDataSourceRefreshFailed', 'value'],
].map(([id, kind]) => ({
  name: `${id} of the kind ${kind}`,
  compiles: false,
  code: `const value: (typeof definitions)['${id}']['kind'] = '${kind}';`,
}));

const variants: readonly Variant[] = [
  ...triggers.ids.flatMap(definitionVariants),
  ...registryVariants,
  ...kindVariants,
];

/** The names of the variants that the compiler refuses. */
const refusedVariants = async (directory: string): Promise<ReadonlySet<string>> => {
  const file = 'variants.ts';
  const head = `import type { definitions } from '${project}/lambda/triggers/registry.ts';`;
  const lines = [head, ...variants.map(({ code }) => `{ ${code} void value; }`)];
  await writeFile(join(directory, file), lines.join('\n'));
  await writeFile(
    join(directory, 'tsconfig.json'),
    JSON.stringify({
      extends: join(project, 'tsconfig.json'),
      compilerOptions: { typeRoots: [join(project, 'node_modules/@types')] },
      include: [file],
    }),
  );
  const compiler = join(project, 'node_modules/.bin/tsc');
  const { stdout } = await promisify(execFile)(compiler, ['--pretty', 'false', '-p', directory]).catch(
    (error: { readonly stdout: string }) => error,
  );
  const errors = [...stdout.matchAll(/^(.*)\((\d+),\d+\): error (TS\d+): .*$/gm)];
  return new Set(
    errors.map(([text, where, line, code]) =>
      where?.endsWith(file) && ['TS2322', 'TS2375', 'TS2741', 'TS2739', 'TS2740'].includes(code ?? '')
        ? (variants[Number(line) - 2]?.name ?? text)
        : text,
    ),
  );
};

describe('the compiler', () => {
  let directory = '';
  let refused: ReadonlySet<string> = new Set();

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'insights-connector-definitions-'));
    refused = await refusedVariants(directory);
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('refuses every definition that lacks a member, and a registry that lacks a trigger', () => {
    expect(variants.length).toBeGreaterThan(6 * 12);
    expect([...refused].sort()).toEqual(
      variants
        .filter(({ compiles }) => !compiles)
        .map(({ name }) => name)
        .sort(),
    );
  });
});
