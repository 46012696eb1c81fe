/**
 * What can be seen of the system from outside: callbacks, queued messages, and writes at the moment they take
 * effect.
 */

import type { Delivery } from '../../lambda/store/deliveries.ts';
import type { DeliveryMessage } from '../../lambda/store/delivery-message.ts';
import type { Subscription } from '../../lambda/store/subscriptions.ts';
import type { Receipt } from './callback-receiver.ts';
import type { Host, InjectedFault } from './host.ts';
import { operatorPrefix, owner, ownerChange } from './people.ts';
import type { Observers } from './simulated-deployment.ts';
import type { Trace } from './trace.ts';

export interface Queued {
  readonly at: number;
  readonly queue: string;
  readonly message: DeliveryMessage;
}

/** A delivery's record, as it was written. */
export interface Recorded {
  readonly at: number;
  readonly host: string;
  readonly delivery: Delivery;
}

/** A subscription that the system has stopped. */
export interface Stop {
  readonly at: number;
  readonly host: string;
  readonly subscriptionId: string;
  readonly state: 'paused' | 'ended';
  /** RFC 3339, as its owner is told. */
  readonly since: string;
  /** "<flow> <operation>" of the registration that was stopped. */
  readonly registration: string;
}

/** A registration at the moment it was written. */
export interface Registered {
  readonly at: number;
  readonly subscriptionId: string;
  /** The endpoint of the flow that registered; undefined for what no registration wrote. */
  readonly flow: string | undefined;
}

export interface Observations {
  readonly receipts: readonly Receipt[];
  readonly queued: readonly Queued[];
  readonly recorded: readonly Recorded[];
  readonly stops: readonly Stop[];
  readonly registered: readonly Registered[];
  readonly faults: readonly InjectedFault[];
  /** Host → true time of its end. */
  readonly deaths: ReadonlyMap<string, number>;
  /** Keys of the records of deliveries. */
  readonly places: ReadonlySet<string>;
  /** What must not have happened, told at once. */
  readonly slips: string[];
}

/** Parts of a callback URL: in no message and no line of a log. */
const secret = /signature-/;

/** A registration that began before a role was taken away may end after it. */
const longestCallMs = 60_000;

export const observe = (
  now: () => number,
  trace: Trace,
  /** When a person loses their role, true time; infinite for never. */
  revokedAt: (objectId: string) => number,
): {
  readonly observations: Observations;
  readonly observers: Observers;
  readonly onFault: (fault: InjectedFault) => void;
  readonly onDeath: (host: string) => void;
} => {
  const receipts: Receipt[] = [];
  const queued: Queued[] = [];
  const recorded: Recorded[] = [];
  const stops: Stop[] = [];
  const registered: Registered[] = [];
  const faults: InjectedFault[] = [];
  const deaths = new Map<string, number>();
  const places = new Set<string>();
  const slips: string[] = [];
  /** Subscription → its first owner. */
  const owners = new Map<string, string>();
  /** Host → what it is doing. */
  const labels = new Map<string, string>();
  /** Subscription → the registration that its record stems from. */
  const registrations = new Map<string, string>();

  /** Subscription → secret and state of its newest record. Each registration has a secret of its own. */
  const newest = new Map<string, string>();

  const onSubscription = (host: Host, subscription: Subscription) => {
    const { subscriptionId, trigger, status, secretHash, principal } = subscription;
    const change = ownerChange(owners, subscription);
    if (change !== undefined) slips.push(change);
    if (host.name.startsWith(operatorPrefix) && owners.get(subscriptionId) !== owner.objectId)
      slips.push(
        `the operator's command about ${owner.objectId} changes ${subscriptionId} of another person`,
      );
    const written = `${secretHash} ${status.state}`;
    // Marked as contested or not any more: neither registered nor stopped.
    if (newest.get(subscriptionId) === written) return;
    newest.set(subscriptionId, written);
    const label = labels.get(host.name);
    trace.add(
      `${host.name} writes ${subscriptionId} ${status.state}${label === undefined ? '' : ` for ${label}`}`,
    );
    if (status.state === 'active') {
      // The trigger for troubles asks nothing of Customer Insights.
      if (trigger !== 'OnTriggerTrouble' && now() > revokedAt(principal.objectId) + longestCallMs)
        slips.push(`${principal.objectId}, who has no role any more, registered ${subscriptionId}`);
      if (label === undefined) slips.push(`${host.name} wrote an active subscription without a registration`);
      else registrations.set(subscriptionId, label);
      registered.push({ at: now(), subscriptionId, flow: label?.split(' ')[0] });
      return;
    }
    stops.push({
      at: now(),
      host: host.name,
      subscriptionId,
      state: status.state,
      since: status.since,
      registration: registrations.get(subscriptionId) ?? 'none',
    });
  };

  return {
    observations: { receipts, queued, recorded, stops, registered, faults, deaths, places, slips },
    onFault: (fault) => faults.push(fault),
    onDeath: (host) => deaths.set(host, now()),
    observers: {
      onReceipt: (receipt) => receipts.push(receipt),
      onInvoke: (host, label) => labels.set(host.name, label),
      onWrite: (host, { pk, sk, body }) => {
        if (secret.test(body)) slips.push(`a callback URL lies readable in the table under ${pk}`);
        if (sk !== 'SUBSCRIPTION' && !pk.startsWith('D#')) return;
        const { record } = JSON.parse(body) as { readonly record: unknown };
        if (sk === 'SUBSCRIPTION') return onSubscription(host, record as Subscription);
        places.add(`${pk}/${sk}`);
        const delivery = record as Delivery;
        trace.add(`${host.name} records ${delivery.deliveryId} ${delivery.state} begun ${delivery.begun}`);
        recorded.push({ at: now(), host: host.name, delivery });
      },
      onQueued: (queue, body) => {
        if (secret.test(body)) slips.push(`a callback URL lies in the queue "${queue}"`);
        if (queue === 'watch') return;
        const message = JSON.parse(body) as DeliveryMessage;
        trace.add(`queue ${queue}: ${message.deliveryId} for ${message.subscriptionId}`);
        queued.push({ at: now(), queue, message });
      },
      onLog: (host, line) => {
        trace.add(`${host.name} ${line}`);
        if (secret.test(line)) slips.push(`a callback URL lies in the log: ${line.slice(0, 60)}`);
      },
    },
  };
};
