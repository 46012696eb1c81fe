/** How a subscription's deliveries failed, and since when: `S#<subscription>` / `FAILURES`. */

import type { SubscriptionId } from '../runtime/ids.ts';
import { daySeconds } from '../runtime/time.ts';
import { recordStore, type Stored } from './record-store.ts';
import type { Expected, Table, Version } from './table.ts';

/** Answers that say "gone" without being the platform's own word, with no other answer in between. */
export interface Doubt {
  /** Of the subscription: what was said about an earlier callback URL does not count. */
  readonly registeredAt: string;
  /** RFC 3339; of the first. */
  readonly since: string;
  /** RFC 3339; of the last that was counted. */
  readonly last: string;
  /** How many were counted. */
  readonly times: number;
}

export interface Failures {
  /** Of the subscription; deliveries of other generations do not count. */
  readonly generation: string;
  /** RFC 3339; when the first of them was given up. Means nothing while `count` is 0. */
  readonly since: string;
  readonly count: number;
  readonly gone?: Doubt;
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
