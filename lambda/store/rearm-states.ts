/**
 * Whether a subscription with a re-arm level is armed: `S#<subscription>` / `ARMAMENT`; armed when there is
 * no item. Apart from the subscription and its entries, because the watch writes this and registrations write
 * those.
 */
import type { SubscriptionId } from '../runtime/ids.ts';
import type { RearmState } from '../triggers/firings.ts';
import { recordStore, type Stored } from './record-store.ts';
import { type Table, untilWritten } from './table.ts';

const rearmStates = (table: Table) =>
  recordStore<SubscriptionId, RearmState>(table, {
    kind: 'armament',
    schemaVersion: 1,
    key: (id) => ({ pk: `S#${id}`, sk: 'ARMAMENT' }),
  });

export interface RearmStateStore {
  find(id: SubscriptionId): Promise<Stored<RearmState> | undefined>;
  /**
   * Applies a decision to the current state, also when several processes change it at once.
   * @param decide undefined, or what it was given, leaves the state as it is
   */
  update(
    id: SubscriptionId,
    decide: (known: RearmState | undefined) => RearmState | undefined,
  ): Promise<void>;
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
      }, 'Several polls change one subscription at the same time.'),
  };
};

/**
 * Removes it with its subscription. A late watch may write it again, for a generation that is no longer
 * active.
 */
export const forgetRearmState = async (table: Table, id: SubscriptionId): Promise<void> => {
  const states = rearmStates(table);
  const version = await states.versionOf(id);
  if (version !== 'absent') await states.remove(id, version);
};
