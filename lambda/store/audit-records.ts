/**
 * Who changed what, and when: `A#<month>` / `<time>#<action>#<change>`, kept for {@link auditRetentionMs}.
 *
 * A record is written before its change, so no change lacks its record. Where another process was faster, or the
 * process died in between, the record has no change; the next record of the subscription shows what became of it.
 */
import { createHmac } from 'node:crypto';
import { hashedId, type SubscriptionId } from '../runtime/ids.ts';
import { dayMs, iso } from '../runtime/time.ts';
import { type Found, recordStore } from './record-store.ts';
import { type Key, type Table, untilWritten } from './table.ts';

export type AuditAction =
  | 'registered'
  | 'paused'
  | 'ended'
  | 'deleted'
  | 'redriven'
  | 'replayed'
  | 'exported'
  | 'imported'
  | 'activated'
  | 'restored'
  | 'erased'
  | 'instanceAdded'
  | 'instanceRenamed'
  | 'instancePaused'
  | 'instanceResumed'
  | 'instanceRemoved';

/** A person or an application in a tenant. */
export interface Person {
  readonly tenantId: string;
  /** In Entra ID; a pseudonym once the person was erased. */
  readonly objectId: string;
}

export interface AuditRecord {
  /** RFC 3339. */
  readonly at: string;
  readonly action: AuditAction;
  /** Who did it: `owner` (the person, or their flow), the name of a function, or `operator <identity>`. */
  readonly by: string;
  /** Whose subscription it is, or whose data; with an empty object id for what concerns an instance. */
  readonly person: Person;
  /** Null for what concerns all subscriptions of a person. */
  readonly subscriptionId: SubscriptionId | null;
  /** A clause or a sentence: the trigger that was registered, the reason of an end, the name of a replay. */
  readonly detail: string;
}

/** 13 months, so that a yearly review sees the whole year, ms. */
export const auditRetentionMs = 400 * dayMs;

export interface AuditStore {
  /** @param change tells it from other changes of the same subscription in the same millisecond */
  add(record: AuditRecord, change: string): Promise<void>;
  /**
   * Oldest first.
   * @param since epoch ms
   */
  since(since: number, now: number): AsyncIterable<Found<AuditRecord>>;
  /** Replaces the values of a record; time and action stay. A record that has expired stays away. */
  rewrite(record: Found<AuditRecord>, next: AuditRecord): Promise<void>;
}

const monthOf = (at: string) => at.slice(0, 7);

/** From the month of one time up to that of another, epoch ms. */
const monthsBetween = (from: number, to: number): readonly string[] => {
  const months: string[] = [];
  const first = new Date(from);
  for (let index = 0; ; index += 1) {
    const start = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + index);
    if (start > to) return months;
    months.push(monthOf(iso(start)));
  }
};

export const auditStore = (table: Table): AuditStore => {
  const partition = (month: string) => `A#${month}`;
  const records = recordStore<Key, AuditRecord>(table, {
    kind: 'audit record',
    schemaVersion: 1,
    key: (key) => key,
    expiresAt: ({ at }) => Math.floor((Date.parse(at) + auditRetentionMs) / 1000),
  });
  return {
    async add(record, change) {
      const { at, action, person, subscriptionId } = record;
      const id = hashedId(change, person.tenantId, person.objectId, subscriptionId ?? '');
      // Undefined: an earlier try has written it.
      await records.save({ pk: partition(monthOf(at)), sk: `${at}#${action}#${id}` }, record, 'absent');
    },
    async *since(since, now) {
      for (const month of monthsBetween(since, now)) yield* records.range(partition(month), iso(since), '~');
    },
    rewrite: (stored, next) =>
      untilWritten(async () => {
        const found = await records.find(stored.key);
        if (!found) return undefined;
        return (await records.save(found.key, next, found.version)) ? undefined : 'overtaken';
      }, 'This audit record is being changed by several commands at once. Repeat the command.'),
  };
};

/**
 * What takes the place of an erased person: the same for all their records, so that these still belong together.
 * Without the key it cannot be told whose it is.
 * @param key a secret
 */
export const pseudonymOf = ({ tenantId, objectId }: Person, key: string): string =>
  `erased-${createHmac('sha256', key)
    .update(JSON.stringify([tenantId, objectId]))
    .digest('base64url')
    .slice(0, 22)}`;

/** What an action concerns: one subscription, or everything of a person. */
type Concerned = Person | { readonly subscriptionId: SubscriptionId; readonly principal: Person };

interface AuditPorts {
  readonly audit: AuditStore;
  readonly now: () => number;
}

/**
 * Records what a person, a function or an operator does.
 * @param by who; see {@link AuditRecord}
 * @param change see {@link AuditStore}; the detail by default
 */
export const recordAction = (
  { audit, now }: AuditPorts,
  by: string,
  action: AuditAction,
  concerned: Concerned,
  detail: string,
  change = detail,
): Promise<void> => {
  const isPerson = 'objectId' in concerned;
  const { tenantId, objectId } = isPerson ? concerned : concerned.principal;
  const subscriptionId = isPerson ? null : concerned.subscriptionId;
  return audit.add(
    { at: iso(now()), action, by, person: { tenantId, objectId }, subscriptionId, detail },
    change,
  );
};

export interface OperatorAuditPorts extends AuditPorts {
  /** Who does it: `owner`, or `operator` with an identity. */
  readonly operator: () => Promise<string>;
}

/** Records that an operator does something, or an owner what operators do too. */
export const auditOperator = async (
  ports: OperatorAuditPorts,
  action: AuditAction,
  concerned: Concerned,
  detail: string,
): Promise<void> => recordAction(ports, await ports.operator(), action, concerned, detail);
