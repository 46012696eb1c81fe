/** Describes the first difference of two texts, for a terminal. */
export const firstDifference = (committed: string, made: string): string => {
  const [before, after] = [committed.split('\n'), made.split('\n')];
  const line = before.findIndex((text, index) => text !== after[index]);
  const at = line === -1 ? before.length : line;
  return [
    `  line ${at + 1}`,
    `  committed: ${before[at] ?? '(ends here)'}`,
    `  made now:  ${after[at] ?? '(ends here)'}`,
  ].join('\n');
};
