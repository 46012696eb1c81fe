/** Longest answer that is read, in bytes. Our own answer is buffered too, and Lambda takes at most 6 MB. */
export const maximumAnswerBytes = 5 * 1024 * 1024;

/** Depth of a row's contents in `{"value":[{`. */
const rowDepth = 3;

/** How many whole rows the beginning of a page holds. */
export const wholeRows = (beginning: string): number => {
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
};
