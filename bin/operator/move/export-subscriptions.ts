/** The subscriptions of a deployment, with what another one needs to go on with them. */
import { packageVersion } from '../../../config/this-package.ts';
import { acrossPeople, isAcrossInstances, type SubscriptionId } from '../../../lambda/runtime/ids.ts';
import { dayMs, iso } from '../../../lambda/runtime/time.ts';
import { auditOperator } from '../../../lambda/store/audit-records.ts';
import type { Delivery } from '../../../lambda/store/deliveries.ts';
import { instanceList } from '../../../lambda/store/lists.ts';
import type { Deployment } from '../deployment-place.ts';
import { NotThere } from '../options.ts';
import { subscriptionOrReason } from '../status.ts';
import { importedHistoryDays, type MovedLine, type MovedSubscription, tenantOf } from './moved-file.ts';

export interface Exported {
  readonly subscriptions: number;
  readonly instances: number;
  /** Ended ones, which are not moved. */
  readonly ended: number;
  /** Deliveries with attempts still to come; the source goes on with them as long as it runs. */
  readonly underWay: number;
}

/** Records read ahead, so that the file is written in the order of the list and nothing waits for one record. */
const atOnce = 25;

const chunksOf = async function* (items: AsyncIterable<{ readonly subscriptionId: SubscriptionId }>) {
  let chunk: SubscriptionId[] = [];
  for await (const { subscriptionId } of items) {
    chunk.push(subscriptionId);
    if (chunk.length < atOnce) continue;
    yield chunk;
    chunk = [];
  }
  yield chunk;
};

/**
 * Reads what moves, a line at a time; the totals are known at its end.
 * @param instanceId only of this instance
 * @throws NotThere when a record of a newer program would be left behind
 */
export const exportLines = (
  deployment: Deployment,
  instanceId: string | undefined,
): { readonly lines: AsyncIterable<string>; readonly totals: Exported } => {
  const totals = { subscriptions: 0, instances: 0, ended: 0, underWay: 0 };
  const at = deployment.now();
  const cipher = deployment.cipher();

  const line = (value: MovedLine): string => JSON.stringify(value);

  const moved = async (id: SubscriptionId): Promise<MovedSubscription | undefined> => {
    const found = await subscriptionOrReason(deployment, id);
    if (found === undefined) return undefined;
    if (found === 'unreadable')
      throw new NotThere(
        `The subscription ${id} was written by a newer version of this program. Export with that version; nothing was written.`,
      );
    if (found.status.state === 'ended') {
      totals.ended += 1;
      return undefined;
    }
    await auditOperator(deployment, 'exported', found, 'the subscription with its callback URL, to move it');
    const { callback, trouble: _, ...subscription } = found;
    const deliveries: Delivery[] = [];
    for await (const delivery of deployment.deliveries.history(id, iso(at - importedHistoryDays * dayMs)))
      if (delivery.state === 'pending') totals.underWay += 1;
      else deliveries.push(delivery);
    const armament = await deployment.rearmStates.find(id);
    totals.subscriptions += 1;
    return {
      kind: 'subscription',
      subscription,
      callbackUrl: await cipher.open(callback, id),
      ...(armament && { armament: armament.body }),
      deliveries,
    };
  };

  const lines = async function* () {
    const leases = await deployment.leases.all();
    yield line({
      kind: 'head',
      at,
      tenantId: tenantOf(deployment),
      stack: deployment.place.stack,
      program: packageVersion,
    });
    const ids = instanceId === undefined ? [...leases.keys(), acrossPeople] : [instanceId];
    for (const id of ids) {
      // Before the subscriptions: what is detected in between is then sent twice rather than not at all.
      if (!isAcrossInstances(id)) {
        const { cursor, version } = await deployment.cursors.find(id);
        const sweptAt = leases.get(id)?.sweptAt ?? 0;
        yield line({
          kind: 'instance',
          instanceId: id,
          cursor: version === 'absent' ? null : cursor,
          sweptAt,
        });
        totals.instances += 1;
      }
      for await (const chunk of chunksOf(deployment.lists.of(instanceList(id))))
        for (const one of await Promise.all(chunk.map(moved))) if (one) yield line(one);
    }
  };
  return { lines: lines(), totals };
};
