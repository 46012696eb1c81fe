/** A sample event for one subscription: invented values in the form of the real ones. Pure. */
import { type Decimal, toDecimal } from '../runtime/decimal.ts';
import { iso } from '../runtime/time.ts';
import { type DeliveryMessage, deliveryMessage } from '../store/delivery-message.ts';
import type { Subscription } from '../store/subscriptions.ts';
import type { WatchedInstance } from '../triggers/instance.ts';
import { sampleEventId } from '../triggers/sample-id.ts';
import { thresholdOf } from '../triggers/threshold.ts';
import { eventPayload, type Triggers } from '../triggers/trigger-set.ts';

/** A number one above or below, or the number itself where that could not be held exactly. */
const beside = (value: Decimal, step: 1n | -1n): Decimal => {
  const [whole = '0', fraction = ''] = value.split('.');
  const scaled = BigInt(whole + fraction) + step * 10n ** BigInt(fraction.length);
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(fraction.length + 1, '0');
  const at = digits.length - fraction.length;
  return toDecimal(`${scaled < 0n ? '-' : ''}${digits.slice(0, at)}.${digits.slice(at)}`) ?? value;
};

/** A step across the threshold. */
const stepOf = (subscription: Subscription) => {
  const asked = thresholdOf(subscription);
  if (asked === null) return {};
  const { threshold, direction } = asked;
  return { previous: threshold, current: beside(threshold, direction === 'above' ? 1n : -1n) };
};

/**
 * @param name makes the sample's ids; another one for each sample
 * @param now epoch ms
 */
export const sampleMessage = (
  triggers: Triggers,
  subscription: Subscription,
  instanceNamed: Pick<WatchedInstance, 'name' | 'linkBase'>,
  name: string,
  now: number,
): DeliveryMessage => {
  const { trigger, instanceId, subject, names = {} } = subscription;
  const eventId = sampleEventId(name);
  const instance = { ...instanceNamed, id: instanceId };
  const occurredAt = iso(now);
  const sample = triggers
    .of(trigger)
    .sample(occurredAt, subject === null ? null : { id: subject, displayName: names.subject ?? subject });
  const payload = eventPayload(triggers, trigger, eventId, instance, occurredAt, sample);
  return deliveryMessage({ eventId, payload, ...stepOf(subscription) }, subscription, { origin: 'sample' });
};
