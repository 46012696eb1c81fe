import { daySeconds } from '../runtime/time.ts';
import type { LimitPolicy } from './policy.ts';
import type { LimiterStore } from './store.ts';
import { freeSlots, type LimiterTime, neverTaken, unixSeconds } from './window.ts';

export interface SlotOutcome {
  readonly taken: boolean;
  /** The call's time when it took a slot; the time of the refusal when it did not. */
  readonly time: LimiterTime;
  /** The list after the call. */
  readonly times: readonly LimiterTime[];
}

/*
 * The first write fails without a refusal only when the list is new, or when calls of several processes were
 * stored out of order. Each further one fails only when other calls were admitted in between, which the limit
 * itself ends.
 */
const maximumWrites = 20;

/**
 * Deletion comes a day late, so that no clock error smaller than a day can remove a list that still counts.
 */
const deletionDelaySeconds = daySeconds;

/**
 * Takes a slot in the connection's list, or finds that all are taken. Usually one write and no read.
 * @param readTime The clock in limiter time; read again after each lost write, because the answer took time.
 * @throws what the store throws, and Error when every write lost against other calls.
 */
export const takeSlot = async (
  store: LimiterStore,
  policy: LimitPolicy,
  id: string,
  { readTime, random }: { readonly readTime: () => LimiterTime; readonly random: () => number },
): Promise<SlotOutcome> => {
  let slot = 0;
  for (let write = 0; write < maximumWrites; write += 1) {
    const time = readTime();
    const expiresAt = unixSeconds(time + policy.windowMs) + deletionDelaySeconds;
    const notAfter = time - policy.windowMs;
    const answer = await store.replace({ id, slots: policy.limit, slot, notAfter, time, expiresAt });
    if (answer.replaced) return { taken: true, time, times: answer.times };

    let times = answer.times;
    if (times === undefined) {
      const firstList = [...Array<number>(policy.limit - 1).fill(neverTaken), time];
      const creation = await store.create({ id, times: firstList, expiresAt });
      if (creation.created) return { taken: true, time, times: firstList };
      times = creation.times;
    }
    if (times === undefined) continue;

    const later = readTime();
    const free = freeSlots(times, later, policy.windowMs);
    // Any free slot will do. One at random, because all processes that lost this write choose now.
    const chosen = free[Math.floor(random() * free.length)];
    if (chosen === undefined) return { taken: false, time: later, times };
    slot = chosen;
  }
  throw new Error(`${maximumWrites} writes in a row lost against other calls of the same connection.`);
};
