/** Values within a definition that packages spell differently, and texts and calls made of them. */
import { runStatuses } from '../../connector/contract/display-names.ts';
import { english, type Language } from '../../connector/texts/language.ts';
import type { Value } from '../expressions/values.ts';

/** What a token is in a definition. */
export type Rendered =
  /** An expression, without its `@`. */
  | { readonly as: 'expression'; readonly code: string }
  | { readonly as: 'value'; readonly value: string | number | boolean }
  /** A text with expressions in it, ready. */
  | { readonly as: 'text'; readonly text: string };

export interface Token {
  readonly render: (target: SettingTarget) => Rendered;
}

/**
 * Where a value that each organisation sets comes from: an environment variable, a literal, an ARM parameter.
 */
export interface SettingTarget {
  /** English when absent. */
  readonly language?: Language;
  readonly setting: (setting: Setting) => Rendered;
}

/** A value that each organisation sets. */
export interface Setting {
  /** Letters and digits; part of the schema name of an environment variable. */
  readonly key: string;
  readonly type: 'string' | 'number';
  readonly displayName: string;
  readonly description: string;
  /** An invented value of the right form: without any a flow could not be turned on. */
  readonly example: string | number;
}

const isToken = (value: unknown): value is Token =>
  typeof value === 'object' && value !== null && 'render' in value && typeof value.render === 'function';

/** A value within a definition: plain JSON with tokens in it. */
export type Draft =
  | null
  | string
  | number
  | boolean
  | Token
  | readonly Draft[]
  | { readonly [key: string]: Draft };

/** "@" begins an expression, so a text that is none has it twice. */
const escaped = (text: string): string => text.replace(/^@/, '@@').replaceAll('@{', '@@{');

export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A token as an argument of a function. */
const argument = (value: Token | string | number | boolean | null, target: SettingTarget): string => {
  if (!isToken(value)) return typeof value === 'string' ? quoted(value) : String(value);
  const rendered = value.render(target);
  switch (rendered.as) {
    case 'expression':
      return rendered.code;
    case 'value':
      return typeof rendered.value === 'string' ? quoted(rendered.value) : String(rendered.value);
    case 'text':
      throw new Error('A text with expressions in it cannot be an argument; use call("concat", …).');
  }
};

/** An expression, given its text. */
export const fromCode = (code: (target: SettingTarget) => string): Token => ({
  render: (target) => ({ as: 'expression', code: code(target) }),
});

/** A call of a function of the language. */
export const call = (name: string, ...args: readonly (Token | string | number | boolean | null)[]): Token =>
  fromCode((target) => `${name}(${args.map((one) => argument(one, target)).join(', ')})`);

/**
 * What is said for a value, in the language of the flow.
 * @param said for each value that is known
 * @param otherwise for any other
 */
export const wordFor = (value: Token, said: Readonly<Record<string, string>>, otherwise: Token): Token =>
  Object.entries(said).reduceRight(
    (other, [known, word]) => call('if', call('equals', value, known), words(word), other),
    otherwise,
  );

/** A status of a job or task in the language of the flow; one that is not known stays as it is. */
export const statusWord = (status: Token): Token => {
  const statuses = Object.keys(runStatuses);
  const translated = wordFor(status, Object.fromEntries(statuses.map((word) => [word, word])), status);
  return {
    render: (target) => {
      const { text } = target.language ?? english;
      return (statuses.every((word) => text(word) === word) ? status : translated).render(target);
    },
  };
};

/** A property that may be missing. */
export const property = (token: Token, name: string): Token =>
  fromCode((target) => `${argument(token, target)}?[${quoted(name)}]`);

/** Its name is part of the key of a parameter, so both have one language. @throws MissingText */
export const settingInLanguage = (declared: Setting, language: Language): Setting => ({
  ...declared,
  displayName: language.text(declared.displayName),
  description: language.text(declared.description),
});

export const setting = (declared: Setting): Token => ({
  render: (target) => target.setting(settingInLanguage(declared, target.language ?? english)),
});

const inText = (rendered: Rendered): string =>
  rendered.as === 'expression'
    ? `@{${rendered.code}}`
    : rendered.as === 'text'
      ? rendered.text
      : String(rendered.value).replaceAll('@{', '@@{');

/**
 * A text with tokens in it: text`The segment ${event('segmentName')} has grown.` In the catalogue the tokens are
 * `{0}`, `{1}` …; a text of tokens alone has nothing to translate.
 */
export const text = (strings: TemplateStringsArray, ...tokens: readonly Token[]): Token => ({
  render: (target) => {
    const key = strings.map((plain, index) => plain + (index < tokens.length ? `{${index}}` : '')).join('');
    const { text: translated } = target.language ?? english;
    const said = strings.some((plain) => /\p{L}/u.test(plain)) ? translated(key) : key;
    const parts = said.split(/\{(\d{1,2})\}/).map((part, index) => {
      if (index % 2 === 0) return index === 0 ? escaped(part) : part.replaceAll('@{', '@@{');
      const token = tokens[Number(part)];
      if (token === undefined)
        throw new Error(`The text ${JSON.stringify(said)} names {${part}}, which it does not have.`);
      return inText(token.render(target));
    });
    return { as: 'text', text: parts.join('') };
  },
});

/** Words within an expression or a list of columns. */
export const words = (said: string): Token => ({
  render: ({ language = english }) => ({ as: 'value', value: language.text(said) }),
});

/** A number in the spelling of the language. @param format as `formatNumber` takes it */
export const shownNumber = (value: Token, format: string): Token =>
  fromCode((target) => {
    const { culture } = target.language ?? english;
    return `formatNumber(${argument(value, target)}, ${quoted(format)}, ${quoted(culture)})`;
  });

/** A time in UTC in the spelling of the language, without the zone. */
export const shownTime = (value: Token): Token =>
  fromCode((target) => {
    const { dateTimePattern } = target.language ?? english;
    return `formatDateTime(${argument(value, target)}, ${quoted(dateTimePattern)})`;
  });

/** For a text in HTML: what comes from the source cannot become markup; nothing becomes an empty text. */
export const html = (token: Token): Token =>
  call('replace', call('replace', call('string', token), '&', '&amp;'), '<', '&lt;');

/** A draft as a definition contains it. */
export const rendered = (draft: Draft, target: SettingTarget): Value => {
  if (isToken(draft)) {
    const value = draft.render(target);
    if (value.as === 'expression') return `@${value.code}`;
    if (value.as === 'text') return value.text;
    return typeof value.value === 'string' ? escaped(value.value) : value.value;
  }
  if (Array.isArray(draft)) return (draft as readonly Draft[]).map((item) => rendered(item, target));
  if (typeof draft === 'object' && draft !== null)
    return Object.fromEntries(
      Object.entries(draft as { readonly [key: string]: Draft }).map(([key, item]) => [
        key,
        rendered(item, target),
      ]),
    );
  return draft as Value;
};
