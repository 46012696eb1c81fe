/** Data keys of callback URLs, made and decrypted by AWS KMS. */

import { callbackUrlContext, sealingKeyContext } from '../callback-context.ts';
import { AwsRefusal } from '../runtime/aws-client.ts';
import type { AwsClient } from '../runtime/aws-services.ts';
import { ConnectorError } from '../runtime/errors.ts';

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

const required = (value: string | undefined, operation: string): string => {
  if (!value) throw new KeysUnavailable(`KMS answered ${operation} without a key.`);
  return value;
};

/** A data key, encrypted by KMS for two uses; base64. */
export interface WrappedKey {
  /** Stored beside each URL that it seals. */
  readonly forOpening: string;
  /** Stored once, while the key is in use for sealing. */
  readonly forSealing: string;
}

/** A data key that is new. @throws KeysUnavailable */
export const makeDataKey = async (
  kms: AwsClient<'kms'>,
  keyId: string,
): Promise<{ readonly plain: Uint8Array; readonly wrapped: WrappedKey }> => {
  const made = await kms('GenerateDataKey', {
    KeyId: keyId,
    KeySpec: 'AES_256',
    EncryptionContext: callbackUrlContext,
  }).catch(keysAway);
  const plain = required(made.Plaintext, 'GenerateDataKey');
  const { CiphertextBlob } = await kms('Encrypt', {
    KeyId: keyId,
    Plaintext: plain,
    EncryptionContext: sealingKeyContext,
  }).catch(keysAway);
  return {
    plain: Buffer.from(plain, 'base64'),
    wrapped: {
      forOpening: required(made.CiphertextBlob, 'GenerateDataKey'),
      forSealing: required(CiphertextBlob, 'Encrypt'),
    },
  };
};

/** @throws KeysUnavailable */
export const decryptDataKey = async (
  kms: AwsClient<'kms'>,
  keyId: string,
  encrypted: string,
  context: typeof callbackUrlContext | typeof sealingKeyContext,
): Promise<Uint8Array> => {
  const { Plaintext } = await kms('Decrypt', {
    KeyId: keyId,
    CiphertextBlob: encrypted,
    EncryptionContext: context,
  }).catch(keysAway);
  return Buffer.from(required(Plaintext, 'Decrypt'), 'base64');
};

/** Whether KMS says that it never encrypted this text with this key and context, so that trying again is useless. */
export const isNoKeyOfOurs = (error: unknown): boolean =>
  error instanceof KeysUnavailable &&
  error.cause instanceof AwsRefusal &&
  error.cause.code === 'InvalidCiphertextException';
