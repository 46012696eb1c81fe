/** Values at the bounds of a schema of the definition, and just beyond them. Nothing here knows the contract. */
import { isJsonObject } from '../../connector/emit/json.ts';
import type { Json } from '../../flows/runner/connectors/connector-definition.ts';

export type Properties = Readonly<Record<string, Json>>;

export interface BoundaryValue {
  /** What it is, in the words of the schema. */
  readonly what: string;
  /** Absent: the value is left out. */
  readonly value?: Json;
}

export interface Boundaries {
  readonly allowed: readonly BoundaryValue[];
  readonly forbidden: readonly BoundaryValue[];
}

/** Characters that grow most: three bytes of UTF-8 to a unit of UTF-16, and four bytes to a character. */
const worst = ['€', '😀'];

const numberOf = (value: Json | undefined): number | undefined =>
  typeof value === 'number' ? value : undefined;

const textFormats: Readonly<
  Record<string, { readonly allowed: readonly string[]; readonly forbidden: string }>
> = {
  'date-time': {
    allowed: ['2026-05-31T08:00:00Z', '2026-05-31T08:00:00.1234567+02:00'],
    forbidden: '31 May 2026',
  },
  uri: { allowed: [], forbidden: 'no address' },
};

/** @param ordinary a value that works, for what a schema does not say by its bounds */
const ofText = (schema: Properties, ordinary: Json): Boundaries => {
  const [least = 0, most] = [numberOf(schema.minLength), numberOf(schema.maxLength)];
  const { pattern, format } = schema;
  // A text of a form is made longer by what belongs to the form.
  const pad = typeof format === 'string' ? `${String(ordinary)}&pad=` : '';
  const characters = pattern !== undefined || typeof format === 'string' ? ['a'] : ['a', ...worst];
  const ofLength = (length: number, character: string) =>
    pad + character.repeat(Math.max(0, length - pad.length));
  const known = typeof format === 'string' ? textFormats[format] : undefined;
  return {
    allowed: [
      ...(known?.allowed ?? []).map((value) => ({ what: `the format ${String(format)}`, value })),
      ...(most === undefined
        ? []
        : characters.map((character) => ({
            what: `${most} of ${character}`,
            value: ofLength(most, character),
          }))),
      ...(known === undefined ? [{ what: 'the shortest', value: 'a'.repeat(Math.max(1, least)) }] : []),
    ],
    forbidden: [
      ...(most === undefined
        ? []
        : characters.map((character) => ({
            what: `${most + 1} of ${character}`,
            value: ofLength(most + 1, character),
          }))),
      ...(known === undefined ? [] : [{ what: `not the format ${String(format)}`, value: known.forbidden }]),
      ...(pattern === undefined ? [] : [{ what: 'not the pattern', value: `${String(ordinary)}!` }]),
    ],
  };
};

const ofNumber = (schema: Properties): Boundaries => {
  const [least, most] = [numberOf(schema.minimum), numberOf(schema.maximum)];
  return {
    allowed: [least, most, ...(least === undefined ? [-1.5, 0] : [])].flatMap((value) =>
      value === undefined ? [] : [{ what: String(value), value }],
    ),
    forbidden: [
      ...(least === undefined ? [] : [{ what: 'one less', value: least - 1 }]),
      ...(most === undefined ? [] : [{ what: 'one more', value: most + 1 }]),
      ...(schema.type === 'integer' ? [{ what: 'a fraction', value: (least ?? 0) + 0.5 }] : []),
    ],
  };
};

const wrongTypes: Readonly<Record<string, readonly Json[]>> = {
  string: [5, true, ['a'], { a: 1 }],
  integer: ['many', true, [1], {}],
  number: ['many', true, [1], {}],
  boolean: ['maybe', 1],
  object: ['text', 5, []],
  array: ['text', 5, {}],
};

/**
 * @param options.asText in a path or a query, where every value is a text and null has no form
 */
export const boundariesOf = (
  schema: Properties,
  options: { readonly required: boolean; readonly asText: boolean; readonly ordinary: Json },
): Boundaries => {
  const { required, asText, ordinary } = options;
  const type = String(schema.type);
  const absent: BoundaryValue = { what: 'left out' };
  const nothing: BoundaryValue = { what: 'null', value: null };
  const wrong = (wrongTypes[type] ?? [])
    .filter((value) => !asText || (type !== 'string' && typeof value === 'string'))
    .map((value) => ({ what: `the type of ${JSON.stringify(value)}`, value }));
  const words = Array.isArray(schema.enum) ? schema.enum : undefined;
  const own: Boundaries = words
    ? {
        allowed: words.map((value) => ({ what: `the word ${String(value)}`, value })),
        forbidden: [{ what: 'no word of it', value: 'elsewhere' }],
      }
    : type === 'string'
      ? ofText(schema, ordinary)
      : type === 'integer' || type === 'number'
        ? ofNumber(schema)
        : {
            allowed: [],
            forbidden: numberOf(schema.minProperties) === undefined ? [] : [{ what: 'empty', value: {} }],
          };
  return {
    allowed: [
      { what: 'an ordinary value', value: ordinary },
      ...own.allowed,
      ...(required ? [] : [absent]),
      ...(!asText && schema['x-nullable'] === true ? [nothing] : []),
    ],
    forbidden: [
      ...own.forbidden,
      ...wrong,
      ...(required ? [absent] : []),
      ...(!asText && schema['x-nullable'] !== true ? [nothing] : []),
    ],
  };
};

export const propertiesOf = (schema: Json | undefined): Readonly<Record<string, Properties>> =>
  isJsonObject(schema) && isJsonObject(schema.properties)
    ? (schema.properties as Readonly<Record<string, Properties>>)
    : {};

/** A value that a schema without an example takes. */
export const ordinaryOf = (schema: Properties): Json => {
  if (Array.isArray(schema.enum)) return schema.enum[0] ?? null;
  if (schema.type === 'integer') return numberOf(schema.minimum) ?? 1;
  if (schema.type === 'number') return 1;
  if (schema.type === 'boolean') return true;
  return schema.format === 'date-time' ? '2026-05-31T08:00:00Z' : 'a';
};
