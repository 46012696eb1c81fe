import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileText } from '../../../flows/expressions/compile.ts';
import { bareContext } from '../../../flows/expressions/context.ts';
import { EvaluationError, ExpressionSyntaxError } from '../../../flows/expressions/evaluation-errors.ts';
import { functions } from '../../../flows/expressions/functions/index.ts';
import { parseExpression } from '../../../flows/expressions/syntax.ts';
import { parseTemplate } from '../../../flows/expressions/template.ts';
import {
  equalValues,
  Float,
  integerOf,
  jsonText,
  largestInteger,
  parseJsonValue,
  smallestInteger,
  type Value,
} from '../../../flows/expressions/values.ts';

const context = bareContext({
  now: () => Date.UTC(2026, 0, 15),
  random: () => 0.25,
  newGuid: () => 'c2ecc88d-88c8-4096-912c-d6f2e2b138ce',
  parameter: (name) => given[name] ?? null,
});
let given: Record<string, Value> = {};

const evaluate = (expression: string, parameters: Record<string, Value> = {}): Value => {
  given = parameters;
  return compileText(expression)(context);
};

/** JSON as the engine reads it, where a whole double beyond 2^53 is an integer with all its digits. */
const json: fc.Arbitrary<Value> = fc
  .jsonValue({ maxDepth: 3 })
  .map((value) => parseJsonValue(JSON.stringify(value)));
const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

describe('values', () => {
  it('any JSON is read and written without loss', () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = jsonText(value);
        expect(equalValues(parseJsonValue(text), value)).toBe(true);
        expect(jsonText(parseJsonValue(jsonText(value, '  ')))).toBe(text);
      }),
      { numRuns: 2_000 },
    );
  });

  it('integers of 64 bits keep every digit', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: smallestInteger, max: largestInteger }), (value) => {
        expect(jsonText(parseJsonValue(`{"n":${value}}`))).toBe(`{"n":${value}}`);
        expect(evaluate(`@string(${value})`)).toBe(String(value));
      }),
    );
  });

  it('equality is reflexive and symmetric', () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        expect(evaluate("@equals(parameters('a'), parameters('a'))", { a })).toBe(true);
        expect(evaluate("@equals(parameters('a'), parameters('b'))", { a, b })).toBe(
          evaluate("@equals(parameters('b'), parameters('a'))", { a, b }),
        );
      }),
    );
  });
});

describe('functions', () => {
  const integer = fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n });

  it('add and sub undo each other; div and mod make the dividend again', () => {
    fc.assert(
      fc.property(integer, integer, (a, b) => {
        expect(evaluate(`@sub(add(${a}, ${b}), ${b})`)).toBe(integerOf(a));
        if (b !== 0n)
          expect(evaluate(`@add(mul(div(${a}, ${b}), ${b}), mod(${a}, ${b}))`)).toBe(integerOf(a));
      }),
    );
  });

  it('join undoes split', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1, maxLength: 3 }), (text, delimiter) => {
        expect(evaluate(`@join(split(${quoted(text)}, ${quoted(delimiter)}), ${quoted(delimiter)})`)).toBe(
          text,
        );
      }),
    );
  });

  it('json undoes string', () => {
    fc.assert(
      fc.property(json, (value) => {
        const inArray = evaluate("@json(string(createArray(parameters('v'))))[0]", { v: value });
        expect(equalValues(inArray, value)).toBe(true);
      }),
    );
  });

  it('base64 and escapes are undone', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(evaluate(`@base64ToString(base64(${quoted(text)}))`)).toBe(text);
        expect(evaluate(`@decodeUriComponent(uriComponent(${quoted(text)}))`)).toBe(text);
        expect(evaluate(`@dataUriToString(dataUri(${quoted(text)}))`)).toBe(text);
      }),
    );
  });

  it('take and skip make the whole; reverse twice changes nothing; union of a list with itself drops only repetitions', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.nat(20), (list, count) => {
        const parameters = { l: list };
        expect(
          evaluate(
            `@concat(string(take(parameters('l'), ${count})), string(skip(parameters('l'), ${count})))`,
            parameters,
          ),
        ).toBe(JSON.stringify(list.slice(0, count)) + JSON.stringify(list.slice(count)));
        expect(evaluate("@reverse(reverse(parameters('l')))", parameters)).toEqual(list);
        expect(evaluate("@union(parameters('l'), parameters('l'))", parameters)).toEqual([...new Set(list)]);
      }),
    );
  });

  const instant = fc.date({ min: new Date('0005-01-01'), max: new Date('9990-01-01'), noInvalidDate: true });

  it('a time survives being formatted, and moves there and back', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: -1000, max: 1000 }), (date, days) => {
        const iso = date.toISOString();
        const normal = `${iso.slice(0, -1)}0000Z`;
        expect(evaluate(`@formatDateTime('${iso}')`)).toBe(normal);
        expect(evaluate(`@addDays(addDays('${iso}', ${days}), ${-days})`)).toBe(normal);
        expect(
          evaluate(
            `@parseDateTime(formatDateTime('${iso}', 'dd.MM.yyyy HH:mm:ss.fff'), 'de-DE', 'dd.MM.yyyy HH:mm:ss.fff')`,
          ),
        ).toBe(normal.slice(0, -1));
        expect(evaluate(`@ticks('${iso}')`)).toBe(
          integerOf(621_355_968_000_000_000n + BigInt(date.getTime()) * 10_000n),
        );
      }),
    );
  });

  it('a zone is left as it was entered, outside the hours that clocks are turned in', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(1980, 0, 1), max: Date.UTC(2030, 0, 1) }),
        fc.constantFrom(
          'W. Europe Standard Time',
          'Pacific Standard Time',
          'India Standard Time',
          'Tokyo Standard Time',
        ),
        (ms, zone) => {
          const noon = new Date(ms - (ms % 86_400_000) + 43_200_000).toISOString().slice(0, -1);
          const there = evaluate(`@convertToUtc('${noon}', '${zone}')`);
          expect(evaluate(`@convertFromUtc('${there}', '${zone}')`)).toBe(`${noon}0000`);
        },
      ),
    );
  });
});

