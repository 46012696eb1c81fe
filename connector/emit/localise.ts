/** A connector's texts in another language: ids, names and values stay. Pure. */
import { connectorTexts } from '../texts/connector-texts.ts';
import { type Language, type Locale, languageOf } from '../texts/language.ts';
import type { ConnectorDefinition } from './definition.ts';

/** Keys of texts that makers read, anywhere in a definition. */
const textKeys: ReadonlySet<string> = new Set([
  'summary',
  'description',
  'x-ms-summary',
  'x-ms-trigger-hint',
  'displayName',
]);

const localised = (value: unknown, language: Language): unknown => {
  if (Array.isArray(value)) return value.map((item) => localised(item, language));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      textKeys.has(key) && typeof item === 'string' ? language.text(item) : localised(item, language),
    ]),
  );
};

/** @throws MissingText */
export const translated = (definition: ConnectorDefinition, language: Language): ConnectorDefinition =>
  localised(definition, language) as ConnectorDefinition;

/** @throws MissingText */
export const inLanguage = (definition: ConnectorDefinition, locale: Locale): ConnectorDefinition =>
  locale === 'en' ? definition : translated(definition, languageOf(locale, connectorTexts));
