import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { findDuplicates } from '../../scripts/duplicates.ts';

const sumOf = (name: string): string =>
  [
    `export const ${name} = (values: readonly number[]): number => {`,
    '  let total = 0;',
    '  // A comment is not a code.',
    '  for (const value of values) {',
    '    if (Number.isNaN(value)) throw new TypeError("A value is not a number.");',
    '    total += value * 2;',
    '  }',
    '  return Math.round(total / values.length);',
    '};',
    '',
  ].join('\n');

const treeOf = (files: Readonly<Record<string, string>>): string => {
  const root = mkdtempSync(join(tmpdir(), 'insights-connector-test-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
};

it('a text in two folders is counted and named once', () => {
  const root = treeOf({
    'one/sum.ts': sumOf('sum'),
    'two/total.ts': sumOf('sum').replace('is not a code', 'differs'),
  });
  const { files, lines, places } = findDuplicates(root, ['one', 'two']);
  expect(files).toBe(2);
  expect(lines).toBeGreaterThanOrEqual(8);
  expect(places).toEqual([expect.stringMatching(/^one\/sum\.ts:\d+-\d+ = two\/total\.ts:\d+-\d+$/)]);
});

it('what is alike in a few tokens only is not', () => {
  const root = treeOf({
    'one/sum.ts': sumOf('sum'),
    'two/product.ts':
      'export const product = (values: readonly number[]) => {\n  let total = 1;\n  for (const value of values) total *= value;\n  return total;\n};\n',
  });
  expect(findDuplicates(root, ['one', 'two'])).toMatchObject({ lines: 0, places: [] });
});
