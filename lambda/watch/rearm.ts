import type { FoundEntry } from '../store/subscriptions.ts';
import { StoreUnavailable } from '../store/table.ts';
import type { ValueOccurrence } from '../triggers/occurrence.ts';
import { type Armament, disarmed, rearmed } from '../triggers/rearm.ts';
import type { WatchPorts } from './ports.ts';

/** Other watches get in between this often: something is wrong. */
const tries = 10;

/** Applies one step to the state of one subscription, once, whoever else is at it. */
const change = async (
  { armaments }: WatchPorts,
  { subscriptionId, generation }: FoundEntry,
  { finalAt }: ValueOccurrence,
  decide: (known: Armament | undefined, step: { generation: string; at: number }) => Armament | undefined,
): Promise<void> => {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const stored = await armaments.find(subscriptionId);
    const next = decide(stored?.body, { generation, at: finalAt });
    if (!next) return;
    if (await armaments.save(subscriptionId, next, stored?.version ?? 'absent')) return;
  }
  throw new StoreUnavailable('Several watches change one subscription at once.');
};

/** It has fired: silent until the value has been at its re-arm level. Only once its delivery is durably queued. */
export const disarm = (ports: WatchPorts, entry: FoundEntry, occurrence: ValueOccurrence): Promise<void> =>
  change(ports, entry, occurrence, disarmed);

/** The value has been at the re-arm level: the next crossing fires. */
export const rearm = (ports: WatchPorts, entry: FoundEntry, occurrence: ValueOccurrence): Promise<void> =>
  change(ports, entry, occurrence, rearmed);
