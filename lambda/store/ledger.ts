/**
 * The decision ledger, kept for 30 days. The partition is `L#<instance>#<trigger>#=<subject>` for values,
 * `L#<instance>#<trigger>#*` for other triggers and `L#<instance>` for the instance as a whole; the sort key
 * is `<time>#<what>`. An occurrence is recorded as soon as its deliveries are queued, and before the cursor is
 * saved: a look that ends early leaves what it has done to the next one, which does not do it again.
 */

import pMap from 'p-map';
import type { TriggerId } from '../../connector/contract/index.ts';
import { type EventId, hashedId } from '../runtime/ids.ts';
import { dayMs, daySeconds, iso } from '../runtime/time.ts';
import type { Occurrence } from '../triggers/occurrence.ts';
import {
  type InstanceRecord,
  type Ledger,
  type LedgerRecord,
  type Noted,
  placeOf,
  type SubjectRecord,
  timeOf,
} from './ledger-records.ts';
import { recordStore } from './record-store.ts';
import type { Table } from './table.ts';

/** Seconds. */
export const ledgerRetentionSeconds = 30 * daySeconds;

/** Written at a time. */
const writesAtOnce = 25;

const instancePartition = (instanceId: string) => `L#${instanceId}`;
const subjectPartition = (instanceId: string, trigger: TriggerId, subject: string | null) =>
  `L#${instanceId}#${trigger}#${subject === null ? '*' : `=${subject}`}`;

const partitionOf = (instanceId: string, record: LedgerRecord): string => {
  switch (record.kind) {
    case 'occurrence':
    case 'unchanged':
    case 'succeeded later':
    case 'not listed':
    case 'listed again':
    case 'no value': {
      const { trigger, subject } = placeOf(record);
      return subjectPartition(instanceId, trigger, subject);
    }
    default:
      return instancePartition(instanceId);
  }
};

/** Tells records of the same time apart; the same for the same record. */
const nameOf = (record: LedgerRecord): string => {
  switch (record.kind) {
    case 'occurrence':
      return record.occurrence.eventId;
    case 'no value':
    case 'succeeded later':
      return record.taskId;
    case 'gap':
      return hashedId(record.gap.kind, record.gap.subject ?? '', String(record.gap.from));
    default:
      return record.kind;
  }
};

export interface LedgerStore extends Ledger {
  /**
   * The newest records of a subject, newest first.
   * @param subject null for what is not kept by subject
   * @param since epoch ms
   */
  ofSubject(
    instanceId: string,
    trigger: TriggerId,
    subject: string | null,
    since: number,
    most: number,
  ): Promise<readonly Noted<SubjectRecord>[]>;
  /**
   * The occurrence of an event; undefined when it is no longer kept.
   * @param about epoch ms; when it happened, to a day
   */
  ofEvent(
    instanceId: string,
    trigger: TriggerId,
    subject: string | null,
    eventId: EventId,
    about: number,
  ): Promise<Occurrence | undefined>;
  /** The newest records of the instance as a whole, newest first. */
  ofInstance(instanceId: string, since: number, most: number): Promise<readonly Noted<InstanceRecord>[]>;
}

export const ledgerStore = (table: Table, { now }: { readonly now: () => number }): LedgerStore => {
  const records = recordStore<{ readonly instanceId: string; readonly record: LedgerRecord }, Noted>(table, {
    kind: 'ledger record',
    schemaVersion: 1,
    key: ({ instanceId, record }) => ({
      pk: partitionOf(instanceId, record),
      sk: `${iso(timeOf(record))}#${nameOf(record)}`,
    }),
    expiresAt: ({ seenAt }) => Math.floor(seenAt / 1000) + ledgerRetentionSeconds,
  });
  const newest = async (partition: string, since: number, most: number) =>
    (await records.last(partition, iso(since), '~', most)).map(({ body }) => body);
  return {
    async record(instanceId, found) {
      const seenAt = now();
      await pMap(
        found,
        // Undefined: an earlier watch wrote it, and stopped before it saved its cursor.
        (record) => records.save({ instanceId, record }, { ...record, seenAt }, 'absent'),
        { concurrency: writesAtOnce },
      );
    },
    async isRecorded(instanceId, occurrence) {
      const record: LedgerRecord = { kind: 'occurrence', occurrence, deliveries: 0 };
      return (await records.versionOf({ instanceId, record })) !== 'absent';
    },
    ofSubject: async (instanceId, trigger, subject, since, most) =>
      (await newest(subjectPartition(instanceId, trigger, subject), since, most)) as Noted<SubjectRecord>[],
    async ofEvent(instanceId, trigger, subject, eventId, about) {
      const partition = subjectPartition(instanceId, trigger, subject);
      for await (const { body } of records.range(partition, iso(about - dayMs), iso(about + dayMs)))
        if (body.kind === 'occurrence' && body.occurrence.eventId === eventId) return body.occurrence;
      return undefined;
    },
    ofInstance: async (instanceId, since, most) =>
      (await newest(instancePartition(instanceId), since, most)) as Noted<InstanceRecord>[],
  };
};
