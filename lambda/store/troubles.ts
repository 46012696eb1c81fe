/**
 * What is known of a subscription's trouble, in its own record: a delivery sees it without a further read. It is there
 * from the moment a flow is to be told of it until a delivery is accepted again.
 */
import type { SubscriptionId } from '../runtime/ids.ts';
import { type Subscription, type SubscriptionStore, sameFlowAtOnce, type Trouble } from './subscriptions.ts';
import { untilWritten } from './table.ts';

/** Whether two are one: only whether they were told may differ. */
export const isSameTrouble = (
  a: Pick<Trouble, 'state' | 'since'> | undefined,
  b: Pick<Trouble, 'state' | 'since'>,
): boolean => a?.state === b.state && a.since === b.since;

/**
 * @param change what it becomes; the same object leaves the subscription as it is
 * @returns the subscription as it is now; undefined when there is none
 */
export const changeTrouble = (
  { subscriptions }: { readonly subscriptions: Pick<SubscriptionStore, 'find' | 'save'> },
  id: SubscriptionId,
  change: (known: Trouble | undefined) => Trouble | undefined,
): Promise<Subscription | undefined> =>
  untilWritten(async () => {
    const stored = await subscriptions.find(id);
    if (!stored) return undefined;
    const { trouble, ...others } = stored.body;
    const changed = change(trouble);
    if (changed === trouble) return stored.body;
    const next: Subscription = { ...others, ...(changed && { trouble: changed }) };
    return (await subscriptions.save(next, stored)) ? next : 'overtaken';
  }, sameFlowAtOnce);

export const forgetTrouble = (
  ports: Parameters<typeof changeTrouble>[0],
  id: SubscriptionId,
  trouble: Pick<Trouble, 'state' | 'since'>,
): Promise<Subscription | undefined> =>
  changeTrouble(ports, id, (known) => (isSameTrouble(known, trouble) ? undefined : known));
