/** What a secret of this deployment has to be, checked before it is stored: Secrets Manager takes anything. */

const kinds = {
  /** The client secret of the API's registration, as `az … -o tsv` prints it. */
  api: ['clientSecret'],
  /** The subscription keys of an instance, one per line. */
  instance: ['primary', 'secondary'],
} as const;

export type SecretKind = keyof typeof kinds;

export const secretKinds = Object.keys(kinds) as readonly SecretKind[];

const isKind = (text: string | undefined): text is SecretKind => secretKinds.some((kind) => kind === text);

/** The value is not stored. The message says why, and never what it is. */
export class SecretRefused extends Error {
  override readonly name = 'SecretRefused';
  readonly exitCode = 1;
}

const words = {
  clientSecret: 'the client secret',
  primary: 'the primary key',
  secondary: 'the secondary key',
} as const;

/** Shorter than any that Entra or Customer Insights makes; what is shorter was cut off. */
const shortest = 16;

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const problemOf = (name: string, value: string): string | undefined => {
  if (value === '') return `${name} is empty`;
  if (/^\s|\s$/.test(value)) return `${name} has a blank at its beginning or end`;
  if (/\s/.test(value)) return `${name} has a blank in it`;
  if (!/^[\x21-\x7e]+$/.test(value))
    return `${name} holds a character that no secret has (other than printable ASCII)`;
  if (guid.test(value)) return `${name} is a GUID, which is the id of a secret and not its value`;
  if (/^["'{[]/.test(value))
    return `${name} begins with ${value.charAt(0)}: give the value alone, without quotes or JSON around it`;
  if (value.length < shortest) return `${name} has only ${value.length} characters, so it was cut off`;
  return undefined;
};

/**
 * @param text one value per line; a line end after the last is no part of it
 * @returns the JSON that the functions read: `{"clientSecret":"…"}` or `{"primary":"…","secondary":"…"}`
 * @throws SecretRefused when a value is absent, empty, cut off, or has something around it
 */
export const secretValue = (kind: SecretKind, text: string): string => {
  const keys: readonly (keyof typeof words)[] = kinds[kind];
  const wanted = keys.map((key) => words[key]).join(' and ');
  const refused = (reason: string) => new SecretRefused(`${reason}. Nothing was stored.`);
  if (text.trim() === '')
    throw refused(`Nothing came in where ${wanted} should; look at what the command before it said`);
  const lines = text.replace(/\r?\n$/, '').split(/\r?\n/);
  if (lines.length !== keys.length)
    throw refused(
      `${lines.length} ${lines.length === 1 ? 'line' : 'lines'} came in where ${wanted} should, each on a line of its own`,
    );
  const problems = keys.flatMap((key, at) => problemOf(words[key], lines[at] ?? '') ?? []);
  if (problems.length > 0) throw refused(problems.join('; '));
  if (new Set(lines).size < lines.length)
    throw refused('The same key came in twice: give the primary and the secondary one');
  return JSON.stringify(Object.fromEntries(keys.map((key, at) => [key, lines[at]])));
};

/** @throws SecretRefused when the kind is none */
export const readKind = (text: string | undefined): SecretKind => {
  if (!isKind(text))
    throw new SecretRefused(
      `The first argument is the kind of secret: ${secretKinds.join(' or ')}. Nothing was stored.`,
    );
  return text;
};
