/**
 * The data key that seals callback URLs: `SEAL` / `CURRENT`. The processes of a deployment share it for a week, so that
 * those that open the URLs decrypt few keys. Reasons: docs/decisions/data-keys.md.
 */

import { decryptDataKey, isNoKeyOfOurs, makeDataKey, type WrappedKey } from '../callback/data-keys.ts';
import {
  type CallbackCipher,
  createCallbackOpener,
  createCallbackSealer,
  type SealingKey,
} from '../callback/sealed-url.ts';
import { sealingKeyContext } from '../callback-context.ts';
import type { AwsClient } from '../runtime/aws-services.ts';
import { createCache } from '../runtime/cache.ts';
import { dayMs, hourMs } from '../runtime/time.ts';
import { recordStore } from './record-store.ts';
import { type Table, untilWritten } from './table.ts';

/** Longest time from the making of a key to the last URL that it seals, ms, by the clock of the process that seals. */
export const sealingKeyLifetimeMs = 7 * dayMs;

/** A key that was made later than this, ms, by the own clock, is replaced: its time would not end. */
export const latestAheadMs = hourMs;

interface CurrentKey extends WrappedKey {
  /** Of the key of KMS, without the beginning of its ARN: where it is another one, a new data key is made. */
  readonly keyId: string;
  /** Epoch ms. */
  readonly madeAt: number;
}

const name = 'CURRENT';

/**
 * Gives the key for each URL. A process reads and decrypts it once; the first that finds none, or one of another
 * week or key, makes it.
 * @returns rejects with KeysUnavailable or StoreUnavailable; the next call tries again
 */
export const sharedSealingKey = (
  table: Table,
  kms: AwsClient<'kms'>,
  keyId: string,
  now: () => number,
): (() => Promise<SealingKey>) => {
  const keys = recordStore<typeof name, CurrentKey>(table, {
    kind: 'key that seals callback URLs',
    schemaVersion: 1,
    key: (sk) => ({ pk: 'SEAL', sk }),
  });
  // The functions know its id, operators its ARN.
  const id = keyId.slice(keyId.lastIndexOf('/') + 1);
  const leftOf = ({ madeAt }: CurrentKey) => madeAt + sealingKeyLifetimeMs - now();
  const decrypted = (forSealing: string) =>
    decryptDataKey(kms, keyId, forSealing, sealingKeyContext).catch((error: unknown) => {
      if (isNoKeyOfOurs(error)) return undefined;
      throw error;
    });
  const load = () =>
    untilWritten(async () => {
      const stored = await keys.find(name);
      const body = stored?.body;
      const left = body?.keyId === id ? leftOf(body) : 0;
      if (body !== undefined && left > 0 && left <= sealingKeyLifetimeMs + latestAheadMs) {
        const plain = await decrypted(body.forSealing);
        if (plain !== undefined) return { plain, dataKey: body.forOpening, left };
      }
      const { plain, wrapped } = await makeDataKey(kms, keyId);
      const made = { keyId: id, madeAt: now(), ...wrapped };
      // It seals only once it is written: of several processes that make one, all use the same.
      return (await keys.save(name, made, stored?.version ?? 'absent')) === undefined
        ? 'overtaken'
        : { plain, dataKey: wrapped.forOpening, left: leftOf(made) };
    }, 'The key that seals callback URLs was not read: it was written by others each time. Call again.');
  const cache = createCache<SealingKey & { readonly left: number }>({
    now,
    capacity: 1,
    freshMs: ({ left }) => left,
  });
  return () => cache.get(name, load);
};

/** Seals with the shared key, and opens. */
export const callbackCipher = (
  ...[table, kms, keyId, now]: Parameters<typeof sharedSealingKey>
): CallbackCipher => ({
  ...createCallbackSealer(sharedSealingKey(table, kms, keyId, now)),
  ...createCallbackOpener(kms, keyId, now),
});
