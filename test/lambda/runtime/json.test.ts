import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ExactNumber,
  numberText,
  parseJson,
  renderJson,
  rounded,
  UnreadJson,
} from '../../../lambda/runtime/json.ts';
import { flatRows, jsonErrorIndex } from '../../../lambda/runtime/json-syntax.ts';

describe('JSON that is passed on', () => {
  const text = '[ {"a":1.00, "b":12345678901234567890} ]';
  const unread = new UnreadJson(text);

  it('is written as it was read, beside what is written anew', () => {
    const link = 'https://api.example.com/?a="b"';
    expect(renderJson({ value: unread, 'next "link"': link, left: undefined, more: [1] })).toBe(
      `{"value":${text},"next \\"link\\"":${JSON.stringify(link)},"more":[1]}`,
    );
  });

  it('is never written as an object', () => {
    expect(() => renderJson({ deeper: { value: unread } })).toThrow('not read');
    expect(() => JSON.stringify(unread)).toThrow('not read');
  });
});

describe('a text that looks like an exact number', () => {
  const big = '9007199254740993';
  // With and without a number in the same text that a double does not hold: the two are read differently.
  const texts = [
    '"\uE00042"',
    '"\\ue00042"',
    '"\\uE0009007199254740993"',
    '"\uE000\uE00042"',
    '"\uE000"',
    '"x\\"\uE00042"',
    '{"\uE00042":"\uE00042"}',
    '{"\\ue00042" : 1}',
    '[{"a":["\uE0001e400"]}]',
  ];

  it.each(texts.flatMap((text) => [text, `[${text},${big}]`, `{"n":${big},"t":${text}}`]))(
    'stays the text that it is: %j',
    (text) => {
      const value = parseJson(text);
      const parsed: unknown = JSON.parse(text);
      expect(rounded(value).value).toEqual(parsed);
      expect(renderJson(value)).toBe(JSON.stringify(parsed).replace(String(Number(big)), big));
    },
  );

  it('is never mistaken, whatever stands around it', () => {
    const text = fc.oneof(
      fc.constantFrom('\uE000', '\uE0001', '\uE0001e400', '\uE000\uE0001', '"\uE0001', '1e400'),
      fc.string(),
    );
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        text,
        fc.constantFrom(new ExactNumber('1e400'), new ExactNumber('12345678901234567890')),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(text, tie('value'), { maxKeys: 3 }),
      ),
    })).value;
    fc.assert(
      fc.property(value, (made) => {
        const written = renderJson(made);
        expect(renderJson(parseJson(written))).toBe(written);
        // As JSON.parse reads it, each number is the nearest double and each text the same text.
        expect(JSON.parse(written)).toEqual(rounded(made).value);
      }),
    );
  });
});

describe('what is not JSON', () => {
  it.each([
    '{"Points":01e5}',
    '[01e400]',
    '[-01e400]',
    '{1e400:1}',
    '{1e400 : 1}',
    '{"a":{12345678901234567890:1}}',
    '[1e400 1e400]',
    '[1e400.5]',
    '[.5e400]',
    '[+1e400]',
    '[1e400"a"]',
    '[--1e400]',
    '[0x1e400]',
  ])('is refused, also where it holds a number that a double does not: %s', (text) => {
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
    expect(() => parseJson(text)).toThrow(SyntaxError);
  });

  it('is found as JSON.parse finds it', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom(...'{}[],:"\\0-1.e+4 a\uE000', '1e400', '"a":', '12345678901234567890'),
        }),
        (text) => {
          let parsed: unknown;
          try {
            parsed = JSON.parse(text);
          } catch {
            expect(() => parseJson(text)).toThrow(SyntaxError);
            return;
          }
          expect(rounded(parseJson(text)).value).toEqual(parsed);
        },
      ),
      { numRuns: 5_000 },
    );
  });
});

