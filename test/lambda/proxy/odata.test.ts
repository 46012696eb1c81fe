import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseOrderBy, parseSelect, renderOrderBy } from '../../../lambda/proxy/odata/columns.ts';
import {
  fieldsOf,
  membershipPosition,
  parseFilter,
  renderFilter,
} from '../../../lambda/proxy/odata/filter.ts';
import { longestValue, QueryOptionProblem } from '../../../lambda/proxy/odata/problem.ts';
import { parseSearch, renderSearch } from '../../../lambda/proxy/odata/search.ts';

const problem = (parse: () => unknown): QueryOptionProblem => {
  try {
    parse();
  } catch (error) {
    expect(error).toBeInstanceOf(QueryOptionProblem);
    return error as QueryOptionProblem;
  }
  throw new Error('it was accepted');
};

const withoutPositions = (tree: unknown): unknown =>
  JSON.parse(JSON.stringify(tree, (key, value) => (key === 'position' ? undefined : value)));

describe('$filter', () => {
  it.each([
    ["CustomerId eq '00112233'", "CustomerId eq '00112233'"],
    ["  CustomerId   eq\t'a' ", "CustomerId eq 'a'"],
    ["Name eq 'O''Neil'", "Name eq 'O''Neil'"],
    ["Name eq ''", "Name eq ''"],
    ["Name eq ' and 1 eq 1 or '", "Name eq ' and 1 eq 1 or '"],
    ['Age ge -12', 'Age ge -12'],
    ['Age lt 1.5e-3', 'Age lt 1.5e-3'],
    ['Count eq 12345678901234567890', 'Count eq 12345678901234567890'],
    ['Active eq true', 'Active eq true'],
    ['Active ne false', 'Active ne false'],
    ['Gone eq null', 'Gone eq null'],
    ['At gt 2017-01-01T00:00:00.000Z', 'At gt 2017-01-01T00:00:00.000Z'],
    ['At le 2017-01-01T00:00:00+02:00', 'At le 2017-01-01T00:00:00+02:00'],
    ['Day eq 2017-01-31', 'Day eq 2017-01-31'],
    ['Id eq 01234567-89ab-cdef-0123-456789abcdef', 'Id eq 01234567-89ab-cdef-0123-456789abcdef'],
    ["CustomerId in ('a','b')", "CustomerId in ('a','b')"],
    ["CustomerId in( 'a' , 2 )", "CustomerId in ('a',2)"],
    ["contains(Name,'x')", "contains(Name,'x')"],
    ["startswith( Name , 'x' ) or endswith(Name,'y')", "startswith(Name,'x') or endswith(Name,'y')"],
    ["IsMemberOfSegment('High Value')", "IsMemberOfSegment('High Value')"],
    ['a eq 1 or b eq 2 and c eq 3', 'a eq 1 or (b eq 2 and c eq 3)'],
    ['(a eq 1 or b eq 2) and c eq 3', '(a eq 1 or b eq 2) and c eq 3'],
    ['not a eq 1 and b eq 2', 'not (a eq 1) and b eq 2'],
    ['not (not (a eq 1))', 'not (not (a eq 1))'],
    ['((a eq 1))', 'a eq 1'],
    ['Straße_ñ eq 1', 'Straße_ñ eq 1'],
  ])('%s goes upstream as %s', (written, rendered) => {
    const tree = parseFilter(written);
    expect(renderFilter(tree)).toBe(rendered);
    expect(withoutPositions(parseFilter(rendered))).toEqual(withoutPositions(tree));
  });

  it.each([
    ['', 1, 'ends too early'],
    ['CustomerId', 11, 'ends too early'],
    ['CustomerId eq', 14, 'ends too early'],
    ["CustomerId eq 'abc", 15, 'does not end'],
    ["CustomerId eq 'abc''", 15, 'does not end'],
    ["CustomerId eq 'a' and", 22, 'ends too early'],
    ["CustomerId eq 'a' 'b'", 19, 'not expected'],
    ["CustomerId eq 'a')", 18, 'not expected'],
    ["(CustomerId eq 'a'", 19, 'ends too early'],
    ["CustomerId = 'a'", 12, 'neither a field nor a value'],
    ["CustomerId EQ 'a'", 12, 'not expected'],
    ['CustomerId eq abc', 15, 'not expected'],
    ["'a' eq CustomerId", 1, 'not expected'],
    ['1 eq 1', 1, 'not expected'],
    ['a eq 12abc', 6, 'neither'],
    ['a eq 1;drop', 7, 'neither'],
    ['a eq 2026-13-01', 6, 'neither'],
    ['a eq 2026-01-01T25:00:00Z', 6, 'neither'],
    ['a eq 2026-01-01T08:00:00', 6, 'neither'],
    ["tolower(a) eq 'x'", 1, 'unknown function "tolower"'],
    ['contains(a)', 11, 'not expected'],
    ['contains(a,1)', 12, 'not expected'],
    ['IsMemberOfSegment(a)', 19, 'not expected'],
    ['a in ()', 7, 'not expected'],
    ["a in ('x',)", 11, 'not expected'],
    ['a/b eq 1', 2, 'neither'],
    ['a add 1 eq 2', 3, 'not expected'],
    ['$it eq 1', 1, 'neither'],
    ["a eq 'x'\u0000", 9, 'neither'],
    ['a eq \ud800', 6, 'neither'],
  ])('%j is refused at position %i', (written, position, said) => {
    const refused = problem(() => parseFilter(written));
    expect([refused.position, refused.message]).toEqual([position, expect.stringContaining(said)]);
    expect(refused.allowed).not.toBe('');
  });

  it('is bounded in length, depth and lists, and says so', () => {
    expect(problem(() => parseFilter(`a eq '${'x'.repeat(longestValue.$filter)}'`)).allowed).toContain(
      '4000',
    );
    expect(problem(() => parseFilter(`${'('.repeat(1_900)}a eq 1`)).message).toContain('nested');
    expect(problem(() => parseFilter('not '.repeat(900))).message).toContain('nested');
    expect(problem(() => parseFilter(`a in (${'1,'.repeat(200)}1)`)).message).toContain('too many');
    expect(renderFilter(parseFilter(`${'('.repeat(50)}a eq 1${')'.repeat(50)}`))).toBe('a eq 1');
  });

  it('tells its fields and where it asks for a segment', () => {
    const tree = parseFilter("a eq 1 and not (b in (1) or IsMemberOfSegment('s')) and contains(a,'x')");
    expect(fieldsOf(tree).map(({ name, position }) => [name, position])).toEqual([
      ['a', 1],
      ['b', 17],
      ['a', 66],
    ]);
    expect(membershipPosition(tree)).toBe(29);
  });

  it('throws nothing but its own error, whatever it is given', () => {
    const pieces = fc.constantFrom(
      ...[
        'CustomerId',
        'eq',
        'in',
        'and',
        'or',
        'not',
        '(',
        ')',
        ',',
        "'",
        "'a'",
        "''",
        '1',
        '-',
        '.',
        'null',
        'true',
        ' ',
        '2026-01-01',
        'T08:00:00Z',
        'contains',
        'IsMemberOfSegment',
        '%27',
        '&',
        '\\',
        '😀',
        '\ud83d',
        '__proto__',
        'constructor',
      ],
    );
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join(' ')),
      fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join('')),
    );
    let accepted = 0;
    fc.assert(
      fc.property(texts, (text) => {
        try {
          const tree = parseFilter(text);
          accepted += 1;
          expect(withoutPositions(parseFilter(renderFilter(tree)))).toEqual(withoutPositions(tree));
        } catch (error) {
          expect(error).toBeInstanceOf(QueryOptionProblem);
          const { position } = error as QueryOptionProblem;
          expect(position).toBeGreaterThanOrEqual(1);
          expect(position).toBeLessThanOrEqual(text.length + 1);
        }
      }),
      { numRuns: 1_500, examples: [["CustomerId eq 'a'"]] },
    );
    expect(accepted).toBeGreaterThan(0);
  });

  it('round-trips every filter it can express', () => {
    const name = fc.constantFrom('CustomerId', 'Full_Name', 'x1', 'Straße');
    const text = fc.string({ maxLength: 12 });
    const literal = fc.oneof(
      text.map((value) => `'${value.replaceAll("'", "''")}'`),
      fc.integer().map(String),
      fc.constantFrom(
        'true',
        'false',
        'null',
        '2026-01-31',
        '2026-01-31T08:00:00.5Z',
        '01234567-89ab-cdef-0123-456789abcdef',
        '-1.5E+10',
      ),
    );
    const quoted = text.map((value) => `'${value.replaceAll("'", "''")}'`);
    const { filter } = fc.letrec<{ filter: string; condition: string }>((tie) => ({
      condition: fc.oneof(
        fc
          .tuple(name, fc.constantFrom('eq', 'ne', 'gt', 'ge', 'lt', 'le'), literal)
          .map((parts) => parts.join(' ')),
        fc
          .tuple(name, fc.array(literal, { minLength: 1, maxLength: 4 }))
          .map(([field, values]) => `${field} in (${values.join(',')})`),
        fc
          .tuple(fc.constantFrom('contains', 'startswith', 'endswith'), name, quoted)
          .map(([call, field, value]) => `${call}(${field},${value})`),
        quoted.map((segment) => `IsMemberOfSegment(${segment})`),
      ),
      filter: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        tie('condition'),
        tie('filter').map((inner) => `(${inner})`),
        tie('filter').map((inner) => `not ${inner}`),
        fc.tuple(tie('filter'), fc.constantFrom('and', 'or'), tie('filter')).map((parts) => parts.join(' ')),
      ),
    }));
    fc.assert(
      fc.property(filter, (written) => {
        fc.pre(written.length <= longestValue.$filter);
        const tree = parseFilter(written);
        expect(withoutPositions(parseFilter(renderFilter(tree)))).toEqual(withoutPositions(tree));
      }),
      { numRuns: 400 },
    );
  });
});

