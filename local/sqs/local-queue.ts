import type { LocalClock } from '../clock.ts';
import type { QueueSettings } from './queue-settings.ts';
import {
  type DeleteOutcome,
  type ExhaustedMessage,
  type Message,
  type MessageAttributes,
  type MessageCounts,
  QueueState,
  type ReceivedMessage,
  type StoredMessage,
  type VisibilityOutcome,
} from './queue-state.ts';

export interface LocalQueueOptions {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  readonly settings: QueueSettings;
  readonly clock: LocalClock;
  readonly newId: () => string;
  /** Finds the queue that a redrive policy names. */
  readonly findByArn: (arn: string) => LocalQueue | undefined;
}

export interface PollRequest {
  readonly max: number;
  readonly waitSeconds: number;
  readonly visibilitySeconds?: number | undefined;
  readonly aborted: AbortSignal;
}

/** A queue in this process: its state, the clock that wakes it, and the receivers that wait for messages. */
export class LocalQueue {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  readonly createdAtMs: number;
  modifiedAtMs: number;
  readonly #state: QueueState;
  readonly #clock: LocalClock;
  readonly #newId: () => string;
  readonly #findByArn: (arn: string) => LocalQueue | undefined;
  readonly #listeners = new Set<() => void>();
  /** Long polls, first come first served: how each tries to receive, and how each ends. */
  readonly #polls = new Set<() => void>();
  readonly #endPolls = new Set<() => void>();
  #cancelTimer: () => void = () => undefined;

  constructor(options: LocalQueueOptions) {
    this.name = options.name;
    this.arn = options.arn;
    this.url = options.url;
    this.#clock = options.clock;
    this.#newId = options.newId;
    this.#findByArn = options.findByArn;
    this.#state = new QueueState(options.settings);
    this.createdAtMs = options.clock.now();
    this.modifiedAtMs = this.createdAtMs;
  }

  get settings(): QueueSettings {
    return this.#state.settings;
  }

  /** How many receives are waiting for a message. */
  get longPolls(): number {
    return this.#polls.size;
  }

  configure(settings: QueueSettings): void {
    this.#state.settings = settings;
    this.modifiedAtMs = this.#clock.now();
    this.#announce();
  }

  /** Sends a message within this process; the API checks its own limits. */
  send(
    body: string,
    options: {
      readonly delaySeconds?: number | undefined;
      readonly attributes?: MessageAttributes;
      readonly senderId?: string;
      readonly group?: string;
    } = {},
  ): Message {
    const now = this.#clock.now();
    const message: Message = {
      id: this.#newId(),
      body,
      attributes: options.attributes ?? {},
      senderId: options.senderId ?? 'local',
      ...(options.group !== undefined && { group: options.group }),
      sentAtMs: now,
    };
    this.#state.send(message, now, options.delaySeconds);
    this.#announce();
    return message;
  }

  /** Up to `max` messages that are visible now. Those out of receives go to the dead-letter queue. */
  receive(max: number, visibilitySeconds?: number): readonly ReceivedMessage[] {
    const { received, exhausted } = this.#state.receive(max, this.#clock.now(), visibilitySeconds);
    this.#setTimer();
    for (const message of exhausted) {
      this.#bury(message);
    }
    return received;
  }

  /**
   * Receives, waiting up to `waitSeconds` of the clock's time for the first message. Empty when the wait ends
   * or is aborted.
   */
  poll({ max, waitSeconds, visibilitySeconds, aborted }: PollRequest): Promise<readonly ReceivedMessage[]> {
    const atOnce = this.receive(max, visibilitySeconds);
    if (atOnce.length > 0 || waitSeconds === 0 || aborted.aborted) return Promise.resolve(atOnce);
    return new Promise((resolve) => {
      const finish = (messages: readonly ReceivedMessage[]): void => {
        this.#polls.delete(attempt);
        this.#endPolls.delete(giveUp);
        aborted.removeEventListener('abort', giveUp);
        cancelWait();
        resolve(messages);
      };
      const attempt = (): void => {
        const messages = this.receive(max, visibilitySeconds);
        if (messages.length > 0) finish(messages);
      };
      const giveUp = (): void => finish([]);
      const cancelWait = this.#clock.at(this.#clock.now() + waitSeconds * 1_000, giveUp);
      this.#polls.add(attempt);
      this.#endPolls.add(giveUp);
      aborted.addEventListener('abort', giveUp);
    });
  }

  delete(receiptHandle: string): DeleteOutcome {
    const outcome = this.#state.delete(receiptHandle);
    this.#setTimer();
    return outcome;
  }

  /** Hides an in-flight message for `seconds` from now; 0 makes it visible at once. */
  changeVisibility(receiptHandle: string, seconds: number): VisibilityOutcome {
    const outcome = this.#state.changeVisibility(receiptHandle, seconds, this.#clock.now());
    this.#announce();
    return outcome;
  }

  /**
   * Calls back whenever a message may have become visible: sent, its delay or visibility over, redriven. Long
   * polls come first. Called synchronously, so that work begun in it is in flight before the clock looks.
   * Returns a function that ends it.
   */
  onAvailable(callback: () => void): () => void {
    // A new function each time, so that the same callback can be registered twice.
    const listener = (): void => callback();
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  counts(): MessageCounts {
    return this.#state.counts(this.#clock.now());
  }

  /** Every message in the queue, in the order of arrival. */
  messages(): readonly StoredMessage[] {
    return this.#state.messages(this.#clock.now());
  }

  purge(): void {
    this.#state.purge();
    this.#setTimer();
  }

  /** Takes out up to `max` visible messages for a move task. */
  takeOut(max: number): readonly Message[] {
    const messages = this.#state.takeOut(max, this.#clock.now());
    this.#setTimer();
    return messages;
  }

  /** Takes in a dead letter. */
  admit(dead: ExhaustedMessage): void {
    this.#state.admit(dead, this.#clock.now());
    this.#announce();
  }

  /** Ends long polls and timers. */
  close(): void {
    this.#cancelTimer();
    this.#listeners.clear();
    for (const end of [...this.#endPolls]) {
      end();
    }
  }

  #bury({ message, receiveCount }: ExhaustedMessage): void {
    const target = this.settings.redrive?.deadLetterTargetArn ?? '';
    const deadLetters = this.#findByArn(target);
    if (deadLetters === undefined)
      throw new Error(`Queue ${this.name} names ${target} as its dead-letter queue, which does not exist.`);
    deadLetters.admit({ message: { ...message, deadLetterSource: this.arn }, receiveCount });
  }

  #announce(): void {
    for (const attempt of this.#polls) {
      if (!this.#state.hasVisible(this.#clock.now())) break;
      attempt();
    }
    this.#setTimer();
    if (this.#state.hasVisible(this.#clock.now())) {
      for (const listener of [...this.#listeners]) {
        listener();
      }
    }
  }

  #setTimer(): void {
    this.#cancelTimer();
    const next = this.#state.nextVisibleAtMs(this.#clock.now());
    this.#cancelTimer = next === undefined ? () => undefined : this.#clock.at(next, () => this.#announce());
  }
}
