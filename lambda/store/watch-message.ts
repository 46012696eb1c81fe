import { type Check, flag, listOf, oneOf, shape, text } from '../runtime/shape.ts';
import { messageReader } from './message-reader.ts';

/** Instances to look at. */
export interface WatchMessage {
  readonly v: 1;
  readonly instanceIds: readonly string[];
  /** A job was running at the last look: look again soon. */
  readonly busy: boolean;
}

/**
 * An event with more subscriptions than a look sends to: the next part of them. Where the work stands is in
 * the table (fan-outs.ts), so a message that is lost, repeated or late changes nothing.
 */
export interface FanOutMessage {
  readonly v: 1;
  readonly fanOut: { readonly instanceId: string; readonly eventId: string };
}

/** The messages of the watch queue. */
export type WatchQueueMessage = WatchMessage | FanOutMessage;

const look = shape<WatchMessage>({ v: oneOf(1), instanceIds: listOf(text), busy: flag });
const fanOut = shape<FanOutMessage>({
  v: oneOf(1),
  fanOut: shape<FanOutMessage['fanOut']>({ instanceId: text, eventId: text }),
});

const either: Check = (value, field) =>
  typeof value === 'object' && value !== null && 'fanOut' in value
    ? fanOut(value, field)
    : look(value, field);

export const readWatchMessage = messageReader<WatchQueueMessage>('watch', 1, either);
