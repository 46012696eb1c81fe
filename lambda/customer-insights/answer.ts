/** Longest answer that is read, in bytes. Our own answer is buffered too, and Lambda takes at most 6 MB. */
export const MAXIMUM_ANSWER_BYTES = 5 * 1024 * 1024;

export interface AnswerText {
  readonly text: string;
  /** Whether the answer went on: `text` is its beginning then. */
  readonly truncated: boolean;
}

/** Reads at most `maximumBytes` of a body and lets the rest go. */
export async function readBounded(response: Response, maximumBytes: number): Promise<AnswerText> {
  if (response.body === null) return { text: '', truncated: false };
  const decoder = new TextDecoder();
  const parts: string[] = [];
  let bytes = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > maximumBytes) {
      // Leaving the loop cancels the body.
      return { text: parts.join(''), truncated: true };
    }
    parts.push(decoder.decode(chunk, { stream: true }));
  }
  parts.push(decoder.decode());
  return { text: parts.join(''), truncated: false };
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
