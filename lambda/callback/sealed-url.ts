/** A callback URL as it is stored: AES-256-GCM with a data key of AWS KMS, bound to its subscription. */

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { callbackUrlContext } from '../callback-context.ts';
import type { AwsClient } from '../runtime/aws-services.ts';
import { createCache } from '../runtime/cache.ts';
import type { SubscriptionId } from '../runtime/ids.ts';
import { decryptDataKey } from './data-keys.ts';

export interface SealedUrl {
  /** The data key, encrypted by KMS; base64. */
  readonly dataKey: string;
  /** base64: 12 bytes of nonce, 16 of tag, then the ciphertext. */
  readonly sealed: string;
}

export interface CallbackSealer {
  /** @throws KeysUnavailable, StoreUnavailable */
  seal(url: string, subscription: SubscriptionId): Promise<SealedUrl>;
}

export interface CallbackOpener {
  /** @throws KeysUnavailable, or another error when the text was not sealed for this subscription */
  open(sealed: SealedUrl, subscription: SubscriptionId): Promise<string>;
}

export interface CallbackCipher extends CallbackSealer, CallbackOpener {}

/** A data key that seals. Its nonces are random, so that it must seal fewer than 2³² URLs (NIST SP 800-38D, 8.3). */
export interface SealingKey {
  readonly plain: Uint8Array;
  /** As it is stored beside each URL. */
  readonly dataKey: string;
}

/**
 * How many decrypted data keys a process keeps, the last used ones: about 10 MB. Subscriptions of a week share a key
 * (lambda/store/sealing-key.ts); older ones have one each, until their flows are saved again.
 */
export const openedKeys = 20_000;

const nonceBytes = 12;
const tagBytes = 16;

/** @param sealingKey gives the key for each URL */
export const createCallbackSealer = (sealingKey: () => Promise<SealingKey>): CallbackSealer => ({
  async seal(url, subscription) {
    const { plain, dataKey } = await sealingKey();
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', plain, nonce).setAAD(Buffer.from(subscription));
    const text = Buffer.concat([cipher.update(url, 'utf8'), cipher.final()]);
    return { dataKey, sealed: Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64') };
  },
});

export const createCallbackOpener = (
  kms: AwsClient<'kms'>,
  keyId: string,
  now: () => number,
): CallbackOpener => {
  const opened = createCache<Uint8Array>({ now, capacity: openedKeys });
  const openingKey = (encrypted: string) =>
    opened.get(encrypted, () => decryptDataKey(kms, keyId, encrypted, callbackUrlContext));
  return {
    async open({ dataKey, sealed }, subscription) {
      const key = await openingKey(dataKey);
      const bytes = Buffer.from(sealed, 'base64');
      // With the length given, a shortened tag is refused.
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), {
        authTagLength: tagBytes,
      })
        .setAAD(Buffer.from(subscription))
        .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
      return (
        decipher.update(bytes.subarray(nonceBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8')
      );
    },
  };
};
