import { expect, it } from 'vitest';
import { currentBundles, currentNames, type Names } from './names.ts';
import { pinned } from './pinned.ts';

const expected = pinned('names.json') as Names;
const current = currentNames();
const bundles = await currentBundles();

const bundleOf = (name: string): string => bundles.get(name) ?? expect.fail(`there is no bundle ${name}`);

/** Whether a program holds a word as such, and not as a part of a longer one. */
const holds = (program: string, word: string): boolean =>
  new RegExp(`(?<![\\w-])${word}(?![\\w-])`).test(program);

const inBundles = (words: Readonly<Record<string, readonly string[]>>) =>
  Object.entries(words).flatMap(([name, list]) => list.map((word) => [name, word] as const));

it('metrics keep namespace and names; alarms of others watch them', () => {
  expect(current.metrics.namespace).toBe(expected.metrics.namespace);
  expect(current.metrics.names).toEqual(expect.arrayContaining([...expected.metrics.names]));
});

it.each(Object.entries(expected.errors))('the error %s is still a %d; flows branch on it', (code, status) => {
  expect(current.errors[code]).toBe(status);
});

it.each(expected.identityErrors)('the error %s of sign-in is still there', (code) => {
  expect([...bundles.values()].some((program) => holds(program, code))).toBe(true);
});

it.each(inBundles(expected.logMessages))('the log of %s still says "%s"', (name, message) => {
  expect(bundleOf(name)).toContain(`"${message}"`);
});

it.each(inBundles(expected.headers))('%s still knows the header %s', (name, word) => {
  expect(holds(bundleOf(name), word)).toBe(true);
});
