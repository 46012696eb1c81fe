/** The planted faults of who owns a subscription, and of how many are counted; see planted.ts. */
import type { SubscriptionPorts } from '../../lambda/subscriptions/service.ts';
import type { PlantedFault } from './planted-fault.ts';

/** A process that dies between the record and the count leaves a subscription that nobody counts. */
const countedAfterRecord = (ports: SubscriptionPorts): SubscriptionPorts => {
  const owed: string[] = [];
  return {
    ...ports,
    counters: {
      ...ports.counters,
      async take(list) {
        owed.push(list);
        return 'taken';
      },
    },
    store: {
      ...ports.store,
      async save(...saved) {
        const done = await ports.store.save(...saved);
        const lists = owed.splice(0);
        for (const list of lists) {
          await ports.counters.correct(list, { count: 0, correctedAt: 0 }, undefined);
          await ports.counters.take(list, Number.POSITIVE_INFINITY);
        }
        return done;
      },
    },
  };
};

export const callerFaults: readonly PlantedFault[] = [
  {
    name: 'a place is counted after its subscription is written',
    rule: 'counted',
    seams: { subscriptions: countedAfterRecord },
  },
];
