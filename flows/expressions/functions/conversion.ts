import type { EvaluationContext } from '../context.ts';
import { ArgumentError } from '../evaluation-errors.ts';
import {
  binaryOf,
  bytesOf,
  doubleOf,
  Float,
  floatOf,
  isBinary,
  isInteger,
  isNumber,
  numberOf,
  parseJsonValue,
  textOf,
  type Value,
} from '../values.ts';
import { define, type ExpressionFunction, optionalText, text } from './function.ts';
import { floatFrom } from './number-text.ts';
import { jsonOfXml, xmlOf } from './xml.ts';

const int = (args: readonly Value[]): number | bigint => {
  const value = args[0] ?? null;
  if (isInteger(value)) return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Float) {
    const whole = numberOf(BigInt(value.value).toString());
    if (whole !== undefined && isInteger(whole)) return whole;
  }
  const parsed =
    typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value) ? numberOf(value.trim()) : undefined;
  if (parsed === undefined || !isInteger(parsed))
    throw new ArgumentError(0, "an integer, or a text that is one, such as '10'");
  return parsed;
};

const float = (args: readonly Value[]): number | Float => {
  const value = args[0] ?? null;
  if (isNumber(value)) return floatOf(doubleOf(value));
  const parsed = typeof value === 'string' ? floatFrom(value, optionalText(args, 1)) : undefined;
  if (parsed === undefined) throw new ArgumentError(0, "a number, or a text that is one, such as '10.5'");
  return floatOf(parsed);
};

const bool = ([value = null]: readonly Value[]): boolean => {
  if (typeof value === 'boolean') return value;
  if (isNumber(value)) return doubleOf(value) !== 0;
  const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
  if (word !== 'true' && word !== 'false') throw new ArgumentError(0, "a number, 'true' or 'false'");
  return word === 'true';
};

const json = ([value = null]: readonly Value[], context: EvaluationContext): Value => {
  if (value === null) {
    context.warn('json() was given null and returns it; the documentation promises an empty object.');
    return value;
  }
  if (isBinary(value) && value['$content-type'].includes('xml'))
    return jsonOfXml(bytesOf(value).toString('utf8'));
  if (typeof value !== 'string') return value;
  if (value.trimStart().startsWith('<')) return jsonOfXml(value);
  try {
    return parseJsonValue(value);
  } catch (error) {
    throw new ArgumentError(0, `JSON (${error instanceof Error ? error.message : String(error)})`);
  }
};

const base64Pattern = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const base64Text = (args: readonly Value[]): string => {
  const value = text(args, 0).replace(/\s/g, '');
  if (!base64Pattern.test(value)) throw new ArgumentError(0, 'text in base64');
  return value;
};

/** A binary value is taken as its bytes. */
const bytes = (args: readonly Value[]): Buffer => {
  const value = args[0] ?? null;
  return isBinary(value) ? bytesOf(value) : Buffer.from(text(args, 0), 'utf8');
};

interface DataUri {
  readonly contentType: string;
  readonly content: Buffer;
}

const dataUriPattern = /^data:([^,]*?)(;base64)?,(.*)$/is;

const dataUri = (args: readonly Value[]): DataUri => {
  const match = dataUriPattern.exec(text(args, 0));
  if (match === null)
    throw new ArgumentError(0, "a data URI, such as 'data:text/plain;charset=utf-8;base64,aGVsbG8='");
  const [, contentType = '', encoded, content = ''] = match;
  return {
    contentType: contentType === '' ? 'text/plain' : contentType,
    content:
      encoded === undefined
        ? Buffer.from(decoded(content), 'utf8')
        : Buffer.from(base64Text([content]), 'base64'),
  };
};

/** RFC 3986: everything but letters, digits and `-_.~` is escaped. Half a surrogate pair becomes U+FFFD. */
const encoded = (value: string): string =>
  encodeURIComponent(Buffer.from(value, 'utf8').toString('utf8')).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** Escapes that make no UTF-8 stay as they are. */
const decoded = (value: string): string =>
  value.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });

const base64ToString = (args: readonly Value[]) => Buffer.from(base64Text(args), 'base64').toString('utf8');
const dataUriToBinary = (args: readonly Value[]) => {
  const { content, contentType } = dataUri(args);
  return binaryOf(content, contentType);
};

export const conversion: readonly ExpressionFunction[] = [
  define('array(value)', ([value = null]) => [value]),
  define('string(value)', ([value = null]) => textOf(value)),
  define('int(value)', int),
  define('float(value, locale?)', float),
  define('bool(value)', bool),
  define('json(value)', json),
  define('xml(value)', xmlOf),
  define('base64(value)', (args) => bytes(args).toString('base64')),
  define('base64ToString(value)', base64ToString),
  define('decodeBase64(value)', base64ToString),
  define('base64ToBinary(value)', (args) => binaryOf(Buffer.from(base64Text(args), 'base64'))),
  define('binary(value)', (args) => binaryOf(bytes(args))),
  define(
    'dataUri(value)',
    (args) => `data:text/plain;charset=utf-8;base64,${bytes(args).toString('base64')}`,
  ),
  define('dataUriToBinary(value)', dataUriToBinary),
  define('decodeDataUri(value)', dataUriToBinary),
  define('dataUriToString(value)', (args) => dataUri(args).content.toString('utf8')),
  define('uriComponent(value)', (args) => encoded(text(args, 0))),
  define('encodeUriComponent(value)', (args) => encoded(text(args, 0))),
  define('decodeUriComponent(value)', (args) => decoded(text(args, 0))),
  define('uriComponentToString(value)', (args) => decoded(text(args, 0).replaceAll('+', ' '))),
  define('uriComponentToBinary(value)', (args) => binaryOf(Buffer.from(decoded(text(args, 0)), 'utf8'))),
];
