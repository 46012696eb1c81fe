import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Change } from '../../connector/diff/change.ts';
import { compareConnectors } from '../../connector/diff/compare-connectors.ts';
import { connectorFiles } from '../../connector/emit/files.ts';
import { type LoadedConnector, loadConnector, readConnector } from '../../connector/emit/read.ts';
import { pinnedConfiguration, pinsDirectory } from './pinned.ts';

/** A line of the table in docs/upgrade-notes.md. */
interface UpgradeNote {
  /** "the connector" where no operation is meant. */
  readonly operation: string;
  readonly rule: string;
  /** The text of `diff`. */
  readonly change: string;
  readonly remedy: string;
}

const upgradeNotes = (text: string): readonly UpgradeNote[] => {
  const [, table = ''] = text.split('|---|---|---|---|\n');
  return table
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => {
      const [operation = '', rule = '', change = '', remedy = ''] = line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim().replaceAll('\\|', '|'));
      return { operation, rule, change, remedy };
    });
};

const noted = ({ operation, rule, text }: Change) =>
  JSON.stringify([operation?.operationId ?? 'the connector', rule, text]);
const named = ({ operation, rule, change }: UpgradeNote) => JSON.stringify([operation, rule, change]);

/** Breaking changes without a note, and notes without a change. */
const compared = (before: LoadedConnector, after: LoadedConnector, notes: readonly UpgradeNote[]) => {
  const breaking = compareConnectors(before, after)
    .changes.filter((change) => change.class === 'breaking')
    .map(noted);
  return {
    withoutNote: breaking.filter((change) => !notes.some((note) => named(note) === change)),
    withoutChange: notes.map(named).filter((note) => !breaking.includes(note)),
  };
};

const imported = readConnector(join(pinsDirectory, 'connector'));
const current = loadConnector(
  new Map(
    (await connectorFiles({ configuration: pinnedConfiguration })).map(({ name, content }) => [
      name,
      content,
    ]),
  ),
);
const notes = upgradeNotes(readFileSync(join(import.meta.dirname, '../../docs/upgrade-notes.md'), 'utf8'));

describe('a connector that was imported at 0.1.0', () => {
  it('can be updated without breaking a flow, or docs/upgrade-notes.md says how', () => {
    expect(compared(imported, current, notes)).toEqual({ withoutNote: [], withoutChange: [] });
  });

  it('is told what to do by every note', () => {
    for (const { remedy } of notes) expect(remedy).toMatch(/^[A-Z].*\.$/);
  });
});

describe('the comparison', () => {
  const elsewhere = { ...imported, definition: { ...imported.definition, host: 'elsewhere.example.com' } };
  const note: UpgradeNote = {
    operation: 'the connector',
    rule: 'host',
    change:
      'Calls now go to elsewhere.example.com; they went to insights-connector.example.com. Existing registrations stay at the old address until their flows are saved again.',
    remedy: 'Save the flows.',
  };

  it('finds a breaking change that has no note', () => {
    expect(compared(imported, elsewhere, [])).toEqual({ withoutNote: [named(note)], withoutChange: [] });
    expect(compared(imported, elsewhere, [note])).toEqual({ withoutNote: [], withoutChange: [] });
  });

  it('finds a note that nothing needs', () => {
    expect(compared(imported, imported, [note])).toEqual({ withoutNote: [], withoutChange: [named(note)] });
  });

  it('reads notes as they stand in the table', () => {
    const line = `| ${note.operation} | ${note.rule} | ${note.change.replaceAll('|', '\\|')} | ${note.remedy} |`;
    expect(upgradeNotes(`# Notes\n\n| a | b | c | d |\n|---|---|---|---|\n${line}\n`)).toEqual([note]);
  });
});
