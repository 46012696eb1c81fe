/** Checks a secret before it is stored, because Secrets Manager accepts any value. */
import type { SecretValues } from '../../lambda/customer-insights/index.ts';

/** What each kind of secret consists of: the names that the functions read, and those for people. */
export const secretParts = {
  /** The client secret of the API's registration, as `az … -o tsv` prints it. */
  api: { clientSecret: 'the client secret' },
  /** The subscription keys of an instance, one per line. */
  instance: { primary: 'the primary key', secondary: 'the secondary key' },
} as const satisfies Readonly<Record<string, SecretValues>>;

export type SecretKind = keyof typeof secretParts;

/** The value is not stored. The message contains the reason and never the value. */
export class SecretRefused extends Error {
  override readonly name = 'SecretRefused';
  readonly exitCode = 1;
}

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
 * @returns what the functions read: `{ clientSecret }` or `{ primary, secondary }`
 * @throws SecretRefused when a value is missing, empty, cut off, or has other characters around it
 */
export const secretValues = (kind: SecretKind, text: string): SecretValues => {
  const parts = Object.entries(secretParts[kind]);
  const wanted = parts.map(([, words]) => words).join(' and ');
  const refused = (reason: string) => new SecretRefused(`${reason}. Nothing was stored.`);
  if (text.trim() === '')
    throw refused(`The input is empty; expected ${wanted}. Read the output of the command before the pipe`);
  const lines = text.replace(/\r?\n$/, '').split(/\r?\n/);
  if (lines.length !== parts.length)
    throw refused(
      `${lines.length} ${lines.length === 1 ? 'line' : 'lines'} in the input; expected ${wanted}, each on its own line`,
    );
  const problems = parts.flatMap(([, words], at) => problemOf(words, lines[at] ?? '') ?? []);
  if (problems.length > 0) throw refused(problems.join('; '));
  if (new Set(lines).size < lines.length)
    throw refused('Both keys are the same: give the primary and the secondary key');
  return Object.fromEntries(parts.map(([key], at) => [key, lines[at] ?? '']));
};
