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
 * Every version takes a message of this queue that it does not know for a look, so what is none says: at no instance. 0.1.0
 * then deletes it, and it is sent again where the table asks for it.
 */
interface NoLook extends WatchMessage {
  readonly instanceIds: readonly [];
  readonly busy: false;
}

/**
 * An event with more subscriptions than a look sends to: the next part of them. Where the work stands is in
 * the table (fan-outs.ts), so a message that is lost, repeated or late changes nothing.
 */
export interface FanOutMessage extends NoLook {
  readonly fanOut: { readonly instanceId: string; readonly eventId: string };
}

/** Something is due in the agenda of troubles (agenda.ts), which says what. */
export interface TroublesMessage extends NoLook {
  readonly troubles: true;
}

export const troublesMessage: TroublesMessage = { v: 1, instanceIds: [], busy: false, troubles: true };

/** The messages of the watch queue. */
export type WatchQueueMessage = WatchMessage | FanOutMessage | TroublesMessage;

const look = shape<WatchMessage>({ v: oneOf(1), instanceIds: listOf(text), busy: flag });
const fanOut = shape<Pick<FanOutMessage, 'v' | 'fanOut'>>({
  v: oneOf(1),
  fanOut: shape<FanOutMessage['fanOut']>({ instanceId: text, eventId: text }),
});

const troubles = shape<Pick<TroublesMessage, 'v' | 'troubles'>>({ v: oneOf(1), troubles: oneOf(true) });

const either: Check = (value, field) => {
  if (typeof value !== 'object' || value === null) return look(value, field);
  if ('fanOut' in value) return fanOut(value, field);
  return 'troubles' in value ? troubles(value, field) : look(value, field);
};

export const readWatchMessage = messageReader<WatchQueueMessage>('watch', 1, either);
