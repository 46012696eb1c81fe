/** Requests for the data keys of callback URLs: docs/decisions/data-keys.md. */
import { hourMs } from '../../lambda/runtime/time.ts';
import { sealingKeyLifetimeMs } from '../../lambda/store/sealing-key.ts';
import { figure } from './figures.ts';
import { deliveryBatchMs } from './model.ts';
import { monthMs, plus, times, type Units } from './units.ts';

export interface KeyLoad {
  readonly subscriptions: number;
  readonly deliveriesPerFlow: number;
  readonly registrationsPerFlow: number;
  readonly together: number;
}

/** How often in a month a process ends and another takes its place. */
export const processLives = monthMs / (figure('processLifeHours') * hourMs);

/** A process that seals reads the current key and decrypts it. */
export const keyRead: Units = { dynamoDbReadUnit: 1, kmsRequest: 1 };

/** Encrypted for both uses and written, by the process that found none. */
export const keyMade: Units = { dynamoDbWriteUnit: 1, kmsRequest: 1 };

/** Weeks in a month. */
const keysInMonth = monthMs / sealingKeyLifetimeMs;

/** Processes of `count` uses in a month that make `busyMs` of work each: those that were used at least once. */
const processesUsed = (count: number, busyMs: number): { readonly lives: number; readonly uses: number } => {
  const lives = processLives * Math.max(1, (count * busyMs) / monthMs);
  return { lives, uses: count / lives };
};

/**
 * How many data keys `uses` deliveries meet, each of a random flow. A flow is saved at random times, so that the share of
 * the flows whose key is so many weeks old falls as exp(-weeks × saves in a week).
 */
const keysMet = (uses: number, { subscriptions, registrationsPerFlow }: KeyLoad): number => {
  const savesInKey = Math.max(registrationsPerFlow, 1 / figure('monthsUntilSaved')) / keysInMonth;
  let met = 0;
  for (let age = 0; ; age += 1) {
    const share = Math.exp(-age * savesInKey) * (1 - Math.exp(-savesInKey));
    const more = 1 - Math.exp(-uses * share);
    met += more;
    // What follows is less than a geometric series.
    if (more < 1e-6) break;
  }
  return Math.min(met, subscriptions * (1 - Math.exp(-uses / subscriptions)));
};

/** Decryptions of data keys for a delivery: a process decrypts each key that it meets once. */
export const decryptionsPerDelivery = (load: KeyLoad): number => {
  const deliveries = load.subscriptions * load.deliveriesPerFlow;
  if (deliveries === 0) return 0;
  const { uses } = processesUsed(deliveries, deliveryBatchMs(load.together) / load.together);
  return Math.min(1, keysMet(uses, load) / uses);
};

/** The requests of a month for the keys that seal. */
export const sealing = ({ subscriptions, registrationsPerFlow }: KeyLoad): Units => {
  const registrations = subscriptions * registrationsPerFlow;
  if (registrations === 0) return {};
  const { lives, uses } = processesUsed(registrations, figure('registrationMs'));
  return plus(
    times(lives * (1 - Math.exp(-uses)), keyRead),
    times(Math.min(keysInMonth, registrations), keyMade),
  );
};
