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
    Decrypt: {
      members: ['CiphertextBlob', 'EncryptionContext', 'KeyId', 'EncryptionAlgorithm'],
      permissions: (input) => [permission('Decrypt', keys.keyOf(ciphertextOf(input)), input)],
      run: (input) => {
        const ciphertext = ciphertextOf(input);
        const key = keys.keyOf(ciphertext);
        const algorithm = input.optionalString('EncryptionAlgorithm') ?? 'SYMMETRIC_DEFAULT';
        const wanted = input.optionalString('KeyId');
        if (algorithm !== 'SYMMETRIC_DEFAULT')
          throw invalid(
            `The keys of the local KMS are symmetric: EncryptionAlgorithm SYMMETRIC_DEFAULT, not ${algorithm}.`,
          );
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

const ciphertextOf = (input: Fields): Buffer => {
  const ciphertext = input.optionalBytes('CiphertextBlob');
  if (ciphertext === undefined || ciphertext.length === 0)
    throw invalid('The request must contain the parameter CiphertextBlob.');
  return ciphertext;
};

const invalid = (message: string): ServiceError => new ServiceError('ValidationException', message);
