import type { Behaviours } from '../behaviours.ts';
import { hashText } from '../random.ts';
import { countOption } from './body.ts';

/** The `top` of a list in the configured order; `items` come oldest first. */
export const listed = <T>(
  items: readonly T[],
  idOf: (item: T) => string,
  query: URLSearchParams,
  behaviours: Behaviours,
) => {
  const top = Math.min(countOption(query, 'top') ?? behaviours.jobsDefaultTop, behaviours.jobsTopCap);
  if (top === 0) return [];
  if (behaviours.jobOrder === 'oldestFirst') return items.slice(-top);
  const newest = items.slice(-top).reverse();
  if (behaviours.jobOrder === 'newestFirst') return newest;
  return newest.sort((a, b) => hashText(idOf(a)) - hashText(idOf(b)));
};
