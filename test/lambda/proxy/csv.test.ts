import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CsvProblem,
  csvRecords,
  type Field,
  longestRecordBytes,
} from '../../../lambda/proxy/partitions/csv.ts';

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const read = async (text: string, size = text.length || 1) => {
  const records: { readonly fields: readonly Field[]; readonly end: number }[] = [];
  for await (const record of csvRecords(inChunks(Buffer.from(text), size))) records.push(record);
  return records;
};

const fieldsOf = async (text: string, size?: number) => (await read(text, size)).map(({ fields }) => fields);

describe('CSV', () => {
  it.each([
    [
      'a,b\r\nc,d\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'a,b\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['a\rb\r', [['a'], ['b']]],
    ['"a,1","say ""hi""","two\r\nlines"\n', [['a,1', 'say "hi"', 'two\r\nlines']]],
    [',"",x,\n', [[null, '', 'x', null]]],
    ['\uFEFFa,b\n', [['a', 'b']]],
    ['5" pipe,6" pipe\n', [['5" pipe', '6" pipe']]],
    ['\n\r\na\n\n', [['a']]],
    ['"a"', [['a']]],
    ['""""\n', [['"']]],
    ['', []],
    ['\uFEFF', []],
    ['Zoë,東京,😀\n', [['Zoë', '東京', '😀']]],
  ])('%j is read, wherever its chunks end', async (text, expected) => {
    for (const size of [1, 2, 3, 5, 1_000]) expect(await fieldsOf(text, size)).toEqual(expected);
  });

  it.each([
    ['"a\nb,c\n', 'a field in quotes has no end'],
    ['"a"b,c\n', 'a quote inside a field in quotes is not doubled'],
    [`${'x'.repeat(longestRecordBytes + 10)}`, 'a record is longer than 1048576 bytes'],
  ])('%.12j is refused', async (text, problem) => {
    for (const size of [1_000, 2_000_000])
      if (problem !== 'a record is longer than 1048576 bytes' || size < text.length)
        await expect(fieldsOf(text, size)).rejects.toThrow(new CsvProblem(problem));
  });

  it('names the byte behind each record, from which the rest reads alike', async () => {
    const text = '\uFEFFa,ä\r\n"b\n",x\n\nc,\n';
    const records = await read(text, 4);
    for (const [at, { end }] of records.entries()) {
      const rest = Buffer.from(text).subarray(end).toString();
      expect(await fieldsOf(rest)).toEqual(records.slice(at + 1).map(({ fields }) => fields));
    }
    expect(records).toHaveLength(3);
  });

  it('gives back whatever was written, in chunks of any size', async () => {
    const field = fc.option(fc.string({ unit: 'grapheme', maxLength: 12 }), { nil: null });
    const written = (value: Field) => (value === null ? '' : `"${value.replaceAll('"', '""')}"`);
    await fc.assert(
      fc.asyncProperty(
        fc
          .integer({ min: 2, max: 5 })
          .chain((width) =>
            fc.array(fc.array(field, { minLength: width, maxLength: width }), { maxLength: 8 }),
          ),
        fc.constantFrom('\n', '\r\n'),
        fc.integer({ min: 1, max: 40 }),
        async (table, end, size) => {
          const text = table.map((row) => row.map(written).join(',') + end).join('');
          expect(await fieldsOf(text, size)).toEqual(table);
        },
      ),
      { numRuns: 300 },
    );
  });
});
