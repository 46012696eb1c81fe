/** A month of a deployment, by what it is for. */
import { openedKeys } from '../../lambda/callback/sealed-url.ts';
import { hourMs } from '../../lambda/runtime/time.ts';
import { figure } from './figures.ts';
import {
  defaultSettings,
  delivery,
  deliveryBatchMs,
  deliveryRecord,
  event,
  fixedMonth,
  idleInstances,
  proxiedCall,
  registration,
  type Settings,
  subscriptionMonth,
} from './model.ts';
import { monthMs, plus, times, type Units } from './units.ts';

/** What happens in a month. */
export interface Workload {
  readonly instances: number;
  readonly subscriptions: number;
  /** Proxied calls of a subscription's flow. */
  readonly callsPerFlow: number;
  readonly deliveriesPerFlow: number;
  /** How often each flow is saved or switched on. */
  readonly registrationsPerFlow: number;
  /** Deliveries that one invocation makes, 1 to 10: how many flows wait for the same event. */
  readonly together: number;
}

/**
 * Decryptions of data keys for a delivery: a process decrypts each key that it meets once, and keeps the last 20,000.
 * At worst every subscription has a key of its own.
 */
export const decryptionsPerDelivery = ({
  subscriptions,
  deliveriesPerFlow,
  together,
}: Pick<Workload, 'subscriptions' | 'deliveriesPerFlow' | 'together'>): number => {
  const deliveries = subscriptions * deliveriesPerFlow;
  if (deliveries === 0) return 0;
  const processes = Math.max(1, ((deliveries / together) * deliveryBatchMs(together)) / monthMs);
  const inLife = (deliveries * figure('processLifeHours') * hourMs) / monthMs / processes;
  const met = subscriptions * (1 - Math.exp(-inLife / subscriptions));
  return met <= openedKeys ? Math.min(1, met / inLife) : 1 - openedKeys / subscriptions;
};

/** By what it is for; USD for a month is {@link usdOf} of each. */
export const month = (
  load: Workload,
  settings: Settings = defaultSettings,
): Readonly<Record<string, Units>> => {
  const { instances, subscriptions, together } = load;
  const deliveries = subscriptions * load.deliveriesPerFlow;
  return {
    Fixed: plus(...Object.values(fixedMonth(settings))),
    Polls: idleInstances(instances),
    'Proxied calls': times(subscriptions * load.callsPerFlow, proxiedCall()),
    Events: times(deliveries / together, event()),
    Deliveries: plus(times(deliveries, delivery(together)), {
      kmsRequest: deliveries * decryptionsPerDelivery(load),
    }),
    'Records of deliveries': times(deliveries, deliveryRecord()),
    Subscriptions: plus(
      times(subscriptions, subscriptionMonth()),
      times(subscriptions * load.registrationsPerFlow, registration()),
    ),
  };
};
