import type { FairShare } from './fair-share.ts';
import { OrderedHeap } from './ordered-heap.ts';

export interface FairOrderOptions<Slot> {
  readonly before: (a: Slot, b: Slot) => boolean;
  /** False for a released slot, which is dropped when it is reached. */
  readonly isValid: (slot: Slot, nowMs: number) => boolean;
  /** The tenant of a slot. */
  readonly groupOf: (slot: Slot) => string | undefined;
  readonly share: FairShare;
}

/** Slots in their order, except those of noisy tenants, which are used when there is no other. */
export class FairOrder<Slot> {
  readonly #options: FairOrderOptions<Slot>;
  #quiet: OrderedHeap<Slot>;
  /** Slots of noisy tenants that have been reached. */
  readonly #postponed = new Map<string, OrderedHeap<Slot>>();

  constructor(options: FairOrderOptions<Slot>) {
    this.#options = options;
    this.#quiet = new OrderedHeap(options.before);
  }

  add(slot: Slot): void {
    this.#quiet.add(slot);
  }

  clear(): void {
    this.#quiet = new OrderedHeap(this.#options.before);
    this.#postponed.clear();
  }

  first(nowMs: number): Slot | undefined {
    return this.#firstOf(this.#heapToServe(nowMs), nowMs);
  }

  take(nowMs: number): Slot | undefined {
    const heap = this.#heapToServe(nowMs);
    const slot = this.#firstOf(heap, nowMs);
    heap.take();
    return slot;
  }

  /**
   * Where the next one is taken from: the quiet tenants, else the noisy one with the fewest messages in
   * flight.
   */
  #heapToServe(nowMs: number): OrderedHeap<Slot> {
    const { share, groupOf } = this.#options;
    this.#readmit(nowMs);
    for (;;) {
      const slot = this.#firstOf(this.#quiet, nowMs);
      if (slot === undefined) break;
      const group = groupOf(slot);
      if (group === undefined || !share.isNoisy(group, nowMs)) return this.#quiet;
      this.#quiet.take();
      this.#heapOf(group).add(slot);
    }
    const [fewest] = [...this.#postponed]
      .filter(([, heap]) => this.#firstOf(heap, nowMs) !== undefined)
      .sort(([a], [b]) => share.inFlightOf(a) - share.inFlightOf(b));
    return fewest?.[1] ?? this.#quiet;
  }

  /** Moves slots of tenants that are no longer noisy back to the others. */
  #readmit(nowMs: number): void {
    for (const [group, heap] of this.#postponed) {
      if (this.#options.share.isNoisy(group, nowMs)) continue;
      this.#postponed.delete(group);
      for (let slot = heap.take(); slot !== undefined; slot = heap.take()) {
        this.#quiet.add(slot);
      }
    }
  }

  #heapOf(group: string): OrderedHeap<Slot> {
    const heap = this.#postponed.get(group) ?? new OrderedHeap<Slot>(this.#options.before);
    this.#postponed.set(group, heap);
    return heap;
  }

  #firstOf(heap: OrderedHeap<Slot>, nowMs: number): Slot | undefined {
    for (let slot = heap.first(); slot !== undefined; slot = heap.first()) {
      if (this.#options.isValid(slot, nowMs)) return slot;
      heap.take();
    }
    return undefined;
  }
}
