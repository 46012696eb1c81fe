/** Planted faults that write one thing before another that must come first. */
import type { Outgoing } from '../../lambda/runtime/queue.ts';
import type { WatchPorts } from '../../lambda/watch/watch.ts';

/** Messages are held back until the next `release`. */
export const heldBack = (send: (messages: readonly Outgoing[]) => Promise<void>) => {
  let held: Outgoing[] = [];
  return {
    send: async (messages: readonly Outgoing[]) => {
      held.push(...messages);
    },
    release: async () => {
      const messages = held;
      held = [];
      if (messages.length > 0) await send(messages);
    },
  };
};

/** What was sent is queued only once something else was written. */
const queuedAfter =
  (after: (ports: WatchPorts, release: () => Promise<void>) => Partial<WatchPorts>) =>
  (ports: WatchPorts): WatchPorts => {
    const held = heldBack(ports.sendDelivery);
    return { ...ports, sendDelivery: held.send, ...after(ports, held.release) };
  };

export const cursorBeforeQueue = queuedAfter(({ cursors }, release) => ({
  cursors: {
    ...cursors,
    async save(...saved) {
      const done = await cursors.save(...saved);
      await release();
      return done;
    },
  },
}));

export const positionBeforeQueue = queuedAfter(({ fanOuts, ledger }, release) => ({
  fanOuts: {
    ...fanOuts,
    async save(...saved) {
      const done = await fanOuts.save(...saved);
      await release();
      return done;
    },
    async remove(...removed) {
      const done = await fanOuts.remove(...removed);
      await release();
      return done;
    },
  },
  ledger: {
    ...ledger,
    async record(...recorded) {
      await release();
      return ledger.record(...recorded);
    },
  },
}));

export const recordedBeforeQueue = queuedAfter(({ ledger }, release) => ({
  ledger: {
    ...ledger,
    async record(...recorded) {
      await ledger.record(...recorded);
      await release();
    },
  },
}));
