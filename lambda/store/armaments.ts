/**
 * Whether a subscription with a re-arm level is armed: `S#<subscription>` / `ARMAMENT`. Apart from the subscription and its
 * entries, because the watch writes it and registrations write those; nothing written means armed.
 */
import type { SubscriptionId } from '../runtime/ids.ts';
import type { RearmState } from '../triggers/firings.ts';
import { recordKind, type Stored } from './record.ts';
import type { Key, Table } from './table.ts';

const armaments = recordKind<RearmState>('armament', 1);

const armamentKey = (id: SubscriptionId): Key => ({ pk: `S#${id}`, sk: 'ARMAMENT' });

export interface ArmamentStore {
  find(id: SubscriptionId): Promise<Stored<RearmState> | undefined>;
  /** @returns false when somebody else wrote in between; nothing was written then */
  save(id: SubscriptionId, next: RearmState, version: string, expected: string | 'absent'): Promise<boolean>;
}

export const armamentStore = (table: Table): ArmamentStore => ({
  find: (id) => armaments.get(table, armamentKey(id)),
  save: (id, next, version, expected) =>
    table.swap(armaments.write(armamentKey(id), next, version), expected),
});

/** With its subscription. One that a late watch writes afterwards is of a generation that nothing asks for any more. */
export const forgetArmament = async (table: Table, id: SubscriptionId): Promise<void> => {
  const stored = await table.get(armamentKey(id));
  if (stored) await table.remove(stored, stored.version);
};
