/** Whatever stands in a package, a check of it ends with findings or says that it is no package; it never fails itself. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkPackage } from '../../../flows/checks/check-package.ts';
import { ArchiveUnreadable } from '../../../flows/packages/archive.ts';
import { ownConnector } from '../../../flows/packages/own-connector.ts';
import { PackageUnreadable, readPackage } from '../../../flows/packages/read-package.ts';
import * as shapes from '../packages/shapes.ts';

const own = ownConnector();

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Paths to every value of a JSON. */
const paths = (
  value: Json,
  at: readonly (string | number)[] = [],
): readonly (readonly (string | number)[])[] => [
  at,
  ...(typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) =>
        paths(inner, [...at, Array.isArray(value) ? Number(key) : key]),
      )
    : []),
];

const replaced = (value: Json, path: readonly (string | number)[], by: Json | undefined): Json => {
  const [first, ...rest] = path;
  if (first === undefined) return by ?? null;
  if (Array.isArray(value))
    return value.map((item, index) => (index === first ? replaced(item, rest, by) : item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]): [string, Json][] => {
      if (key !== first) return [[key, inner]];
      return rest.length === 0 && by === undefined ? [] : [[key, replaced(inner, rest, by)]];
    }),
  );
};

const anything: fc.Arbitrary<Json | undefined> = fc.oneof(
  fc.constant(undefined),
  fc.constantFrom<Json>(
    '',
    '@',
    '@{',
    "@variables('x')",
    "@triggerBody()?['a']['b']",
    [],
    {},
    // String() fails for it.
    { toString: '' },
    0,
    -1,
    0.5,
    // More than a double holds exactly: read as an integer of any length.
    2 ** 53,
    [-(2 ** 53)],
    true,
    null,
  ),
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
);

const packages: readonly shapes.Files[] = [
  shapes.legacy('A'),
  shapes.legacy('B'),
  shapes.flowSolution(),
  shapes.connectorSolution(),
  shapes.singleSolution(),
];

/** How often a check came to findings, to none, to no package. */
const tally = { found: 0, sound: 0, none: 0 };

/** @returns how many findings; undefined for what is no package */
const checked = (bytes: Uint8Array): number | undefined => {
  try {
    const count = checkPackage(readPackage(bytes, 'x'), own).length;
    tally[count > 0 ? 'found' : 'sound'] += 1;
    return count;
  } catch (error) {
    if (!(error instanceof PackageUnreadable || error instanceof ArchiveUnreadable)) throw error;
    tally.none += 1;
    return undefined;
  }
};

describe('a check', () => {
  it('survives any change of a JSON in a package', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...packages),
        fc.nat(),
        fc.nat(),
        anything,
        (files, whichFile, whichPath, by) => {
          const names = Object.keys(files).filter((name) => name.endsWith('.json'));
          const name = names[whichFile % names.length] ?? '';
          const value = JSON.parse(files[name] ?? 'null') as Json;
          const all = paths(value);
          const changed = JSON.stringify(replaced(value, all[whichPath % all.length] ?? [], by));
          checked(new Uint8Array(shapes.zipOf({ ...files, [name]: changed })));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('survives XML that is cut or torn', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...packages.slice(2)),
        fc.nat(),
        fc.nat(),
        fc.nat(60),
        (files, whichFile, at, length) => {
          const names = Object.keys(files).filter((name) => name.endsWith('.xml'));
          const name = names[whichFile % names.length] ?? '';
          const text = files[name] ?? '';
          const start = at % text.length;
          const torn = text.slice(0, start) + text.slice(start + length);
          checked(new Uint8Array(shapes.zipOf({ ...files, [name]: torn })));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('survives a template that is changed, and bytes that are no package', () => {
    const template = JSON.parse(shapes.template()) as Json;
    const all = paths(template);
    fc.assert(
      fc.property(fc.nat(), anything, (which, by) => {
        checked(
          new TextEncoder().encode(JSON.stringify(replaced(template, all[which % all.length] ?? [], by))),
        );
      }),
      { numRuns: 150 },
    );
    const zip = new Uint8Array(shapes.zipOf(shapes.flowSolution()));
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 0, max: 255 }), (at, byte) => {
        checked(zip.map((old, index) => (index === at % zip.length ? byte : old)));
      }),
      { numRuns: 150 },
    );
    expect(checked(new Uint8Array([0, 1, 2]))).toBeUndefined();
  });

  it('has found something in many of them', () => {
    console.log(
      `hostile packages: ${tally.found} with findings, ${tally.sound} without, ${tally.none} no packages`,
    );
    expect(tally.found).toBeGreaterThan(200);
    expect(tally.sound).toBeGreaterThan(20);
  });
});
