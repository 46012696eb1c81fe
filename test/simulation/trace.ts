import { createHash } from 'node:crypto';

/** What happened, line by line: the same seed gives the same lines. */
export interface Trace {
  readonly add: (text: string) => void;
  readonly count: (what: string, by?: number) => void;
  readonly counts: ReadonlyMap<string, number>;
  /** The newest lines that contain one of the words. */
  readonly about: (words: readonly string[], most: number) => readonly string[];
  readonly digest: () => string;
}

export const createTrace = (now: () => number, start: number): Trace => {
  const lines: string[] = [];
  const counts = new Map<string, number>();
  return {
    add: (text) => {
      lines.push(`${((now() - start) / 1000).toFixed(3).padStart(10)} s  ${text}`);
    },
    count: (what, by = 1) => {
      counts.set(what, (counts.get(what) ?? 0) + by);
    },
    counts,
    about: (words, most) => lines.filter((line) => words.some((word) => line.includes(word))).slice(-most),
    digest: () => createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 16),
  };
};
