/** Schemas in a normal form: references resolved, defaults filled in, order and empty containers ignored. */
import {
  canonicalJson,
  isJsonObject,
  type Json,
  type JsonObject,
  objectOf,
  textOf,
} from './canonical-json.ts';

export type Shown = 'important' | 'normal' | 'advanced' | 'internal';

export interface Property {
  readonly shape: Shape;
  readonly required: boolean;
}

export interface Shape {
  /** A Swagger type, or "any" where the schema names none. */
  readonly type: string;
  readonly format: string | null;
  readonly nullable: boolean;
  readonly label: string | null;
  readonly description: string | null;
  readonly shown: Shown;
  /** The closed list of values in JSON; null: any value. */
  readonly words: readonly string[] | null;
  /** JSON of the value → what the designer shows. */
  readonly wordNames: ReadonlyMap<string, string>;
  /** Canonical JSON; "" where there is none. */
  readonly fallback: string;
  /** minimum, maxLength, pattern … */
  readonly bounds: ReadonlyMap<string, number | string | boolean>;
  readonly items: Shape | null;
  readonly properties: ReadonlyMap<string, Property>;
  /** Whether other properties than these may occur. */
  readonly additional: 'open' | 'closed' | 'unsaid';
  /** Canonical JSON of what fills the drop-down, the newer notation where there are both. */
  readonly dropDown: string;
  /** Canonical JSON of what names the properties at run time. */
  readonly dynamic: string;
  /** Whether the platform puts the callback URL here. */
  readonly isCallback: boolean;
  /** Any other keyword → canonical JSON. */
  readonly others: ReadonlyMap<string, string>;
}

export const boundNames = [
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'uniqueItems',
  'pattern',
] as const;

const understood: ReadonlySet<string> = new Set([
  ...boundNames,
  ...['type', 'format', 'title', 'description', 'enum', 'default', 'items', 'properties', 'required'],
  ...['additionalProperties', 'allOf', 'x-nullable', 'x-ms-summary', 'x-ms-visibility', 'x-ms-enum-values'],
  ...['x-ms-dynamic-values', 'x-ms-dynamic-list', 'x-ms-dynamic-schema', 'x-ms-dynamic-properties'],
  ...['x-ms-notification-url', 'example', 'examples', 'x-ms-test-value', 'readOnly'],
  // Of a parameter; compareInputs looks at them.
  ...['name', 'in', 'schema', 'x-ms-url-encoding', 'collectionFormat', 'allowEmptyValue'],
]);

/** What a `$ref` of this document points to. */
export type Resolve = (reference: string) => JsonObject;

export const resolverOf =
  (document: JsonObject): Resolve =>
  (reference) =>
    objectOf(
      reference
        .replace(/^#\//, '')
        .split('/')
        .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
        .reduce<Json>((at, part) => objectOf(at)[part] ?? null, document),
    );

/** Follows references; the same one twice on the way down is a loop, which ends as "any". */
export const dereference = (value: JsonObject, resolve: Resolve, seen: readonly string[] = []) => {
  let at = value;
  const path = [...seen];
  while (typeof at.$ref === 'string') {
    if (path.includes(at.$ref)) return { value: {} as JsonObject, seen: path };
    path.push(at.$ref);
    at = resolve(at.$ref);
  }
  return { value: at, seen: path };
};

/** allOf of objects is one object with all of their properties. */
const merged = (schema: JsonObject, resolve: Resolve, seen: readonly string[]): JsonObject => {
  if (!Array.isArray(schema.allOf)) return schema;
  const { allOf, ...own } = schema;
  const parts = (allOf as readonly Json[])
    .map((part) => dereference(objectOf(part), resolve, seen).value)
    .map((part) => merged(part, resolve, seen));
  const all = [...parts, own];
  return {
    ...Object.fromEntries(all.flatMap((part) => Object.entries(part))),
    properties: Object.fromEntries(all.flatMap((part) => Object.entries(objectOf(part.properties)))),
    required: all.flatMap((part) => (Array.isArray(part.required) ? part.required : [])),
  };
};

const shownAs = (value: Json | undefined): Shown => {
  const word = String(value ?? '').toLowerCase();
  return word === 'important' || word === 'advanced' || word === 'internal' ? word : 'normal';
};

const typeOf = (schema: JsonObject): string => {
  if (typeof schema.type === 'string') return schema.type;
  if (isJsonObject(schema.properties)) return 'object';
  return isJsonObject(schema.items) ? 'array' : 'any';
};

const propertiesOf = (
  schema: JsonObject,
  resolve: Resolve,
  seen: readonly string[],
): ReadonlyMap<string, Property> => {
  const required = Array.isArray(schema.required) ? schema.required : [];
  return new Map(
    Object.entries(objectOf(schema.properties)).map(([name, property]) => [
      name,
      { shape: shapeOf(objectOf(property), resolve, seen), required: required.includes(name) },
    ]),
  );
};

const additionalOf = ({ additionalProperties }: JsonObject): Shape['additional'] => {
  if (additionalProperties === undefined) return 'unsaid';
  return additionalProperties === false ? 'closed' : 'open';
};

const wordNamesOf = (schema: JsonObject): ReadonlyMap<string, string> =>
  new Map(
    (Array.isArray(schema['x-ms-enum-values']) ? schema['x-ms-enum-values'] : [])
      .map(objectOf)
      .map(({ value, displayName }) => [canonicalJson(value), String(displayName ?? '')]),
  );

/** Absent parameters of a dynamic extension are none. */
const source = (...values: readonly (Json | undefined)[]): string => {
  const found = values.find(isJsonObject);
  return found === undefined ? '' : canonicalJson({ parameters: {}, ...found });
};

/**
 * The normal form of a schema, or of a parameter outside the body.
 * @param seen references above it, against loops
 */
export const shapeOf = (raw: JsonObject, resolve: Resolve, seen: readonly string[] = []): Shape => {
  const followed = dereference(raw, resolve, seen);
  const schema = merged(followed.value, resolve, followed.seen);
  const items = isJsonObject(schema.items) ? shapeOf(schema.items, resolve, followed.seen) : null;
  return {
    type: typeOf(schema),
    format: textOf(schema.format),
    nullable: schema['x-nullable'] === true,
    label: textOf(schema['x-ms-summary']) ?? textOf(schema.title),
    description: textOf(schema.description),
    shown: shownAs(schema['x-ms-visibility']),
    words: Array.isArray(schema.enum) ? schema.enum.map(canonicalJson) : null,
    wordNames: wordNamesOf(schema),
    fallback: canonicalJson(schema.default),
    bounds: new Map(
      boundNames.flatMap((name) => {
        const value = schema[name];
        return typeof value === 'number' || typeof value === 'string' || value === true
          ? [[name, value]]
          : [];
      }),
    ),
    items,
    properties: propertiesOf(schema, resolve, followed.seen),
    additional: additionalOf(schema),
    dropDown: source(schema['x-ms-dynamic-list'], schema['x-ms-dynamic-values']),
    dynamic: source(schema['x-ms-dynamic-properties'], schema['x-ms-dynamic-schema']),
    isCallback: schema['x-ms-notification-url'] === true,
    others: new Map(
      Object.entries(schema)
        .filter(([name]) => !understood.has(name))
        .map(([name, value]) => [name, canonicalJson(value)]),
    ),
  };
};
