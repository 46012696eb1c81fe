/** CHANGELOG.md, as a release reads it. */

export interface ChangelogSection {
  /** ISO 8601, the day of the release; undefined where none is written. */
  readonly date: string | undefined;
  readonly text: string;
}

/** @returns the section of a version; undefined where there is none */
export const changelogSection = (changelog: string, version: string): ChangelogSection | undefined => {
  const heading = /^## \[([^\]]+)\](?: - (\d{4}-\d{2}-\d{2}))?$/gm;
  const headings = [...changelog.matchAll(heading)];
  const at = headings.findIndex(([, name]) => name === version);
  const found = headings[at];
  if (found === undefined) return undefined;
  const text = changelog.slice(found.index + found[0].length, headings[at + 1]?.index).trim();
  return { date: found[2], text };
};
