/**
 * Which schema versions each release writes and reads. A release reads what it writes and no other version; where it reads
 * two, the second one is a kind of its own. Pinned in test/pins/schema-versions.json: for a kind that is new or gets another
 * version, and for a new release, it is changed by hand.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { extractCommit, repository } from '../../scripts/commit-sources.ts';
import { predecessor, predecessorIsHere } from '../releases/predecessor.ts';
import { type SchemaVersions, schemaVersionsOf } from './declared-versions.ts';
import { pinned } from './pinned.ts';
import { keyForm } from './upgrade/forms.ts';
import type { Snapshot } from './upgrade/story.ts';

/** Of a kind of this release. */
interface Written {
  readonly version: number;
  /** The kind as which the release before reads it. */
  readonly reader?: string;
  /** Where its records are, in place of a reader: the release before has none there, and looks for none. */
  readonly place?: string;
  /** Why it may be written although the release before cannot read it. */
  readonly unreadable?: string;
  /** The section of docs/upgrade-notes.md that tells operators of it. */
  readonly told?: string;
}
type Kinds = Readonly<Record<string, Written>>;

const read = (path: string): string => readFileSync(join(repository, path), 'utf8');
const { version: thisRelease } = JSON.parse(read('package.json')) as { readonly version: string };

/** The release before, and this one. */
const releases = pinned('schema-versions.json') as Readonly<Record<string, unknown>>;
const [releaseBefore = '', ...others] = Object.keys(releases);
const before = releases[releaseBefore] as SchemaVersions;
const now = releases[thisRelease] as { readonly records: Kinds; readonly messages: Kinds };

const versionsOf = (kinds: Kinds): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(kinds).map(([kind, { version }]) => [kind, version]));

/** What the release before cannot read, in a sentence each. */
const notRead = (kinds: Kinds, readers: Readonly<Record<string, number>>): readonly string[] =>
  Object.entries(kinds).flatMap(([kind, { version, reader, place }]) => {
    if (reader === undefined) return place === undefined ? [`${kind}: has neither reader nor place`] : [];
    return readers[reader] === version
      ? []
      : [`${kind}: version ${version} is written, ${reader} of ${releaseBefore} reads ${readers[reader]}`];
  });

it('the list is of this release and the one before', () => {
  expect(others).toEqual([thisRelease]);
});

describe.each(['records', 'messages'] as const)('%s', (what) => {
  it('of this release have the versions that are listed', () => {
    expect(schemaVersionsOf(repository)[what]).toEqual(versionsOf(now[what]));
  });

  it('are read by the release before, or are written only where nothing is lost by it', () => {
    const accepted = Object.entries(now[what]).flatMap(([kind, { unreadable }]) =>
      unreadable === undefined ? [] : [kind],
    );
    const found = notRead(now[what], before[what]).map((text) => text.slice(0, text.indexOf(':')));
    expect(found).toEqual(accepted);
    const sections = [...read('docs/upgrade-notes.md').matchAll(/^## (.+)$/gm)].map(([, title = '']) =>
      title.toLowerCase().replaceAll(' ', '-'),
    );
    for (const kind of accepted)
      expect([kind, sections]).toEqual([kind, expect.arrayContaining([now[what][kind]?.told])]);
  });

  it('of the release before are read by this one', () => {
    const readable = new Set(
      Object.values(now[what]).flatMap(({ reader, version }) => (reader ? [`${reader} ${version}`] : [])),
    );
    expect(
      Object.entries(before[what]).filter(([kind, version]) => !readable.has(`${kind} ${version}`)),
    ).toEqual([]);
  });

  it('that a careless change would write are noticed', () => {
    for (const [kind, { reader, version }] of Object.entries(now[what])) {
      if (reader === undefined) continue;
      const changed = { [kind]: { version: version + 1, reader } };
      expect([kind, notRead(changed, before[what])]).toEqual([kind, [expect.stringContaining(kind)]]);
    }
  });
});

it('records of new kinds are where the release before has none', () => {
  const places = (pinned('upgrade.json') as Snapshot).tables.state.map(
    ({ pk, sk }) => `${keyForm(pk?.S ?? '')} / ${keyForm(sk?.S ?? '')}`,
  );
  expect(places.length).toBeGreaterThan(20);
  for (const [kind, { place }] of Object.entries(now.records))
    if (place !== undefined)
      expect([kind, places.filter((one) => one.startsWith(place))]).toEqual([kind, []]);
});

it.skipIf(!predecessorIsHere('a comparison with the schema versions of its sources'))(
  `${releaseBefore} has the versions that are listed`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'insights-connector-versions-'));
    try {
      extractCommit(predecessor, folder, 'lambda');
      expect(schemaVersionsOf(folder)).toEqual(before);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
