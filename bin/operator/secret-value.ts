/** Checks a secret before it is stored, because Secrets Manager accepts any value. */

const kinds = {
  /** The client secret of the API's registration, as `az … -o tsv` prints it. */
  api: ['clientSecret'],
  /** The subscription keys of an instance, one per line. */
  instance: ['primary', 'secondary'],
} as const;

export type SecretKind = keyof typeof kinds;

export const secretKinds = Object.keys(kinds) as readonly SecretKind[];

const isKind = (text: string | undefined): text is SecretKind => secretKinds.some((kind) => kind === text);

/** The value is not stored. The message contains the reason and never the value. */
export class SecretRefused extends Error {
  override readonly name = 'SecretRefused';
  readonly exitCode = 1;
}

const words = {
  clientSecret: 'the client secret',
  primary: 'the primary key',
  secondary: 'the secondary key',
} as const;

/** Shorter than any secret of Entra or Customer Insights; a shorter value was cut off. */
const shortest = 16;

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const problemOf = (name: string, value: string): string | undefined => {
  if (value === '') return `${name} is empty`;
  if (/^\s|\s$/.test(value)) return `${name} has a blank at its beginning or end`;
  if (/\s/.test(value)) return `${name} has a blank in it`;
  if (!/^[\x21-\x7e]+$/.test(value)) return `${name} contains a character that is not printable ASCII`;
  if (guid.test(value)) return `${name} is a GUID: this is the id of a secret, not its value`;
  if (/^["'{[]/.test(value))
    return `${name} begins with ${value.charAt(0)}: give only the value, without quotes or JSON around it`;
  if (value.length < shortest) return `${name} has only ${value.length} characters, so it was cut off`;
  return undefined;
};

/**
 * @param text one value per line; a line end after the last value is ignored
 * @returns the JSON that the functions read: `{"clientSecret":"…"}` or `{"primary":"…","secondary":"…"}`
 * @throws SecretRefused when a value is missing, empty, cut off, or has other characters around it
 */
export const secretValue = (kind: SecretKind, text: string): string => {
  const keys: readonly (keyof typeof words)[] = kinds[kind];
  const wanted = keys.map((key) => words[key]).join(' and ');
  const refused = (reason: string) => new SecretRefused(`${reason}. Nothing was stored.`);
  if (text.trim() === '')
    throw refused(`The input is empty; expected ${wanted}. Read the output of the command before the pipe`);
  const lines = text.replace(/\r?\n$/, '').split(/\r?\n/);
  if (lines.length !== keys.length)
    throw refused(
      `${lines.length} ${lines.length === 1 ? 'line' : 'lines'} in the input; expected ${wanted}, each on its own line`,
    );
  const problems = keys.flatMap((key, at) => problemOf(words[key], lines[at] ?? '') ?? []);
  if (problems.length > 0) throw refused(problems.join('; '));
  if (new Set(lines).size < lines.length)
    throw refused('Both keys are the same: give the primary and the secondary key');
  return JSON.stringify(Object.fromEntries(keys.map((key, at) => [key, lines[at]])));
};

/** @throws SecretRefused for an unknown kind */
export const readKind = (text: string | undefined): SecretKind => {
  if (!isKind(text))
    throw new SecretRefused(
      `The first argument is the kind of secret: ${secretKinds.join(' or ')}. Nothing was stored.`,
    );
  return text;
};
