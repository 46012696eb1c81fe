/**
 * The contract's schema vocabulary: the subset that JSON Schema (our validators) and Swagger 2.0 (the
 * connector) both understand. Swagger 2.0 knows no `const`, `anyOf`, `oneOf`, type arrays or numeric
 * exclusive bounds, so no builder here can make them; "X or null" is `nullable: true`, which ajv reads and
 * the emitter writes as `x-nullable`.
 *
 * Keys beginning with `x-ms-` are Power Platform extensions
 * (https://learn.microsoft.com/connectors/custom-connectors/openapi-extensions) and mean nothing to a
 * validator.
 */
import { type Static, type TObject, type TSchema, Type } from 'typebox';

export type { Static, TObject, TSchema };

/** "important" is shown first, "advanced" behind "Show advanced options", "internal" never. */
export type Visibility = 'important' | 'advanced' | 'internal';

/**
 * Fills a drop-down from another operation; built by {@link dynamicValues} in operation.ts, which checks the
 * names.
 */
export interface DynamicValues {
  readonly operationId: string;
  /** Parameter of the called operation → parameter of the calling one, or a literal. */
  readonly parameters: Readonly<Record<string, { readonly parameter: string } | string | number | boolean>>;
  readonly collection: string;
  readonly value: string;
  readonly title: string;
}

/** Gives an item its columns from another operation's answer, at run time in the designer. */
export interface DynamicSchema {
  readonly operationId: string;
  readonly parameters: Readonly<Record<string, { readonly parameter: string } | string | number | boolean>>;
  /** Property of the called operation's response that holds the schema object. */
  readonly value: string;
}

/** Texts in the flow designer. */
export interface Texts {
  /** Label; title case, 80 characters at most. */
  readonly summary: string;
  /** A sentence: what the value is, its unit, where it comes from. */
  readonly description: string;
  readonly visibility?: Visibility;
  readonly dynamicValues?: DynamicValues;
}

const annotations = (texts: Texts) => ({
  'x-ms-summary': texts.summary,
  description: texts.description,
  ...(texts.visibility && { 'x-ms-visibility': texts.visibility }),
  ...(texts.dynamicValues && { 'x-dynamic-values': texts.dynamicValues }),
});

interface TextConstraints {
  readonly format?: 'date-time' | 'uri' | 'email';
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly default?: string;
}

interface NumberConstraints {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: number;
}

export const text = (texts: Texts & TextConstraints) => {
  const { summary, description, visibility, dynamicValues, ...constraints } = texts;
  return Type.String({ ...annotations(texts), ...constraints });
};

/** An instant, RFC 3339 with offset `Z`. */
export const dateTime = (texts: Texts) => text({ ...texts, format: 'date-time' });

/** A whole number (64 bits on the wire). */
export const integer = (texts: Texts & NumberConstraints) => {
  const { summary, description, visibility, dynamicValues, ...constraints } = texts;
  return Type.Integer({ ...annotations(texts), format: 'int64', ...constraints });
};

export const decimal = (texts: Texts & NumberConstraints) => {
  const { summary, description, visibility, dynamicValues, ...constraints } = texts;
  return Type.Number({ ...annotations(texts), ...constraints });
};

export const flag = (texts: Texts & { readonly default?: boolean }) =>
  Type.Boolean({ ...annotations(texts), ...(texts.default !== undefined && { default: texts.default }) });

/** One of a closed list of words; the values of `choices` are what the designer shows. */
export const choice = <const Choices extends Readonly<Record<string, string>>>(
  choices: Choices,
  texts: Texts & { readonly default?: keyof Choices & string },
) =>
  Type.Unsafe<keyof Choices & string>({
    type: 'string',
    enum: Object.keys(choices),
    'x-ms-enum-values': Object.entries(choices).map(([value, displayName]) => ({ value, displayName })),
    ...annotations(texts),
    ...(texts.default !== undefined && { default: texts.default }),
  });

export const list = <Item extends TSchema>(items: Item, texts: Texts) =>
  Type.Array(items, { ...annotations(texts) });

/**
 * An object with exactly these properties.
 * @param options.definition name under which the emitter shares it in `#/definitions/`
 */
export const record = <Properties extends Record<string, TSchema>>(
  properties: Properties,
  options: Partial<Texts> & { readonly definition?: string } = {},
) =>
  Type.Object(properties, {
    additionalProperties: false,
    ...(options.summary && { 'x-ms-summary': options.summary }),
    ...(options.description && { description: options.description }),
    ...(options.visibility && { 'x-ms-visibility': options.visibility }),
    ...(options.definition && { 'x-definition': options.definition }),
  });

/** A row of an entity: its columns differ per entity, so the designer asks for them. */
export const row = (
  texts: Texts & { readonly dynamicSchema?: DynamicSchema; readonly minProperties?: number },
) =>
  Type.Unsafe<Readonly<Record<string, unknown>>>({
    type: 'object',
    additionalProperties: true,
    ...(texts.minProperties !== undefined && { minProperties: texts.minProperties }),
    ...annotations(texts),
    ...(texts.dynamicSchema && { 'x-dynamic-schema': texts.dynamicSchema }),
  });

/** A property that may be absent. */
export const optional = Type.Optional;

/** A value that may be null: `x-nullable` in Swagger. */
export const nullable = <Schema extends TSchema>(schema: Schema) =>
  Type.Unsafe<Static<Schema> | null>({
    ...schema,
    nullable: true,
    // To a validator null must be one of the words; the emitter leaves it out again.
    ...('enum' in schema && Array.isArray(schema.enum) && { enum: [...schema.enum, null] }),
  });

/**
 * The property that the platform fills with the URL to call back: required, internal, exactly once per
 * trigger.
 */
export const callbackUrl = () =>
  Type.String({
    ...annotations({
      summary: 'Callback URL',
      description: 'Where events are sent. Filled in by Power Automate.',
      visibility: 'internal',
    }),
    'x-ms-notification-url': true,
    format: 'uri',
    minLength: 1,
    maxLength: 4096,
  });

/** Annotation keywords above that are not JSON Schema; a validator in strict mode needs the list. */
export const annotationKeywords = [
  'x-ms-summary',
  'x-ms-visibility',
  'x-ms-enum-values',
  'x-ms-notification-url',
  'x-definition',
  'x-dynamic-values',
  'x-dynamic-schema',
] as const;
