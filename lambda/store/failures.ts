/** Deliveries of a subscription that were given up, since when and how many: `S#<subscription>` / `FAILURES`. */

import type { SubscriptionId } from '../runtime/ids.ts';
import { daySeconds } from '../runtime/time.ts';
import { recordKind, type Stored } from './record.ts';
import type { Expected, Table, Version } from './table.ts';

export interface Failures {
  /** Of the subscription; those of other inputs do not count. */
  readonly generation: string;
  /** RFC 3339; when the first of them was given up. */
  readonly since: string;
  readonly count: number;
}

const failures = recordKind<Failures>('failures', 1);

/** Kept after the last one, seconds. */
const retentionSeconds = 30 * daySeconds;

export interface FailureStore {
  find(id: SubscriptionId): Promise<Stored<Failures> | undefined>;
  /** @returns undefined when somebody else wrote in between; nothing was written then */
  save(id: SubscriptionId, next: Failures, now: number, expected: Expected): Promise<Version | undefined>;
}

export const failureStore = (table: Table): FailureStore => {
  const keyOf = (id: SubscriptionId) => ({ pk: `S#${id}`, sk: 'FAILURES' });
  return {
    find: (id) => failures.get(table, keyOf(id)),
    save: (id, next, now, expected) =>
      table.swap(failures.write(keyOf(id), next, Math.floor(now / 1000) + retentionSeconds), expected),
  };
};
