import { FairOrder } from './fair-order.ts';
import { FairShare } from './fair-share.ts';
import { OrderedHeap } from './ordered-heap.ts';
import type { QueueSettings } from './queue-settings.ts';

export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  /** Base64. */
  readonly BinaryValue?: string;
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

export interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  /** Who sent it. In AWS the sender's IAM id; nothing here reads it. */
  readonly senderId: string;
  /** The tenant it belongs to, for a fair share of the consumers. */
  readonly group?: string;
  /** Kept when the message moves to a dead-letter queue, so that its retention runs on. */
  readonly sentAtMs: number;
  /** ARN of the queue that a dead letter came from. */
  readonly deadLetterSource?: string;
}

export interface ReceivedMessage extends Message {
  readonly receiptHandle: string;
  /** This receive included. */
  readonly receiveCount: number;
  readonly firstReceivedAtMs: number;
}

export interface StoredMessage extends Message {
  readonly state: 'visible' | 'in flight' | 'delayed';
  readonly receiveCount: number;
  /** When it is visible again (ms); in the past when visible. */
  readonly visibleAtMs: number;
}

/** A message without remaining receives, with the data that moves to the dead-letter queue. */
export interface ExhaustedMessage {
  readonly message: Message;
  readonly receiveCount: number;
}

export interface MessageCounts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

export type DeleteOutcome = 'deleted' | 'superseded' | 'already deleted' | 'invalid handle';
export type VisibilityOutcome = 'changed' | 'not in flight' | 'beyond 12 hours' | 'invalid handle';

interface Entry {
  readonly message: Message;
  readonly order: number;
  inFlight: boolean;
  visibleAtMs: number;
  /** The number of its valid slot. */
  slot: number;
  receiveCount: number;
  /** Receives of this queue; part of the receipt handle, so that an earlier handle differs from the last. */
  receipts: number;
  firstReceivedAtMs: number | undefined;
  /** When the present receive happened; the 12 hours of visibility count from here. */
  receivedAtMs: number;
}

/**
 * A slot in an order of visibility. It is void once the entry has been given a later slot, was taken or is
 * gone.
 */
