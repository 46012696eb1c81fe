import type { FoundEntry } from '../store/subscriptions.ts';
import { StoreUnavailable } from '../store/table.ts';
import { firings, type ValueStep } from '../triggers/firings.ts';
import type { ValueOccurrence } from '../triggers/occurrence.ts';
import { thresholdOf } from '../triggers/threshold.ts';
import type { WatchPorts } from './ports.ts';

/** Other watches get in between this often: something is wrong. */
const tries = 10;

const stepOf = ({ finalAt, previous, current }: ValueOccurrence): ValueStep => ({
  at: finalAt,
  previous,
  current,
});

/** Whether the occurrence fires the subscription's threshold in its present state. */
export const isArmed = async (
  { armaments }: WatchPorts,
  entry: FoundEntry,
  occurrence: ValueOccurrence,
): Promise<boolean> => {
  const threshold = thresholdOf(entry);
  if (threshold === null) return true;
  const stored = await armaments.find(entry.subscriptionId);
  const from = { generation: entry.generation, state: stored?.body };
  return firings(threshold, [stepOf(occurrence)], from).fired.length > 0;
};

/**
 * Applies one step to the state of one subscription, once, also when several watches do: firing disarms it,
 * the re-arm level arms it again. A step that fires is applied only once its delivery is durably queued.
 */
export const applyStep = async (
  { armaments, newVersion }: WatchPorts,
  entry: FoundEntry,
  occurrence: ValueOccurrence,
): Promise<void> => {
  const { subscriptionId, generation } = entry;
  const threshold = thresholdOf(entry);
  if (threshold === null) return;
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const stored = await armaments.find(subscriptionId);
    const { state } = firings(threshold, [stepOf(occurrence)], { generation, state: stored?.body });
    if (state === undefined || state === stored?.body) return;
    if (await armaments.save(subscriptionId, state, newVersion(), stored?.version ?? 'absent')) return;
  }
  throw new StoreUnavailable('Several watches change one subscription at once.');
};
