/** The key of pseudonyms: in the hands of the operator, apart from what is stored. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { ConfigurationError } from '../../config/check.ts';

const defaultFile = 'person-pseudonyms.key';
const keyBytes = 32;

/**
 * Reads the key, or makes one that only this user may read.
 * @throws ConfigurationError when the file holds no key
 */
export const pseudonymKey = (
  file: string = defaultFile,
): { readonly file: string; readonly key: string; readonly created: boolean } => {
  if (!existsSync(file)) {
    const key = randomBytes(keyBytes).toString('base64url');
    writeFileSync(file, `${key}\n`, { mode: 0o600, flag: 'wx' });
    return { file, key, created: true };
  }
  const key = readFileSync(file, 'utf8').trim();
  if (Buffer.from(key, 'base64url').length < keyBytes)
    throw new ConfigurationError(file, [
      'it holds no key of pseudonyms. Give the file that an earlier `person erase` made with --key, or the name of a new one.',
    ]);
  return { file, key, created: false };
};
