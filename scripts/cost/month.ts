/** A month of a deployment, by what it is for. */
import { decryptionsPerDelivery, sealing } from './data-keys.ts';
import {
  defaultSettings,
  delivery,
  deliveryRecord,
  event,
  fixedMonth,
  idleInstances,
  proxiedCall,
  registration,
  type Settings,
  subscriptionMonth,
} from './model.ts';
import { plus, times, type Units } from './units.ts';

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
      sealing(load),
    ),
  };
};
