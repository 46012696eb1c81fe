/** The decision of a registration, pure: what the subscription becomes, given what there was. */
import type { SealedUrl } from '../callback/sealed-url.ts';
import type { SubscriptionId } from '../runtime/ids.ts';
import { iso } from '../runtime/time.ts';
import type {
  Principal,
  Subscription,
  SubscriptionInputs,
  SubscriptionNames,
} from '../store/subscriptions.ts';
import type { Baseline } from '../triggers/baseline.ts';
import { defaultConditions, sameConditions } from '../triggers/conditions.ts';

export interface Registration extends SubscriptionInputs {
  readonly subscriptionId: SubscriptionId;
  readonly principal: Principal;
  readonly callback: SealedUrl;
  readonly secretHash: string;
  readonly names: SubscriptionNames;
  /** Read from the source before this decision. */
  readonly baseline: Baseline;
}

const sameInputs = (a: SubscriptionInputs, b: SubscriptionInputs) =>
  a.trigger === b.trigger &&
  a.instanceId === b.instanceId &&
  a.subject === b.subject &&
  a.threshold === b.threshold &&
  sameConditions(a.conditions ?? defaultConditions, b.conditions ?? defaultConditions);

/**
 * A flow that is saved again with the same inputs continues: nothing is lost or sent twice. With other
 * inputs, or after it was stopped, it starts again.
 * @param generation unguessable text for the case that it starts again
 */
export const register = (
  known: Subscription | undefined,
  registration: Registration,
  now: number,
  generation: string,
): Subscription => {
  const at = iso(now);
  const continues = known && known.status.state === 'active' && sameInputs(known, registration);
  return {
    ...registration,
    generation: continues ? known.generation : generation,
    baseline: continues ? known.baseline : registration.baseline,
    createdAt: continues ? known.createdAt : at,
    registeredAt: at,
    ...(known?.contested && { contested: true }),
    ...(known?.trouble && { trouble: known.trouble }),
    status: continues ? known.status : { state: 'active', since: at, reason: 'registered by the flow' },
  };
};
