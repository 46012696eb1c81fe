/** Documents, messages and comments use the field's terms and direct sentences: no phrase of wording.ts. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { hitsIn, phrases, proseOf, textsOf } from './wording.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
/** The texts of operations (`connector/contract`) are bound to what earlier connectors have; these two show them. */
const ofOperations: ReadonlySet<string> = new Set(['docs/operations.md', 'docs/designer.md']);
const documents = [...globSync('*.md', { cwd: root }), ...globSync('docs/**/*.md', { cwd: root })].filter(
  (path) => !ofOperations.has(path),
);
const folders = ['bench', 'bin', 'config', 'connector', 'flows', 'lambda', 'lib', 'local', 'scripts'];

const said = (path: string, hits: ReturnType<typeof hitsIn>): readonly string[] =>
  hits.map(({ line, found, better }) => `${path}:${line} "${found}": ${better}`);

it.each(documents)('%s', (path) => {
  expect(said(path, hitsIn(proseOf(read(path))))).toEqual([]);
});

it.each(folders)('messages and comments of %s', (folder) => {
  const files = globSync(`${folder}/**/*.ts`, { cwd: root, exclude: ['connector/contract/**'] });
  expect(files.length).toBeGreaterThan(3);
  expect(
    files.flatMap((path) =>
      textsOf(path, read(path)).flatMap(({ line, text }) => said(path, hitsIn(text, line))),
    ),
  ).toEqual([]);
});

describe('a phrase', () => {
  it.each(phrases)('$example', ({ example, better }) => {
    expect(hitsIn(example).map((hit) => hit.better)).toContain(better);
  });

  it('is found in a document with its line, and not in its code', () => {
    const document = '# Title\n\nRun `begin anew`.\n\n```sh\nbegin anew\n```\n\nThe flow begins anew.\n';
    expect(said('a.md', hitsIn(proseOf(document)))).toEqual(['a.md:9 "anew": again']);
  });

  it('is found in a message, a template and a comment', () => {
    const source =
      '// It begins anew.\nconst name = "anew";\nthrow new Error("It begins anew.");\nprint(`It begins\nanew.`);\n';
    expect(textsOf('a.ts', source).flatMap(({ line, text }) => said('a.ts', hitsIn(text, line)))).toEqual([
      'a.ts:1 "anew": again',
      'a.ts:3 "anew": again',
      'a.ts:5 "anew": again',
    ]);
  });

  it.each(['There is no flow.', 'It is no longer listed.', 'Standard queues, for the local run.'])(
    'is not found in: %s',
    (text) => {
      expect(hitsIn(text)).toEqual([]);
    },
  );
});
