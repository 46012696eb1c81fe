import type { FairShare } from './fair-share.ts';
import { OrderedHeap } from './ordered-heap.ts';

export interface FairOrderOptions<Place> {
  readonly before: (a: Place, b: Place) => boolean;
  /** False for a place that has been given up; it is dropped when it comes to light. */
  readonly isValid: (place: Place, nowMs: number) => boolean;
  /** The tenant of a place. */
  readonly groupOf: (place: Place) => string | undefined;
  readonly share: FairShare;
}

/** Places in their order, but for those of noisy tenants: they come when there is no other. */
export class FairOrder<Place> {
  readonly #options: FairOrderOptions<Place>;
  #quiet: OrderedHeap<Place>;
  /** Of noisy tenants, as far as they have come to light. */
  readonly #postponed = new Map<string, OrderedHeap<Place>>();

  constructor(options: FairOrderOptions<Place>) {
    this.#options = options;
    this.#quiet = new OrderedHeap(options.before);
  }

  add(place: Place): void {
    this.#quiet.add(place);
  }

  clear(): void {
    this.#quiet = new OrderedHeap(this.#options.before);
    this.#postponed.clear();
  }

  first(nowMs: number): Place | undefined {
    return this.#firstOf(this.#heapToServe(nowMs), nowMs);
  }

  take(nowMs: number): Place | undefined {
    const heap = this.#heapToServe(nowMs);
    const place = this.#firstOf(heap, nowMs);
    heap.take();
    return place;
  }

  /** Where the next one is taken from: the quiet tenants, else the noisy one with the fewest messages in flight. */
  #heapToServe(nowMs: number): OrderedHeap<Place> {
    const { share, groupOf } = this.#options;
    this.#readmit(nowMs);
    for (;;) {
      const place = this.#firstOf(this.#quiet, nowMs);
      if (place === undefined) break;
      const group = groupOf(place);
      if (group === undefined || !share.isNoisy(group, nowMs)) return this.#quiet;
      this.#quiet.take();
      this.#heapOf(group).add(place);
    }
    const [fewest] = [...this.#postponed]
      .filter(([, heap]) => this.#firstOf(heap, nowMs) !== undefined)
      .sort(([a], [b]) => share.inFlightOf(a) - share.inFlightOf(b));
    return fewest?.[1] ?? this.#quiet;
  }

  /** Puts those of tenants that are noisy no more back among the others. */
  #readmit(nowMs: number): void {
    for (const [group, heap] of this.#postponed) {
      if (this.#options.share.isNoisy(group, nowMs)) continue;
      this.#postponed.delete(group);
      for (let place = heap.take(); place !== undefined; place = heap.take()) {
        this.#quiet.add(place);
      }
    }
  }

  #heapOf(group: string): OrderedHeap<Place> {
    const heap = this.#postponed.get(group) ?? new OrderedHeap<Place>(this.#options.before);
    this.#postponed.set(group, heap);
    return heap;
  }

  #firstOf(heap: OrderedHeap<Place>, nowMs: number): Place | undefined {
    for (let place = heap.first(); place !== undefined; place = heap.first()) {
      if (this.#options.isValid(place, nowMs)) return place;
      heap.take();
    }
    return undefined;
  }
}
