import { createHash } from 'node:crypto';

declare const idBrand: unique symbol;
type Id<Kind extends string> = string & { readonly [idBrand]: Kind };

/** The same occurrence always has the same event id, however often and by whomever it is seen. */
export type EventId = Id<'event'>;
/** One event for one subscription. */
export type DeliveryId = Id<'delivery'>;
/** Public id of a flow's subscription: stable over every registration of that flow's trigger. */
export type SubscriptionId = Id<'subscription'>;

/**
 * 132 bits of SHA-256 in base64url: 22 characters. Parts are length-prefixed, so that no two lists of parts
 * collide.
 */
export const hashedId = (...parts: readonly string[]): string =>
  createHash('sha256')
    .update(parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join(''))
    .digest('base64url')
    .slice(0, 22);

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
