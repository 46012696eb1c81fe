/** Zips: equal content gives equal bytes. */
import { unzipSync, zipSync } from 'fflate';

export interface PackageFile {
  /** With `/` between folders. */
  readonly name: string;
  readonly content: Uint8Array;
}

/** The earliest time that the format knows, without an offset: a zip holds local time. */
const entryTime = '1980-01-01T00:00:00';

/** Deflated entries in the order given, without entries for folders. */
export const zipped = (files: readonly PackageFile[]): Uint8Array =>
  zipSync(Object.fromEntries(files.map(({ name, content }) => [name, content])), {
    level: 9,
    mtime: entryTime,
  });

/** Not a zip, or one that is too large to be a package. */
export class ArchiveUnreadable extends Error {
  override readonly name = 'ArchiveUnreadable';
  readonly exitCode = 1;
}

/** Bytes of all entries; the platform takes solutions of up to about this size. */
const largest = 95 * 1024 * 1024;

/** Entries for folders, which some programs write, are left out. @throws ArchiveUnreadable */
export const unzipped = (bytes: Uint8Array): ReadonlyMap<string, Uint8Array> => {
  let total = 0;
  try {
    const files = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        total += originalSize;
        if (total > largest) throw new RangeError(`its entries have more than ${largest} bytes`);
        return !name.endsWith('/');
      },
    });
    return new Map(Object.entries(files));
  } catch (error) {
    throw new ArchiveUnreadable(
      `It is not a readable zip: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
};

const encoder = new TextEncoder();

export const textFile = (name: string, text: string): PackageFile => ({
  name,
  content: encoder.encode(text),
});

/** UTF-8 without a byte order mark: with one, the platform calls the file invalid. */
export const jsonFile = (name: string, value: unknown): PackageFile =>
  textFile(name, `${JSON.stringify(value, null, 2)}\n`);
