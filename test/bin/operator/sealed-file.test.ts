/** A file that only a passphrase opens, and that is taken whole and unchanged or not at all. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSealedFile, writeSealedFile } from '../../../bin/operator/sealed-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'sealed-'));
const file = join(folder, 'sealed');
const passphrase = 'Grüße an alle';
const lines = ['{"kind":"head"}', '', 'ä'.repeat(100_000)];
const each = async function* (given: readonly string[]) {
  yield* given;
};

beforeAll(() => writeSealedFile(file, passphrase, each(lines)));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a sealed file', () => {
  it('gives back its lines, in whichever form of Unicode the passphrase is typed', async () => {
    expect(await readSealedFile(file, passphrase)).toEqual(lines);
    expect(await readSealedFile(file, passphrase.normalize('NFD'))).toEqual(lines);
  });

  it('is readable for its user alone, and states how its key is derived', () => {
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const [header = ''] = readFileSync(file, 'latin1').split('\n', 1);
    expect(JSON.parse(header)).toMatchObject({ kdf: 'scrypt', N: 131_072, r: 8, p: 1 });
  });

  it('is never overwritten, and leaves nothing where its lines end with an error', async () => {
    await expect(writeSealedFile(file, passphrase, each(['other']))).rejects.toThrow('there already');
    const failing = async function* () {
      yield 'one';
      throw new Error('the table does not answer');
    };
    await expect(writeSealedFile(join(folder, 'new'), passphrase, failing())).rejects.toThrow(
      'does not answer',
    );
    expect(existsSync(join(folder, 'new'))).toBe(false);
    expect(readdirSync(folder)).toEqual(['sealed']);
  });

  it('is not read with another passphrase', async () => {
    await expect(readSealedFile(file, 'another passphrase')).rejects.toThrow('the passphrase is another one');
  });

  const refused: readonly (readonly [string, (bytes: Buffer) => Buffer, RegExp])[] = [
    [
      'a changed byte',
      (bytes) => {
        const at = bytes.length - 40;
        bytes[at] = (bytes[at] ?? 0) ^ 1;
        return bytes;
      },
      /changed or cut off/,
    ],
    ['a file that was cut off', (bytes) => bytes.subarray(0, bytes.length - 20), /changed or cut off/],
    ['nothing but its header', (bytes) => bytes.subarray(0, bytes.indexOf('\n') + 1), /changed or cut off/],
    [
      'another salt',
      (bytes) => Buffer.from(bytes.toString('latin1').replace(/"salt":"../, '"salt":"AA'), 'latin1'),
      /changed or cut off/,
    ],
    [
      'a newer version',
      (bytes) =>
        Buffer.from(bytes.toString('latin1').replace('Subscriptions":1', 'Subscriptions":2'), 'latin1'),
      /version 2 of the format, and this program knows 1/,
    ],
    [
      'a cost that would keep the reader busy for hours',
      (bytes) => Buffer.from(bytes.toString('latin1').replace('"N":131072', '"N":9131072'), 'latin1'),
      /not written by/,
    ],
    ['another file', () => Buffer.from('{"a":1}\n'), /not written by/],
  ];

  it('authenticates each byte of its header, also those that no reader uses', async () => {
    const bytes = readFileSync(file);
    const end = bytes.indexOf('\n');
    const header = bytes.toString('latin1', 0, end);
    const changed = join(folder, 'header');
    const readWith = async (first: string) => {
      writeFileSync(changed, Buffer.concat([Buffer.from(first, 'latin1'), bytes.subarray(end)]));
      return readSealedFile(changed, passphrase);
    };
    expect(await readWith(header)).toEqual(lines);
    // The same JSON with a space more, one member more, and the members in another order: only the tag tells.
    const { salt, nonce, ...rest } = JSON.parse(header) as Record<string, unknown>;
    for (const other of [
      header.replace('"kdf":', '"kdf": '),
      header.replace(/}$/, ',"more":1}'),
      JSON.stringify({ ...rest, nonce, salt }),
    ]) {
      expect(JSON.parse(other)).toMatchObject(JSON.parse(header));
      await expect(readWith(other)).rejects.toThrow(/changed or cut off/);
    }
    // One bit in each byte. Deriving a key takes 0.4 s, so only those that are read as a header get so far.
    const refusals = new Set<string>();
    for (let at = 0; at < end; at += 1) {
      const flipped = Buffer.from(header, 'latin1');
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      const isSaltOrNonce = /^[^{]*{.*"(salt|nonce)":"[^"]*$/s.test(header.slice(0, at));
      if (isSaltOrNonce && at % 7 > 0) continue;
      await readWith(flipped.toString('latin1')).then(
        () => expect.fail(`byte ${at} of the header is not authenticated`),
        (error: unknown) => refusals.add(String(error).replace(changed, '').slice(0, 60)),
      );
    }
    expect(refusals.size).toBeGreaterThan(1);
    rmSync(changed);
  });

  it.each(refused)('is not read with %s', async (what, change, message) => {
    const changed = join(mkdtempSync(join(tmpdir(), 'changed-')), what.replaceAll(' ', '-'));
    writeFileSync(changed, change(Buffer.from(readFileSync(file))));
    await expect(readSealedFile(changed, passphrase)).rejects.toThrow(message);
    rmSync(join(changed, '..'), { recursive: true });
  });
});
