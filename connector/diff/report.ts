/** A comparison as text for people and as data for scripts. */
import { type Change, type ChangeClass, changeClasses } from './change.ts';
import type { Comparison } from './compare-connectors.ts';

const titles: Readonly<Record<ChangeClass, string>> = {
  breaking: 'Breaking: existing flows fail or must be edited',
  compatible: 'Compatible: existing flows continue to work',
  cosmetic: 'Cosmetic: texts and pictures',
};

const owner = ({ operation }: Change): string =>
  operation === null ? 'The connector' : `${operation.summary} (${operation.operationId})`;

const section = (changeClass: ChangeClass, changes: readonly Change[]): readonly string[] => {
  if (changes.length === 0) return [];
  const owners = [...new Set(changes.map(owner))];
  return [
    '',
    titles[changeClass],
    ...owners.flatMap((name) => [
      `  ${name}`,
      ...changes.filter((change) => owner(change) === name).map(({ text }) => `    - ${text}`),
    ]),
  ];
};

export const countOf = ({ changes }: Comparison, changeClass: ChangeClass): number =>
  changes.filter((change) => change.class === changeClass).length;

/** @param source the other side of the comparison, for the first line */
export const reportText = (comparison: Comparison, source: string): string => {
  const { changes, notComparable } = comparison;
  const counts = changeClasses.map((one) => `${countOf(comparison, one)} ${one}`).join(', ');
  return [
    changes.length === 0
      ? `No difference between the generated connector and ${source}.`
      : `The generated connector against ${source}: ${counts}.`,
    ...changeClasses.flatMap((one) =>
      section(
        one,
        changes.filter((change) => change.class === one),
      ),
    ),
    ...(notComparable.length > 0
      ? ['', 'Not comparable: one side does not contain it', ...notComparable.map((what) => `  - ${what}`)]
      : []),
  ].join('\n');
};

/** The same as data. */
export const reportData = (comparison: Comparison, source: string) => ({
  source,
  counts: Object.fromEntries(changeClasses.map((one) => [one, countOf(comparison, one)])),
  ...comparison,
});
