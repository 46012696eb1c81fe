/**
 * What is to be done for a subscription at a time, `<due>#<subscription>…` in a partition for each purpose, so that
 * everything that is due is one range. An item is written before what makes it necessary, and means only that its
 * subscription has to be looked at: one that no longer applies has no effect, and who finds it removes it.
 *
 * - `PAUSED`: a paused subscription is ended
 * - `TROUBLES`: people are told of a subscription's trouble, or of its end (troubles.ts)
 */
import type { SubscriptionId } from '../runtime/ids.ts';
import { iso } from '../runtime/time.ts';
import type { Delivery } from './deliveries.ts';
import { type Found, recordStore } from './record-store.ts';
import type { Trouble } from './subscriptions.ts';
import type { Key, Table, Version } from './table.ts';

interface AgendaItem {
  readonly subscriptionId: SubscriptionId;
}

interface Agenda<Item extends AgendaItem> {
  /** Those that are due, the earliest first. */
  over(now: number): AsyncIterable<Found<Item>>;
  remove(item: Found<Item>): Promise<void>;
}

const agenda = <Item extends AgendaItem>(table: Table, partition: string, kind: string) => {
  const items = recordStore<Key, Item>(table, { kind, schemaVersion: 1, key: (key) => key });
  return {
    /** @param name tells items of one subscription apart that are due at the same time */
    async add(item: Item, due: number, name?: string): Promise<void> {
      const sk = [iso(due), item.subscriptionId, ...(name === undefined ? [] : [name])].join('#');
      // Undefined: it is there already.
      await items.save({ pk: partition, sk }, item, 'absent');
    },
    over: (now: number) => items.range(partition, '0', iso(now)),
    all: () => items.range(partition, '0', '~'),
    async remove({ key, version }: Found<Item>): Promise<void> {
      await items.remove(key, version);
    },
  };
};

/** Epoch ms. */
export const dueOf = ({ key }: Found<AgendaItem>): number => Date.parse(key.sk.slice(0, key.sk.indexOf('#')));

export interface PauseStore extends Agenda<AgendaItem> {
  /** @param deadline epoch ms */
  add(subscriptionId: SubscriptionId, deadline: number): Promise<void>;
  /** Those that are paused, and perhaps some that are no longer paused. */
  all(): Promise<ReadonlySet<SubscriptionId>>;
}

export const pauseStore = (table: Table): PauseStore => {
  const { add, all, over, remove } = agenda<AgendaItem>(table, 'PAUSED', 'pause');
  return {
    add: (subscriptionId, deadline) => add({ subscriptionId }, deadline),
    over,
    async all() {
      const found = new Set<SubscriptionId>();
      for await (const { body } of all()) found.add(body.subscriptionId);
      return found;
    },
    remove,
  };
};

/** Why a subscription has to be looked at. */
export type Suspicion = AgendaItem &
  (
    | { /** It is being stopped: its version before. */ readonly stopping: Version }
    | {
        /** Has waited too long when this is due, unless it ends before. */
        readonly delivery: Pick<Delivery, 'deliveryId' | 'occurredAt'>;
      }
    | {
        /** What an accepted delivery has ended. */
        readonly over: Pick<Trouble, 'state' | 'since' | 'told'>;
        /** Epoch ms of that delivery. */
        readonly at: number;
      }
  );

export interface TroubleStore extends Agenda<Suspicion> {
  /** @param due epoch ms */
  add(suspicion: Suspicion, due: number): Promise<void>;
}

const nameOf = (suspicion: Suspicion): string => {
  if ('stopping' in suspicion) return `stopping#${suspicion.stopping}`;
  return 'delivery' in suspicion ? suspicion.delivery.deliveryId : `over#${suspicion.over.since}`;
};

export const troubleStore = (table: Table): TroubleStore => {
  const { add, over, remove } = agenda<Suspicion>(table, 'TROUBLES', 'trouble');
  return { add: (suspicion, due) => add(suspicion, due, nameOf(suspicion)), over, remove };
};
