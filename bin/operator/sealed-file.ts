/**
 * A file of lines that only a passphrase opens: a header line of JSON, then AES-256-GCM over the compressed lines, then
 * the tag of 16 bytes. The key is derived by scrypt; the header is authenticated with the rest.
 */
import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGzip, gunzip } from 'node:zlib';

/** What the first line of every such file begins with, whatever its version. */
const marker = '{"insightsConnectorSubscriptions":';
const newestVersion = 1;

/**
 * About 0.4 s and 128 MB for each guess: the strongest of the settings that OWASP recommends.
 * https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#scrypt
 */
const cost = { N: 2 ** 17, r: 8, p: 1 } as const;
const keyBytes = 32;
const saltBytes = 16;
const nonceBytes = 12;
const tagBytes = 16;
/** A header has some 150 characters; a file without a line end is none of ours. */
const longestHeader = 1_000;

/** Characters. Shorter ones are guessed in days even at this cost. */
export const shortestPassphrase = 12;

/** The file is not read. Nothing was changed. */
export class SealedFileRefused extends Error {
  override readonly name = 'SealedFileRefused';
  readonly exitCode = 1;
  readonly page = 'docs/runbook.md';
}

interface Header {
  readonly insightsConnectorSubscriptions: number;
  readonly kdf: 'scrypt';
  readonly N: number;
  readonly r: number;
  readonly p: number;
  /** base64. */
  readonly salt: string;
  readonly nonce: string;
}

const derive = promisify<string, Buffer, number, object, Buffer>(scrypt);

const keyOf = (passphrase: string, salt: Buffer): Promise<Buffer> =>
  // The same passphrase can be typed in several forms of Unicode.
  derive(passphrase.normalize('NFKC'), salt, keyBytes, { ...cost, maxmem: 256 * cost.N * cost.r });

/** @throws SealedFileRefused before anything is read that the file shall hold */
export const checkNewFile = (file: string): void => {
  if (existsSync(file))
    throw new SealedFileRefused(
      `${file} is there already. Give the name of a new file; nothing was written.`,
    );
};

/** @throws SealedFileRefused when there is no such file */
export const checkOldFile = (file: string): void => {
  if (!existsSync(file)) throw new SealedFileRefused(`There is no file ${file}.`);
};

/**
 * Writes a file that only its user may read, all of it or nothing.
 * @throws SealedFileRefused when the file is there already
 */
export const writeSealedFile = async (
  file: string,
  passphrase: string,
  lines: AsyncIterable<string>,
): Promise<void> => {
  checkNewFile(file);
  const [salt, nonce] = [randomBytes(saltBytes), randomBytes(nonceBytes)];
  const header: Header = {
    insightsConnectorSubscriptions: newestVersion,
    kdf: 'scrypt',
    ...cost,
    salt: salt.toString('base64'),
    nonce: nonce.toString('base64'),
  };
  const first = Buffer.from(`${JSON.stringify(header)}\n`);
  const cipher = createCipheriv('aes-256-gcm', await keyOf(passphrase, salt), nonce).setAAD(first);
  const withEnds = async function* () {
    for await (const line of lines) yield `${line}\n`;
  };
  const temporary = `${file}.${process.pid}.part`;
  const descriptor = openSync(temporary, 'wx', 0o600);
  try {
    writeSync(descriptor, first);
    await pipeline(withEnds(), createGzip(), async (parts: AsyncIterable<Buffer>) => {
      for await (const part of parts) writeSync(descriptor, cipher.update(part));
    });
    writeSync(descriptor, cipher.final());
    writeSync(descriptor, cipher.getAuthTag());
    fsyncSync(descriptor);
    closeSync(descriptor);
    checkNewFile(file);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
};

const foreign = (file: string) =>
  new SealedFileRefused(
    `${file} was not written by \`subscriptions export\`. Give the file of that command.`,
  );

const headerOf = (file: string, line: string): Header => {
  let header: Header;
  try {
    header = JSON.parse(line);
  } catch {
    throw foreign(file);
  }
  if (header.insightsConnectorSubscriptions > newestVersion)
    throw new SealedFileRefused(
      `${file} has version ${header.insightsConnectorSubscriptions} of the format, and this program knows ${newestVersion}. Read it with the version of the program that wrote it, or a newer one.`,
    );
  // One cost for each version: a changed header must not make the reader compute for hours.
  const { kdf, N, r, p, salt, nonce } = header;
  if (kdf !== 'scrypt' || N !== cost.N || r !== cost.r || p !== cost.p || !salt || !nonce)
    throw foreign(file);
  return header;
};

/** Line by line, because all of them may be longer than one string may be. */
const linesOf = (text: Buffer): readonly string[] => {
  const lines: string[] = [];
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from);
    lines.push(text.toString('utf8', from, end));
    from = end + 1;
  }
  return lines;
};

/**
 * Reads the lines of a file once all of it is known to be as it was written.
 * @throws SealedFileRefused for another passphrase, and for a file that was changed, cut off, or is of a newer version
 */
export const readSealedFile = async (file: string, passphrase: string): Promise<readonly string[]> => {
  const bytes = readFileSync(file);
  const end = bytes.subarray(0, longestHeader).indexOf('\n') + 1;
  if (!bytes.subarray(0, marker.length).equals(Buffer.from(marker)) || end === 0) throw foreign(file);
  const first = bytes.subarray(0, end);
  const { salt, nonce } = headerOf(file, first.toString('utf8'));
  const key = await keyOf(passphrase, Buffer.from(salt, 'base64'));
  let packed: Buffer;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64'), {
      authTagLength: tagBytes,
    })
      .setAAD(first)
      .setAuthTag(bytes.subarray(Math.max(end, bytes.length - tagBytes)));
    packed = Buffer.concat([
      decipher.update(bytes.subarray(end, Math.max(end, bytes.length - tagBytes))),
      decipher.final(),
    ]);
  } catch {
    throw new SealedFileRefused(
      `${file} cannot be opened: the passphrase is another one, or the file was changed or cut off on its way. Nothing was changed.`,
    );
  }
  return linesOf(await promisify<Buffer, Buffer>(gunzip)(packed));
};
