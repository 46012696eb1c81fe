/**
 * Which versions of the connector call, and when each called last: `USE` / `CONNECTOR` for the last call of all, and
 * `USE` / `CONNECTOR#<version>` for each version. For people to read; nothing is decided by it.
 */
import type { CoveredUp } from '../runtime/covered-up.ts';
import { dayMs, minuteMs, secondMs } from '../runtime/time.ts';
import { recordStore } from './record-store.ts';
import { allWritten, type Table } from './table.ts';

export interface ConnectorUse {
  /** Epoch ms; within {@link noteEveryMs} of the last call. */
  readonly seenAt: number;
  /** As the connector names it. */
  readonly version: string;
}

/** A process notes the use of the same version this often, ms, so that calls do not cost a write each. */
export const noteEveryMs = 10 * minuteMs;

/** A version without calls is forgotten after this time, ms. */
const versionKeptMs = 90 * dayMs;

/** A version is a text of the caller: no key and no memory grows with it. */
const longestVersion = 32;
const mostVersions = 100;

const lastOfAll = 'CONNECTOR';
const ofVersion = (version: string) => `${lastOfAll}#${version}` as const;

type UseName = typeof lastOfAll | ReturnType<typeof ofVersion>;

const uses = (table: Table) =>
  recordStore<UseName, ConnectorUse>(table, {
    kind: 'use of the connector',
    schemaVersion: 1,
    key: (sk) => ({ pk: 'USE', sk }),
  });

/** @returns undefined when no connector has called yet */
export const lastConnectorUse = async (table: Table): Promise<ConnectorUse | undefined> =>
  (await uses(table).find(lastOfAll))?.body;

/** The versions that have called in the last 90 days, the last one first. */
export const connectorVersions = async (table: Table): Promise<readonly ConnectorUse[]> => {
  const found: ConnectorUse[] = [];
  for await (const { body } of uses(table).range('USE', ofVersion(''), ofVersion('~'))) found.push(body);
  return found.toSorted((a, b) => b.seenAt - a.seenAt);
};

/**
 * What notes the calls of connectors. A note that cannot be written is covered up and retried with a later call: the
 * call itself does not depend on it.
 */
export const connectorUseNoter = (
  table: Table,
  { now, coveredUp }: { readonly now: () => number; readonly coveredUp: CoveredUp },
): ((version: string) => Promise<void>) => {
  const records = uses(table);
  const notedAt = new Map<string, number>();
  return async (named) => {
    const version = named.slice(0, longestVersion);
    const seenAt = now();
    const before = notedAt.get(version);
    if (before !== undefined && seenAt - before < noteEveryMs) return;
    if (notedAt.size >= mostVersions) notedAt.clear();
    notedAt.set(version, seenAt);
    // Undefined: another process noted the use in between, at about the same time.
    const note = async (name: UseName, over = {}) =>
      records.save(name, { seenAt, version }, await records.versionOf(name), over);
    try {
      await allWritten([
        note(lastOfAll),
        note(ofVersion(version), { expiresAt: Math.ceil((seenAt + versionKeptMs) / secondMs) }),
      ]);
    } catch (error) {
      notedAt.delete(version);
      coveredUp('the call goes on; the console shows the connector as used at an earlier time', error);
    }
  };
};
