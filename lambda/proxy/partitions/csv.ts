/**
 * CSV after RFC 4180, read from bytes as they arrive, so that a file of any size needs the memory of one
 * record and a place in it can be named by its byte. Commas, quotes and line breaks are single bytes in
 * UTF-8, wherever a chunk ends.
 */

/** A text, or null for a field without anything in it; two quotes are an empty text. */
export type Field = string | null;

export interface CsvRecord {
  readonly fields: readonly Field[];
  /** Index of the byte behind the record's line break, from the first byte given. */
  readonly end: number;
}

/** The bytes are not CSV. */
export class CsvProblem extends Error {
  override readonly name = 'CsvProblem';
}

/** Longest record, in bytes; without a limit one lost quote would gather the whole file. */
export const longestRecordBytes = 1024 * 1024;

const [quote, comma, lineFeed, carriageReturn] = [0x22, 0x2c, 0x0a, 0x0d];
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

interface ReadField {
  readonly field: Field;
  /** Index of what ends the field: a comma, a line break or the end of the bytes. */
  readonly end: number;
}

/** The field in quotes that begins at `from`; undefined when the bytes do not reach its end. */
const quotedField = (bytes: Buffer, from: number, isLast: boolean): ReadField | undefined => {
  let doubled = false;
  for (let at = bytes.indexOf(quote, from + 1); at >= 0; at = bytes.indexOf(quote, at)) {
    const next = bytes[at + 1];
    // The next chunk shows whether this quote ends the field or is the first of two.
    if (next === undefined && !isLast) return undefined;
    if (next === quote) {
      doubled = true;
      at += 2;
      continue;
    }
    if (next !== undefined && next !== comma && next !== lineFeed && next !== carriageReturn)
      throw new CsvProblem('a quote inside a field in quotes is not doubled');
    const text = bytes.toString('utf8', from + 1, at);
    return { field: doubled ? text.replaceAll('""', '"') : text, end: at + 1 };
  }
  if (isLast) throw new CsvProblem('a field in quotes has no end');
  return undefined;
};

/** Anything up to a comma or a line break; a quote in it is a character as any other. */
const plainField = (bytes: Buffer, from: number, isLast: boolean): ReadField | undefined => {
  let end = from;
  for (; end < bytes.length; end += 1) {
    const byte = bytes[end];
    if (byte === comma || byte === lineFeed || byte === carriageReturn) break;
  }
  if (end === bytes.length && !isLast) return undefined;
  return { field: end === from ? null : bytes.toString('utf8', from, end), end };
};

/** The record that begins at `from`; undefined when the bytes do not reach its end. */
const recordAt = (bytes: Buffer, from: number, isLast: boolean): CsvRecord | undefined => {
  const fields: Field[] = [];
  for (let at = from; ; ) {
    const read = bytes[at] === quote ? quotedField(bytes, at, isLast) : plainField(bytes, at, isLast);
    if (read === undefined) return undefined;
    fields.push(read.field);
    const { end } = read;
    if (bytes[end] === comma) at = end + 1;
    else if (bytes[end] !== carriageReturn) return { fields, end: Math.min(end + 1, bytes.length) };
    else {
      // The line feed that belongs to it may be in the next chunk.
      if (end + 1 === bytes.length && !isLast) return undefined;
      return { fields, end: bytes[end + 1] === lineFeed ? end + 2 : end + 1 };
    }
  }
};

const isEmptyLine = ({ fields }: CsvRecord): boolean => fields.length === 1 && fields[0] === null;

/**
 * The records in order; lines with nothing in them are none. A byte order mark at the beginning is left out.
 * @throws CsvProblem
 */
export async function* csvRecords(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<CsvRecord, void, void> {
  let pending: Buffer = Buffer.alloc(0);
  /** Index of the first byte of `pending`. */
  let base = 0;
  let begun = false;

  function* take(isLast: boolean): Generator<CsvRecord, void, void> {
    let from = 0;
    if (!begun) {
      if (pending.length < byteOrderMark.length && !isLast) return;
      begun = true;
      if (pending.subarray(0, byteOrderMark.length).equals(byteOrderMark)) from = byteOrderMark.length;
    }
    while (from < pending.length) {
      const record = recordAt(pending, from, isLast);
      if (record === undefined) break;
      if (!isEmptyLine(record)) yield { fields: record.fields, end: base + record.end };
      from = record.end;
    }
    if (pending.length - from > longestRecordBytes)
      throw new CsvProblem(`a record is longer than ${longestRecordBytes} bytes`);
    base += from;
    pending = pending.subarray(from);
  }

  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  const join = () => {
    pending = Buffer.concat([pending, ...waiting]);
    waiting = [];
    waitingBytes = 0;
  };
  for await (const chunk of chunks) {
    waiting.push(chunk);
    waitingBytes += chunk.length;
    // A long record in small chunks is not read again with each of them, but when it has doubled.
    if (waitingBytes < pending.length && pending.length + waitingBytes <= longestRecordBytes) continue;
    join();
    yield* take(false);
  }
  join();
  yield* take(true);
}
