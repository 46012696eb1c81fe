/** Ends all subscriptions of a list: those of a person, or of an instance. */
import type { SubscriptionId } from '../../lambda/runtime/ids.ts';
import type { CallLog } from '../../lambda/runtime/log.ts';
import type { ListStore, SubscriptionList } from '../../lambda/store/lists.ts';
import { ending, stopSubscription } from '../../lambda/store/stop-subscription.ts';
import type { Subscription, SubscriptionStore } from '../../lambda/store/subscriptions.ts';

export interface EndedSubscriptions {
  /** Ended by this command. */
  readonly ended: readonly SubscriptionId[];
  /** That had ended before. */
  readonly before: readonly SubscriptionId[];
  /** Their flows were saved again each time; they are active. */
  readonly active: readonly SubscriptionId[];
}

const quiet: CallLog = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** So often a subscription is ended again whose flow is saved at the same moment. */
const endTries = 3;

/** Ends the subscriptions of a list that are meant, so that their flows get nothing more. It may be repeated. */
export const endListed = async (
  {
    subscriptions,
    lists,
    now,
  }: {
    readonly subscriptions: Pick<SubscriptionStore, 'find' | 'stop'>;
    readonly lists: Pick<ListStore, 'of'>;
    readonly now: () => number;
  },
  list: SubscriptionList,
  isMeant: (subscription: Subscription) => boolean,
  reason: string,
): Promise<EndedSubscriptions> => {
  const outcome = {
    ended: [] as SubscriptionId[],
    before: [] as SubscriptionId[],
    active: [] as SubscriptionId[],
  };
  const end = async (id: SubscriptionId): Promise<keyof EndedSubscriptions | undefined> => {
    for (let made = 0; made < endTries; made += 1) {
      const stored = await subscriptions.find(id);
      if (!stored || !isMeant(stored.body)) return undefined;
      if (stored.body.status.state === 'ended') return made === 0 ? 'before' : 'ended';
      const stop = { subscriptions, now, log: quiet, count: () => undefined };
      if ((await stopSubscription(stop, stored, ending, reason)) === 'stopped') return 'ended';
    }
    return 'active';
  };
  for await (const { subscriptionId } of lists.of(list)) {
    const kind = await end(subscriptionId);
    if (kind) outcome[kind].push(subscriptionId);
  }
  return outcome;
};
