import { generateKeyPair as generateKeyPairCallback, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  exportJWK,
  type JWK,
  type JWTVerifyGetKey,
  SignJWT,
} from 'jose';

const generateKeyPair = promisify(generateKeyPairCallback);

export type Claims = Readonly<Record<string, unknown>>;
export type HeaderOverrides = Readonly<Record<string, unknown>>;

interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicJwk: JWK;
}

/** The issuer's keys: one signs, and those that went before stay published until they are withdrawn. */
export interface SigningKeys {
  /** The key document. */
  published(): { readonly keys: readonly JWK[] };
  readonly currentKid: string;
  sign(claims: Claims, header?: HeaderOverrides): Promise<string>;
  /** Signs with a key that was never published, under the current key's id unless `header` says otherwise. */
  signWithForeignKey(claims: Claims, header?: HeaderOverrides): Promise<string>;
  /** Signs with a new key from now on. */
  rotate(options: { readonly withdrawOld: boolean }): Promise<void>;
  /** For checking a token of this issuer. */
  readonly find: JWTVerifyGetKey;
}

/** Makes a 2,048-bit RSA key pair. */
export type GenerateKeyPair = () => Promise<{
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}>;

/** Takes about 0.1 s, on a thread beside the event loop. */
export const generateRsaKeyPair: GenerateKeyPair = () => generateKeyPair('rsa', { modulusLength: 2048 });

/** Generates the first key; those of rotations and the foreign one are generated when first needed. */
export const createSigningKeys = async (generate: GenerateKeyPair): Promise<SigningKeys> => {
  let keys: readonly [SigningKey, ...SigningKey[]] = [await createSigningKey(generate)];
  let foreign: Promise<SigningKey> | undefined;
  const published = () => ({ keys: keys.map((key) => key.publicJwk) });

  return {
    published,
    get currentKid() {
      return keys[0].kid;
    },
    sign: (claims, header) => signWith(keys[0], keys[0].kid, claims, header),
    async signWithForeignKey(claims, header) {
      foreign ??= createSigningKey(generate);
      return signWith(await foreign, keys[0].kid, claims, header);
    },
    async rotate({ withdrawOld }) {
      const next = await createSigningKey(generate);
      keys = withdrawOld ? [next] : [next, ...keys];
    },
    find: (header, token) => createLocalJWKSet(published())(header, token),
  };
};

const createSigningKey = async (generate: GenerateKeyPair): Promise<SigningKey> => {
  const { privateKey, publicKey } = await generate();
  const { kty, n, e } = await exportJWK(publicKey);
  const bare: JWK = { kty: kty ?? 'RSA', ...(n !== undefined && { n }), ...(e !== undefined && { e }) };
  const kid = await calculateJwkThumbprint(bare);
  // As Microsoft Entra ID publishes them: with `use`, without `alg`.
  return { kid, privateKey, publicJwk: { kty: 'RSA', use: 'sig', kid, ...bare } };
};

const signWith = (
  key: SigningKey,
  kid: string,
  claims: Claims,
  header: HeaderOverrides | undefined,
): Promise<string> =>
  new SignJWT({ ...claims })
    .setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid, ...header })
    .sign(key.privateKey);
