import type { Cache } from '../runtime/cache.ts';
import { afterSpace, lengthOfNested } from '../runtime/json-syntax.ts';
import type { JobInfo } from './models.ts';

/** A job in the text of a list. */
interface Part {
  readonly from: number;
  readonly to: number;
  /** One; none where the object is not a job. */
  readonly jobs: readonly JobInfo[];
}

interface KnownList {
  readonly text: string;
  readonly parts: readonly Part[];
  readonly jobs: readonly JobInfo[];
}

/**
 * Lists of jobs that a process has read, by the path of the request. A poll asks for the same list every minute, and
 * mostly gets the same text: reading it again would be a quarter of the poll (`npm run bench -- --only watch`). While a job
 * runs, the list differs in that job alone.
 */
export type KnownJobs = Cache<KnownList>;

/** Longer lists are not kept, characters. The usual 50 jobs have about 150,000. */
const longestKnown = 300_000;

/** @returns the jobs of a text, which is a list */
type ReadJobs = (text: string) => readonly JobInfo[];

/**
 * Finds the jobs of an earlier text in a later one.
 * @returns the part of the earlier text that begins at an index of the later one
 */
const findKnown = (text: string, { text: before, parts }: Omit<KnownList, 'jobs'>) => {
  // They usually follow each other as they did.
  let next = 0;
  return (at: number): Part | undefined => {
    for (let tried = 0; tried < parts.length; tried += 1) {
      const index = (next + tried) % parts.length;
      const part = parts[index];
      if (part === undefined) continue;
      const { from, to } = part;
      // Five times as fast as startsWith, which compares a slice character by character.
      if (text.slice(at, at + to - from) !== before.slice(from, to)) continue;
      next = index + 1;
      return part;
    }
    return undefined;
  };
};

/** @returns undefined where the text is not a list of objects alone */
const partsOf = (
  text: string,
  known: Omit<KnownList, 'jobs'>,
  read: ReadJobs,
): readonly Part[] | undefined => {
  const knownAt = findKnown(text, known);
  const parts: Part[] = [];
  let at = afterSpace(text, 0);
  if (text[at] !== '[') return undefined;
  do {
    at = afterSpace(text, at + 1);
    if (text[at] !== '{') return undefined;
    const part = knownAt(at);
    // An object cannot be the beginning of a longer one.
    const to = at + (part === undefined ? lengthOfNested(text, at) : part.to - part.from);
    if (to === at) return undefined;
    parts.push({ from: at, to, jobs: part?.jobs ?? read(`[${text.slice(at, to)}]`) });
    at = afterSpace(text, to);
  } while (text[at] === ',');
  return text[at] === ']' && afterSpace(text, at + 1) === text.length ? parts : undefined;
};

const nothing = { text: '', parts: [] };

/** The jobs in an answer: the same array for the same text, and the same object for the same text of a job. */
export const jobsOf = (
  path: string,
  text: string,
  knownJobs: KnownJobs | undefined,
  read: ReadJobs,
): readonly JobInfo[] => {
  if (knownJobs === undefined || text.length > longestKnown) return read(text);
  const known = knownJobs.find(path);
  if (known?.text === text) return known.jobs;
  const parts = partsOf(text, known ?? nothing, read);
  const jobs = parts?.flatMap((part) => part.jobs) ?? read(text);
  knownJobs.set(path, { text, parts: parts ?? [], jobs });
  return jobs;
};
