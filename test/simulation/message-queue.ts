/**
 * A queue as SQS promises it: at least once, in no certain order, with delays, visibility time-outs and dead
 * letters.
 */
import { checkMessageSize, type Outgoing, QueueUnavailable, type Send } from '../../lambda/runtime/queue.ts';
import type { Host, Surroundings } from './host.ts';

export interface Received {
  readonly id: string;
  readonly body: string;
  /** By the queue's own clock, which is right. */
  readonly sentAt: number;
  readonly receives: number;
}

interface Message {
  readonly id: string;
  readonly body: string;
  readonly sentAt: number;
  visibleAt: number;
  receives: number;
}

export interface MessageQueue {
  readonly name: string;
  /** At the queue's own end, at this moment. */
  readonly put: (message: Outgoing) => void;
  /** Up to `most` of the messages that are visible; each stays invisible for the visibility time-out. */
  readonly receive: (most: number) => readonly Received[];
  readonly remove: (id: string) => void;
  readonly onVisible: (listener: () => void) => void;
  readonly size: () => number;
}

export interface QueueRules {
  readonly visibilityMs: number;
  readonly maximumReceives: number;
  /** Where a message goes after its last receive. */
  readonly deadLetters?: Pick<MessageQueue, 'put'>;
}

/**
 * Each of a waiting delivery's messages is sent anew for a day, so duplicates of duplicates would grow beyond
 * measure.
 */
const mostDuplicates = 40;

export const createQueue = (
  name: string,
  { visibilityMs, maximumReceives, deadLetters }: QueueRules,
  { scheduler, trace, chance, rates }: Surroundings,
  onPut: (body: string) => void,
): MessageQueue => {
  const messages = new Map<string, Message>();
  const listeners: (() => void)[] = [];
  let sent = 0;
  let duplicates = 0;
  const wakeAt = (message: Message) => {
    scheduler.after(message.visibleAt - scheduler.now(), () => {
      if (messages.has(message.id)) for (const listener of listeners) listener();
    });
  };
  const add = (body: string, delayMs: number) => {
    sent += 1;
    const late = chance.happens(rates().late);
    if (late) trace.count(`${name} message late`);
    const travel = late ? chance.within(1_000, 60_000) : chance.within(2, 30);
    const message = {
      id: `${name}-${sent}`,
      body,
      sentAt: scheduler.now(),
      visibleAt: scheduler.now() + delayMs + travel,
      receives: 0,
    };
    messages.set(message.id, message);
    wakeAt(message);
  };
  const duplicate = (body: string, delayMs: number) => {
    if (duplicates === mostDuplicates || !chance.happens(rates().duplicate)) return;
    duplicates += 1;
    trace.count(`${name} message twice`);
    add(body, delayMs);
  };
  return {
    name,
    size: () => messages.size,
    onVisible: (listener) => listeners.push(listener),
    put({ body, delaySeconds = 0 }) {
      if (delaySeconds > 900) throw new RangeError('SQS delays a message by 900 s at most.');
      if (Buffer.byteLength(body) > 256 * 1024) throw new RangeError('A message has at most 256 KB.');
      onPut(body);
      add(body, delaySeconds * 1000);
      duplicate(body, delaySeconds * 1000);
    },
    receive(most) {
      const visible = [...messages.values()].filter(({ visibleAt }) => visibleAt <= scheduler.now());
      const received: Received[] = [];
      for (const message of chance.shuffled(visible)) {
        if (received.length === most) break;
        if (message.receives >= maximumReceives) {
          messages.delete(message.id);
          deadLetters?.put(message);
          trace.count(`${name} dead letters by receives`);
          trace.add(`${message.id} is a dead letter after ${message.receives} receives`);
          continue;
        }
        message.receives += 1;
        message.visibleAt = scheduler.now() + visibilityMs;
        wakeAt(message);
        const { id, body, sentAt, receives } = message;
        received.push({ id, body, sentAt, receives });
      }
      return received;
    },
    remove(id) {
      const message = messages.get(id);
      if (!message) return;
      messages.delete(id);
      // A server that was away during the deletion may hand the message out once more.
      duplicate(message.body, chance.within(0, 600_000));
    },
  };
};

/**
 * The queue as a host sends to it: each message of a call may be taken or not, whatever the caller is told.
 */
export const sendFrom =
  (host: Host, queue: Pick<MessageQueue, 'name' | 'put'>, { chance }: Surroundings): Send =>
  async (messages) => {
    messages.forEach(checkMessageSize);
    let taken = 0;
    const batches: Outgoing[][] = [];
    for (let index = 0; index < messages.length; index += 10)
      batches.push(messages.slice(index, index + 10) as Outgoing[]);
    return batches.reduce(
      (before, batch) =>
        before.then(() =>
          host.call({
            port: 'queue',
            what: `${queue.name} ${batch.length}`,
            effect: async () => {
              for (const message of batch) queue.put(message);
              taken += batch.length;
            },
            failure: () => {
              // Refused in part: some of the batch lie in the queue all the same.
              if (taken === 0 && batch.length > 1 && chance.happens(0.5))
                for (const message of batch.slice(0, chance.whole(1, batch.length - 1))) queue.put(message);
              return new QueueUnavailable(`The queue did not take ${batch.length} messages.`);
            },
          }),
        ),
      Promise.resolve(),
    );
  };
