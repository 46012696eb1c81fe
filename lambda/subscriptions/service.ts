import { hash, timingSafeEqual } from 'node:crypto';
import type { FunctionSettings } from '../../config/schema.ts';
import type { OperationById, TriggerId } from '../../connector/contract/index.ts';
import { basePath } from '../../connector/contract/index.ts';
import type { ResponseOf } from '../../connector/contract/operation.ts';
import { checkCallbackUrl, flowIdOf, workflowIdOf } from '../callback/callback-url.ts';
import type { CallbackSealer } from '../callback/sealed-url.ts';
import type { CallContext } from '../http/implementations.ts';
import { type Limiter, type PlaceCounters, registrationsRefusedMessage } from '../limiter/index.ts';
import { ConnectorError, hasCode } from '../runtime/errors.ts';
import { flowOf, subscriptionId as newSubscriptionId, type SubscriptionId } from '../runtime/ids.ts';
import { secondMs } from '../runtime/time.ts';
import type { CursorStore } from '../store/cursors.ts';
import type { Membership, SubscriptionList } from '../store/lists.ts';
import type { Stored } from '../store/record-store.ts';
import { noteRivals } from '../store/rivals.ts';
import { type Subscription, type SubscriptionInputs, sameFlowAtOnce } from '../store/subscriptions.ts';
import { untilWritten } from '../store/table.ts';
import type { Source } from '../triggers/source.ts';
import type { RegistrationBaseline } from '../triggers/trigger-definition.ts';
import { checkRoom, type LimitPorts, type Refusals, refuseAgain, takePlaces } from './limits.ts';
import type { OwnerPorts } from './owner-operations.ts';
import { register } from './registration.ts';

export interface SubscriptionPorts extends OwnerPorts {
  readonly cipher: CallbackSealer;
  readonly cursors: CursorStore;
  readonly counters: PlaceCounters;
  readonly refusals: Refusals;
  /** Counts the registrations of a person. */
  readonly registrations: Limiter;
  /** Reads Customer Insights with the rights of the caller. */
  readonly sourceOf: (context: CallContext) => Source;
}

const hashOf = (secret: string) => hash('sha256', secret, 'base64url');

const sameHash = (a: string, b: string) => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};

const checkedUrl = (value: string, settings: FunctionSettings): URL => {
  try {
    return checkCallbackUrl(value, settings.callbacks);
  } catch (error) {
    if (hasCode(error, 'CallbackUrlRefused')) throw new ConnectorError('CallbackRefused', error.message);
    throw error;
  }
};

/** The subscription at a place in the list of a person, unless it is another person's by now. */
const ownAt = async (
  { store }: SubscriptionPorts,
  { principal: { tenantId, objectId } }: Pick<Subscription, 'principal'>,
  id: SubscriptionId,
): Promise<Stored<Subscription> | undefined> => {
  const stored = await store.find(id);
  const owner = stored?.body.principal;
  return owner?.tenantId === tenantId && owner.objectId === objectId ? stored : undefined;
};

/** A subscription that the same person registered under the id of earlier versions keeps it for life. */
const idOf = async (
  ports: SubscriptionPorts,
  wanted: Pick<Subscription, 'subscriptionId' | 'principal'>,
  places: readonly Membership[],
): Promise<SubscriptionId> => {
  const earlier = flowOf(wanted.subscriptionId) as string as SubscriptionId;
  if (!places.some((place) => place.subscriptionId === earlier)) return wanted.subscriptionId;
  return (await ownAt(ports, wanted, earlier)) ? earlier : wanted.subscriptionId;
};

/**
 * Version 0.1.0, deployed again for a while, gives a flow that is saved a second subscription, with an id of its own. The
 * platform removes the first one, unless it was never told of it; both would send the flow each event twice.
 */
const removeTwin = async (
  ports: SubscriptionPorts,
  kept: Subscription,
  places: readonly Membership[],
  { log }: Pick<CallContext, 'log'>,
): Promise<void> => {
  for (const { subscriptionId } of places) {
    if (subscriptionId === kept.subscriptionId) continue;
    const twin = await ownAt(ports, kept, subscriptionId);
    if (twin && (await ports.store.remove(twin)))
      log.info('subscription removed: its flow has another one', {
        subscriptionId,
        kept: kept.subscriptionId,
      });
  }
};

