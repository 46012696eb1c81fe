/**
 * A key that the processes of a deployment share and no user knows: `KEY` / name. For a deployment without a client
 * secret, from which this key is derived otherwise.
 */
import { createCache } from '../runtime/cache.ts';
import { recordStore } from './record-store.ts';
import { type Table, untilWritten } from './table.ts';

interface SharedKey {
  /** 192 random bits, base64url. */
  readonly secret: string;
}

/**
 * Reads the key once in a process. The first reader of a deployment makes it.
 * @param newSecret an unguessable text, new each time
 * @throws StoreUnavailable; the next call reads again
 */
export const sharedKey = (table: Table, name: string, newSecret: () => string): (() => Promise<string>) => {
  const keys = recordStore<string, SharedKey>(table, {
    kind: 'shared key',
    schemaVersion: 1,
    key: (sk) => ({ pk: 'KEY', sk }),
  });
  // Without an end of freshness no clock is needed.
  const cache = createCache<string>({ now: () => 0, capacity: 1 });
  const load = () =>
    untilWritten(async () => {
      const stored = await keys.find(name);
      if (stored !== undefined) return stored.body.secret;
      const made = { secret: newSecret() };
      return (await keys.save(name, made, 'absent')) === undefined ? 'overtaken' : made.secret;
    }, `The shared key ${name} was not read: it was written by others each time. Call again.`);
  return () => cache.get(name, load);
};
