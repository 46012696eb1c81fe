import type {
  CreationAnswer,
  LimiterStore,
  ListCreation,
  ReplacementAnswer,
  SlotReplacement,
} from './store.ts';
import type { LimiterTime } from './window.ts';

/**
 * Keeps the lists in this process: for simulation, where a million calls have to be quick. It never deletes a
 * list.
 */
export const memoryLimiterStore = (): LimiterStore => {
  const lists = new Map<string, readonly LimiterTime[]>();

  return {
    async replace(replacement: SlotReplacement): Promise<ReplacementAnswer> {
      const times = lists.get(replacement.id);
      const taken = times?.[replacement.slot];
      if (times === undefined || taken === undefined || taken > replacement.notAfter)
        return { replaced: false, times };
      const next = times.toSpliced(replacement.slot, 1);
      next.push(replacement.time);
      lists.set(replacement.id, next);
      return { replaced: true, times: next };
    },

    async create(creation: ListCreation): Promise<CreationAnswer> {
      const times = lists.get(creation.id);
      if (times !== undefined) return { created: false, times };
      lists.set(creation.id, creation.times);
      return { created: true };
    },
  };
};
