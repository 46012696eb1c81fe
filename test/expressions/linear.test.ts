/**
 * A text that somebody else writes costs time in proportion to its length. Every regular expression of the program is looked at, by
 * analysis and by texts made for it; what is written as a loop, or as an expression made of texts, is measured.
 */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { jsonErrorIndex } from '../../config/json-error.ts';
import { upstreamMessage } from '../../lambda/customer-insights/refusal.ts';
import { csvRecords } from '../../lambda/proxy/partitions/csv.ts';
import { toDecimal } from '../../lambda/runtime/decimal.ts';
import { parseJson, renderJson, rounded } from '../../lambda/runtime/json.ts';
import { flatRows, nestingOf, repeatedNameIndex } from '../../lambda/runtime/json-syntax.ts';
import { loggedError, longestLogged, redacted } from '../../lambda/runtime/redaction.ts';
import { expressionsOf, superLinear, troublesome } from './regular-expressions.ts';

const project = join(import.meta.dirname, '../..');
const folders = ['lambda', 'connector', 'config', 'bin'];

/** Made of texts, and so not known to the analysis: their functions are measured below, or take texts of bounded length. */
const constructed = {
  'connector/check/rules/operations.ts': 'bounded: the digits of a number at the end of a text',
  'connector/check/rules/schemas.ts': 'compiled only, never matched',
  'config/json-error.ts': 'measured: jsonErrorIndex',
  'lambda/runtime/json-syntax.ts': 'measured: nestingOf, repeatedNameIndex, flatRows',
  'lambda/runtime/json.ts': 'measured: parseJson, renderJson',
  'lambda/runtime/retry-after.ts': 'no repetition: an HTTP date has one length for each of its forms',
  'lambda/proxy/odata/tokens.ts': 'bounded: the gateway takes 10,240 bytes of request line and headers',
} as const;

const { literals, constructed: found } = expressionsOf(project, folders);
const named = literals.map(
  (literal) => [`${literal.file}: /${literal.source}/${literal.flags}`, literal] as const,
);

const kilobytes = (count: number) => count * 1_024;

/** CPU time of this process, ms: what others do at the same time on the machine does not count. */
const cpuOf = (work: () => unknown): number => {
  const begun = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1_000;
};

/** Of one call, ms: the least of several rounds, each long enough to be measured. */
const leastCpuOf = (work: () => unknown): number => {
  let times = 1;
  while (cpuOf(() => repeat(times, work)) < 2 && times < 100_000) times *= 4;
  return Math.min(...Array.from({ length: 3 }, () => cpuOf(() => repeat(times, work)))) / times;
};

const repeat = (times: number, work: () => unknown) => {
  for (let time = 0; time < times; time += 1) work();
};

describe('the analysis', () => {
  it('finds what is known to be slow', () => {
    const slow = ['0+$', String.raw`\B(?=(\d{3})+$)`, '(a+)+b', String.raw`\s*,\s*$`];
    for (const source of slow) expect([source, superLinear({ source, flags: '' })]).not.toEqual([source, []]);
  });

  it('makes texts that what it does not find is slow on', () => {
    const slow = [String.raw`\beyJ[\w-]+\.`, String.raw`(\bhttps?:\/\/[\w:/]*)[?#]`];
    for (const source of slow) {
      const expression = new RegExp(source, 'g');
      const times = troublesome({ source, flags: 'g' }, kilobytes(32)).map((text) =>
        cpuOf(() => text.replace(expression, '')),
      );
      expect(Math.max(...times)).toBeGreaterThan(30);
    }
  });

  it('knows of every expression that is made of texts', () => {
    expect(literals.length).toBeGreaterThan(30);
    expect([...found.keys()].sort()).toEqual(Object.keys(constructed).sort());
  });
});

describe('a regular expression', () => {
  it.each(named)('%s takes linear time', (_, literal) => {
    expect(superLinear(literal)).toEqual([]);
    const expression = new RegExp(literal.source, literal.flags);
    // The slow ones take hundreds of milliseconds, the others less than two.
    for (const text of troublesome(literal, kilobytes(64)))
      expect([text.slice(0, 30), cpuOf(() => text.replace(expression, ''))]).toEqual([
        text.slice(0, 30),
        expect.toSatisfy((ms: number) => ms < 60),
      ]);
  });
});

/** A body of rows, as an answer of Customer Insights has them, of about a length. */
const rowsOf = (length: number): string => {
  const row = '{"CustomerId":"0523b7e02f5ee883","City":"Lisbon","Points":1204}';
  return `[${Array.from({ length: Math.floor(length / row.length) }, () => row).join(',')}]`;
};

