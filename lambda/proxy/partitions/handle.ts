/**
 * Handles of partitions: what leaves in place of an address, which is a credential. AES-256-GCM under a key
 * derived from the client secret of the API's registration, which the function reads anyway: no further key,
 * no further permission. Without a client secret the key is in the state table. A handle works for one user, instance
 * and entity, until it expires or that secret is replaced.
 */

import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { ConnectorError } from '../../runtime/errors.ts';
import { mapOf, oneOf, optional, shape, text, textThat, wholeNumber } from '../../runtime/shape.ts';
import { iso } from '../../runtime/time.ts';

/** For whom and for what a handle is; none of it can be changed without the handle becoming worthless. */
export interface HandleBinding {
  readonly tenantId: string;
  readonly objectId: string;
  readonly instanceId: string;
  readonly entity: string;
}

/** A position in a partition. */
export interface PartitionPosition {
  readonly uri: string;
  /** To be sent exactly as they are. */
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** The first byte wanted. */
  readonly offset: number;
  /** Tag of the file that the offset belongs to. */
  readonly etag?: string;
  /**
   * Whether the offset counts bytes of a file that is stored compressed, so that no range of it can be asked
   * for.
   */
  readonly compressed?: true;
}

export interface PartitionHandles {
  seal(position: PartitionPosition, binding: HandleBinding): Promise<string>;
  /**
   * @throws ConnectorError PartitionHandleInvalid when it is not one of ours for this binding, or has expired
   */
  open(handle: string, binding: HandleBinding): Promise<PartitionPosition>;
}

/** Begins every handle; another one is from another version of this program. */
const version = 1;
const nonceBytes = 12;
const tagBytes = 16;
const leastBytes = 1 + nonceBytes + tagBytes;

/**
 * Longest handle, in characters; the contract allows as many. It goes into the request line of the next call, which has
 * 10,240 bytes together with the headers. A signed address of Azure Storage makes some 1,300.
 */
export const longestHandle = 5_000;

const keyOf = (secret: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', secret, '', 'insights-connector partition handle 1', 32));

const boundTo = ({ tenantId, objectId, instanceId, entity }: HandleBinding): Buffer =>
  Buffer.from(JSON.stringify([version, tenantId, objectId, instanceId.toLowerCase(), entity]));

const positionShape = shape<PartitionPosition>({
  uri: text,
  headers: mapOf(textThat('a text', () => true)),
  expiresAt: wholeNumber(0),
  offset: wholeNumber(0),
  etag: optional(text),
  compressed: optional(oneOf(true)),
});

/** What we sealed is ours, but perhaps another version's of this program. */
const isPosition = (value: unknown): value is PartitionPosition => positionShape(value, '') === undefined;

const again = 'Retrieve the partitions again and use the handles of that answer.';

const notOurs = (): ConnectorError<'PartitionHandleInvalid'> =>
  new ConnectorError(
    'PartitionHandleInvalid',
    `The partition is not a handle that was given to you for this entity of this instance, or it is too old to be read. ${again}`,
  );

export const createPartitionHandles = (options: {
  /** The client secret; long and random, as Entra ID makes them. */
  readonly secret: () => Promise<string>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}): PartitionHandles => ({
  async seal(position, binding) {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', keyOf(await options.secret()), nonce).setAAD(
      boundTo(binding),
    );
    const text = Buffer.concat([cipher.update(JSON.stringify(position), 'utf8'), cipher.final()]);
    const handle = Buffer.concat([Buffer.from([version]), nonce, cipher.getAuthTag(), text]).toString(
      'base64url',
    );
    if (handle.length <= longestHandle) return handle;
    throw new ConnectorError(
      'UpstreamUnreadable',
      `Customer Insights named a partition of the entity ${binding.entity} by an address too long to be passed on. Use "Get items from an entity".`,
    );
  },
  async open(handle, binding) {
    const bytes = Buffer.from(handle, 'base64url');
    // The decoder passes over what is no base64url: a handle is the very text that was given, and no other.
    if (bytes.length < leastBytes || bytes[0] !== version || bytes.toString('base64url') !== handle)
      throw notOurs();
    const nonce = bytes.subarray(1, 1 + nonceBytes);
    const decipher = createDecipheriv('aes-256-gcm', keyOf(await options.secret()), nonce, {
      authTagLength: tagBytes,
    })
      .setAAD(boundTo(binding))
      .setAuthTag(bytes.subarray(1 + nonceBytes, leastBytes));
    let plain: string;
    try {
      plain = decipher.update(bytes.subarray(leastBytes), undefined, 'utf8') + decipher.final('utf8');
    } catch {
      // The only reason is a tag that does not match; the error has no further information.
      throw notOurs();
    }
    const position: unknown = JSON.parse(plain);
    if (!isPosition(position)) throw notOurs();
    if (position.expiresAt <= options.now())
      throw new ConnectorError(
        'PartitionHandleInvalid',
        `The handle of the partition expired at ${iso(position.expiresAt)}. ${again}`,
      );
    return position;
  },
});
