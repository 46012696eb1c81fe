import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Account } from './account.ts';
import { ServiceError } from './service-error.ts';

/** Pairs that must be the same at decryption. They are authenticated, not encrypted. */
export type EncryptionContext = Readonly<Record<string, string>>;

export interface Key {
  /** A UUID. */
  readonly keyId: string;
  readonly arn: string;
}

interface KeyMaterial extends Key {
  readonly material: Buffer;
}

const keyIdBytes = 36;
const nonceBytes = 12;
const tagBytes = 16;
/** The id of the key, the nonce and the tag precede the encrypted bytes. */
const headerBytes = keyIdBytes + nonceBytes + tagBytes;

/** Symmetric keys that wrap data keys with AES-256-GCM. */
export class Keys {
  readonly #account: Account;
  readonly #keys = new Map<string, KeyMaterial>();
  readonly #aliases = new Map<string, string>();

  constructor(account: Account) {
    this.#account = account;
  }

  /**
   * @param keyId a UUID
   * @param aliases begin with `alias/`
   * @param material 32 bytes
   */
  create(keyId: string, aliases: readonly string[], material: Uint8Array = randomBytes(32)): Key {
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(keyId))
      throw new Error(`A key id is a UUID, not "${keyId}".`);
    if (material.length !== 32) throw new Error(`Key material has 32 bytes, not ${material.length}.`);
    const key: KeyMaterial = { keyId, arn: this.#arn(`key/${keyId}`), material: Buffer.from(material) };
    this.#keys.set(keyId, key);
    for (const alias of aliases) {
      this.#aliases.set(alias, keyId);
    }
    return { keyId, arn: key.arn };
  }

  /** By id, ARN, alias or ARN of an alias. Throws NotFoundException. */
  get(name: string): Key {
    return this.#material(name);
  }

  /** Encrypts under the key, bound to the context. */
  encrypt(name: string, plaintext: Buffer, context: EncryptionContext): Buffer {
    const key = this.#material(name);
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', key.material, nonce);
    cipher.setAAD(canonical(context));
    const encrypted = Buffer.concat([cipher.update(plaintext), cipher.final()]);
    return Buffer.concat([Buffer.from(key.keyId, 'latin1'), nonce, cipher.getAuthTag(), encrypted]);
  }

  /** Throws InvalidCiphertextException for anything that was not encrypted here, under this context. */
  decrypt(ciphertext: Buffer, context: EncryptionContext): Buffer {
    const key = this.#material(this.keyOf(ciphertext).keyId);
    const nonce = ciphertext.subarray(keyIdBytes, keyIdBytes + nonceBytes);
    const decipher = createDecipheriv('aes-256-gcm', key.material, nonce);
    decipher.setAAD(canonical(context));
    decipher.setAuthTag(ciphertext.subarray(keyIdBytes + nonceBytes, headerBytes));
    const first = decipher.update(ciphertext.subarray(headerBytes));
    try {
      return Buffer.concat([first, decipher.final()]);
    } catch (error) {
      // The real service gives the same message.
      throw Object.assign(invalidCiphertext(), { cause: error });
    }
  }

  /** The key that a ciphertext names. Throws InvalidCiphertextException. */
  keyOf(ciphertext: Buffer): Key {
    const key = this.#keys.get(ciphertext.subarray(0, keyIdBytes).toString('latin1'));
    if (key === undefined || ciphertext.length < headerBytes) throw invalidCiphertext();
    return key;
  }

  #material(name: string): KeyMaterial {
    const arnPrefix = this.#arn('');
    const short = name.startsWith(arnPrefix) ? name.slice(arnPrefix.length) : name;
    const key = this.#keys.get(this.#aliases.get(short) ?? short.replace(/^key\//, ''));
    if (key === undefined) throw new ServiceError('NotFoundException', `Key '${name}' does not exist`);
    return key;
  }

  #arn(resource: string): string {
    return `arn:aws:kms:${this.#account.region}:${this.#account.id}:${resource}`;
  }
}

/** The order of the pairs does not matter, so they are sorted. */
const canonical = (context: EncryptionContext): Buffer => {
  const pairs = Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.from(JSON.stringify(pairs), 'utf8');
};

const invalidCiphertext = (): ServiceError =>
  new ServiceError(
    'InvalidCiphertextException',
    'The ciphertext was not made here, was changed, or the EncryptionContext is not the one it was made with.',
  );