describe('$orderby', () => {
  it.each([
    ['ActivityTime', 'ActivityTime asc'],
    ['ActivityTime desc , CustomerId', 'ActivityTime desc,CustomerId asc'],
  ])('%s goes upstream as %s', (written, rendered) => {
    expect(renderOrderBy(parseOrderBy(written))).toBe(rendered);
  });

  it.each([
    ['', 1, 'lacks'],
    ['a,', 3, 'lacks'],
    [',a', 1, 'lacks'],
    ['a up', 3, 'not expected'],
    ['a desc b', 8, 'not expected'],
    ['1', 1, 'a column is expected'],
    ['a,b,a', 5, 'twice'],
    ['a;b', 2, 'neither'],
    ['(a)', 1, 'a column is expected'],
  ])('%j is refused at position %i', (written, position, said) => {
    const refused = problem(() => parseOrderBy(written));
    expect([refused.position, refused.message]).toEqual([position, expect.stringContaining(said)]);
  });
});

describe('$select', () => {
  it('is a list of columns, or all', () => {
    expect(parseSelect('CustomerId, FullName')).toEqual([
      { name: 'CustomerId', position: 1 },
      { name: 'FullName', position: 13 },
    ]);
    expect(parseSelect('*')).toBeUndefined();
  });

  it.each([
    ['', 1],
    ['a b', 3],
    ['a,*', 3],
    ['*,a', 1],
    ['a,a', 3],
    ["'a'", 1],
    ['a&$expand=b', 2],
  ])('%j is refused at position %i', (written, position) => {
    expect(problem(() => parseSelect(written)).position).toBe(position);
  });
});

describe('$search', () => {
  it.each([
    ['Anna Meyer', '"Anna Meyer"'],
    ['"Anna Meyer"', '"Anna Meyer"'],
    [' x ', '"x"'],
  ])('%s goes upstream as %s', (written, rendered) => {
    expect(renderSearch(parseSearch(written))).toBe(rendered);
  });

  it.each([
    ['"Anna', 1],
    ['Anna"', 5],
    ['a" OR "b', 2],
    ['"a" "b"', 3],
    ['a\\', 2],
    ['""', 1],
    ['   ', 4],
    ['"', 1],
  ])('%j is refused at position %i', (written, position) => {
    expect(problem(() => parseSearch(written)).position).toBe(position);
  });
});

it('the other options throw nothing but their own error either', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(parseOrderBy, parseSelect, parseSearch),
      (text, parse) => {
        try {
          parse(text);
        } catch (error) {
          expect(error).toBeInstanceOf(QueryOptionProblem);
        }
      },
    ),
    { numRuns: 500 },
  );
});
