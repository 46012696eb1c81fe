import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

/** Stricter than the tool's own 50 tokens. Comments do not count, tests do. */
const measure = ['--min-tokens', '40', '--min-lines', '5', '--mode', 'weak', '--format', 'typescript,tsx'];

export interface Duplicates {
  /** Files that were compared. */
  readonly files: number;
  /** Lines that are repeated elsewhere. */
  readonly lines: number;
  /** One line of text a pair of places, longest first. */
  readonly places: readonly string[];
}

interface Place {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

interface Report {
  readonly statistics: { readonly total: { readonly sources: number; readonly duplicatedLines: number } };
  readonly duplicates: readonly {
    readonly lines: number;
    readonly firstFile: Place;
    readonly secondFile: Place;
  }[];
}

/**
 * The repeated lines in the TypeScript of some folders.
 * @param root absolute
 * @param folders from `root`
 * @throws Error with what jscpd said when it does not run
 */
export const findDuplicates = (root: string, folders: readonly string[]): Duplicates => {
  const output = mkdtempSync(join(tmpdir(), 'insights-connector-duplicates-'));
  try {
    const program = join(
      dirname(createRequire(import.meta.url).resolve('jscpd/package.json')),
      'run-jscpd.js',
    );
    const options = [...measure, '--absolute', '--reporters', 'json', '--output', output];
    const { status, stderr } = spawnSync(process.execPath, [program, ...options, ...folders], {
      cwd: root,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`jscpd ended with ${status}: ${stderr}`);
    const report = JSON.parse(readFileSync(join(output, 'jscpd-report.json'), 'utf8')) as Report;
    const placeOf = ({ name, start, end }: Place) => `${relative(root, name)}:${start}-${end}`;
    return {
      files: report.statistics.total.sources,
      lines: report.statistics.total.duplicatedLines,
      places: report.duplicates
        .toSorted((one, other) => other.lines - one.lines)
        .map(({ firstFile, secondFile }) => `${placeOf(firstFile)} = ${placeOf(secondFile)}`),
    };
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
};
