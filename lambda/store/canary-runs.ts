/**
 * The canary registers a subscription every few minutes, lets a sample be sent to it, receives that, and removes the
 * subscription. `CANARY` / `RUN` is the run whose sample is on its way, or arrived last.
 */
import { type RecordStore, recordStore } from './record-store.ts';
import type { Principal } from './subscriptions.ts';
import type { Table } from './table.ts';

/** No person and no application has an object id of this form. */
const objectId = 'canary';

/** Who the subscription of the canary belongs to. */
export const canaryPrincipal = (tenantId: string): Principal => ({
  tenantId,
  objectId,
  clientAppId: objectId,
});

export const isCanary = (principal: Pick<Principal, 'objectId'>): boolean => principal.objectId === objectId;

/** What the canary asks of the function `subscriptions`. A role that may invoke the function is needed for it. */
export interface CanaryCall {
  readonly canary: {
    /** Unguessable; the id of the sample's event is made of it. */
    readonly sample: string;
  };
}

export type CanaryAnswer =
  /** Path of the operation that removes the subscription. */
  | { readonly removal: string }
  /** Why there is no subscription, or no sample: a sentence. */
  | { readonly failed: string };

export interface CanaryRun {
  /** Of the sample. Nothing but the receiver of the sample learns it. */
  readonly eventId: string;
  /** Epoch ms. */
  readonly startedAt: number;
  /** Absent until the subscription is registered. A credential: it removes the subscription. */
  readonly removal?: string;
  /** Epoch ms; absent until the sample arrives. */
  readonly receivedAt?: number;
}

export const canaryRuns = (table: Table): RecordStore<'RUN', CanaryRun> =>
  recordStore(table, {
    kind: 'run of the canary',
    schemaVersion: 1,
    key: (sk) => ({ pk: 'CANARY', sk }),
  });
