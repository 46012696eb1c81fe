/** How many deliveries of a subscription were given up, and since when: `S#<subscription>` / `FAILURES`. */

import type { SubscriptionId } from '../runtime/ids.ts';
import { daySeconds } from '../runtime/time.ts';
import { recordStore, type Stored } from './record-store.ts';
import type { Expected, Table, Version } from './table.ts';

export interface Failures {
  /** Of the subscription; deliveries of other generations do not count. */
  readonly generation: string;
  /** RFC 3339; when the first of them was given up. */
  readonly since: string;
  readonly count: number;
}

/** Kept after the last one, seconds. */
const retentionSeconds = 30 * daySeconds;

export interface FailureStore {
  find(id: SubscriptionId): Promise<Stored<Failures> | undefined>;
  /** @returns undefined when another process wrote in between; nothing was written then */
  save(id: SubscriptionId, next: Failures, expected: Expected): Promise<Version | undefined>;
}

export const failureStore = (table: Table, { now }: { readonly now: () => number }): FailureStore =>
  recordStore<SubscriptionId, Failures>(table, {
    kind: 'failures',
    schemaVersion: 1,
    key: (id) => ({ pk: `S#${id}`, sk: 'FAILURES' }),
    expiresAt: () => Math.floor(now() / 1000) + retentionSeconds,
  });
