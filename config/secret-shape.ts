/**
 * Tells a secret from the name of one by its form. Someone who pastes a value where its name belongs would otherwise publish it: names
 * stand in the template, in the stack's outputs and in logs.
 */

/** Forms that nothing else has, wherever they stand in a text. */
const unmistakable: readonly (readonly [what: string, form: RegExp])[] = [
  // Entra's client secrets since 2020: three characters, a digit, "Q~" and 31 to 34 more. Here also cut off ones.
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

/** Ids and not secrets, in whatever they are part of. */
const guid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/** What CloudFormation appends to the names that it makes: eight or twelve characters after a word. */
const appended = /(?<=[a-z])(?:[0-9A-F]{8}(?:-[0-9A-Z]{12,13})?|-[0-9A-Z]{12,13})(?![A-Za-z0-9])/g;

/** Words, capitals in a row, and numbers: what a name that somebody made up is put together from. */
const pieces = (text: string): readonly string[] => text.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? [];

const lengthOf = (parts: readonly string[]): number => parts.reduce((sum, part) => sum + part.length, 0);

/** Letters and digits in a row that are at least this many are judged; shorter ones say too little. */
const judgedLength = 16;

/** Mean length of the pieces below which a text is taken for random; measured in test/config/secret-shape.test.ts. */
const randomBelow = 2.6;

/** Numbers between letters, in a row without punctuation, from which on a text is taken for random. */
const randomFromNumbers = 4;

const isScattered = (run: string): boolean => (run.match(/\d+/g) ?? []).length >= randomFromNumbers;

const looksRandom = (text: string): boolean => {
  const runs = text.match(/[A-Za-z0-9]+/g) ?? [];
  const shortPieces = (parts: readonly string[]) => lengthOf(parts) / Math.max(parts.length, 1) < randomBelow;
  const judged = runs.filter((run) => run.length >= judgedLength);
  if (judged.some((run) => shortPieces(pieces(run)) || isScattered(run))) return true;
  // Base64 and the older client secrets are broken up by their punctuation: then the whole is judged, if it has all classes.
  return (
    text.length >= 2 * judgedLength &&
    [/[a-z]/, /[A-Z]/, /\d/].every((kind) => kind.test(text)) &&
    shortPieces(runs.flatMap(pieces))
  );
};

/** @returns what a text surely is, whatever it was meant as; undefined when it may be anything */
export const unmistakableSecret = (text: string): string | undefined =>
  unmistakable.find(([, form]) => form.test(text))?.[0];

/**
 * @param text what was given as the name of a secret
 * @returns what it looks like, in words: "a key of 32 hexadecimal digits"; undefined for a sound name
 */
export const secretLike = (text: string): string | undefined => {
  const sure = unmistakableSecret(text);
  if (sure !== undefined) return sure;
  const [hexadecimal] = text.match(/(?<![A-Za-z0-9])[0-9a-f]{32,}(?![A-Za-z0-9])/i) ?? [];
  if (hexadecimal !== undefined) return `a key of ${hexadecimal.length} hexadecimal digits`;
  return looksRandom(text.replaceAll(guid, '').replaceAll(appended, '')) ? 'a generated key' : undefined;
};
