import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { exampleConfiguration } from '../../config/example.ts';
import { operations } from '../../connector/contract/index.ts';
import { createCommand, readmeText, updateCommand } from '../../connector/emit/certification.ts';

/** With lines that end in a backslash put together. */
const pages = ['README.md', 'docs/deployment.md', 'docs/connector.md', 'docs/runbook.md'].map((path) => ({
  path,
  text: readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8').replaceAll(/ \\\n\s+/g, ' '),
}));
const texts = [
  ...pages,
  { path: 'readme.md of the connector', text: readmeText(operations, exampleConfiguration) },
];

/** What is to be pasted, on lines of its own; sentences may speak of `paconn create` as they like. */
const commandsIn = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^paconn (create|update|download)\b/.test(line));

describe('the documented commands of paconn', () => {
  it('run without a terminal: they ask nothing', () => {
    // Tried with paconn 0.0.21: without --overwrite-settings it asks, and fails, after it has made the connector.
    const commands = texts.flatMap(({ text }) => commandsIn(text));
    expect(new Set(commands)).toEqual(new Set([createCommand, updateCommand]));
  });

  it('are both told wherever one is', () => {
    for (const { path, text } of texts) {
      const commands = commandsIn(text);
      if (commands.length > 0) expect(new Set(commands).size, path).toBe(2);
    }
    // One of them is written for two shells.
    expect(pages.flatMap(({ text }) => commandsIn(text))).toHaveLength(5);
  });

  it('make no new secret by themselves, so that repeating them leaves none behind', () => {
    for (const { text } of texts) for (const command of commandsIn(text)) expect(command).not.toMatch(/\$\(/);
  });
});
