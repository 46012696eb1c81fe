import { unlessUnreadable } from '../store/record-store.ts';
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
  ports: WatchPorts,
  entry: FoundEntry,
  occurrence: ValueOccurrence,
): Promise<boolean> => {
  const threshold = thresholdOf(entry);
  if (threshold === null) return true;
  const { subscriptionId, generation } = entry;
  const fires = async () => {
    const stored = await ports.rearmStates.find(subscriptionId);
    return firings(threshold, [stepOf(occurrence)], { generation, state: stored?.body }).fired.length > 0;
  };
  return unlessUnreadable(ports, subscriptionId, fires, false);
};

/**
 * Applies one step to the state of one subscription, once, also when several watches do: firing disarms it,
 * the re-arm level arms it again. A step that fires is applied only once its delivery is durably queued.
 */
export const applyStep = async (
  ports: WatchPorts,
  entry: FoundEntry,
  occurrence: ValueOccurrence,
): Promise<void> => {
  const { subscriptionId, generation } = entry;
  const threshold = thresholdOf(entry);
  if (threshold === null) return;
  const apply = () =>
    ports.rearmStates.update(
      subscriptionId,
      (state) => firings(threshold, [stepOf(occurrence)], { generation, state }).state,
    );
  await unlessUnreadable(ports, subscriptionId, apply, undefined);
};