const parsed = (text: string): unknown => {
  try {
    return rounded(parseJson(text));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

const fill = (piece: string, length: number) =>
  piece.repeat(Math.ceil(length / piece.length)).slice(0, length);

const jsonTexts: Readonly<Record<string, (length: number) => string>> = {
  brackets: (length) => fill('[', length),
  objects: (length) => fill('{"a":', length),
  quotes: (length) => fill('"', length),
  'a string of escapes': (length) => `"${fill('\\"', length)}"`,
  'a string that does not end': (length) => `["${fill('\\\\', length)}`,
  'large numbers': (length) => `[${fill('1e9,', length)}1]`,
  spaces: (length) => `[${fill(' ', length)}]`,
  'commas and spaces': (length) => `[1${fill(', ', length)}]`,
  'one number': (length) => `[${fill('1', length)}]`,
  'digits and points': (length) => `[${fill('1.', length)}]`,
  'zeros behind a point': (length) => `[0.${fill('0', length)}1]`,
  'rows without end': (length) => `{"value":[${fill('{"a":1},', length)}`,
  'names of escapes': (length) =>
    `{${Array.from({ length: Math.floor(length / 20) }, (_, at) => `"\\u0061${String(at).padStart(7, '0')}":1`).join(',')}}`,
  'a row of many members': (length) => `{"value":[{${fill('"a":1,', length)}`,
};

/** What each does with texts of others; a text of a length that costs it the most. */
const readers: readonly (readonly [
  name: string,
  text: (length: number) => string,
  read: (text: string) => unknown,
])[] = [
  ['toDecimal of zeros within', (length) => `1.${fill('0', length)}1`, toDecimal],
  ['toDecimal of zeros behind', (length) => `1${fill('0', length)}`, toDecimal],
  ['toDecimal of spaces', (length) => `${fill(' ', length)}x`, toDecimal],
  ['redacted of URLs', (length) => fill('http://', length), redacted],
  ['redacted of tokens begun', (length) => fill('eyJ-', length), redacted],
  ['redacted of parts of tokens', (length) => fill('eyJ-.', length), redacted],
  ['redacted of bearer', (length) => fill('bearer  ', length), redacted],
  ['loggedError of URLs', (length) => fill('http://', length), (text) => loggedError(text)],
  [
    'upstreamMessage of an echo',
    (length) => JSON.stringify({ message: fill('http://', length) }),
    upstreamMessage,
  ],
  ...Object.entries(jsonTexts).flatMap(
    ([name, text]) =>
      [
        [`parseJson of ${name}`, text, parsed],
        [`jsonErrorIndex of ${name}`, text, jsonErrorIndex],
        [`nestingOf of ${name}`, text, nestingOf],
        [`repeatedNameIndex of ${name}`, text, repeatedNameIndex],
        [`flatRows of ${name}`, text, flatRows],
      ] as const,
  ),
  ['renderJson of marks', (length) => fill('"\ue000', length), (text) => renderJson({ text })],
];

const parsedPlainly = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

/**
 * How many times as long one takes as the other. The least of some tries, for a collection of garbage adds to either, and so does a
 * busy machine: as many as it takes to be under the limit.
 */
const leastRatio = (one: () => unknown, other: () => unknown, limit: number): number => {
  let least = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < 15 && least >= limit; tries += 1)
    least = Math.min(least, leastCpuOf(one) / leastCpuOf(other));
  return least;
};

/**
 * Of a text and an eighth of it: 8 for linear time, 64 for quadratic. Tables that outgrow the processor's caches take linear time to
 * 10 or so, and a busy machine further: what is under this limit is linear, and nothing that is quadratic comes near it.
 */
const eighths = { part: 1 / 8, limit: 24 };

describe('CPU time grows with the text, and is in proportion to that of reading a body of its length:', () => {
  const body = rowsOf(kilobytes(64));
  const reading = leastCpuOf(() => JSON.parse(body));

  it.each(readers)('%s', (_, text, read) => {
    const [eighth, whole] = [text(kilobytes(64) * eighths.part), text(kilobytes(64))];
    const least = leastCpuOf(() => read(whole));
    // Less than this is too little to be compared with itself: collections of garbage and the processor's caches decide.
    if (least < 5 * reading) return;
    const plainly = () => parsedPlainly(whole);
    const asParsing = leastRatio(
      () => read(whole),
      leastCpuOf(plainly) > reading ? plainly : () => JSON.parse(body),
      20,
    );
    expect(asParsing).toBeLessThan(20);
    const asEighth = leastRatio(
      () => read(whole),
      () => read(eighth),
      eighths.limit,
    );
    expect(asEighth).toBeLessThan(eighths.limit);
  });

  it('a record of a partition in small chunks', async () => {
    const read = async (length: number, chunk: number) => {
      const bytes = Buffer.from(`"${'x'.repeat(length)}"\n`);
      const chunks = async function* () {
        for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
      };
      const begun = process.cpuUsage();
      let records = 0;
      for await (const { fields } of csvRecords(chunks())) records += fields.length;
      const { user, system } = process.cpuUsage(begun);
      expect(records).toBe(1);
      return (user + system) / 1_000;
    };
    // Read anew with each chunk, it took 64 times as long when it was eight times as long.
    await read(kilobytes(64), 16);
    const growths: number[] = [];
    for (let tries = 0; tries < 4; tries += 1)
      growths.push((await read(kilobytes(512), 16)) / (await read(kilobytes(512) * eighths.part, 16)));
    expect(Math.min(...growths)).toBeLessThan(eighths.limit);
  });
});

describe('what is too long', () => {
  it('is no number, however many of its digits are zeros', () => {
    expect(toDecimal(`1.${'0'.repeat(900)}`)).toBe('1');
    expect(toDecimal(`1.${'0'.repeat(1_000)}`)).toBeUndefined();
  });

  it('is cut before it is redacted, and no half of a token or an address is left', () => {
    const word = 'x'.repeat(longestLogged - 20);
    for (const secret of [
      'eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.c2lnbmF0dXJl',
      'https://h.example/p?sig=c2lnbmF0dXJl',
      'Bearer abcdefghijklmnopqrstuvwxyz',
    ])
      for (let before = 0; before < 60; before += 1) {
        const shown = redacted(`${word.slice(before)} ${secret} and more`);
        expect(shown.length).toBeLessThanOrEqual(longestLogged + 20);
        expect(shown).not.toMatch(/eyJzdWI|c2ln|abcd/);
      }
    expect(redacted(`${'word '.repeat(2_000)}`)).toMatch(/ \[…\]$/);
  });
});