interface Slot {
  readonly entry: Entry;
  readonly atMs: number;
  readonly number: number;
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html */
const longestVisibilityMs = 12 * 60 * 60 * 1_000;

const earlier = (a: Slot, b: Slot): boolean =>
  a.atMs < b.atMs || (a.atMs === b.atMs && a.entry.order < b.entry.order);

/**
 * One standard queue: state and rules, without I/O. Each call takes the time (ms since the Unix epoch), which
 * never goes back.
 */
export class QueueState {
  settings: QueueSettings;
  readonly #entries = new Map<string, Entry>();
  readonly #waiting = new OrderedHeap<Slot>(earlier);
  readonly #share = new FairShare();
  readonly #visible = new FairOrder<Slot>({
    before: earlier,
    isValid: (slot, nowMs) => this.#isValid(slot, nowMs),
    groupOf: ({ entry }) => entry.message.group,
    share: this.#share,
  });
  #order = 0;

  constructor(settings: QueueSettings) {
    this.settings = settings;
  }

  /** `delaySeconds` overrides the queue's own. */
  send(message: Message, nowMs: number, delaySeconds: number = this.settings.delaySeconds): void {
    this.#insert(message, nowMs, nowMs + delaySeconds * 1_000, 0);
  }

  /** Takes in a dead letter, which is visible at once and keeps the count of its receives. */
  admit({ message, receiveCount }: ExhaustedMessage, nowMs: number): void {
    this.#insert(message, nowMs, nowMs, receiveCount);
  }

  /** Up to `max` visible messages, hidden from now on; and those that go to the dead-letter queue instead. */
  receive(
    max: number,
    nowMs: number,
    visibilitySeconds: number = this.settings.visibilityTimeoutSeconds,
  ): { readonly received: readonly ReceivedMessage[]; readonly exhausted: readonly ExhaustedMessage[] } {
    const taken: Entry[] = [];
    const exhausted: ExhaustedMessage[] = [];
    const { redrive } = this.settings;
    while (taken.length < max) {
      const entry = this.#takeReady(nowMs);
      if (entry === undefined) break;
      if (redrive !== undefined && entry.receiveCount >= redrive.maxReceiveCount) {
        this.#remove(entry);
        exhausted.push({ message: entry.message, receiveCount: entry.receiveCount });
      } else {
        entry.inFlight = true;
        this.#share.received(entry.message.group);
        taken.push(entry);
      }
    }
    const received = taken.map((entry) => {
      entry.receiveCount += 1;
      entry.receipts += 1;
      entry.firstReceivedAtMs ??= nowMs;
      entry.receivedAtMs = nowMs;
      this.#hideUntil(entry, nowMs + visibilitySeconds * 1_000);
      return {
        ...entry.message,
        receiptHandle: `${entry.message.id}:${entry.receipts}`,
        receiveCount: entry.receiveCount,
        firstReceivedAtMs: entry.firstReceivedAtMs,
      };
    });
    return { received, exhausted };
  }

  /** Only the handle of the last receive deletes. A handle stays good after its visibility has run out. */
  delete(receiptHandle: string): DeleteOutcome {
    const receipt = parseHandle(receiptHandle);
    if (receipt === undefined) return 'invalid handle';
    const entry = this.#entries.get(receipt.id);
    if (entry === undefined) return 'already deleted';
    if (entry.receipts !== receipt.number) return 'superseded';
    this.#remove(entry);
    return 'deleted';
  }

  changeVisibility(receiptHandle: string, seconds: number, nowMs: number): VisibilityOutcome {
    const receipt = parseHandle(receiptHandle);
    if (receipt === undefined) return 'invalid handle';
    const entry = this.#entries.get(receipt.id);
    if (entry === undefined || entry.receipts !== receipt.number || entry.visibleAtMs <= nowMs)
      return 'not in flight';
    const untilMs = nowMs + seconds * 1_000;
    if (untilMs - entry.receivedAtMs > longestVisibilityMs) return 'beyond 12 hours';
    this.#hideUntil(entry, untilMs);
    return 'changed';
  }

  /** Takes out up to `max` visible messages permanently, as a move task does. */
  takeOut(max: number, nowMs: number): readonly Message[] {
    const out: Message[] = [];
    for (
      let entry = this.#peekReady(nowMs);
      entry !== undefined && out.length < max;
      entry = this.#peekReady(nowMs)
    ) {
      this.#remove(entry);
      out.push(entry.message);
    }
    return out;
  }

  purge(): void {
    this.#entries.clear();
    this.#visible.clear();
    this.#share.clear();
  }

  hasVisible(nowMs: number): boolean {
    return this.#peekReady(nowMs) !== undefined;
  }

  /** When the next hidden message becomes visible (ms); undefined when none is hidden. */
  nextVisibleAtMs(nowMs: number): number | undefined {
    this.#wakeUp(nowMs);
    return this.#waiting.first()?.atMs;
  }

  counts(nowMs: number): MessageCounts {
    const states = this.messages(nowMs).map(({ state }) => state);
    const count = (wanted: StoredMessage['state']) => states.filter((state) => state === wanted).length;
    return { visible: count('visible'), inFlight: count('in flight'), delayed: count('delayed') };
  }

  /** All messages, in the order of their arrival. */
  messages(nowMs: number): readonly StoredMessage[] {
    return [...this.#entries.values()]
      .filter((entry) => this.#isAlive(entry, nowMs))
      .map((entry) => ({
        ...entry.message,
        state: entry.visibleAtMs <= nowMs ? 'visible' : entry.receipts > 0 ? 'in flight' : 'delayed',
        receiveCount: entry.receiveCount,
        visibleAtMs: entry.visibleAtMs,
      }));
  }

  #insert(message: Message, nowMs: number, visibleAtMs: number, receiveCount: number): void {
    const entry: Entry = {
      message,
      order: this.#order++,
      inFlight: false,
      visibleAtMs,
      slot: 0,
      receiveCount,
      receipts: 0,
      firstReceivedAtMs: undefined,
      receivedAtMs: 0,
    };
    this.#entries.set(message.id, entry);
    this.#share.sent(message.group, nowMs);
    this.#hideUntil(entry, visibleAtMs);
  }

  #hideUntil(entry: Entry, atMs: number): void {
    entry.visibleAtMs = atMs;
    entry.slot += 1;
    this.#waiting.add({ entry, atMs, number: entry.slot });
  }

  /** Moves newly visible messages to the ready messages. */
  #wakeUp(nowMs: number): void {
    for (let slot = this.#waiting.first(); slot !== undefined; slot = this.#waiting.first()) {
      if (!this.#isValid(slot, nowMs)) {
        this.#waiting.take();
      } else if (slot.atMs <= nowMs) {
        this.#waiting.take();
        this.#land(slot.entry);
        this.#visible.add(slot);
      } else {
        return;
      }
    }
  }

  #peekReady(nowMs: number): Entry | undefined {
    this.#wakeUp(nowMs);
    return this.#visible.first(nowMs)?.entry;
  }

  #takeReady(nowMs: number): Entry | undefined {
    this.#wakeUp(nowMs);
    const entry = this.#visible.take(nowMs)?.entry;
    if (entry !== undefined) entry.slot += 1;
    return entry;
  }

  /** The entry is no longer in flight. */
  #land(entry: Entry): void {
    if (entry.inFlight) {
      entry.inFlight = false;
      this.#share.ended(entry.message.group);
    }
  }

  #remove(entry: Entry): void {
    this.#land(entry);
    if (this.#entries.delete(entry.message.id)) this.#share.removed(entry.message.group);
  }

  #isValid({ entry, number }: Slot, nowMs: number): boolean {
    return entry.slot === number && this.#isAlive(entry, nowMs);
  }

  /** Forgets the entry when its retention is over. */
  #isAlive(entry: Entry, nowMs: number): boolean {
    if (this.#entries.get(entry.message.id) !== entry) return false;
    const alive = entry.message.sentAtMs + this.settings.retentionSeconds * 1_000 > nowMs;
    if (!alive) this.#remove(entry);
    return alive;
  }
}

const parseHandle = (handle: string): { readonly id: string; readonly number: number } | undefined => {
  const match = /^(.+):([1-9]\d*)$/.exec(handle);
  return match?.[1] === undefined ? undefined : { id: match[1], number: Number(match[2]) };
};
