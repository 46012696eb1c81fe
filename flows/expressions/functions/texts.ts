import { ArgumentError, EvaluationError } from '../evaluation-errors.ts';
import { isInteger, numberOf, textOf, type Value } from '../values.ts';
import { array, define, type ExpressionFunction, integer, optionalText, text } from './function.ts';
import { formatNumber } from './number-format.ts';
import { floatFrom } from './number-text.ts';

/** Characters; more is refused by the platform. */
const maximumLength = 104_857_600;

const limited = (result: string): string => {
  if (result.length > maximumLength)
    throw new EvaluationError(`The result has more than ${maximumLength} characters.`);
  return result;
};

/** Casing character by character, as the invariant culture does: no character becomes two. */
const cased = (value: string, change: (character: string) => string): string =>
  Array.from(value, (character) => {
    const changed = change(character);
    return changed.length === character.length ? changed : character;
  }).join('');
const lower = (value: string) => cased(value, (character) => character.toLowerCase());
const upper = (value: string) => cased(value, (character) => character.toUpperCase());

const substring = (args: readonly Value[]): string => {
  const value = text(args, 0);
  const start = integer(args, 1);
  const length = args[2] === undefined ? value.length - start : integer(args, 2);
  if (start < 0 || start >= value.length)
    throw new ArgumentError(1, `from 0 to less than the length of the text, ${value.length}`);
  if (length < 0 || start + length > value.length)
    throw new ArgumentError(
      2,
      `at most ${value.length - start}: start and length together must not exceed the length of the text, ${value.length}`,
    );
  return value.slice(start, start + length);
};

const nthIndexOf = (args: readonly Value[]): number => {
  const value = upper(text(args, 0));
  const wanted = upper(text(args, 1));
  const occurrence = integer(args, 2);
  if (wanted === '' || occurrence < 1) return -1;
  let at = -1;
  for (let count = 0; count < occurrence; count += 1) {
    at = value.indexOf(wanted, at + 1);
    if (at < 0) return -1;
  }
  return at;
};

const lastIndexOf = (args: readonly Value[]): number => {
  const value = text(args, 0);
  const wanted = text(args, 1);
  if (value === '') return wanted === '' ? 0 : -1;
  return wanted === '' ? value.length - 1 : upper(value).lastIndexOf(upper(wanted));
};

const replace = (args: readonly Value[]): string => {
  const [value, from, to] = [text(args, 0), text(args, 1), text(args, 2)];
  if (from === '') throw new ArgumentError(1, 'a text that is not empty');
  return value.replaceAll(from, () => to);
};

const split = (args: readonly Value[]): readonly string[] => {
  const value = text(args, 0);
  const delimiter = args[1] === undefined ? ',' : text(args, 1);
  return delimiter === '' ? [value] : value.split(delimiter);
};

const guidFormats: Readonly<Record<string, (guid: string) => string>> = {
  D: (guid) => guid,
  N: (guid) => guid.replaceAll('-', ''),
  B: (guid) => `{${guid}}`,
  P: (guid) => `(${guid})`,
  X: (guid) => {
    const [a = '', b = '', c = '', ...rest] = guid.split('-');
    const bytes = rest.join('').match(/../g) ?? [];
    return `{0x${a},0x${b},0x${c},{${bytes.map((byte) => `0x${byte}`).join(',')}}}`;
  },
};

const isInt = (value: string): boolean =>
  /^\s*[+-]?\d+\s*$/.test(value) && isInteger(numberOf(value.trim()) ?? null);

export const texts: readonly ExpressionFunction[] = [
  define('concat(text1, ...)', (args) => limited(args.map(textOf).join(''))),
  define('substring(text, startIndex, length?)', substring),
  define('slice(text, startIndex, endIndex?)', (args) =>
    text(args, 0).slice(integer(args, 1), args[2] === undefined ? undefined : integer(args, 2)),
  ),
  define('replace(text, oldText, newText)', (args) => limited(replace(args))),
  define('split(text, delimiter?)', split),
  define('toLower(text)', (args) => lower(text(args, 0))),
  define('toUpper(text)', (args) => upper(text(args, 0))),
  define('trim(text)', (args) => text(args, 0).trim()),
  define('indexOf(text, searchText)', (args) => upper(text(args, 0)).indexOf(upper(text(args, 1)))),
  define('lastIndexOf(text, searchText)', lastIndexOf),
  define('nthIndexOf(text, searchText, occurrence)', nthIndexOf),
  define('startsWith(text, searchText)', (args) => upper(text(args, 0)).startsWith(upper(text(args, 1)))),
  define('endsWith(text, searchText)', (args) => upper(text(args, 0)).endsWith(upper(text(args, 1)))),
  define('join(collection, delimiter)', (args) => limited(array(args, 0).map(textOf).join(text(args, 1)))),
  define('guid(format?)', (args, context) => {
    const format = optionalText(args, 0) ?? 'D';
    const make = guidFormats[format.toUpperCase()];
    if (make === undefined) throw new ArgumentError(0, 'one of the formats D, N, B, P, X');
    return make(context.newGuid());
  }),
  define('isInt(text)', (args) => isInt(text(args, 0))),
  define('isFloat(text, locale?)', (args) => floatFrom(text(args, 0), optionalText(args, 1)) !== undefined),
  define('formatNumber(number, format?, locale?)', formatNumber),
];
