import { expect } from 'vitest';
import { readWatchMessage, type WatchMessage } from '../../../lambda/store/watch-message.ts';

/** A message of the watch queue that asks for looks. */
export const readLook = (body: string): WatchMessage => {
  const message = readWatchMessage(body);
  return 'instanceIds' in message ? message : expect.fail('it asks for something else');
};
