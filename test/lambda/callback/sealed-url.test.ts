import { describe, expect, it } from 'vitest';
import { makeDataKey } from '../../../lambda/callback/data-keys.ts';
import {
  createCallbackOpener,
  createCallbackSealer,
  openedKeys,
  type SealedUrl,
} from '../../../lambda/callback/sealed-url.ts';
import type { AwsClient } from '../../../lambda/runtime/aws-services.ts';
import type { SubscriptionId } from '../../../lambda/runtime/ids.ts';
import { fakeKms } from './fake-kms.ts';

const url = 'https://prod-01.westeurope.logic.azure.com/workflows/a/triggers/b/run?sig=größe';
const mine = 'mine' as SubscriptionId;
const keyId = 'arn:aws:kms:eu-west-1:111122223333:key/1';

/** A sealer with one key, and what opens its URLs in another process. */
const world = async () => {
  const { kms, calls } = fakeKms();
  const sealer = async () => {
    const { plain, wrapped } = await makeDataKey(kms, keyId);
    return createCallbackSealer(async () => ({ plain, dataKey: wrapped.forOpening }));
  };
  return { kms, calls, sealer, own: await sealer(), opener: createCallbackOpener(kms, keyId, () => 0) };
};

const changed = (sealed: SealedUrl, change: (bytes: Buffer) => Buffer): SealedUrl => ({
  ...sealed,
  sealed: change(Buffer.from(sealed.sealed, 'base64')).toString('base64'),
});

describe('a sealed callback URL', () => {
  it('opens for its subscription only, in any process', async () => {
    const { own, opener } = await world();
    const sealed = await own.seal(url, mine);
    expect(JSON.stringify(sealed)).not.toContain('azure');
    expect(await opener.open(sealed, mine)).toBe(url);
    await expect(opener.open(sealed, 'another' as SubscriptionId)).rejects.toThrow();
  });

  it('differs each time', async () => {
    const { own } = await world();
    const [a, b] = [await own.seal(url, mine), await own.seal(url, mine)];
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
    const { own, opener } = await world();
    const sealed = await own.seal(url, mine);
    await expect(opener.open(changed(sealed, change), mine)).rejects.toThrow();
  });

  it('is refused when its data key is not one of ours', async () => {
    const { own, opener } = await world();
    const sealed = await own.seal(url, mine);
    await expect(opener.open({ ...sealed, dataKey: 'AAAA' }, mine)).rejects.toMatchObject({
      code: 'KeysUnavailable',
      cause: { message: 'InvalidCiphertextException' },
    });
  });
});

describe('a data key', () => {
  it('is decrypted once, however many URLs it opens, also at the same time; of more than 20,000 the one used longest ago is forgotten', async () => {
    const { sealer, opener, calls } = await world();
    const sealed: SealedUrl[] = [];
    for (let index = 0; index <= openedKeys; index += 1)
      sealed.push(await (await sealer()).seal(`https://${index}`, mine));
    const [first, second, ...others] = sealed;
    if (!first || !second) return expect.fail('not sealed');
    calls.length = 0;
    await Promise.all([opener.open(first, mine), opener.open(first, mine)]);
    await opener.open(second, mine);
    expect(calls).toHaveLength(2);
    await opener.open(first, mine);
    for (const each of others) await opener.open(each, mine);
    expect(calls).toHaveLength(openedKeys + 1);
    expect(await opener.open(first, mine)).toBe('https://0');
    expect(calls).toHaveLength(openedKeys + 1);
    expect(await opener.open(second, mine)).toBe('https://1');
    expect(calls).toHaveLength(openedKeys + 2);
  });

  it('that KMS does not give is an error that says so', async () => {
    const empty: AwsClient<'kms'> = async () => ({});
    await expect(makeDataKey(empty, keyId)).rejects.toThrow('KMS answered GenerateDataKey without a key.');
    const opener = createCallbackOpener(empty, keyId, () => 0);
    await expect(opener.open({ dataKey: 'AAAA', sealed: '' }, mine)).rejects.toThrow(
      'KMS answered Decrypt without a key.',
    );
  });
});
