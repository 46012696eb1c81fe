import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createCallbackCipher, type SealedUrl } from '../../../lambda/callback/sealed-url.ts';
import type { AwsClient, InputOf } from '../../../lambda/runtime/aws-services.ts';
import type { SubscriptionId } from '../../../lambda/runtime/ids.ts';

const url = 'https://prod-01.westeurope.logic.azure.com/workflows/a/triggers/b/run?sig=größe';
const mine = 'mine' as SubscriptionId;
const keyId = 'arn:aws:kms:eu-west-1:111122223333:key/1';

type Asked = Partial<InputOf<'kms', 'Decrypt'>>;

/** A KMS that knows data keys and nothing else. */
const fakeKms = () => {
  const calls: string[] = [];
  const keys = new Map<string, { readonly plain: string; readonly context: string }>();
  const kms = (async (operation: string, input: Asked) => {
    calls.push(operation);
    const context = JSON.stringify(input.EncryptionContext);
    if (operation === 'GenerateDataKey') {
      expect(input).toMatchObject({ KeyId: keyId, KeySpec: 'AES_256' });
      const [plain, encrypted] = [randomBytes(32), randomBytes(64)].map((bytes) => bytes.toString('base64'));
      keys.set(encrypted ?? '', { plain: plain ?? '', context });
      return { Plaintext: plain, CiphertextBlob: encrypted };
    }
    expect(input.KeyId).toBe(keyId);
    const key = keys.get(input.CiphertextBlob ?? '');
    if (!key || key.context !== context) throw new Error('InvalidCiphertextException');
    return { Plaintext: key.plain };
  }) as AwsClient<'kms'>;
  return { calls, kms };
};

const world = () => {
  const { kms, calls } = fakeKms();
  const clock = { now: 0 };
  const cipher = () => createCallbackCipher(kms, keyId, () => clock.now);
  return { calls, clock, cipher };
};

const changed = (sealed: SealedUrl, change: (bytes: Buffer) => Buffer): SealedUrl => ({
  ...sealed,
  sealed: change(Buffer.from(sealed.sealed, 'base64')).toString('base64'),
});

describe('a sealed callback URL', () => {
  it('is opened by another process, for its subscription', async () => {
    const { cipher } = world();
    const sealed = await cipher().seal(url, mine);
    expect(await cipher().open(sealed, mine)).toBe(url);
    expect(JSON.stringify(sealed)).not.toContain('sig=');
    expect(Buffer.from(sealed.sealed, 'base64').toString('latin1')).not.toContain('logic.azure.com');
  });

  it('is not opened for another subscription', async () => {
    const { cipher } = world();
    const sealed = await cipher().seal(url, mine);
    await expect(cipher().open(sealed, 'another' as SubscriptionId)).rejects.toThrow();
  });

  it('differs each time, so that equal URLs are not seen to be equal', async () => {
    const { cipher } = world();
    const one = cipher();
    const [a, b] = [await one.seal(url, mine), await one.seal(url, mine)];
    expect(a.dataKey).toBe(b.dataKey);
    expect(a.sealed).not.toBe(b.sealed);
  });

  it.each([
    ['one bit differs in the text', (bytes: Buffer) => bytes.fill((bytes.at(-1) ?? 0) ^ 1, bytes.length - 1)],
    ['one bit differs in the tag', (bytes: Buffer) => bytes.fill((bytes[12] ?? 0) ^ 1, 12, 13)],
    ['one bit differs in the nonce', (bytes: Buffer) => bytes.fill((bytes[0] ?? 0) ^ 1, 0, 1)],
    ['the text is cut off', (bytes: Buffer) => bytes.subarray(0, -1)],
    ['the tag is cut short', (bytes: Buffer) => bytes.subarray(0, 12 + 8)],
    ['nothing is left', () => Buffer.alloc(0)],
  ])('is refused when %s', async (_, change) => {
    const { cipher } = world();
    const sealed = await cipher().seal(url, mine);
    await expect(cipher().open(changed(sealed, change), mine)).rejects.toThrow();
  });

  it('is refused when its data key is not one of ours', async () => {
    const { cipher } = world();
    const sealed = await cipher().seal(url, mine);
    await expect(cipher().open({ ...sealed, dataKey: 'AAAA' }, mine)).rejects.toMatchObject({
      code: 'KeysUnavailable',
      cause: { message: 'InvalidCiphertextException' },
    });
  });
});

describe('a data key', () => {
  it('seals many URLs within five minutes, then a fresh one does', async () => {
    const { cipher, calls, clock } = world();
    const one = cipher();
    const first = await one.seal(url, mine);
    clock.now = 5 * 60_000 - 1;
    expect((await one.seal(url, mine)).dataKey).toBe(first.dataKey);
    expect(calls).toEqual(['GenerateDataKey']);
    clock.now += 1;
    const later = await one.seal(url, mine);
    expect(later.dataKey).not.toBe(first.dataKey);
    expect(calls).toHaveLength(2);
    // What the older one sealed can still be read.
    expect(await one.open(first, mine)).toBe(url);
  });

  it('seals at most 10,000 URLs', async () => {
    const { cipher, calls } = world();
    const one = cipher();
    for (let count = 0; count < 10_000; count += 1) await one.seal('https://a', mine);
    expect(calls).toHaveLength(1);
    await one.seal('https://a', mine);
    expect(calls).toHaveLength(2);
  });

  it('is decrypted once, however many URLs it opens, also at the same time; of more than 20,000 the one used longest ago is forgotten', async () => {
    const { cipher, calls, clock } = world();
    const [writer, reader] = [cipher(), cipher()];
    const sealed: SealedUrl[] = [];
    for (let index = 0; index <= 20_000; index += 1) {
      clock.now += 5 * 60_000;
      sealed.push(await writer.seal(`https://${index}`, mine));
    }
    const [first, second, ...others] = sealed;
    if (!first || !second) return expect.fail('not sealed');
    calls.length = 0;
    await Promise.all([reader.open(first, mine), reader.open(first, mine)]);
    await reader.open(second, mine);
    expect(calls).toHaveLength(2);
    await reader.open(first, mine);
    for (const each of others) await reader.open(each, mine);
    expect(calls).toHaveLength(20_001);
    expect(await reader.open(first, mine)).toBe('https://0');
    expect(calls).toHaveLength(20_001);
    expect(await reader.open(second, mine)).toBe('https://1');
    expect(calls).toHaveLength(20_002);
  });

  it('that KMS does not give is an error that says so', async () => {
    const empty: AwsClient<'kms'> = async () => ({});
    const cipher = createCallbackCipher(empty, keyId, () => 0);
    await expect(cipher.seal(url, mine)).rejects.toThrow('KMS answered GenerateDataKey without a key.');
    await expect(cipher.open({ dataKey: 'AAAA', sealed: '' }, mine)).rejects.toThrow(
      'KMS answered Decrypt without a key.',
    );
  });
});
