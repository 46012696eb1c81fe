/**
 * Events that are being sent to more subscriptions than one look sends to: `C#<instance>` /
 * `FANOUT#<event>`. The record holds the event and how far it was sent, so nothing depends on a message; it is
 * removed when the last subscription has been reached.
 */
import type { Occurrence } from '../triggers/occurrence.ts';
import { recordStore, type Stored } from './record-store.ts';
import type { Expected, Key, Removal, Table, Version } from './table.ts';

/** How far the entries of an occurrence have been processed. */
export interface FanOutPosition {
  /** First those it fires, then those whose re-arm level it reaches. */
  readonly phase: 'deliver' | 'rearm';
  /** The last entry that was handled; null at the beginning of the phase. */
  readonly after: Key | null;
}

export interface FanOut extends FanOutPosition {
  readonly occurrence: Occurrence;
  /** Deliveries queued so far. */
  readonly sent: number;
  /** Epoch ms; when it last got further. */
  readonly movedAt: number;
  /** Why it is not sent: only the states of thresholds are brought up to date. */
  readonly withheld?: string;
}

export interface FanOutStore {
  find(instanceId: string, eventId: string): Promise<Stored<FanOut> | undefined>;
  /** @returns undefined when another process got further in between; nothing was written then */
  save(instanceId: string, fanOut: FanOut, expected: Expected): Promise<Version | undefined>;
  remove(instanceId: string, fanOut: FanOut, expected: Version): Promise<Removal>;
  /** Those of an instance that have not ended. */
  ofInstance(instanceId: string): Promise<readonly FanOut[]>;
}

/** What the sort keys of all fan-outs begin with. */
export const fanOutPrefix = 'FANOUT#';

const pk = (instanceId: string) => `C#${instanceId}`;

export const fanOutRecords = (table: Table) =>
  recordStore<{ readonly instanceId: string; readonly eventId: string }, FanOut>(table, {
    kind: 'fan-out',
    schemaVersion: 1,
    key: ({ instanceId, eventId }) => ({ pk: pk(instanceId), sk: `${fanOutPrefix}${eventId}` }),
  });

export const fanOutStore = (table: Table): FanOutStore => {
  const fanOuts = fanOutRecords(table);
  const nameOf = (instanceId: string, { occurrence: { eventId } }: FanOut) => ({ instanceId, eventId });
  return {
    find: (instanceId, eventId) => fanOuts.find({ instanceId, eventId }),
    save: (instanceId, fanOut, expected) => fanOuts.save(nameOf(instanceId, fanOut), fanOut, expected),
    remove: (instanceId, fanOut, expected) => fanOuts.remove(nameOf(instanceId, fanOut), expected),
    async ofInstance(instanceId) {
      const found: FanOut[] = [];
      for await (const { body } of fanOuts.range(pk(instanceId), fanOutPrefix, 'FANOUT$')) found.push(body);
      return found;
    },
  };
};