/** @throws ConnectorError RateLimited, LimitUnavailable */
const admitRegistration = async ({ registrations }: SubscriptionPorts, { caller }: CallContext) => {
  const admission = await registrations.admit(caller);
  if (!admission.admitted)
    throw new ConnectorError('RateLimited', registrationsRefusedMessage(registrations.policy, admission), {
      retryAfterSeconds: admission.retryAfterMs / secondMs,
    });
};

export interface RegisterRequest extends SubscriptionInputs {
  readonly callbackUrl: string;
  /**
   * Reads the source as the caller: checks that the inputs exist and may be seen, and finds what had happened
   * before.
   */
  readonly readBaseline: (source: Source) => Promise<RegistrationBaseline>;
}

/**
 * Registers a flow's trigger, or again. The baseline is read and everything stored before it answers, so
 * after a 201 the flow misses nothing.
 */
export const registerSubscription = async (
  ports: SubscriptionPorts,
  request: RegisterRequest,
  context: CallContext,
): Promise<{
  readonly body: ResponseOf<OperationById<TriggerId>>;
  readonly headers: { readonly Location: string };
}> => {
  const { settings, store, cipher, now, newSecret } = ports;
  const url = checkedUrl(request.callbackUrl, settings);
  const flow = flowIdOf(url);
  const { tenantId, objectId, clientAppId } = context.caller;
  const principal = { tenantId, objectId, clientAppId };
  const limits: LimitPorts = { ...ports, limits: settings.subscriptions };
  const wanted = {
    subscriptionId: newSubscriptionId(flow, principal),
    principal,
    instanceId: request.instanceId,
  };
  // Before the source is asked, which all share.
  refuseAgain(limits, wanted);
  await admitRegistration(ports, context);
  const places = await checkRoom(limits, wanted);
  const subscriptionId = await idOf(ports, wanted, places);
  const found = await request.readBaseline(ports.sourceOf(context));
  const { baseline, startingValue, start } = found;
  const { trigger, instanceId, threshold, conditions } = request;
  const subject = found.subject?.id ?? request.subject;
  const workflowId = workflowIdOf(url);
  const secret = newSecret();
  const registration = {
    subscriptionId,
    trigger,
    instanceId,
    subject,
    threshold,
    ...(conditions && { conditions }),
    principal,
    callback: await cipher.seal(url.href, subscriptionId),
    secretHash: hashOf(secret),
    baseline,
    names: {
      ...(found.subject && { subject: found.subject.displayName }),
      ...(workflowId !== undefined && { workflowId }),
      ...(context.workflowName !== undefined && { flow: context.workflowName }),
    },
  };
  // Before the subscription: once detection can find it, it can tell the first step, and how far back to look.
  if (start) await ports.cursors.begin(instanceId, start);
  if (startingValue) await ports.cursors.start(instanceId, startingValue);
  const reserved = new Set<SubscriptionList>();
  const registered = await untilWritten(async () => {
    const known = await store.find(subscriptionId);
    await takePlaces(limits, registration, known?.body, reserved);
    const next = register(known?.body, registration, now(), newSecret());
    if (!(await store.save(next, known))) return 'overtaken';
    context.log.info('subscription registered', {
      subscriptionId,
      trigger,
      instanceId,
      again: known !== undefined,
    });
    return next;
  }, sameFlowAtOnce);
  await noteRivals({ ...ports, subscriptions: store, log: context.log }, registered);
  await removeTwin(ports, registered, places, context);
  const { createdAt } = registered;
  const host = settings.connector.host ?? context.requestHost;
  return {
    body: { subscriptionId, trigger, createdAt },
    headers: { Location: `https://${host}${basePath}/subscriptions/${subscriptionId}/${secret}` },
  };
};

/**
 * Removes a subscription. The address is the credential: it needs no token, and it answers alike whether the
 * subscription was there or not, and whether the secret was the newest one.
 */
export const deleteSubscription = (
  { store }: SubscriptionPorts,
  subscriptionId: string,
  secret: string,
): Promise<'removed' | 'nothing to remove'> => {
  const hash = hashOf(secret);
  return untilWritten(async () => {
    const stored = await store.find(subscriptionId as SubscriptionId);
    // The platform registers the new and then deletes the old: a superseded secret must not remove the new.
    if (!stored || !sameHash(stored.body.secretHash, hash)) return 'nothing to remove';
    return (await store.remove(stored)) ? 'removed' : 'overtaken';
  }, 'This subscription is being changed by several calls at once. Try again.');
};
