import { basePath } from '../../connector/contract/index.ts';

/** Rows of a page: what Customer Insights gives by default, and the largest `$top` it is known to honour. */
export const pageRows = 100;

/** Which rows are wanted: `top` at most (all when undefined) after the first `skip`. */
export interface Window {
  readonly top: number | undefined;
  readonly skip: number;
}

export const rowsOfPage = ({ top }: Window): number => Math.min(pageRows, top ?? pageRows);

/**
 * What is left after a page; undefined when nothing is. A page that is not full was the last one, for
 * Customer Insights sends no count that could be relied on.
 */
export const windowAfter = (window: Window, received: number): Window | undefined => {
  if (received < rowsOfPage(window)) return undefined;
  const top = window.top === undefined ? undefined : window.top - received;
  return top === 0 ? undefined : { top, skip: window.skip + received };
};

/**
 * An address at our own host: the platform follows it with the connection's token. Options that are undefined
 * are left out.
 */
export const linkTo = (
  host: string,
  path: readonly string[],
  options: Readonly<Record<string, string | number | undefined>>,
): string => {
  const query = Object.entries(options)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]))
    .join('&');
  return `https://${host}${basePath}/${path.map(encodeURIComponent).join('/')}?${query}`;
};

/**
 * The address of the next page.
 * @param options the caller's own options, as written
 */
export const nextLink = (
  host: string,
  path: readonly string[],
  options: Readonly<Record<string, string | undefined>>,
  { top, skip }: Window,
): string => linkTo(host, path, { ...options, $top: top, $skip: skip });
