import { hash } from 'node:crypto';

declare const idBrand: unique symbol;
type Id<Kind extends string> = string & { readonly [idBrand]: Kind };

/** The same occurrence always has the same event id, however often and by whomever it is seen. */
export type EventId = Id<'event'>;
/** One event for one subscription. */
export type DeliveryId = Id<'delivery'>;
/** A flow's trigger, whichever user registers it. */
export type FlowId = Id<'flow'>;
/**
 * Public id of a person's subscription of a flow's trigger: stable over every registration. It begins with
 * the flow's id; one that was registered by version 0.1.0 is the flow's id alone.
 */
export type SubscriptionId = Id<'subscription'>;

const idLength = 22;
/** 66 bits tell the people of one flow apart. */
const personLength = 11;

/**
 * 132 bits of SHA-256 in base64url: 22 characters. Parts are length-prefixed, so that no two lists of parts
 * collide.
 */
export const hashedId = (...parts: readonly string[]): string =>
  hash('sha256', parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join(''), 'base64url').slice(
    0,
    idLength,
  );

export const subscriptionId = (
  flow: FlowId,
  { tenantId, objectId }: { readonly tenantId: string; readonly objectId: string },
): SubscriptionId =>
  `${flow}${hashedId('person', tenantId, objectId).slice(0, personLength)}` as string as SubscriptionId;

/**
 * What takes the place of an instance where a trigger is about subscriptions and not about an instance: those of one
 * person, or of all people. The id of an instance is a GUID and never begins like this.
 */
export const acrossInstances = (person: { readonly tenantId: string; readonly objectId: string }): string =>
  `@${hashedId('person', person.tenantId, person.objectId)}`;
export const acrossPeople = '@all';
/** The same for the canary: no trouble is ever told there, and no list of people has what is registered there. */
export const acrossCanary = '@canary';
export const isAcrossInstances = (instanceId: string): boolean => instanceId.startsWith('@');

/** Whose subscription it is, as one of many equals; one of version 0.1.0 stands for itself. */
export const personOf = (subscription: SubscriptionId): string =>
  subscription.length > idLength ? hashedId('person', subscription.slice(idLength)) : subscription;

export const flowOf = (subscription: SubscriptionId): FlowId =>
  subscription.slice(0, idLength) as string as FlowId;

/**
 * @param subject data source id, segment name …
 * @param occurrence id that the source gives to this occurrence: task id, evaluation time …
 */
export const eventId = (instanceId: string, trigger: string, subject: string, occurrence: string): EventId =>
  hashedId('event', instanceId, trigger, subject, occurrence) as EventId;

/**
 * @param generation changes with the inputs of the subscription, so that a changed threshold is a new
 * delivery
 */
export const deliveryId = (event: EventId, subscription: SubscriptionId, generation: string): DeliveryId =>
  hashedId('delivery', event, subscription, generation) as DeliveryId;
