import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkConnector } from '../../../connector/check/check-connector.ts';
import type { CheckedFile } from '../../../connector/check/connector.ts';
import { fixConnector } from '../../../connector/check/fix.ts';
import { filesOf, type Loose, soundConnectors } from './sound.ts';

const encoder = new TextEncoder();
const definition = (value: unknown): CheckedFile => ({
  name: 'apiDefinition.swagger.json',
  content: encoder.encode(JSON.stringify(value)),
});
const properties = (value: unknown): CheckedFile => ({
  name: 'apiProperties.json',
  content: encoder.encode(JSON.stringify({ properties: value })),
});

const lookUp = (root: unknown, pointer: string): boolean => {
  let at = root;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return false;
    at = (at as Record<string, unknown>)[key];
  }
  return true;
};

/** Runs the checker and holds what holds for every input. */
const checked = (files: readonly CheckedFile[]) => {
  const findings = checkConnector(files, { profile: 'certification' });
  expect(checkConnector(files, { profile: 'certification' })).toEqual(findings);
  for (const { file, pointer, line, column } of findings) {
    const content = files.find(({ name }) => name === file)?.content;
    if (content === undefined) continue;
    const text = new TextDecoder().decode(content);
    expect(line).toBeGreaterThan(0);
    expect(text.split('\n').length).toBeGreaterThanOrEqual(line);
    expect((text.split('\n')[line - 1]?.length ?? 0) + 1).toBeGreaterThanOrEqual(column);
    if (pointer !== '') expect(lookUp(JSON.parse(text), pointer), `${file} ${pointer}`).toBe(true);
  }
  return findings;
};

/** Every place in a value: its holder and key. */
const placesIn = (root: Loose): readonly (readonly [Loose, string])[] => {
  const places: (readonly [Loose, string])[] = [];
  const waiting: Loose[] = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop())
    for (const [key, child] of Object.entries<Loose>(node)) {
      places.push([node, key]);
      if (typeof child === 'object' && child !== null) waiting.push(child);
    }
  return places;
};

const words = fc.constantFrom(
  '$ref',
  'type',
  'properties',
  'items',
  'required',
  'in',
  'name',
  'schema',
  'parameters',
  'responses',
  'get',
  'x-ms-dynamic-values',
  'operationId',
  '__proto__',
  'constructor',
  'x-ms-visibility',
  'allOf',
  'enum',
  'default',
  '#/definitions/Item',
  'object',
  'array',
  'body',
  'toString',
  '/a/{b}',
  '{',
  '200',
  'x-ms-trigger',
  'hasOwnProperty',
);
const odd: fc.Arbitrary<Loose> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true }),
    fc.string(),
    words,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(words, fc.string()), tie('value'), { maxKeys: 5 }),
  ),
})).value;

