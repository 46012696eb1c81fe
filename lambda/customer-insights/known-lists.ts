import { afterSpace } from '../../config/json-error.ts';
import type { Cache } from '../runtime/cache.ts';
import { lengthOfNested } from '../runtime/json-syntax.ts';

/** An object in the text of a list. */
interface Part<Item> {
  readonly from: number;
  readonly to: number;
  /** One; none where the object cannot be read. */
  readonly items: readonly Item[];
}

interface KnownText<Item> {
  readonly text: string;
  readonly parts: readonly Part<Item>[];
}

interface KnownList<Item> extends KnownText<Item> {
  readonly items: readonly Item[];
}

/**
 * Lists that a process has read, by the path of the request, which tells what their items are. A poll asks for the jobs
 * every minute, and mostly gets the same text: reading it again would be a quarter of the poll
 * (`npm run bench -- --only watch`). While a job runs, the list differs in that job alone; that of the segments differs in
 * those which were evaluated.
 */
export type KnownLists = Cache<KnownList<unknown>>;

/** Longer lists are not kept, characters. The usual 50 jobs have about 150,000. */
const longestKnown = 300_000;

/** @returns the items of a text, which is a list */
type ReadItems<Item> = (text: string) => readonly Item[];

/**
 * Finds the objects of an earlier text in a later one.
 * @returns the part of the earlier text that begins at an index of the later one
 */
const findKnown = <Item>(text: string, { text: before, parts }: KnownText<Item>) => {
  // They usually follow each other as they did.
  let next = 0;
  return (at: number): Part<Item> | undefined => {
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
const partsOf = <Item>(
  text: string,
  known: KnownText<Item>,
  read: ReadItems<Item>,
): readonly Part<Item>[] | undefined => {
  const knownAt = findKnown(text, known);
  const parts: Part<Item>[] = [];
  let at = afterSpace(text, 0);
  if (text[at] !== '[') return undefined;
  do {
    at = afterSpace(text, at + 1);
    if (text[at] !== '{') return undefined;
    const part = knownAt(at);
    // An object cannot be the beginning of a longer one.
    const to = at + (part === undefined ? lengthOfNested(text, at) : part.to - part.from);
    if (to === at) return undefined;
    parts.push({ from: at, to, items: part?.items ?? read(`[${text.slice(at, to)}]`) });
    at = afterSpace(text, to);
  } while (text[at] === ',');
  return text[at] === ']' && afterSpace(text, at + 1) === text.length ? parts : undefined;
};

const nothing = { text: '', parts: [] };

/** The items in an answer: the same array for the same text, and the same object for the same text of an item. */
export const itemsOf = <Item>(
  path: string,
  text: string,
  knownLists: KnownLists | undefined,
  read: ReadItems<Item>,
): readonly Item[] => {
  if (knownLists === undefined || text.length > longestKnown) return read(text);
  const known = knownLists.find(path) as KnownList<Item> | undefined;
  if (known?.text === text) return known.items;
  const parts = partsOf(text, known ?? nothing, read);
  const items = parts?.flatMap((part) => part.items) ?? read(text);
  knownLists.set(path, { text, parts: parts ?? [], items });
  return items;
};
