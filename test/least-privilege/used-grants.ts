/** What the policies allowed in a test, and what was needed: kept for the tests that run after all others. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type FunctionName,
  functionFacts,
  functionNames,
  type StateKind,
  stateKeys,
  type Use,
} from '../../lambda/functions.ts';
import { ofKeyPolicy } from '../../lib/callback-key.ts';
import { constructId } from '../../lib/construct-id.ts';
import { ofTopicPolicy } from '../../lib/monitoring.ts';
import type { AccessControl } from '../../local/iam/access-control.ts';
import { grantText } from '../../local/iam/grants.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The folder to leave records in; absent where no other test reads them. */
    usedGrants: string;
    /** The same folder, for those that read them. */
    keptGrants: string;
  }
}

/** Grants as texts. */
export interface UseRecord {
  readonly grants: readonly string[];
  readonly used: readonly string[];
}

export const recordOf = ({ grants, used }: Pick<AccessControl, 'grants' | 'used'>): UseRecord => ({
  grants: grants.map(grantText),
  used: [...used],
});

export const keepRecord = (folder: string, record: UseRecord): void => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${crypto.randomUUID()}.json`), JSON.stringify(record));
};

export const readRecords = (folder: string): readonly UseRecord[] =>
  existsSync(folder)
    ? readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as UseRecord)
    : [];

/** Sorted. */
export const neverUsed = (records: readonly UseRecord[]): readonly string[] => {
  const used = new Set(records.flatMap((record) => record.used));
  return [...new Set(records.flatMap(({ grants }) => grants))].filter((grant) => !used.has(grant)).sort();
};

/** A right that is given though nothing here needs it. */
export interface ExplainedGrant {
  /** As grants are told apart, but for what CloudFormation adds to names. */
  readonly grant: string;
  readonly reason: string;
}

const role = (name: string) => `${constructId(name)}Role`;

const explainedIn = (
  name: FunctionName,
  use: Extract<Use, { readonly table: unknown }>,
): readonly ExplainedGrant[] => {
  const statement = {
    logicalId: role(name),
    actions: use.actions.map((action) => `dynamodb:${action}`),
    resource: `${constructId(use.table)}Table`,
  };
  const keys = 'of' in use ? { keys: use.of.map((kind) => stateKeys[kind]) } : {};
  return Object.entries(use.unusedHere ?? {}).map(([what, reason]) => ({
    reason,
    grant: grantText(
      what in stateKeys
        ? { ...statement, keys: [stateKeys[what as StateKind]] }
        : { ...statement, ...keys, actions: [`dynamodb:${what}`] },
    ),
  }));
};

/** Those of functions, beside what they use, and those of resources, beside their policies. */
export const explainedGrants: readonly ExplainedGrant[] = [
  ...functionNames.flatMap((name) =>
    functionFacts[name].uses.flatMap((use: Use) => ('table' in use ? explainedIn(name, use) : [])),
  ),
  ofKeyPolicy,
  ofTopicPolicy,
];

/** What CloudFormation and the account add to a grant's text. */
const added: readonly (readonly [RegExp, string])[] = [
  [/^([A-Za-z]+)[0-9A-F]{8}:/, '$1:'],
  [/arn:\S*:table\/Storage(\w+)/, '$1'],
  [/arn:\S*:sns:\S*:\w+/, 'the topic'],
  [/arn:aws:iam::\d{12}:root$/, 'the account'],
  [/(?<=SourceAccount is )\d{12}$/, 'the account'],
];

export const isExplainedBy = (grant: string, explained: ExplainedGrant): boolean =>
  added.reduce((text, [pattern, name]) => text.replace(pattern, name), grant) === explained.grant;
