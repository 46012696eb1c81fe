/** When a connector called last: `USE` / `CONNECTOR`. For people to read; nothing is decided by it. */
import type { CoveredUp } from '../runtime/covered-up.ts';
import { minuteMs } from '../runtime/time.ts';
import { recordStore } from './record-store.ts';
import type { Table } from './table.ts';

export interface ConnectorUse {
  /** Epoch ms; within {@link noteEveryMs} of the last call. */
  readonly seenAt: number;
  /** As the connector names it. */
  readonly version: string;
}

/** A process notes the use of the same version this often, ms, so that calls do not cost a write each. */
export const noteEveryMs = 10 * minuteMs;

const uses = (table: Table) =>
  recordStore<'CONNECTOR', ConnectorUse>(table, {
    kind: 'use of the connector',
    schemaVersion: 1,
    key: (sk) => ({ pk: 'USE', sk }),
  });

/** @returns undefined when no connector has called yet */
export const lastConnectorUse = async (table: Table): Promise<ConnectorUse | undefined> =>
  (await uses(table).find('CONNECTOR'))?.body;

/**
 * What notes the calls of connectors. A note that cannot be written is covered up and retried with a later call: the
 * call itself does not depend on it.
 */
export const connectorUseNoter = (
  table: Table,
  { now, coveredUp }: { readonly now: () => number; readonly coveredUp: CoveredUp },
): ((version: string) => Promise<void>) => {
  const records = uses(table);
  let noted: ConnectorUse | undefined;
  return async (version) => {
    const seenAt = now();
    if (noted?.version === version && seenAt - noted.seenAt < noteEveryMs) return;
    noted = { seenAt, version };
    try {
      // Undefined: another process noted the use in between, at about the same time.
      await records.save('CONNECTOR', noted, await records.versionOf('CONNECTOR'));
    } catch (error) {
      noted = undefined;
      coveredUp('the call goes on; the console shows the connector as used at an earlier time', error);
    }
  };
};
