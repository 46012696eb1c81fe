/**
 * The custom date formats of .NET, taken apart:
 * https://learn.microsoft.com/dotnet/standard/base-types/custom-date-and-time-format-strings
 */
import type { Culture } from './culture.ts';

export type PatternPart =
  | { readonly literal: string }
  /** A letter of the pattern and how often it stands. */
  | { readonly letter: string; readonly count: number };

const letters = 'dfFghHKmMstyz:/';

/**
 * @returns undefined when the pattern is not valid: a quote that is not closed, a lone `\` or `%` at the end
 */
export const patternParts = (pattern: string): readonly PatternPart[] | undefined => {
  const parts: PatternPart[] = [];
  let at = 0;
  while (at < pattern.length) {
    const character = pattern[at] ?? '';
    if (character === "'" || character === '"') {
      const end = pattern.indexOf(character, at + 1);
      if (end < 0) return undefined;
      parts.push({ literal: pattern.slice(at + 1, end) });
      at = end + 1;
    } else if (character === '\\' || character === '%') {
      if (at + 1 >= pattern.length) return undefined;
      if (character === '\\') {
        parts.push({ literal: pattern[at + 1] ?? '' });
        at += 2;
      } else at += 1;
    } else if (letters.includes(character)) {
      let count = 1;
      while (pattern[at + count] === character) count += 1;
      parts.push({ letter: character, count });
      at += count;
    } else {
      parts.push({ literal: character });
      at += 1;
    }
  }
  return parts;
};

/**
 * The pattern of a standard format, which is one letter.
 * @returns undefined when there is no such format; the pattern itself when it has more letters
 */
export const fullPattern = (format: string, { patterns }: Culture): string | undefined => {
  if (format.length !== 1) return format;
  switch (format) {
    case 'd':
      return patterns.shortDate;
    case 'D':
      return patterns.longDate;
    case 'f':
      return `${patterns.longDate} ${patterns.shortTime}`;
    case 'F':
    case 'U':
      return `${patterns.longDate} ${patterns.longTime}`;
    case 'g':
      return `${patterns.shortDate} ${patterns.shortTime}`;
    case 'G':
      return `${patterns.shortDate} ${patterns.longTime}`;
    case 'm':
    case 'M':
      return patterns.monthDay;
    case 'o':
    case 'O':
      return "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fffffffK";
    case 's':
      return "yyyy'-'MM'-'dd'T'HH':'mm':'ss";
    case 't':
      return patterns.shortTime;
    case 'T':
      return patterns.longTime;
    case 'u':
      return "yyyy'-'MM'-'dd HH':'mm':'ss'Z'";
    case 'r':
    case 'R':
      return "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'";
    case 'y':
    case 'Y':
      return patterns.yearMonth;
    default:
      return undefined;
  }
};
