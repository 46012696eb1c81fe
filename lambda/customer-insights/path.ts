import { ConnectorError } from '../runtime/errors.ts';

/**
 * Names and ids in a path: letters and digits of any script, and a few signs, none of which can
 * end the segment, begin a query, or call up OData's own paths (`Customer('1')`, `$metadata`, `..`), encoded
 * or not.
 */
const segmentForm = /^[\p{L}\p{N}_][\p{L}\p{N}\p{M}_.:\- ]{0,199}$/u;

/** Whether {@link pathOf} takes it. */
export const isPathSegment = (value: string): boolean => segmentForm.test(value);

/**
 * A path below the base URL, every segment encoded on its own.
 * @throws ConnectorError RequestInvalid for a segment that cannot be a name or an id
 */
export const pathOf = (...segments: readonly string[]): string =>
  segments
    .map((segment) => {
      if (isPathSegment(segment)) return `/${encodeURIComponent(segment)}`;
      throw new ConnectorError(
        'RequestInvalid',
        `${JSON.stringify(segment.slice(0, 64))} is not a name or an id in Customer Insights: it may contain letters, digits, spaces and _ . : - only, at most 200, and begins with a letter, a digit or _.`,
      );
    })
    .join('');

export type QueryValue = string | number | boolean | undefined;

const encoded = (name: string, value: string | number | boolean): string => {
  try {
    return encodeURIComponent(value);
  } catch (cause) {
    // The only reason: JSON can write half of a surrogate pair.
    throw new ConnectorError(
      'RequestInvalid',
      `${name} contains half of a character. Correct the text and send it again.`,
      {
        cause,
      },
    );
  }
};

/**
 * `?a=1&b=2`, without what is undefined; empty when nothing is left.
 * @throws ConnectorError RequestInvalid for a text that is not Unicode
 */
export const queryOf = (options: Readonly<Record<string, QueryValue>>): string => {
  const pairs = Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encoded(name, value)}`],
  );
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
};
