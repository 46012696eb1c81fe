/** Values within a definition that packages spell differently, and texts and calls made of them. */
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

/** A property that may be missing. */
export const property = (token: Token, name: string): Token =>
  fromCode((target) => `${argument(token, target)}?[${quoted(name)}]`);

export const setting = (declared: Setting): Token => ({ render: (target) => target.setting(declared) });

/** A text with tokens in it: text`The segment ${event('segmentName')} has grown.` */
export const text = (strings: TemplateStringsArray, ...tokens: readonly Token[]): Token => ({
  render: (target) => {
    const parts = strings.map((plain, index) => {
      const token = tokens[index];
      const before = index === 0 ? escaped(plain) : plain.replaceAll('@{', '@@{');
      if (token === undefined) return before;
      const rendered = token.render(target);
      return (
        before +
        (rendered.as === 'expression'
          ? `@{${rendered.code}}`
          : rendered.as === 'text'
            ? rendered.text
            : String(rendered.value).replaceAll('@{', '@@{'))
      );
    });
    return { as: 'text', text: parts.join('') };
  },
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
