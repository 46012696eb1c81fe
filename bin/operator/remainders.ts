/** What an erasure cannot reach, and when it expires. docs/privacy.md has the same table. */
import { messageRetentionDays, recoveryDays } from '../../config/retention.ts';
import { counterRetentionSeconds } from '../../lambda/limiter/index.ts';
import { dayMs, daySeconds, iso } from '../../lambda/runtime/time.ts';
import { auditRetentionMs } from '../../lambda/store/audit-records.ts';
import { deadLetterRetentionSeconds } from '../../lambda/store/dead-letters.ts';
import { deliveryRetentionSeconds } from '../../lambda/store/deliveries.ts';
import { ledgerRetentionSeconds } from '../../lambda/store/ledger.ts';
import { endedRetentionMs } from '../../lambda/store/stop-subscription.ts';

export interface Remainder {
  readonly where: string;
  readonly what: string;
  /** Days after the erasure; null where the deployment decides. */
  readonly days: number | null;
  /** RFC 3339. */
  readonly until: string | null;
}

const kept: readonly Omit<Remainder, 'until'>[] = [
  {
    where: 'State table',
    what: 'ended subscriptions with their inputs, without person and callback URL',
    days: endedRetentionMs / dayMs,
  },
  {
    where: 'State table',
    what: 'deliveries: ids, times and answers, which keep an event from being sent twice',
    days: deliveryRetentionSeconds / daySeconds,
  },
  {
    where: 'State table',
    what: 'dead letters: notifications that were given up',
    days: deadLetterRetentionSeconds / daySeconds,
  },
  {
    where: 'State table',
    what: 'troubles of their triggers that were told: object id and names of the flow and of what it watches',
    days: ledgerRetentionSeconds / daySeconds,
  },
  { where: 'State table', what: 'audit records, under a pseudonym', days: auditRetentionMs / dayMs },
  {
    where: 'Limiter table',
    what: 'counters of calls and of subscriptions, under a hash of the object id',
    days: counterRetentionSeconds / daySeconds,
  },
  { where: 'Queues', what: 'notifications on their way; they are dropped', days: messageRetentionDays.queue },
  {
    where: 'Dead-letter queues',
    what: 'notifications that were given up',
    days: messageRetentionDays.deadLetters,
  },
  { where: 'Backups', what: 'point-in-time recovery of the state table', days: recoveryDays },
  { where: 'Logs', what: 'ids of subscriptions, deliveries and callers', days: null },
];

/** @param now epoch ms */
export const remainders = (now: number): readonly Remainder[] =>
  kept.map((each) => ({ ...each, until: each.days === null ? null : iso(now + each.days * dayMs) }));
