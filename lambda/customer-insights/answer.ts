import type { FetchedAnswer } from './keep-alive-fetch.ts';

/** Longest answer that is read, in bytes. Our own answer is buffered too, and Lambda takes at most 6 MB. */
export const MAXIMUM_ANSWER_BYTES = 5 * 1024 * 1024;

export interface AnswerText {
  readonly text: string;
  /** Whether the answer went on: `text` is its beginning then. */
  readonly truncated: boolean;
}

const decoder = new TextDecoder();

/** Reads at most `maximumBytes` of a body and lets the rest go. */
export async function readBounded(
  { body }: Pick<FetchedAnswer, 'body'>,
  maximumBytes: number,
): Promise<AnswerText> {
  if (body === null) return { text: '', truncated: false };
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > maximumBytes) {
      // Leaving the loop cancels the body.
      return { text: decoder.decode(Buffer.concat(chunks)), truncated: true };
    }
    chunks.push(chunk);
  }
  return { text: decoder.decode(Buffer.concat(chunks)), truncated: false };
}

/** Depth of a row's contents in `{"value":[{`. */
const rowDepth = 3;

/** How many whole rows the beginning of a page holds. */
export function wholeRows(beginning: string): number {
  let depth = 0;
  let rows = 0;
  let inString = false;
  for (let at = 0; at < beginning.length; at += 1) {
    const character = beginning[at];
    if (inString) {
      if (character === '\\') at += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') {
      if (depth === rowDepth && character === '}') rows += 1;
      depth -= 1;
    }
  }
  return rows;
}
