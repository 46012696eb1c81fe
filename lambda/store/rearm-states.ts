/**
 * Whether a subscription with a re-arm level is armed: `S#<subscription>` / `ARMAMENT`. Apart from the subscription and its
 * entries, because the watch writes it and registrations write those; nothing written means armed.
 */
import type { SubscriptionId } from '../runtime/ids.ts';
import type { Armament } from '../triggers/rearm.ts';
import { untilWritten } from './contention.ts';
import { recordStore, type Stored } from './record-store.ts';
import type { Table } from './table.ts';

const rearmStates = (table: Table) =>
  recordStore<SubscriptionId, Armament>(table, {
    kind: 'armament',
    schemaVersion: 1,
    key: (id) => ({ pk: `S#${id}`, sk: 'ARMAMENT' }),
  });

export interface RearmStateStore {
  find(id: SubscriptionId): Promise<Stored<Armament> | undefined>;
  /**
   * Decides once, whoever else is at it.
   * @param decide undefined, or what it was given, leaves the state as it is
   */
  update(id: SubscriptionId, decide: (known: Armament | undefined) => Armament | undefined): Promise<void>;
}

export const rearmStateStore = (table: Table): RearmStateStore => {
  const states = rearmStates(table);
  return {
    find: states.find,
    update: (id, decide) =>
      untilWritten(async () => {
        const stored = await states.find(id);
        const next = decide(stored?.body);
        if (next === undefined || next === stored?.body) return undefined;
        return (await states.save(id, next, stored?.version ?? 'absent')) ? undefined : 'overtaken';
      }, 'Several watches change one subscription at once.'),
  };
};

/** With its subscription. One that a late watch writes afterwards is of a generation that nothing asks for any more. */
export const forgetRearmState = async (table: Table, id: SubscriptionId): Promise<void> => {
  const states = rearmStates(table);
  const version = await states.versionOf(id);
  if (version !== 'absent') await states.remove(id, version);
};
