/** Virtual time: nothing happens but what is an event here, in an order that the seed alone decides. */

export interface Scheduler {
  /** True time, ms since the epoch; no host reads it unskewed. */
  readonly now: () => number;
  readonly after: (ms: number, run: () => void) => void;
  readonly sleep: (ms: number) => Promise<void>;
  /**
   * Runs events until none is left, or the next lies beyond `until`.
   * @throws NoRest when that takes more events than are allowed, a million by default: something goes round in circles
   */
  readonly run: (until: number) => Promise<void>;
  /** Run so far. */
  readonly events: () => number;
}

interface Event {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

const before = (a: Event, b: Event) => a.at < b.at || (a.at === b.at && a.order < b.order);

/** A binary heap, the earliest event first. */
const eventHeap = () => {
  const heap: Event[] = [];
  const get = (index: number) => heap[index] as Event;
  return {
    first: () => heap[0],
    push(event: Event) {
      let index = heap.push(event) - 1;
      while (index > 0) {
        const parent = (index - 1) >> 1;
        if (!before(event, get(parent))) break;
        heap[index] = get(parent);
        index = parent;
      }
      heap[index] = event;
    },
    shift() {
      const first = get(0);
      const last = heap.pop() as Event;
      if (heap.length === 0) return first;
      let index = 0;
      for (let child = 1; child < heap.length; child = 2 * index + 1) {
        if (child + 1 < heap.length && before(get(child + 1), get(child))) child += 1;
        if (!before(get(child), last)) break;
        heap[index] = get(child);
        index = child;
      }
      heap[index] = last;
      return first;
    },
  };
};

/** All code that an event has woken runs to its next wait: promises settle before immediates. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

/** The deployment does not come to rest. */
export class NoRest extends Error {
  override readonly name = 'NoRest';
}

/** @param mostEvents more of them are no rest */
export const createScheduler = (start: number, mostEvents = 1_000_000): Scheduler => {
  const heap = eventHeap();
  let now = start;
  let order = 0;
  let events = 0;
  const after = (ms: number, run: () => void) => {
    heap.push({ at: now + Math.max(0, ms), order, run });
    order += 1;
  };
  return {
    now: () => now,
    events: () => events,
    after,
    sleep: (ms) => new Promise((resolve) => after(ms, resolve)),
    async run(until) {
      await settled();
      for (let next = heap.first(); next && next.at <= until; next = heap.first()) {
        heap.shift();
        now = next.at;
        events += 1;
        if (events > mostEvents) throw new NoRest(`More than ${mostEvents} events: no rest in sight.`);
        next.run();
        await settled();
      }
      if (Number.isFinite(until)) now = Math.max(now, until);
    },
  };
};
