/** The planted faults of who owns a subscription, and of how many are counted; see planted.ts. */
import type { DeliverPorts } from '../../lambda/deliver/deliver.ts';
import { rivalsOf } from '../../lambda/store/rivals.ts';
import type { SubscriptionPorts } from '../../lambda/subscriptions/service.ts';
import { intruder, owner } from './people.ts';
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

/** Of two people's subscriptions of one flow, only the first is ever tried. */
const noSecondTurn = (ports: DeliverPorts): DeliverPorts => ({
  ...ports,
  deliveries: {
    ...ports.deliveries,
    save: (next, expected) =>
      ports.deliveries.save(
        next.begun === 0 && next.state === 'pending' ? { ...next, state: 'dropped' } : next,
        expected,
      ),
  },
});

/** A registration by another person ends the one that was there. */
const lastRegistrationWins = (ports: SubscriptionPorts): SubscriptionPorts => ({
  ...ports,
  store: {
    ...ports.store,
    async save(next, replaced) {
      for (const rival of await rivalsOf({ ...ports, subscriptions: ports.store }, next))
        await ports.store.remove(rival);
      return ports.store.save(next, replaced);
    },
  },
});

/** A registration is read as somebody else, for example as the application: it does not see that a role is gone. */
const readAsOwner = (ports: SubscriptionPorts): SubscriptionPorts => ({
  ...ports,
  sourceOf: (context) => ports.sourceOf({ ...context, caller: { ...context.caller, ...owner } }),
});

/** Whoever asks for a subscription is taken for its owner. */
const anybodyIsOwner = (ports: SubscriptionPorts): SubscriptionPorts => ({
  ...ports,
  store: {
    ...ports.store,
    async find(id) {
      const stored = await ports.store.find(id);
      if (stored?.body.principal.objectId !== owner.objectId) return stored;
      return {
        ...stored,
        body: { ...stored.body, principal: { ...stored.body.principal, objectId: intruder } },
      };
    },
  },
});

export const callerFaults: readonly PlantedFault[] = [
  {
    name: 'a person is taken for the owner of a subscription of another',
    rule: 'ownership',
    seams: { subscriptions: anybodyIsOwner },
  },
  {
    name: 'a registration reads the source as another person',
    rule: 'secrets and states',
    seams: { subscriptions: readAsOwner },
  },
  {
    name: 'of two subscriptions of one flow only the first is tried',
    rule: 'lost',
    seams: { deliver: noSecondTurn },
  },
  {
    name: 'a registration by another person replaces the one that was there',
    rule: 'lost',
    seams: { subscriptions: lastRegistrationWins },
  },
  {
    name: 'a place is counted after its subscription is written',
    rule: 'counted',
    seams: { subscriptions: countedAfterRecord },
  },
];
