/** Finds what a misspelt word was meant to be. */

/** Number of insertions, deletions and replacements between two words; more than `most` counts as `most` + 1. */
export const distance = (one: string, other: string, most: number): number => {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1)
      next.push(
        Math.min(
          (row[j] ?? 0) + 1,
          (next[j - 1] ?? 0) + 1,
          (row[j - 1] ?? 0) + (one.charAt(i - 1) === other.charAt(j - 1) ? 0 : 1),
        ),
      );
    row = next;
  }
  return row.at(-1) ?? 0;
};

/** The one word at the smallest distance, or undefined where none is near or several are. Long words may differ more. */
export const nearest = (word: string, among: Iterable<string>, most: number): string | undefined => {
  if (word.length > 100) return undefined;
  let tried = 0;
  const allowed = Math.min(most, Math.floor(word.length / 3));
  let best = allowed + 1;
  let found: string | undefined;
  for (const candidate of among) {
    // A suggestion is not worth more time than the check itself.
    tried += 1;
    if (tried > 1_000) return undefined;
    const far = distance(word, candidate, allowed);
    if (far < best) {
      best = far;
      found = candidate;
    } else if (far === best) found = undefined;
  }
  return found;
};
