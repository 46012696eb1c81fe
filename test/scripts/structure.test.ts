import { describe, expect, it } from 'vitest';
import type { StructureRules } from '../../scripts/import-rules.ts';
import { importTable } from '../../scripts/import-table.ts';
import { type SourceFile, sourceFile, UnreadableSource } from '../../scripts/source-graph.ts';
import { structureFigures, structureProblems } from '../../scripts/structure.ts';

/**
 * A small repository that keeps every rule: two functions over one ground folder, with tests. Each case below
 * plants one fault in it and expects that fault to be named, and nothing else.
 */
const sound: Readonly<Record<string, string>> = {
  'app/ground/errors.ts': `export class Failure extends Error {}`,
  'app/ground/text.ts': `export const text = 'text';`,
  'app/domain/rules.ts': `import { Failure } from '../ground/errors.ts'; import '../ground/text.ts'; export type { Failure };`,
  'app/main/index.ts': `import type { Failure } from '../domain/rules.ts'; import '../ground/errors.ts'; import '../ground/text.ts';`,
  'test/rules.test.ts': `import { Failure } from '../app/domain/rules.ts';`,
  'vite.config.ts': `export const at = 'the root';`,
};

const rules: StructureRules = {
  folders: [
    { folder: 'app/ground', holds: 'What all need', imports: [] },
    { folder: 'app/domain', holds: 'The rules', imports: ['app/ground'] },
    { folder: 'app/main', holds: 'The function', imports: ['app/domain', 'app/ground'] },
    { folder: 'test', holds: 'Tests', imports: 'earlier' },
  ],
  ground: { folder: 'app/ground', mostFiles: 3, usersThatDoNotCount: ['test'] },
  reach: [{ entry: 'app/main/index.ts', mostFiles: 3 }],
  conventionalNames: { 'index.ts': 'entries' },
  mostLines: 10,
  longFiles: {},
};

const problems = (
  changes: Readonly<Record<string, string>> = {},
  changedRules: Partial<StructureRules> = {},
) =>
  structureProblems(
    Object.entries({ ...sound, ...changes }).map(([path, text]) => sourceFile(path, text)),
    { ...rules, ...changedRules },
  );

const lines = (count: number): string => 'export {};\n'.repeat(count);

