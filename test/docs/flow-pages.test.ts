/**
 * The how-to pages about flows: their files are written, their commands run, and what they print is what the
 * page says.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { teamsOnRefreshFailed } from '../../flows/definitions/teams-on-refresh-failed.ts';
import { blocksOf, root } from './documented-commands.ts';

const launcher = join(root, 'bin/insights-connector.mjs');
const pages = ['flow-teams-on-failure.md', 'flow-mail-on-threshold.md', 'write-your-own-flow.md'] as const;

const run = (folder: string, command: string): Promise<string> =>
  new Promise((resolve) => {
    const { INSIGHTS_CONNECTOR_CONFIG: _, ...env } = process.env;
    execFile(
      process.execPath,
      [launcher, ...command.split(' ').slice(2)],
      { cwd: folder, env },
      (_failure, out) => resolve(out),
    );
  });

/** What building prints differs in sizes only; the pages show what checks and runs print. */
const isShown = (command: string): boolean => / flows (?:check|run) /.test(command);

describe.each(pages)('%s', (page) => {
  it('says what its commands print', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'how-to-'));
    try {
      let printed = '';
      let outputs = 0;
      for (const { language, file, text } of blocksOf(`docs/${page}`)) {
        if (language === 'json' && file !== undefined) writeFileSync(join(folder, file), text);
        if (language === 'sh') {
          printed = '';
          for (const command of text.trim().split('\n')) {
            expect(command).toMatch(/^npx insights-connector flows/);
            const out = await run(folder, command);
            if (isShown(command)) printed += out;
          }
        }
        if (language === 'text') {
          outputs += 1;
          expect(printed).toBe(text);
        }
      }
      expect(outputs).toBeGreaterThan(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('write-your-own-flow.md', () => {
  it('shows the definition as it is, but for its texts', () => {
    const shown =
      blocksOf('docs/write-your-own-flow.md').find(({ language }) => language === 'ts')?.text ?? '';
    const source = readFileSync(join(root, 'flows/definitions/teams-on-refresh-failed.ts'), 'utf8');
    for (const line of shown.split('\n').filter((one) => !/description:|text`/.test(one)))
      expect(source.replace(/\s+/g, ' ')).toContain(line.trim().replace(/\s+/g, ' '));
    expect(teamsOnRefreshFailed.id).toBe('teams-on-refresh-failed');
  });
});