describe('every function', () => {
  const argument: fc.Arbitrary<Value> = fc.oneof(
    json,
    fc.integer({ min: -5, max: 20 }),
    fc.constantFrom<Value>(
      null,
      '',
      '2026-01-15T10:30:00Z',
      '31.12.9999',
      'W. Europe Standard Time',
      'UTC',
      'de-DE',
      'nb',
      'yyyy-MM-dd',
      'D',
      'N2',
      'C',
      'X',
      '#,##0.00;(0)',
      'Day',
      'Month',
      '<a><b>1</b></a>',
      '//b',
      'data:,x',
      'https://x.example/y?z',
      '%E0%A4%A',
      'aGk=',
      2n ** 62n,
      new Float(1e300),
      { '$content-type': 'application/xml', $content: 'PGE+' },
    ),
  );

  it.each(functions.map(({ name }) => name))(
    '%s gives a value or an error that says what is wrong',
    (name) => {
      fc.assert(
        fc.property(fc.array(argument, { maxLength: 4 }), (args) => {
          const parameters = Object.fromEntries(args.map((value, index) => [`p${index}`, value]));
          const call = `@${name}(${args.map((_, index) => `parameters('p${index}')`).join(', ')})`;
          try {
            const value = evaluate(call, parameters);
            expect(parseJsonValue(jsonText(value))).not.toBeUndefined();
          } catch (error) {
            if (!(error instanceof EvaluationError)) throw error;
            expect(error.message.length).toBeGreaterThan(10);
          }
        }),
        { numRuns: 150 },
      );
    },
  );
});

describe('the parser', () => {
  const fragments = [
    "'",
    "''",
    "'a'",
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '?',
    '.',
    ',',
    '@',
    '@@',
    '@{',
    '"',
    ' ',
    '\n',
    'add',
    'json',
    'true',
    'null',
    '1',
    '-1',
    '1.5',
    '1e9',
    'item()',
    "triggerBody()?['a/b']",
    '\\',
    '\u0000',
    'ø',
    '𝄞',
  ];
  const garbage = fc.oneof(
    fc.array(fc.constantFrom(...fragments), { maxLength: 30 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary', maxLength: 60 }),
  );

  it('reads anything or says what is wrong and where', () => {
    fc.assert(
      fc.property(garbage, (text) => {
        for (const source of [text, `@${text}`, `@{${text}}`]) {
          try {
            parseTemplate(source);
          } catch (error) {
            if (!(error instanceof ExpressionSyntaxError)) throw error;
            expect(error.position).toBeGreaterThanOrEqual(0);
            expect(error.position).toBeLessThanOrEqual(source.length);
          }
        }
      }),
      { numRuns: 20_000 },
    );
  });

  it('whatever it reads evaluates, or fails with a message', () => {
    fc.assert(
      fc.property(garbage, (text) => {
        try {
          evaluate(`@{${text}}`);
        } catch (error) {
          if (!(error instanceof ExpressionSyntaxError) && !(error instanceof EvaluationError)) throw error;
        }
      }),
      { numRuns: 10_000 },
    );
  });

  it('places every part where it stands', () => {
    const text = "concat(triggerBody()?['a'], 'b')";
    const call = parseExpression(text);
    expect(call.type === 'call' && call.args.map(({ start, end }) => text.slice(start, end))).toEqual([
      "triggerBody()?['a']",
      "'b'",
    ]);
  });

  it('refuses what is longer than the platform takes, and nesting without end', () => {
    expect(() => parseTemplate(`@concat('${'x'.repeat(8_192)}')`)).toThrow('8192 are allowed');
    expect(() => parseTemplate(`@${'array('.repeat(500)}1${')'.repeat(500)}`)).toThrow('nested deeper');
  });
});
