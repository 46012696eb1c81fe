import { randomBytes } from 'node:crypto';
import { AwsRefusal } from '../../../lambda/runtime/aws-client.ts';
import type { AwsClient } from '../../../lambda/runtime/aws-services.ts';

interface Request {
  readonly KeyId: string;
  readonly EncryptionContext: Readonly<Record<string, string>>;
  readonly CiphertextBlob?: string;
  readonly Plaintext?: string;
}

const random = (bytes: number) => randomBytes(bytes).toString('base64');

/** A KMS that knows what it has encrypted, under which key and context, and nothing else. */
export const fakeKms = () => {
  const calls: string[] = [];
  const known = new Map<string, { readonly plain: string; readonly under: string }>();
  const refuses = new Set<string>();
  const kms = (async (operation: string, input: Request) => {
    const { KeyId, EncryptionContext, CiphertextBlob = '' } = input;
    calls.push(`${operation} ${EncryptionContext.purpose}`);
    if (refuses.has(operation)) throw new AwsRefusal('KMSInternalException', 500, 'Try again.', {});
    const under = `${KeyId} ${EncryptionContext.purpose}`;
    if (operation === 'Decrypt') {
      const found = known.get(CiphertextBlob);
      if (found?.under !== under)
        throw new AwsRefusal('InvalidCiphertextException', 400, 'InvalidCiphertextException', {});
      return { Plaintext: found.plain };
    }
    const plain = input.Plaintext ?? random(32);
    const encrypted = random(64);
    known.set(encrypted, { plain, under });
    return operation === 'Encrypt'
      ? { CiphertextBlob: encrypted }
      : { Plaintext: plain, CiphertextBlob: encrypted };
  }) as AwsClient<'kms'>;
  return { calls, kms, refuses };
};
