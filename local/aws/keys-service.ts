import { randomBytes } from 'node:crypto';
import type { Permission } from './authorize.ts';
import type { Fields } from './fields.ts';
import type { JsonService } from './json-server.ts';
import type { Key, Keys } from './keys.ts';
import { ServiceError } from './service-error.ts';

/** KMS over AWS JSON 1.1. https://docs.aws.amazon.com/kms/latest/APIReference/API_Operations.html */
export const keysService = (keys: Keys): JsonService => ({
  title: 'KMS',
  target: 'TrentService',
  unknownOperation: (message) => new ServiceError('UnknownOperationException', message),
  unsupported: (message) => new ServiceError('UnsupportedOperationException', message),
  malformed: invalid,
  accessDenied: (message) => new ServiceError('AccessDeniedException', message),
  operations: {
    GenerateDataKey: {
      members: ['KeyId', 'KeySpec', 'EncryptionContext'],
      permissions: (input) => [permission('GenerateDataKey', keys.get(input.string('KeyId')), input)],
      run: (input) => {
        const key = keys.get(input.string('KeyId'));
        const spec = input.string('KeySpec');
        if (spec !== 'AES_256')
          throw invalid(`The local KMS makes data keys of the KeySpec AES_256, not ${spec}.`);
        const dataKey = randomBytes(32);
        return {
          KeyId: key.arn,
          Plaintext: dataKey.toString('base64'),
          CiphertextBlob: keys.encrypt(key.keyId, dataKey, contextOf(input)).toString('base64'),
        };
      },
    },
    Encrypt: {
      members: ['KeyId', 'Plaintext', 'EncryptionContext', 'EncryptionAlgorithm'],
      permissions: (input) => [permission('Encrypt', keys.get(input.string('KeyId')), input)],
      run: (input) => {
        const key = keys.get(input.string('KeyId'));
        const plaintext = bytesOf(input, 'Plaintext');
        if (plaintext.length > longestPlaintext)
          throw invalid(
            `Plaintext has ${plaintext.length} bytes; at most ${longestPlaintext} are encrypted.`,
          );
        return {
          KeyId: key.arn,
          CiphertextBlob: keys.encrypt(key.keyId, plaintext, contextOf(input)).toString('base64'),
          EncryptionAlgorithm: algorithmOf(input),
        };
      },
    },
    Decrypt: {
      members: ['CiphertextBlob', 'EncryptionContext', 'KeyId', 'EncryptionAlgorithm'],
      permissions: (input) => [permission('Decrypt', keys.keyOf(ciphertextOf(input)), input)],
      run: (input) => {
        const ciphertext = ciphertextOf(input);
        const key = keys.keyOf(ciphertext);
        const algorithm = algorithmOf(input);
        const wanted = input.optionalString('KeyId');
        if (wanted !== undefined && keys.get(wanted).keyId !== key.keyId)
          throw new ServiceError(
            'IncorrectKeyException',
            'The key ID in the request does not identify a CMK that can perform this operation.',
          );
        return {
          KeyId: key.arn,
          Plaintext: keys.decrypt(ciphertext, contextOf(input)).toString('base64'),
          EncryptionAlgorithm: algorithm,
        };
      },
    },
  },
});

const contextOf = (input: Fields): Readonly<Record<string, string>> =>
  input.optionalStringMap('EncryptionContext') ?? {};

/** https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html */
const permission = (operation: string, { arn }: Key, input: Fields): Permission => {
  const pairs = Object.entries(contextOf(input));
  return {
    action: `kms:${operation}`,
    resource: arn,
    context: {
      'kms:EncryptionContextKeys': pairs.map(([name]) => name),
      ...Object.fromEntries(pairs.map(([name, value]) => [`kms:EncryptionContext:${name}`, [value]])),
    },
  };
};

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html */
const longestPlaintext = 4_096;

const algorithmOf = (input: Fields): string => {
  const algorithm = input.optionalString('EncryptionAlgorithm') ?? 'SYMMETRIC_DEFAULT';
  if (algorithm !== 'SYMMETRIC_DEFAULT')
    throw invalid(
      `The keys of the local KMS are symmetric: EncryptionAlgorithm SYMMETRIC_DEFAULT, not ${algorithm}.`,
    );
  return algorithm;
};

const bytesOf = (input: Fields, name: 'CiphertextBlob' | 'Plaintext'): Buffer => {
  const bytes = input.optionalBytes(name);
  if (bytes === undefined || bytes.length === 0)
    throw invalid(`The request must contain the parameter ${name}.`);
  return bytes;
};

const ciphertextOf = (input: Fields): Buffer => bytesOf(input, 'CiphertextBlob');

const invalid = (message: string): ServiceError => new ServiceError('ValidationException', message);
