/**
 * Languages of generated texts. English stands where a text is used; a catalogue has the others by the English text, so
 * a changed text has no translation until it is translated again.
 */

/** Languages of the connector and the flows, as BCP 47 tags. The platform cannot hold several: one build has one. */
export const locales = ['en', 'nb', 'de'] as const;
export type Locale = (typeof locales)[number];

/** English text → the other languages. In a message `{0}`, `{1}` … are values; each language orders them itself. */
export type Catalogue = Readonly<Record<string, Readonly<Record<Exclude<Locale, 'en'>, string>>>>;

/** A text has no translation. */
export class MissingText extends Error {
  override readonly name = 'MissingText';
  readonly exitCode = 1;
}

export interface Language {
  readonly locale: Locale;
  /** For formats of numbers and dates: a culture of .NET, which Power Automate and Logic Apps take. */
  readonly culture: string;
  /** Pattern of a date with time of day, as `formatDateTime` takes it. */
  readonly dateTimePattern: string;
  /** @throws MissingText */
  readonly text: (english: string) => string;
}

const formats: Readonly<Record<Locale, Pick<Language, 'culture' | 'dateTimePattern'>>> = {
  en: { culture: 'en-US', dateTimePattern: 'yyyy-MM-dd HH:mm' },
  nb: { culture: 'nb-NO', dateTimePattern: 'dd.MM.yyyy HH:mm' },
  de: { culture: 'de-DE', dateTimePattern: 'dd.MM.yyyy HH:mm' },
};

export const english: Language = { locale: 'en', ...formats.en, text: (text) => text };

export const languageOf = (locale: Locale, catalogue: Catalogue): Language =>
  locale === 'en'
    ? english
    : {
        locale,
        ...formats[locale],
        text: (text) => {
          const translated = Object.hasOwn(catalogue, text) ? catalogue[text]?.[locale] : undefined;
          if (translated === undefined || translated.trim() === '')
            throw new MissingText(
              `${JSON.stringify(text)} has no text in "${locale}". Add it to the catalogue.`,
            );
          return translated;
        },
      };
