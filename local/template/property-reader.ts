import { isJsonObject } from '../../connector/emit/json.ts';
import type { Json, Properties } from './template.ts';
import { TemplateError, type TemplateLocation } from './template-error.ts';

/**
 * Typed access to the resolved properties of one resource; a wrong type is an error that names the property.
 */
export interface PropertyReader {
  text(property: string): string;
  optionalText(property: string): string | undefined;
  number(property: string): number;
  optionalNumber(property: string, range?: Range): number | undefined;
  optionalFlag(property: string): boolean | undefined;
  texts(property: string): readonly string[];
  records(property: string): readonly Properties[];
  /** A nested object; an empty reader when it is absent. */
  within(property: string): PropertyReader;
  textMap(property: string): Readonly<Record<string, string>>;
  has(property: string): boolean;
  value(property: string): Json;
  /** An error at this property. */
  refuse(property: string, problem: string): TemplateError;
}

interface Range {
  readonly least: number;
  readonly most: number;
}

export const readerOf = (location: TemplateLocation, properties: Properties): PropertyReader => {
  const prefix = location.property === undefined ? '' : `${location.property}.`;
  const at = (property: string): TemplateLocation => ({ ...location, property: `${prefix}${property}` });
  const refuse = (property: string, problem: string) => new TemplateError(at(property), problem);
  const wrong = (property: string, expected: string): TemplateError =>
    refuse(property, `is ${JSON.stringify(properties[property])}; ${expected} is expected`);

  /** CloudFormation takes numbers and booleans as text too. */
  const asNumber = (property: string, value: Json): number => {
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isFinite(number)) throw wrong(property, 'a number');
    return number;
  };

  const reader: PropertyReader = {
    has: (property) => properties[property] !== undefined,
    value: (property) => properties[property] ?? null,
    refuse,
    text(property) {
      const value = properties[property];
      if (typeof value !== 'string') throw wrong(property, 'a text');
      return value;
    },
    optionalText: (property) => (properties[property] === undefined ? undefined : reader.text(property)),
    number: (property) => asNumber(property, properties[property] ?? null),
    optionalNumber(property, range) {
      const value = properties[property];
      if (value === undefined) return undefined;
      const number = asNumber(property, value);
      if (range !== undefined && (number < range.least || number > range.most))
        throw wrong(property, `a number from ${range.least} to ${range.most}`);
      return number;
    },
    optionalFlag(property) {
      const value = properties[property];
      if (value === undefined || typeof value === 'boolean') return value;
      if (value === 'true' || value === 'false') return value === 'true';
      throw wrong(property, 'true or false');
    },
    texts(property) {
      const value = properties[property] ?? [];
      if (!Array.isArray(value) || !value.every((item: Json) => typeof item === 'string'))
        throw wrong(property, 'a list of texts');
      return value;
    },
    records(property) {
      const value = properties[property] ?? [];
      if (!Array.isArray(value) || !value.every(isJsonObject)) throw wrong(property, 'a list of objects');
      return value;
    },
    within(property) {
      const value = properties[property] ?? {};
      if (!isJsonObject(value)) throw wrong(property, 'an object');
      return readerOf(at(property), value);
    },
    textMap(property) {
      const value = properties[property] ?? {};
      if (!isJsonObject(value)) throw wrong(property, 'an object');
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => {
          if (typeof item !== 'string') throw wrong(property, `a text for ${key}`);
          return [key, item] as const;
        }),
      );
    },
  };
  return reader;
};
