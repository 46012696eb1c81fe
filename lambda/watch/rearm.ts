import type { FoundEntry } from '../store/subscriptions.ts';
import type { ValueOccurrence } from '../triggers/occurrence.ts';
import { type Armament, disarmed, rearmed } from '../triggers/rearm.ts';
import type { WatchPorts } from './ports.ts';

/** Applies one step to the state of one subscription, once, whoever else is at it. */
const change = (
  { rearmStates }: WatchPorts,
  { subscriptionId, generation }: FoundEntry,
  { finalAt }: ValueOccurrence,
  decide: (known: Armament | undefined, step: { generation: string; at: number }) => Armament | undefined,
): Promise<void> => rearmStates.update(subscriptionId, (known) => decide(known, { generation, at: finalAt }));

/** It has fired: silent until the value has been at its re-arm level. Only once its delivery is durably queued. */
export const disarm = (ports: WatchPorts, entry: FoundEntry, occurrence: ValueOccurrence): Promise<void> =>
  change(ports, entry, occurrence, disarmed);

/** The value has been at the re-arm level: the next crossing fires. */
export const rearm = (ports: WatchPorts, entry: FoundEntry, occurrence: ValueOccurrence): Promise<void> =>
  change(ports, entry, occurrence, rearmed);
