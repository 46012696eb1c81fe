/** Several people's subscriptions of one flow, until an accepted callback shows whose is real. */
import { flowOf, type SubscriptionId } from '../runtime/ids.ts';
import type { CallLog } from '../runtime/log.ts';
import { abandonedAfterMs, flowList, type ListStore, type Membership } from './lists.ts';
import type { Stored } from './record-store.ts';
import { type Subscription, type SubscriptionStore, sameFlowAtOnce } from './subscriptions.ts';
import { untilWritten } from './table.ts';

export interface RivalPorts {
  readonly lists: ListStore;
  readonly subscriptions: Pick<SubscriptionStore, 'find' | 'save'>;
  readonly now: () => number;
}

/** Several people at most have one flow. More come from a user who means harm, and are processed in turn. */
export const rivalsAtOnce = 5;

/**
 * Active subscriptions of the same flow by other people, at most {@link rivalsAtOnce}. A place whose subscription is gone is removed when it
 * is too old to be of a registration in progress.
 */
export const rivalsOf = async (
  { lists, subscriptions, now }: RivalPorts,
  { subscriptionId }: Pick<Subscription, 'subscriptionId'>,
): Promise<readonly Stored<Subscription>[]> => {
  const others = new Map<SubscriptionId, Membership | undefined>([
    [flowOf(subscriptionId) as string as SubscriptionId, undefined],
  ]);
  for await (const place of lists.of(flowList(subscriptionId)))
    if (!place.ended) others.set(place.subscriptionId, place);
  others.delete(subscriptionId);
  const rivals: Stored<Subscription>[] = [];
  for (const [id, place] of others) {
    if (rivals.length === rivalsAtOnce) break;
    const stored = await subscriptions.find(id);
    if (stored?.body.status.state === 'active') rivals.push(stored);
    else if (!stored && place && now() - place.addedAt >= abandonedAfterMs) await lists.remove(place);
  }
  return rivals;
};

/** Writes even where the mark is there, so that a removal of the mark in between is overtaken. */
const markContested = ({ subscriptions }: RivalPorts, { subscriptionId }: Subscription): Promise<void> =>
  untilWritten(async () => {
    const stored = await subscriptions.find(subscriptionId);
    if (stored?.body.status.state !== 'active') return undefined;
    return (await subscriptions.save({ ...stored.body, contested: true }, stored)) ? undefined : 'overtaken';
  }, sameFlowAtOnce);

/**
 * After a registration was written: marks it and those of other people for the same flow, so that their
 * deliveries take turns. Of two registrations at once at least one sees the other.
 */
export const noteRivals = async (
  ports: RivalPorts & { readonly log: CallLog },
  registered: Subscription,
): Promise<void> => {
  const rivals = await rivalsOf(ports, registered);
  if (rivals.length === 0) return;
  for (const subscription of [...rivals.map(({ body }) => body), registered])
    await markContested(ports, subscription);
  ports.log.warn('flow registered by another person', {
    subscriptionId: registered.subscriptionId,
    others: rivals.map(({ body }) => body.subscriptionId),
  });
};

/**
 * Removes the mark of a subscription that has no rivals left. A registration that came after the subscription was
 * read has marked it again and keeps the mark.
 * @param stored as it was before its rivals were looked for
 */
export const forgetContest = async (
  { subscriptions }: RivalPorts,
  stored: Stored<Subscription>,
): Promise<void> => {
  const { contested: _, ...uncontested } = stored.body;
  await subscriptions.save(uncontested, stored);
};
