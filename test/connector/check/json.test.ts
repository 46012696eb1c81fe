import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type JsonNode,
  Lines,
  maximumDepth,
  pointerOf,
  readJson,
} from '../../../connector/check/positioned-json.ts';

/** The value as JSON.parse gives it. */
const plainOf = (node: JsonNode): unknown => {
  if (node.type === 'array') return node.items.map(plainOf);
  if (node.type === 'object') {
    const value: Record<string, unknown> = {};
    for (const [key, child] of node.members)
      Object.defineProperty(value, key, {
        value: plainOf(child),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    return value;
  }
  return node.value;
};

const everyNode = (root: JsonNode): readonly JsonNode[] => [
  root,
  ...(root.type === 'array' ? root.items : root.type === 'object' ? [...root.members.values()] : []).flatMap(
    everyNode,
  ),
];

describe('reading JSON', () => {
  it('gives what JSON.parse gives, and every node its own text', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(0, 2, '\t'), (json, indent) => {
        const text = JSON.stringify(JSON.parse(json), null, indent);
        const read = readJson(text);
        if (!('root' in read)) throw new Error(read.problem.reason);
        expect(plainOf(read.root)).toEqual(JSON.parse(text));
        for (const node of everyNode(read.root)) {
          expect(JSON.parse(text.slice(node.start, node.end))).toEqual(plainOf(node));
          if (node.keyStart >= 0) expect(text.startsWith(JSON.stringify(node.key), node.keyStart)).toBe(true);
        }
      }),
    );
  });

  it('refuses what JSON.parse refuses, at the same place', () => {
    const alphabet = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"',
      '1',
      '-',
      '0',
      '.',
      'e',
      'true',
      'nul',
      ' ',
      '\n',
      '\\',
      '\u0001',
      'x',
    );
    fc.assert(
      fc.property(
        fc.array(alphabet, { maxLength: 12 }).map((parts) => parts.join('')),
        (text) => {
          const read = readJson(text);
          let message: string | undefined;
          try {
            JSON.parse(text);
          } catch (error) {
            message = error instanceof Error ? error.message : String(error);
          }
          expect('problem' in read).toBe(message !== undefined);
          const place = /at position (\d+)/.exec(message ?? '')?.[1];
          // Inside numbers, words and escapes this reader names the token's start or the next one.
          if ('problem' in read && place !== undefined)
            expect(Math.abs(read.problem.offset - Number(place))).toBeLessThanOrEqual(3);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('keeps keys that occur twice and __proto__', () => {
    const read = readJson('{"a":1,"__proto__":{"x":1},"a":2}');
    if (!('root' in read) || read.root.type !== 'object') throw new Error('no object');
    expect(read.duplicates.map(pointerOf)).toEqual(['/a']);
    expect([...read.root.members.keys()]).toEqual(['a', '__proto__']);
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false);
  });

  it.each(['[', '{"a":'])('does not overflow on %s repeated', (open) => {
    expect(readJson(open.repeat(200_000))).toEqual({
      problem: {
        offset: open.length * maximumDepth + (open === '[' ? 0 : 0),
        reason: expect.stringContaining('nested'),
        tooDeep: true,
      },
    });
  });

  it.each([
    ['{"a":1,}', 7, 'there is a comma before "}"'],
    ['[1,]', 3, 'there is a comma before "]"'],
    ['{"a":1 "b":2}', 7, 'unexpected " where "," or "}" is expected'],
    ['{"a":"x\ny"}', 7, 'a string contains the raw control character 10'],
    ['{} {}', 3, 'unexpected { after the end of the value'],
    ['', 0, 'the text ends here where a value is expected'],
    ['{"a":"\\x"}', 6, '"\\x" is not an escape sequence'],
  ])('says what is wrong in %j', (text, offset, reason) => {
    expect(readJson(text)).toMatchObject({ problem: { offset, reason } });
  });

  it('counts lines by line feeds and columns by UTF-16 units', () => {
    const lines = new Lines('a\r\n😀b\n');
    expect(lines.position(3)).toEqual({ line: 2, column: 1 });
    expect(lines.position(5)).toEqual({ line: 2, column: 3 });
    expect(lines.position(7)).toEqual({ line: 3, column: 1 });
  });
});
