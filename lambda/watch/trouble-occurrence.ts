/** A subscription's trouble as an event of the trigger for troubles. Pure. */
import { labelOf } from '../ledger/describe.ts';
import { acrossPeople, eventId } from '../runtime/ids.ts';
import { iso } from '../runtime/time.ts';
import { attemptCount, type Delivery, failingAfterMs } from '../store/deliveries.ts';
import type { Subscription, Trouble } from '../store/subscriptions.ts';
import { instanceNameOf, instanceWith, type WatchedInstance } from '../triggers/instance.ts';
import { type TroublePayload, whatToDo } from '../triggers/kinds/trigger-trouble.ts';
import type { SubjectOccurrence } from '../triggers/occurrence.ts';
import { eventPayload, type Triggers } from '../triggers/trigger-set.ts';

export const troubleTrigger = 'OnTriggerTrouble';

/** When a subscription came into its trouble: only those registered before are told. Epoch ms. */
const beganAt = ({ state, since }: Pick<Trouble, 'state' | 'since'>): number =>
  Date.parse(since) + (state === 'failing' ? failingAfterMs : 0);

/** What is told: a trouble, or that it is over. */
export interface News {
  readonly state: TroublePayload['state'];
  readonly since: string;
  readonly reason: string;
  /** Epoch ms. */
  readonly at: number;
  /** Of the trouble; makes the ids. */
  readonly trouble: Pick<Trouble, 'state' | 'since'>;
}

export const newsOf = (trouble: Trouble): News => ({ ...trouble, at: beganAt(trouble), trouble });

/** The same occurrence, with the same ids, however often it is made. */
export const occurrenceOf = (
  { triggers }: { readonly triggers: Triggers },
  instances: readonly WatchedInstance[],
  subscription: Subscription,
  { state, since, reason, at, trouble }: News,
): SubjectOccurrence => {
  const { subscriptionId, instanceId, principal, names = {} } = subscription;
  const name = instanceNameOf(instances, instanceId);
  const what = state === 'working' ? 'over' : 'begun';
  const occurrence = [trouble.state, trouble.since, what].join(' ');
  const id = eventId(acrossPeople, troubleTrigger, subscriptionId, occurrence);
  const payload: TroublePayload = {
    label: labelOf(triggers, subscription, name),
    ...(names.flow !== undefined && { flowName: names.flow }),
    state,
    reason,
    whatToDo: whatToDo[state],
    since,
    troubledTrigger: subscription.trigger,
    subscriptionId,
    ...(names.workflowId !== undefined && { workflowId: names.workflowId }),
    ownerId: principal.objectId,
  };
  const linkBase = instanceWith(instances, instanceId)?.linkBase;
  const instance = { id: instanceId, name: name ?? instanceId, ...(linkBase !== undefined && { linkBase }) };
  return {
    kind: 'subject',
    trigger: troubleTrigger,
    eventId: id,
    occurrence,
    subject: subscriptionId,
    finalAt: at,
    payload: eventPayload(triggers, troubleTrigger, id, instance, iso(at), payload),
  };
};

const lastAnswer = ({ attempts }: Delivery): string => attempts.at(-1)?.meaning ?? 'no response is recorded';

/** What a delivery that was not accepted in time says; undefined where it was, or has not waited so long. */
export const failureOf = (delivery: Delivery | undefined, now: number): Omit<Trouble, 'told'> | undefined => {
  if (delivery === undefined) return undefined;
  const { state, firstAttemptAt, attempts } = delivery;
  // One that was given up has waited until its last attempt.
  const until = state === 'pending' ? now : state === 'dead' ? Date.parse(attempts.at(-1)?.at ?? '') : 0;
  if (!(until - firstAttemptAt >= failingAfterMs)) return undefined;
  return {
    state: 'failing',
    since: iso(firstAttemptAt),
    reason: `An event of ${delivery.occurredAt} has not been accepted since ${iso(firstAttemptAt)}, in ${attemptCount(delivery)} attempts. The last response: ${lastAnswer(delivery)}.`,
  };
};
