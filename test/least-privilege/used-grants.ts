/** What the policies allowed in a test, and what was needed: kept for the tests that run after all others. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { functionFacts, functionNames, type TableAction, type Use } from '../../lambda/functions.ts';
import { constructId } from '../../lib/construct-id.ts';
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

/** A right that a function has though nothing here needs it, and why. */
export interface ExplainedGrant {
  readonly role: string;
  readonly table: string;
  readonly action: TableAction;
  readonly reason: string;
}

export const explainedGrants: readonly ExplainedGrant[] = functionNames.flatMap((name) =>
  functionFacts[name].uses.flatMap((use: Use) =>
    'table' in use
      ? Object.entries(use.unusedHere ?? {}).map(([action, reason]) => ({
          role: `${constructId(name)}Role`,
          table: `${constructId(use.table)}Table`,
          action: action as TableAction,
          reason,
        }))
      : [],
  ),
);

export const isExplainedBy = (grant: string, { role, table, action }: ExplainedGrant): boolean =>
  grant.startsWith(role) &&
  grant.includes(`: dynamodb:${action} on `) &&
  new RegExp(`:table/\\S*${table}\\b`).test(grant);
