/** A file lacks the marks around its generated part. */
export class MarksMissing extends Error {
  override readonly name = 'MarksMissing';
}

/**
 * Replaces the text between two lines, and keeps the rest.
 * @param file its name, for the message
 * @throws MarksMissing
 */
export const between = (
  file: string,
  committed: string,
  first: string,
  last: string,
  content: string,
): string => {
  const from = committed.indexOf(`${first}\n`);
  const to = committed.indexOf(`\n${last}`, from);
  if (from === -1 || to === -1)
    throw new MarksMissing(`${file} needs the lines \`${first}\` and \`${last}\`, in this order.`);
  return `${committed.slice(0, from + first.length + 1)}${content}${committed.slice(to)}`;
};
