import type { FoundEntry } from '../store/subscriptions.ts';
import { firings, type ValueStep } from '../triggers/firings.ts';
import type { ValueOccurrence } from '../triggers/occurrence.ts';
import { thresholdOf } from '../triggers/threshold.ts';
import type { WatchPorts } from './ports.ts';

const stepOf = ({ finalAt, previous, current }: ValueOccurrence): ValueStep => ({
  at: finalAt,
  previous,
  current,
});

/** Whether the occurrence fires the subscription's threshold in its present state. */
export const isArmed = async (
  { rearmStates }: WatchPorts,
  entry: FoundEntry,
  occurrence: ValueOccurrence,
): Promise<boolean> => {
  const threshold = thresholdOf(entry);
  if (threshold === null) return true;
  const stored = await rearmStates.find(entry.subscriptionId);
  const from = { generation: entry.generation, state: stored?.body };
  return firings(threshold, [stepOf(occurrence)], from).fired.length > 0;
};

/**
 * Applies one step to the state of one subscription, once, also when several watches do: firing disarms it,
 * the re-arm level arms it again. A step that fires is applied only once its delivery is durably queued.
 */
export const applyStep = async (
  { rearmStates }: WatchPorts,
  entry: FoundEntry,
  occurrence: ValueOccurrence,
): Promise<void> => {
  const { subscriptionId, generation } = entry;
  const threshold = thresholdOf(entry);
  if (threshold === null) return;
  await rearmStates.update(
    subscriptionId,
    (state) => firings(threshold, [stepOf(occurrence)], { generation, state }).state,
  );
};