describe('the structure of the sources', () => {
  it('has no problem where every rule is kept', () => {
    expect(problems()).toEqual([]);
  });

  it.each([
    ['a value', `import { at } from '../domain/rules.ts';`],
    ['a type', `import type { At } from '../domain/rules.ts';`],
    ['a type inline', `export const at = (it: import('../domain/rules.ts').At) => it;`],
    ['an export', `export { at } from '../domain/rules.ts';`],
    ['everything', `export * from '../domain/rules.ts';`],
    ['side effects', `import '../domain/rules.ts';`],
    ['a module later', `export const at = await import('../domain/rules.ts');`],
  ])('must not import upward: %s', (_, text) => {
    expect(problems({ 'app/ground/text.ts': text })).toContain(
      'app/ground/text.ts imports app/domain/rules.ts: app/ground may not import app/domain.',
    );
  });

  it('has no rule that allows an import upward, or both ways', () => {
    const [ground, ...others] = rules.folders;
    const folders = [{ folder: 'app/ground', holds: '', imports: ['app/domain'] }, ...others];
    expect(ground?.folder).toBe('app/ground');
    expect(problems({}, { folders })).toEqual([
      'The rule of app/ground allows app/domain, which is not earlier in the list. A folder imports only earlier folders.',
      'app/ground may import app/domain, and no file does: remove it from the rule.',
    ]);
  });

  it('allows nothing that no file uses', () => {
    expect(
      problems({ 'app/main/index.ts': `import '../ground/errors.ts'; import '../ground/text.ts';` }),
    ).toEqual(['app/main may import app/domain, and no file does: remove it from the rule.']);
  });

  it('covers every folder with a rule', () => {
    expect(problems({ 'app/new/thing.ts': 'export {};' })).toEqual([
      'app/new/thing.ts: no rule covers its folder.',
    ]);
  });

  it('has no cycle of files, of types neither, and names each once', () => {
    expect(
      problems({
        'app/domain/first.ts': `import type { B } from './second.ts';`,
        'app/domain/second.ts': `import { c } from './third.ts';`,
        'app/domain/third.ts': `export { a } from './first.ts';`,
      }),
    ).toEqual([
      'Import cycle: app/domain/first.ts > app/domain/second.ts > app/domain/third.ts > app/domain/first.ts.',
    ]);
  });

  it('keeps in the ground folder only what two other folders use', () => {
    expect(
      problems({
        'app/ground/own.ts': 'export {};',
        'app/main/other.ts': `import '../ground/own.ts';`,
        'test/own.test.ts': `import '../app/ground/own.ts';`,
      }),
    ).toEqual(['app/ground/own.ts: only app/main uses it: move it there.']);
    expect(problems({ 'app/ground/unused.ts': 'export {};' })).toEqual([
      'app/ground/unused.ts: no other folder uses it.',
    ]);
  });

  it('counts users of a file of the ground folder that reach it through another file', () => {
    expect(
      problems(
        { 'app/ground/part.ts': 'export {};', 'app/ground/errors.ts': `import './part.ts';` },
        { reach: [] },
      ),
    ).toEqual([]);
  });

  it('bounds the files of the ground folder', () => {
    expect(problems({}, { ground: { ...rules.ground, mostFiles: 1 } })).toEqual([
      'app/ground has 2 files, more than 1.',
    ]);
  });

  it('bounds what an entry loads; types load nothing', () => {
    const reach = [{ entry: 'app/main/index.ts', mostFiles: 2 }];
    expect(problems({}, { reach })).toEqual(['app/main/index.ts reaches 3 files, more than 2.']);
    expect(
      structureFigures(
        Object.entries(sound).map(([path, text]) => sourceFile(path, text)),
        rules,
      ),
    ).toContain('app/main/index.ts loads 3 of at most 3, 4 with the files it takes only types from');
    expect(problems({}, { reach: [{ entry: 'app/gone.ts', mostFiles: 2 }] })).toEqual([
      'app/gone.ts has a limit of reached files, and does not exist.',
    ]);
  });

  it('gives a file name at most twice, but for conventional ones', () => {
    const two = { 'app/domain/text.ts': '', 'app/main/index.ts': sound['app/main/index.ts'] ?? '' };
    expect(problems(two)).toEqual([]);
    expect(problems({ ...two, 'test/text.ts': '' })).toEqual([
      '3 files are called text.ts: app/ground/text.ts, app/domain/text.ts, test/text.ts.',
    ]);
    expect(problems({ 'app/domain/index.ts': '', 'test/a/index.ts': '', 'test/b/index.ts': '' })).toEqual([]);
  });

  it('bounds the lines of a file, unless there is a reason', () => {
    const long = { 'app/domain/long.ts': lines(11) };
    expect(problems({ 'app/domain/long.ts': lines(10) })).toEqual([]);
    expect(problems(long)).toEqual([
      'app/domain/long.ts has 11 lines, more than 10: split it, or give a reason under longFiles.',
    ]);
    const longFiles = { 'app/domain/long.ts': 'One table.' };
    expect(problems(long, { longFiles })).toEqual([]);
    expect(problems({}, { longFiles })).toEqual([
      'app/domain/long.ts is listed in longFiles and has at most 10 lines: remove it from the list.',
    ]);
  });
});

describe('what a file imports', () => {
  const imports = (text: string): SourceFile['imports'] => sourceFile('app/domain/rules.ts', text).imports;

  it('is a value where one of its imports of a file is', () => {
    const ground = '../ground/errors.ts';
    expect(imports(`import type { A } from '${ground}';`)).toEqual([
      { path: 'app/ground/errors.ts', typeOnly: true },
    ]);
    expect(imports(`import { type A } from '${ground}';`)).toEqual([
      { path: 'app/ground/errors.ts', typeOnly: true },
    ]);
    expect(imports(`import type { A } from '${ground}'; export { b } from '${ground}';`)).toEqual([
      { path: 'app/ground/errors.ts', typeOnly: false },
    ]);
  });

  it('leaves out packages and data', () => {
    expect(
      imports(`import 'node:fs'; import 'ajv'; import data from './data.json' with { type: 'json' };`),
    ).toEqual([]);
  });

  it('cannot be read from what does not parse', () => {
    expect(() => imports('import {')).toThrow(UnreadableSource);
  });
});

it('the table of imports has a row for each rule', () => {
  expect(importTable(rules.folders)).toBe(
    [
      '| folder | contains | imports |',
      '|---|---|---|',
      '| `app/ground` | What all need | nothing |',
      '| `app/domain` | The rules | `app/ground` |',
      '| `app/main` | The function | `app/domain`, `app/ground` |',
      '| `test` | Tests | all above |',
    ].join('\n'),
  );
});
