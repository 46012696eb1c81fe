/** A state table that was restored from a backup, before a deployment uses it. */
import pMap from 'p-map';
import { iso } from '../../lambda/runtime/time.ts';
import { auditOperator } from '../../lambda/store/audit-records.ts';
import { untilWritten } from '../../lambda/store/table.ts';
import type { Withheld } from '../../lambda/triggers/cursor.ts';
import type { Deployment } from './deployment-place.ts';
import type { InBetween } from './move/activate-subscriptions.ts';
import { tenantOf } from './move/moved-file.ts';
import { NotThere } from './options.ts';

export interface Restored {
  readonly instances: number;
  /** RFC 3339; of the instance that was looked at last: about the time of the backup. */
  readonly lastLookAt: string;
}

const atOnce = { concurrency: 20 };

const withheldReason =
  'The state table was restored, and what was sent since the backup is not known. The events found by the first look after it were not sent; an operator can send them with "replay".';

/**
 * Marks each instance: what its next look finds is recorded and not sent (gap), or sent (resend). That look is at
 * everything. May be repeated until a deployment has looked; the last choice counts.
 * @throws NotThere when no instance was ever polled
 */
export const markRestored = async (
  deployment: Pick<Deployment, 'leases' | 'cursors' | 'audit' | 'operator' | 'now' | 'place'>,
  mode: InBetween,
): Promise<Restored> => {
  const { leases, cursors } = deployment;
  const all = [...(await leases.all())];
  if (all.length === 0)
    throw new NotThere(
      'The table has no polls of an instance, so nothing can be sent again. Is it the restored table?',
    );
  const lastLook = Math.max(...all.map(([, { sweptAt }]) => sweptAt));
  await auditOperator(
    deployment,
    'restored',
    { tenantId: tenantOf(deployment), objectId: '*' },
    `the state table, with --${mode}; its last look is of ${iso(lastLook)}`,
  );
  const contention = 'The table is in use: a deployment polls its instances. Give the restored table.';
  await pMap(
    all,
    async ([instanceId, { sweptAt }]) => {
      await untilWritten(async () => {
        const { cursor, version } = await cursors.find(instanceId);
        // Nothing was found before, so nothing can be sent again.
        if (version === 'absent') return undefined;
        const { withheld: _, ...free } = cursor;
        const withheld: Withheld = { since: sweptAt, reason: withheldReason };
        const next = mode === 'gap' ? { ...free, withheld } : free;
        return (await cursors.save(instanceId, next, version)) ? undefined : 'overtaken';
      }, contention);
      // So that the next look is one at everything: the mark must not outlive it.
      await untilWritten(async () => {
        const stored = await leases.find(instanceId);
        if (!stored) return undefined;
        const next = { ...stored.body, digest: '', sweptAt: 0 };
        return (await leases.save(instanceId, next, stored.version)) ? undefined : 'overtaken';
      }, contention);
    },
    atOnce,
  );
  return { instances: all.length, lastLookAt: iso(lastLook) };
};