describe('rows found by their syntax', () => {
  const scalar = fc.oneof(fc.string(), fc.double(), fc.integer(), fc.boolean(), fc.constant(null));
  const name = fc.string().filter((text) => text !== '__proto__');
  const row = fc.dictionary(name, scalar, { maxKeys: 5 });
  const page = fc.record({
    before: fc.dictionary(
      name.filter((text) => text !== 'value'),
      scalar,
      { maxKeys: 2 },
    ),
    value: fc.array(row, { maxLength: 5 }),
  });
  const indent = fc.constantFrom(undefined, 1, '\t');

  /** What JSON.parse finds is the reference. */
  const expectSame = (text: string, found: ReturnType<typeof flatRows>) => {
    const { value } = JSON.parse(text) as { readonly value: readonly unknown[] };
    expect(found && { rows: JSON.parse(found.text), count: found.count }).toEqual({
      rows: value,
      count: value.length,
    });
  };

  it('are those of the page, whatever scalar stands beside them', () => {
    fc.assert(
      fc.property(page, indent, ({ before, value }, space) => {
        const text = JSON.stringify({ ...before, value, '@odata.count': 3 }, null, space);
        expectSame(text, flatRows(text));
      }),
    );
  });

  it('are none in what is not JSON, or are those that JSON.parse finds', () => {
    fc.assert(
      fc.property(
        page,
        fc.nat(),
        fc.constantFrom(...'{}[],:"\\0-e.n \n'),
        fc.boolean(),
        (sent, at, character, over) => {
          const text = JSON.stringify({ ...sent.before, value: sent.value });
          const place = at % text.length;
          const damaged = text.slice(0, place) + character + text.slice(over ? place + 1 : place);
          const found = flatRows(damaged);
          if (found !== undefined) expectSame(damaged, found);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it.each([
    '{"value":[{"a":[]}]}',
    '{"value":[{"a":{}}]}',
    '{"value":[1]}',
    '{"value":[{}],"value":[]}',
    '{"Value":[]}',
    '{"value":[{}],}',
    '{"value":[,{}]}',
    '{"value":[{},]}',
    '{"value":[{"a":01}]}',
    '{"value":[{"a":1,}]}',
    '[{"a":1}]',
    '{"value":[]} x',
    '',
  ])('are left to a careful reader: %s', (text) => {
    expect(flatRows(text)).toBeUndefined();
  });
});

describe('JSON whose numbers survive', () => {
  it.each([
    '{"id":9007199254740993}',
    '[123456789012345678901234567890,-0.12345678901234567890123]',
    '{"a":{"b":[1e400,1.5e3]},"c":1}',
    '{"text: 12345678901234567890":"say \\"12345678901234567890\\" \\\\","n":12345678901234567890}',
    '[0.30000000000000004,1234567890.5,true,null,"x"]',
  ])('%s comes back as it was', (text) => {
    expect(renderJson(parseJson(text))).toBe(text);
  });

  it('gives the digits of a number', () => {
    const { id, small, words } = parseJson('{"id":9007199254740993,"small":7,"words":"8"}') as Record<
      string,
      unknown
    >;
    expect([numberText(id), numberText(small), numberText(words)]).toEqual([
      '9007199254740993',
      '7',
      undefined,
    ]);
  });

  it('can be had as doubles, with the digits of those that lost some', () => {
    const text = '{"a":0.1234567890123456789,"b":7,"c":"8","d":{"e":[9007199254740993]},"f":null}';
    expect(rounded(parseJson(text))).toEqual({
      value: JSON.parse(text),
      exact: { a: '0.1234567890123456789' },
    });
    for (const plain of ['[9007199254740993]', '9007199254740993', 'null', '{}'])
      expect(rounded(parseJson(plain))).toEqual({ value: JSON.parse(plain), exact: {} });
  });

  it('reads whatever JSON.parse reads, to the same value where a double can hold it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.parse(renderJson(parseJson(text)))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('keeps integers of any length', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.string(), (number, name) => {
        const text = `{${JSON.stringify(name)}:${number}}`;
        expect(renderJson(parseJson(text))).toBe(text);
      }),
    );
  });
});

describe('the place where a text stops being JSON', () => {
  it.each([
    ['{"a": 1,\n "b": oops}', 15],
    ['{"a" 1}', 5],
    ['[1,]', 3],
    ['{"a":1,}', 7],
    ['[1 2]', 3],
    ['{"a":1}}', 7],
    ['[1}', 2],
    ['01', 1],
    ["{'a':1}", 1],
    ['"a\nb"', 0],
    ['', 0],
    ['{"a":', 5],
    ['[', 1],
  ])('%j: %i', (text, index) => {
    expect(() => JSON.parse(text)).toThrow();
    expect(jsonErrorIndex(text)).toBe(index);
  });

  it('is the end for whatever is JSON, and before the end for a character added to it', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(jsonErrorIndex(text)).toBe(text.length);
        expect(jsonErrorIndex(`${text}}`)).toBe(text.length);
      }),
    );
  });

  it('is found in a body nested as deep as its size allows', () => {
    const deep = '['.repeat(65_000);
    expect(jsonErrorIndex(deep)).toBe(65_000);
    expect(jsonErrorIndex(`"${'x'.repeat(65_000)}`)).toBe(0);
    expect(jsonErrorIndex('"\u0085\u007f"')).toBe(4);
  });
});
