/** A callback URL as it is stored: AES-256-GCM with a data key of AWS KMS, bound to its subscription. */

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { callbackUrlContext } from '../callback-context.ts';
import type { AwsClient } from '../runtime/aws-services.ts';
import { createCache } from '../runtime/cache.ts';
import { ConnectorError } from '../runtime/errors.ts';
import type { SubscriptionId } from '../runtime/ids.ts';
import { minuteMs } from '../runtime/time.ts';

export interface SealedUrl {
  /** The data key, encrypted by KMS; base64. */
  readonly dataKey: string;
  /** base64: 12 bytes of nonce, 16 of tag, then the ciphertext. */
  readonly sealed: string;
}

export interface CallbackCipher {
  seal(url: string, subscription: SubscriptionId): Promise<SealedUrl>;
  /** @throws KeysUnavailable, or another error when the text was not sealed for this subscription */
  open(sealed: SealedUrl, subscription: SubscriptionId): Promise<string>;
}

/** A data key is used for sealing at most this long (ms) and this often; then KMS generates another one. */
const dataKeyLifetimeMs = 5 * minuteMs;
const dataKeyUses = 10_000;
/**
 * How many decrypted data keys are kept, the last used ones: about 10 MB. Most subscriptions have a data key of their own,
 * and to decrypt one costs more than all other requests of a delivery.
 */
export const openedKeys = 20_000;

const nonceBytes = 12;
const tagBytes = 16;

/** KMS did not give a data key. Nothing was sealed or opened. To an HTTP caller a 503. */
export class KeysUnavailable extends ConnectorError<'KeysUnavailable'> {
  constructor(message: string, options?: ErrorOptions) {
    super('KeysUnavailable', message, options);
  }
}

const keysAway = (cause: unknown): never => {
  throw new KeysUnavailable(
    'The key service did not give the key of a callback URL. Try again in a moment.',
    {
      cause,
    },
  );
};

export const createCallbackCipher = (
  kms: AwsClient<'kms'>,
  keyId: string,
  now: () => number,
): CallbackCipher => {
  let current: { plain: Uint8Array; encrypted: string; until: number; uses: number } | undefined;
  const opened = createCache<Uint8Array>({ now, capacity: openedKeys });

  const sealingKey = async () => {
    if (!current || current.until <= now() || current.uses >= dataKeyUses) {
      const { Plaintext, CiphertextBlob } = await kms('GenerateDataKey', {
        KeyId: keyId,
        KeySpec: 'AES_256',
        EncryptionContext: callbackUrlContext,
      }).catch(keysAway);
      if (!Plaintext || !CiphertextBlob)
        throw new KeysUnavailable('KMS answered GenerateDataKey without a key.');
      current = {
        plain: Buffer.from(Plaintext, 'base64'),
        encrypted: CiphertextBlob,
        until: now() + dataKeyLifetimeMs,
        uses: 0,
      };
    }
    current.uses += 1;
    return current;
  };

  const decrypted = async (encrypted: string) => {
    const { Plaintext } = await kms('Decrypt', {
      KeyId: keyId,
      CiphertextBlob: encrypted,
      EncryptionContext: callbackUrlContext,
    }).catch(keysAway);
    if (!Plaintext) throw new KeysUnavailable('KMS answered Decrypt without a key.');
    return Buffer.from(Plaintext, 'base64');
  };
  const openingKey = (encrypted: string) => opened.get(encrypted, () => decrypted(encrypted));

  return {
    async seal(url, subscription) {
      const key = await sealingKey();
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key.plain, nonce).setAAD(Buffer.from(subscription));
      const text = Buffer.concat([cipher.update(url, 'utf8'), cipher.final()]);
      return {
        dataKey: key.encrypted,
        sealed: Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64'),
      };
    },
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
