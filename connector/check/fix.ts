/** Applies the fixes of findings to a text. Everything that no fix touches keeps its bytes. */
import { type CheckOptions, checkConnector } from './check-connector.ts';
import type { CheckedFile } from './connector.ts';
import type { Finding } from './rule.ts';
import { Source, type TextEdit } from './source.ts';

export interface FixedFile {
  readonly name: string;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

export interface Fixed {
  readonly files: readonly FixedFile[];
  /** Number of findings that were fixed. */
  readonly count: number;
}

/** Rounds; one fix can uncover another, such as JSON that can be read only then. */
const rounds = 50;

const overlaps = (one: TextEdit, other: TextEdit): boolean =>
  (one.offset < other.offset + other.length && other.offset < one.offset + one.length) ||
  one.offset === other.offset;

/** Takes as many findings as do not get in each other's way; the others have their turn in the next round. */
const chosen = (findings: readonly Finding[]): readonly Finding[] => {
  const taken: TextEdit[] = [];
  return findings.filter(({ fix = [] }) => {
    if (fix.length === 0 || fix.some((edit) => taken.some((other) => overlaps(edit, other)))) return false;
    taken.push(...fix);
    return true;
  });
};

const apply = (file: CheckedFile, edits: readonly TextEdit[]): Uint8Array => {
  const source = new Source(file.name, file.content);
  const mark = source.byteOrderMark && !edits.some(({ offset }) => offset === -1) ? '\uFEFF' : '';
  const ordered = edits
    .filter(({ offset }) => offset >= 0)
    .toSorted((one, other) => other.offset - one.offset);
  const text = ordered.reduce(
    (changed, { offset, length, text: replacement }) =>
      changed.slice(0, offset) + replacement + changed.slice(offset + length),
    source.text,
  );
  return new TextEncoder().encode(mark + text);
};

/**
 * Fixes what can be fixed without a person's decision. Files that are not UTF-8 are left alone.
 * @returns the files that change
 */
export const fixConnector = (files: readonly CheckedFile[], options: CheckOptions = {}): Fixed => {
  let current = files;
  let count = 0;
  for (let round = 0; round < rounds; round += 1) {
    const findings = checkConnector(current, options);
    const unreadable = new Set(findings.filter(({ rule }) => rule === 'NotUtf8').map(({ file }) => file));
    const next = current.map((file) => {
      const mended = unreadable.has(file.name)
        ? []
        : chosen(findings.filter((finding) => finding.file === file.name));
      if (mended.length === 0) return file;
      count += mended.length;
      return {
        name: file.name,
        content: apply(
          file,
          mended.flatMap(({ fix = [] }) => fix),
        ),
      };
    });
    if (next.every((file, at) => file === current[at])) break;
    current = next;
  }
  const changed = current.flatMap((file, at) => {
    const before = files[at]?.content;
    return before && before !== file.content ? [{ name: file.name, before, after: file.content }] : [];
  });
  return { files: changed, count };
};
