/**
 * Reading a notification back: which of the things that happened it speaks of, and whether it says so truly.
 */
import { compareExact } from './exact.ts';
import type { Truth } from './trigger-kinds.ts';

export type Notification = Readonly<Record<string, unknown>>;

const numbers = new Set(['previousValue', 'currentValue', 'threshold', 'rearmLevel']);
const number = /"(\w+)":(-?\d[\d.eE+-]*)/g;

/** The body with its exact numbers as text. */
export const readNotification = (body: string): Notification =>
  JSON.parse(
    body.replace(number, (all, key: string, digits: string) =>
      numbers.has(key) ? `"${key}":"${digits}"` : all,
    ),
  ) as Notification;

/** Objects without regard to the order of their keys, lists without regard to theirs. */
const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).sort().join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'absent';
  return `{${Object.entries(value)
    .filter(([, entry]) => entry !== undefined)
    .map(([key, entry]) => `${key}:${canonical(entry)}`)
    .sort()
    .join()}}`;
};

const agrees = (key: string, expected: unknown, actual: unknown): boolean => {
  if (expected === actual) return true;
  if (typeof expected === 'string' && typeof actual === 'string' && numbers.has(key))
    return compareExact(expected, actual) === 0;
  return canonical(expected) === canonical(actual);
};

/** Keys of the notification that do not say what happened. */
export const untrueKeys = (truth: Truth, notification: Notification): readonly string[] => {
  const expected = {
    ...truth.expected,
    trigger: truth.trigger,
    instanceId: truth.instance.id,
    instanceName: truth.instance.name,
  };
  const free = new Set(['eventId', 'deliveryId', 'threshold', 'direction', ...Object.keys(truth.oneOf)]);
  return [
    ...Object.entries(expected).flatMap(([key, value]) =>
      agrees(key, value, notification[key]) ? [] : [key],
    ),
    ...Object.entries(truth.oneOf).flatMap(([key, values]) =>
      values === null || values.some((value) => agrees(key, value, notification[key])) ? [] : [key],
    ),
    ...Object.keys(notification).filter((key) => !(key in expected) && !free.has(key)),
  ];
};

/**
 * What the notification speaks of: the truth that it fits, or the nearest one with the keys that do not fit.
 * @param prefer which of several that it fits; two sources of one name may end in the same second
 */
export const truthOf = (
  truths: readonly Truth[],
  notification: Notification,
  prefer: (truth: Truth) => boolean = () => true,
): { readonly truth: Truth | undefined; readonly untrue: readonly string[] } => {
  const candidates = truths.filter(
    ({ trigger, instance }) => trigger === notification.trigger && instance.id === notification.instanceId,
  );
  const fits = candidates.filter(
    (truth) =>
      agrees('occurredAt', truth.expected.occurredAt ?? notification.occurredAt, notification.occurredAt) &&
      untrueKeys(truth, notification).length === 0,
  );
  const fitting = fits.find(prefer) ?? fits[0];
  if (fitting) return { truth: fitting, untrue: [] };
  return candidates
    .map((truth) => ({ truth, untrue: untrueKeys(truth, notification) }))
    .reduce((a, b) => (b.untrue.length < a.untrue.length ? b : a), {
      truth: undefined,
      untrue: Object.keys(notification),
    } as { readonly truth: Truth | undefined; readonly untrue: readonly string[] });
};
