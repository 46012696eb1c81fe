import { flag, listOf, oneOf, shape, text } from '../runtime/shape.ts';
import { messageReader } from './message-reader.ts';

/** What lies in the watch queue: instances to look at. */
export interface WatchMessage {
  readonly v: 1;
  readonly instanceIds: readonly string[];
  /** A job was running at the last look: look again soon. */
  readonly busy: boolean;
}

export const readWatchMessage = messageReader<WatchMessage>(
  'watch',
  1,
  shape<WatchMessage>({ v: oneOf(1), instanceIds: listOf(text), busy: flag }),
);
