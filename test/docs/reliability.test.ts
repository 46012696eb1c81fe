/** The table of docs/reliability.md: each fault of the review, with a test and a life that exist. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { chanceOf } from '../simulation/chance.ts';
import { drawOddLife } from '../simulation/odd-lives.ts';
import { plantedFaults } from '../simulation/planted.ts';
import { littleAtATime } from '../simulation/run-seed.ts';
import { createInstance } from '../simulation/source-world.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');

const rows = [
  ...read('docs/reliability.md').matchAll(/^\| (R\d+) \| (.+?) \| `([^`]+)`: "(.+?)" \| (.+?) \|$/gm),
].map(([, id = '', now = '', file = '', quoted = '', life = '']) => ({ id, now, file, quoted, life }));

/** As the review numbers them. */
const numbers = [
  ...Array.from({ length: 17 }, (_, index) => index + 1),
  ...[20, 21, 22, 23, 24, 25, 26, 27, 30, 31, 32, 40, 41, 42, 43, 44],
];

/** Those that some seed has. */
const lives = new Set([
  littleAtATime,
  ...Array.from({ length: 300 }, (_, seed) => {
    const chance = chanceOf(seed, 8);
    return drawOddLife(chance, 0, 3_600_000, [createInstance(chance, 0, false)]).names;
  }).flat(),
]);

it('has each fault once, in order', () => {
  expect(rows.map(({ id }) => id)).toEqual(numbers.map((number) => `R${number}`));
});

it.each(rows)('$id names a test that exists', ({ file, quoted }) => {
  expect(read(file)).toContain(quoted);
});

it.each(rows.filter(({ life }) => life !== '-'))(
  '$id names a life or a planted fault that exists',
  ({ life }) => {
    if (life.startsWith('planted: '))
      expect(plantedFaults.map(({ name }) => name)).toContain(life.slice('planted: '.length));
    else for (const name of life.split(', ')) expect([...lives]).toContain(name);
  },
);