describe('the checker withstands', () => {
  it('arbitrary JSON', () => {
    fc.assert(
      fc.property(odd, odd, odd, (one, two, three) => {
        checked([
          definition(one),
          { name: 'apiProperties.json', content: encoder.encode(JSON.stringify(two)) },
          { name: 'settings.json', content: encoder.encode(JSON.stringify(three)) },
        ]);
      }),
      { numRuns: 400 },
    );
  });

  it('a sound connector in which any value is replaced by any other', () => {
    const sound = soundConnectors[1];
    if (sound === undefined) throw new Error('no connector');
    fc.assert(
      fc.property(
        fc.nat(),
        fc.constantFrom('definition', 'properties', 'settings'),
        odd,
        (at, part, value) => {
          const parts = sound.make();
          const root: Loose = {
            definition: parts.definition,
            properties: parts.properties,
            settings: parts.settings,
          }[part];
          const places = placesIn(root);
          const [holder, key] = places[at % places.length] ?? [root, 'x'];
          holder[key] = value;
          checked(filesOf(parts, sound.indent));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('arbitrary bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (content) => {
        checked(
          ['apiDefinition.swagger.json', 'apiProperties.json', 'settings.json', 'icon.png', 'script.csx']
            .map((name) => ({ name, content }))
            .filter(({ name }) => name !== 'x'),
        );
      }),
    );
  });

  it('fixes that are applied again change nothing', () => {
    const sound = soundConnectors[0];
    if (sound === undefined) throw new Error('no connector');
    fc.assert(
      fc.property(fc.nat(), odd, (at, value) => {
        const parts = sound.make();
        const places = placesIn(parts.definition);
        const [holder, key] = places[at % places.length] ?? [parts.definition, 'x'];
        holder[key] = value;
        const files = filesOf(parts, 2);
        const once = fixConnector(files);
        const mended = files.map((file) => ({
          ...file,
          content: once.files.find(({ name }) => name === file.name)?.after ?? file.content,
        }));
        expect(fixConnector(mended).files).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

const operation = (id: string, more: Loose = {}) => ({
  operationId: id,
  summary: id,
  description: `${id}.`,
  responses: { 200: { description: 'ok', schema: { $ref: '#/definitions/D0' } } },
  ...more,
});
const swagger = (more: Loose) => ({
  swagger: '2.0',
  info: { title: 'T', version: '1', description: 'd' },
  host: 'api.contoso.com',
  schemes: ['https'],
  ...more,
});

/** Milliseconds of one run, the best of three. */
const duration = (files: readonly CheckedFile[]): number =>
  Math.min(
    ...[1, 2, 3].map(() => {
      const start = performance.now();
      checkConnector(files);
      return performance.now() - start;
    }),
  );

const withOperations = (count: number, schemas: number) =>
  swagger({
    paths: Object.fromEntries(
      Array.from({ length: count }, (_, at) => [
        `/p${at}/{id}`,
        {
          post: operation(`Op${at}`, {
            parameters: [
              { name: 'id', in: 'path', required: true, type: 'string' },
              { name: 'body', in: 'body', schema: { $ref: '#/definitions/D0' } },
            ],
          }),
        },
      ]),
    ),
    // Every schema refers to the next two: without memory the tree has 2^n leaves.
    definitions: Object.fromEntries(
      Array.from({ length: schemas }, (_, at) => [
        `D${at}`,
        {
          type: 'object',
          required: ['a'],
          properties: {
            a: { $ref: `#/definitions/D${(at + 1) % schemas}` },
            b: { $ref: `#/definitions/D${(at + 2) % schemas}` },
            c: {
              type: 'string',
              'x-ms-dynamic-values': {
                operationId: 'Op0',
                parameters: { id: { parameter: 'id' } },
                'value-path': 'a/b/c',
              },
            },
          },
        },
      ]),
    ),
  });

describe('time and depth', () => {
  it.each([
    [
      'references that lead to themselves',
      {
        definitions: {
          A: { $ref: '#/definitions/B' },
          B: { $ref: '#/definitions/A' },
          C: { $ref: '#/definitions/C' },
        },
        paths: {
          '/a': {
            post: operation('A', {
              parameters: [
                { name: 'b', in: 'body', schema: { $ref: '#/definitions/A' } },
                { $ref: '#/parameters/P' },
              ],
            }),
          },
        },
        parameters: { P: { $ref: '#/parameters/P' } },
        responses: { R: { $ref: '#/responses/R' } },
      },
    ],
    [
      'schemas that hold themselves',
      {
        definitions: {
          D0: {
            type: 'object',
            required: ['x'],
            properties: { x: { $ref: '#/definitions/D0' } },
            items: { $ref: '#/definitions/D0' },
            allOf: [{ $ref: '#/definitions/D0' }],
          },
        },
        paths: { '/a': { get: operation('A') } },
      },
    ],
    [
      'names of the prototype',
      {
        paths: {
          '/a': { get: operation('__proto__') },
          '/b': {
            get: operation('constructor', {
              parameters: [{ name: '__proto__', in: 'query', type: 'string' }],
            }),
          },
        },
        definitions: {
          __proto__: { type: 'object' },
          constructor: { type: 'object', required: ['toString'], properties: {} },
        },
      },
    ],
  ])('%s', (_, more) => {
    checked([
      definition(swagger(more)),
      properties({ connectionParameters: { constructor: {}, toString: null } }),
    ]);
  });

  it('a chain of 20,000 references', () => {
    const definitions = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, at) => [
        `D${at}`,
        { type: 'object', required: ['n'], properties: { n: { $ref: `#/definitions/D${at + 1}` } } },
      ]),
    );
    const findings = checkConnector([
      definition(swagger({ paths: { '/a': { get: operation('A') } }, definitions })),
    ]);
    expect(findings.map(({ rule }) => rule)).toContain('SchemaTooDeep');
  });

  it('patterns that would backtrack for ever are compiled, never run', () => {
    const pattern = `(${'a+'.repeat(50)})+$`;
    const start = performance.now();
    checkConnector([
      definition(
        swagger({
          paths: {
            '/a': {
              get: operation('A', {
                parameters: [
                  { name: 'q', in: 'query', type: 'string', pattern, default: 'a'.repeat(50_000) },
                ],
              }),
            },
          },
        }),
      ),
    ]);
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  it.each([
    ['blanks', (size: number) => ({ description: ' '.repeat(size) })],
    ['opening braces', (size: number) => ({ summary: '{'.repeat(size), description: '@{'.repeat(size / 2) })],
    ['dots', (size: number) => ({ summary: `a${'.'.repeat(size)}`, description: `a${'.'.repeat(size)}x` })],
    ['quotes and backslashes', (size: number) => ({ description: '"\\'.repeat(size / 2) })],
  ])('texts of a megabyte: %s', (_, make) => {
    const files = (size: number) => {
      const text = make(size);
      const value = Object.values(text)[0] ?? '';
      return [
        definition(
          swagger({
            paths: { [`/${value}`]: { get: operation('A', text) } },
            host: value,
            info: {
              title: value,
              version: '1',
              description: value,
              contact: { email: value, url: value, name: value },
            },
          }),
        ),
        properties({
          iconBrandColor: value,
          policyTemplateInstances: [
            {
              templateId: 'setheader',
              title: 't',
              parameters: {
                'x-ms-apimTemplateParameter.name': value,
                'x-ms-apimTemplateParameter.value': `@${value}@connectionParameters('${value}')`,
              },
            },
          ],
        }),
        { name: 'script.csx', content: encoder.encode(`using ${value};\nclass A {}`) },
      ];
    };
    const start = performance.now();
    checkConnector(files(1_000_000));
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  it('grows with the size, not with its square', () => {
    duration([definition(withOperations(40, 50))]);
    const small = duration([definition(withOperations(64, 400))]);
    const large = duration([definition(withOperations(256, 1600))]);
    // Four times the operations on four times the schemas: each operation sees every schema, up to the documented limits.
    expect(large).toBeLessThan(40 * small + 200);
    expect(large).toBeLessThan(10_000);
  });

  it('10,000 operations end in reasonable time', () => {
    const start = performance.now();
    const findings = checkConnector([definition(withOperations(10_000, 50))]);
    expect(performance.now() - start).toBeLessThan(20_000);
    expect(findings.map(({ rule }) => rule)).toContain('TotalOperationsCountExceedsMaxAllowed');
  });
});
