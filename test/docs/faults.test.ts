/** The table of faults names tests that exist, and each fault once. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const rows = readFileSync(join(root, 'docs/installing-and-operating.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| I\d/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()));

describe('the table of faults', () => {
  it('has I1 to I24 without the two unused numbers, each once', () => {
    const numbers = rows.flatMap(([, fault = '']) =>
      [...fault.matchAll(/I(\d+)/g)].map(([, number]) => Number(number)),
    );
    expect(numbers).toEqual(
      Array.from({ length: 24 }, (_, at) => at + 1).filter((number) => number !== 8 && number !== 9),
    );
  });

  it.each(rows.map((row) => [row[1], row] as const))(
    '%s says what was done, and names tests that test something',
    (_, row) => {
      const [, , wrong = '', done = '', tests = ''] = row;
      expect(wrong.length).toBeGreaterThan(5);
      expect(done).not.toBe('');
      const paths = [...tests.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path);
      expect(paths).not.toEqual([]);
      for (const path of paths) {
        expect(existsSync(join(root, path)), path).toBe(true);
        expect(readFileSync(join(root, path), 'utf8')).toMatch(/\bit(\.each)?\(|\bit\.each\b/);
      }
    },
  );
});
