/**
 * Distinguishes a secret from the name of a secret by its form. A value that is pasted in the place of its
 * name would otherwise be published, because the template, the stack's outputs and logs contain the names.
 */

/** Forms that only secrets have, anywhere in a text. */
const unmistakable: readonly (readonly [what: string, form: RegExp])[] = [
  // Entra's client secrets since 2020: three characters, a digit, "Q~" and 31 to 34 more. Here also cut off
  // ones.
  ['a client secret of Microsoft Entra', /[A-Za-z0-9_~.-]{3}\dQ~[A-Za-z0-9_~.-]{8,}/],
  ['a token (JWT)', /\beyJ[A-Za-z0-9_-]{16,}/],
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY/],
  [
    'a connection string',
    /(?:^|[;&?\s"'])(?:SharedAccessKey|SharedAccessSignature|AccountKey|SharedSecretValue|Password|Pwd|sig)=\S/i,
  ],
  ['an access key of AWS', /(?:^|[^A-Za-z0-9])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Za-z0-9])/],
  [
    'a token',
    /(?:^|[^A-Za-z0-9])(?:gh[pousr]_|github_pat_|glpat-|xox[abpr]-|sk-(?:proj-)?)[A-Za-z0-9_-]{20,}/,
  ],
];

/** Ids, which are not secrets, also as part of another text. */
const guid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/** What CloudFormation appends to the names that it makes: eight or twelve characters after a word. */
const appended = /(?<=[a-z])(?:[0-9A-F]{8}(?:-[0-9A-Z]{12,13})?|-[0-9A-Z]{12,13})(?![A-Za-z0-9])/g;

/** Words, capitals in a row, and numbers: the parts of a name that a person chose. */
const pieces = (text: string): readonly string[] => text.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? [];

const lengthOf = (parts: readonly string[]): number => parts.reduce((sum, part) => sum + part.length, 0);

/** Shorter runs of letters and digits are not judged, because they contain too little evidence. */
const judgedLength = 16;

/**
 * Mean length of the pieces below which a text is taken for random; measured in
 * test/config/secret-shape.test.ts.
 */
const randomBelow = 2.6;

/** A text with at least this many numbers between letters, without punctuation, is taken for random. */
const randomFromNumbers = 4;

const isScattered = (run: string): boolean => (run.match(/\d+/g) ?? []).length >= randomFromNumbers;

const looksRandom = (text: string): boolean => {
  const runs = text.match(/[A-Za-z0-9]+/g) ?? [];
  const shortPieces = (parts: readonly string[]) => lengthOf(parts) / Math.max(parts.length, 1) < randomBelow;
  const judged = runs.filter((run) => run.length >= judgedLength);
  if (judged.some((run) => shortPieces(pieces(run)) || isScattered(run))) return true;
  // Punctuation breaks up base64 and the older client secrets, so a text with all classes is judged as a
  // whole.
  return (
    text.length >= 2 * judgedLength &&
    [/[a-z]/, /[A-Z]/, /\d/].every((kind) => kind.test(text)) &&
    shortPieces(runs.flatMap(pieces))
  );
};

/** @returns the kind of secret that a text certainly is; undefined when it is uncertain */
export const unmistakableSecret = (text: string): string | undefined =>
  unmistakable.find(([, form]) => form.test(text))?.[0];

/**
 * @param text what was given as the name of a secret
 * @returns a description, such as "a key of 32 hexadecimal digits"; undefined for a sound name
 */
export const secretLike = (text: string): string | undefined => {
  const sure = unmistakableSecret(text);
  if (sure !== undefined) return sure;
  const [hexadecimal] = text.match(/(?<![A-Za-z0-9])[0-9a-f]{32,}(?![A-Za-z0-9])/i) ?? [];
  if (hexadecimal !== undefined) return `a key of ${hexadecimal.length} hexadecimal digits`;
  return looksRandom(text.replaceAll(guid, '').replaceAll(appended, '')) ? 'a generated key' : undefined;
};
