/** A deployed connector and the one that would replace it: every change, and what cannot be compared. */

import { canonicalJson, isEmpty, type JsonObject, objectOf, textOf } from '../canonical/canonical-json.ts';
import { type CanonicalConnector, canonicalConnector } from '../canonical/connector.ts';
import type { LoadedConnector } from '../emit/read.ts';
import {
  breaking,
  type Change,
  changeClasses,
  compatible,
  cosmetic,
  type Finding,
  present,
  textChange,
} from './change.ts';
import { compareOperations } from './compare-operations.ts';
import { comparePolicies } from './compare-policies.ts';
import { compareParameterSets, compareSignIn } from './compare-sign-in.ts';

export interface Comparison {
  /** Breaking first; within a class the connector as a whole, then operation by operation. */
  readonly changes: readonly Change[];
  /** Parts that the deployed side does not contain and that are therefore not compared. */
  readonly notComparable: readonly string[];
}

/**
 * Keys of apiProperties.json that an export of the CLI for Microsoft 365 leaves out, whatever the connector
 * has, and what they are called.
 */
const droppedByExport: Readonly<Record<string, string>> = {
  connectionParameterSets: 'parameter sets (connectionParameterSets)',
  scriptOperations: 'script operations (scriptOperations)',
  publisher: 'publisher',
  stackOwner: 'stack owner (stackOwner)',
};

const compareAddress = (before: CanonicalConnector, after: CanonicalConnector): readonly Finding[] =>
  present(
    before.host !== after.host &&
      breaking(
        'host',
        `Calls now go to ${after.host}; they went to ${before.host}. Existing registrations stay at the old address until their flows are saved again.`,
      ),
    before.basePath !== after.basePath &&
      breaking('base-path', `Calls now go below ${after.basePath}; they went below ${before.basePath}.`),
    before.schemes.join() !== after.schemes.join() &&
      (before.schemes.every((scheme) => after.schemes.includes(scheme)) ? compatible : breaking)(
        'schemes',
        `Calls are now made by ${after.schemes.join(' or ')}; they were made by ${before.schemes.join(' or ')}.`,
      ),
  );

const compareInfo = (before: CanonicalConnector, after: CanonicalConnector): readonly Finding[] => {
  const keys = (old: JsonObject, young: JsonObject) => [
    ...new Set([...Object.keys(old), ...Object.keys(young)]),
  ];
  const shown = (value: JsonObject[string] | undefined) =>
    isEmpty(value) ? null : (textOf(value) ?? canonicalJson(value));
  return [
    ...keys(before.info, after.info).flatMap((key) =>
      present(
        textChange(
          key === 'title' ? 'connector-title' : 'connector-info',
          `The connector's ${key}`,
          shown(before.info[key]),
          shown(after.info[key]),
        ),
      ),
    ),
    ...keys(before.metadata, after.metadata).flatMap((key) =>
      present(
        textChange(
          'connector-metadata',
          `The connector's ${key}`,
          shown(before.metadata[key]),
          shown(after.metadata[key]),
        ),
      ),
    ),
    ...present(
      before.capabilities !== after.capabilities &&
        compatible(
          'connection-test',
          after.capabilities === ''
            ? 'Connections are no longer tested when they are created.'
            : 'Connections are tested in another way when they are made.',
        ),
      before.icon !== null &&
        after.icon !== null &&
        !Buffer.from(before.icon).equals(after.icon) &&
        cosmetic('icon', 'The icon differs.'),
    ),
    ...[...new Set([...before.others.keys(), ...after.others.keys()])]
      .filter((key) => before.others.get(key) !== after.others.get(key))
      .map((key) =>
        compatible(
          'connector-keyword',
          `${key} is now ${after.others.get(key) ?? 'absent'}; it was ${before.others.get(key) ?? 'absent'}.`,
        ),
      ),
  ];
};

const listed = (value: JsonObject[string] | undefined): readonly string[] =>
  (Array.isArray(value) ? value : []).map((item) => String(item).toLowerCase()).sort();

const compareScript = (before: CanonicalConnector, after: CanonicalConnector): readonly Finding[] => {
  const [old, young] = [before.properties?.scriptOperations, after.properties?.scriptOperations];
  return present(
    before.script !== after.script &&
      breaking(
        'script',
        after.script
          ? 'Code runs at the platform now.'
          : 'The code that runs at the platform (script.csx) was removed.',
      ),
    canonicalJson(listed(old)) !== canonicalJson(listed(young)) &&
      breaking('script', 'The code at the platform runs for other operations now.'),
  );
};

const compareProperties = (before: JsonObject, after: JsonObject): readonly Finding[] => [
  ...comparePolicies(before.policyTemplateInstances, after.policyTemplateInstances),
  ...present(
    textChange(
      'brand-colour',
      'The brand colour',
      textOf(before.iconBrandColor)?.toLowerCase() ?? null,
      textOf(after.iconBrandColor)?.toLowerCase() ?? null,
    ),
    canonicalJson(listed(before.capabilities)) !== canonicalJson(listed(after.capabilities)) &&
      compatible(
        'capabilities',
        `The connector's capabilities are now [${listed(after.capabilities).join(', ')}]; they were [${listed(before.capabilities).join(', ')}].`,
      ),
  ),
];

/** Only for a deployed side that has them at all. */
const compareFullProperties = (before: CanonicalConnector, after: CanonicalConnector): readonly Finding[] => {
  const [old, young] = [objectOf(before.properties), objectOf(after.properties)];
  return [
    ...compareParameterSets(old.connectionParameterSets, young.connectionParameterSets),
    ...compareScript(before, after),
    ...present(
      textChange('publisher', 'The publisher', textOf(old.publisher), textOf(young.publisher)),
      textChange('stack-owner', 'The stack owner', textOf(old.stackOwner), textOf(young.stackOwner)),
    ),
  ];
};

const ofConnector = (found: Finding): Change => ({ ...found, operation: null });

/**
 * Pure. Two sides with the same meaning in another notation are equal: references, order of keys, byte order
 * marks, defaults, fields that the platform adds.
 * @param deployed what flows use today; an export of m365 or the folder of another tool
 * @param generated what would replace it
 */
export const compareConnectors = (deployed: LoadedConnector, generated: LoadedConnector): Comparison => {
  const [before, after] = [canonicalConnector(deployed), canonicalConnector(generated)];
  // An export of m365 has none of these keys. If one is present, the absence of another is intended.
  const isFull =
    before.script ||
    Object.keys(droppedByExport).some((key) => before.properties !== null && key in before.properties);
  const bothHaveProperties = before.properties !== null && after.properties !== null;
  const changes = [
    ...[
      ...compareAddress(before, after),
      ...compareSignIn(before, after),
      ...(before.properties && after.properties
        ? compareProperties(before.properties, after.properties)
        : []),
      ...(isFull ? compareFullProperties(before, after) : []),
      ...compareInfo(before, after),
    ].map(ofConnector),
    ...compareOperations(before, after),
  ];
  return {
    changes: changeClasses.flatMap((one) => changes.filter((change) => change.class === one)),
    notComparable: [
      ...(bothHaveProperties
        ? []
        : ['sign-in settings, policies and brand colour (apiProperties.json is not there)']),
      ...(isFull ? [] : [...Object.values(droppedByExport), 'code at the platform (script.csx)']),
      ...(before.icon !== null && after.icon !== null ? [] : ['icon']),
    ],
  };
};
