/** Writes moved subscriptions into another deployment, where they wait until the source has stopped. */
import pMap from 'p-map';
import { isAcrossInstances } from '../../../lambda/runtime/ids.ts';
import { iso } from '../../../lambda/runtime/time.ts';

import { longestPauseMs } from '../../../lambda/store/listed-subscriptions.ts';
import type { Subscription } from '../../../lambda/store/subscriptions.ts';
import { instanceWith } from '../../../lambda/triggers/instance.ts';
import { instancesServed } from '../change-instances.ts';
import type { Deployment } from '../deployment-place.ts';
import { NotThere } from '../options.ts';
import { importedReason, type Moved } from './moved-file.ts';

export interface Imported {
  /** Written by this command; they wait. */
  readonly imported: number;
  /** That were there already; they stay as they are. */
  readonly present: number;
  /** Of the imported ones: paused at the source, so that activation leaves them paused. */
  readonly paused: number;
}

const atOnce = { concurrency: 20 };

/**
 * May be repeated: what is there stays as it is.
 * @throws NotThere when the deployment does not watch an instance of the file; nothing was written then
 */
export const importMoved = async (deployment: Deployment, moved: Moved): Promise<Imported> => {
  const { deliveries, pauses, now } = deployment;
  const served = await instancesServed(deployment);
  const wanted = new Set(moved.subscriptions.map(({ subscription }) => subscription.instanceId));
  const unknown = [...wanted].filter((id) => !isAcrossInstances(id) && !instanceWith(served, id));
  if (unknown.length > 0)
    throw new NotThere(
      `This deployment does not watch the instance ${unknown.join(', ')} yet. Add it (\`insights-connector instances add\`, or the configuration) and store its keys; nothing was imported.`,
    );
  const cipher = deployment.cipher();
  const store = deployment.subscriptionsAs('imported');
  const outcome = { imported: 0, present: 0, paused: 0 };
  await pMap(
    moved.subscriptions,
    async ({ subscription, callbackUrl, deliveries: ended }) => {
      const { subscriptionId, status } = subscription;
      // Before the subscription: once it is there, nothing that its flow has accepted is sent to it again.
      for (const delivery of ended) await deliveries.save(delivery, 'absent');
      if (await store.find(subscriptionId)) {
        outcome.present += 1;
        return;
      }
      const next: Subscription = {
        ...subscription,
        callback: await cipher.seal(callbackUrl, subscriptionId),
        status:
          status.state === 'active' ? { state: 'paused', since: iso(now()), reason: importedReason } : status,
      };
      await pauses.add(subscriptionId, Date.parse(next.status.since) + longestPauseMs);
      if (!(await store.save(next, undefined))) outcome.present += 1;
      else {
        outcome.imported += 1;
        if (status.state !== 'active') outcome.paused += 1;
      }
    },
    atOnce,
  );
  return outcome;
};
