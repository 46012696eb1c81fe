/** The licences of third-party packages, with their texts. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string | { readonly type?: string };
}

const licenceFile = /^(licen[cs]e|copying|notice)([.-].*)?$/i;

const noticeOf = (
  directory: string,
): { readonly id: string; readonly licence: string; readonly texts: readonly string[] } => {
  const { name, version, license } = JSON.parse(
    readFileSync(join(directory, 'package.json'), 'utf8'),
  ) as Manifest;
  const files = readdirSync(directory).filter((file) => licenceFile.test(file));
  return {
    id: `${name}@${version}`,
    licence: (typeof license === 'object' ? license.type : license) ?? 'see the text',
    texts: files
      .sort()
      .map((file) => readFileSync(join(directory, file), 'utf8').replaceAll('\r\n', '\n').trim()),
  };
};

/**
 * @param directories of packages; those that are not installed on this platform are left out
 * @returns a text: packages with the same licence text share it; the same text for the same packages
 */
export const noticesText = (heading: string, directories: readonly string[]): string => {
  const notices = directories
    .filter((directory) => existsSync(join(directory, 'package.json')))
    .map(noticeOf)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const byText = new Map<string, string[]>();
  for (const { id, licence, texts } of notices) {
    const text = texts.length === 0 ? 'The package contains no licence text.' : texts.join('\n\n');
    byText.set(text, [...(byText.get(text) ?? []), `${id} (${licence})`]);
  }
  const line = '-'.repeat(80);
  const sections = [...byText].map(([text, ids]) => `${line}\n${ids.join('\n')}\n${line}\n\n${text}\n`);
  return `${heading}\n\n${sections.join('\n')}`;
};
