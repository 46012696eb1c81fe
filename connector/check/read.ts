/** Finds connectors on disk: folders, zips, single definitions. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { baseName, type CheckedFile, partNames } from './connector.ts';

export interface FolderInput {
  readonly kind: 'folder';
  readonly path: string;
  readonly files: readonly CheckedFile[];
}

export interface ZipInput {
  readonly kind: 'zip';
  readonly path: string;
  readonly content: Uint8Array;
}

export type CheckInput = FolderInput | ZipInput;

/** There is nothing to check where a path leads. */
export class NothingToCheck extends Error {
  override readonly name = 'NothingToCheck';
  readonly exitCode = 1;
}

const wanted: ReadonlySet<string> = new Set(Object.values(partNames));
const skipped: ReadonlySet<string> = new Set(['node_modules', '.git']);

/** As it is shown: from the working directory, with slashes. */
const shown = (path: string): string => {
  const from = relative(process.cwd(), path);
  return (from === '' || from.startsWith('..') ? path : from).replaceAll('\\', '/');
};

const isWanted = (name: string): boolean => {
  const lower = name.toLowerCase();
  return (
    wanted.has(lower) || lower.endsWith('.csx') || (lower.endsWith('.json') && lower.includes('swagger'))
  );
};

const isZip = (content: Uint8Array): boolean =>
  content[0] === 0x50 && content[1] === 0x4b && (content[2] === 3 || content[2] === 5);

const readFolder = (folder: string): FolderInput => {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();
  // Files that no rule reads count by their names only: settings.json may point to them.
  return {
    kind: 'folder',
    path: folder,
    files: names.map((name) => ({
      name: shown(join(folder, name)),
      content: isWanted(name) ? readFileSync(join(folder, name)) : new Uint8Array(),
    })),
  };
};

const isConnector = (names: readonly string[]): boolean =>
  names.some((name) => {
    const lower = name.toLowerCase();
    return lower === partNames.definition || lower === partNames.properties;
  });

const below = (folder: string): readonly CheckInput[] => {
  const entries = readdirSync(folder, { withFileTypes: true }).toSorted((one, other) =>
    one.name < other.name ? -1 : 1,
  );
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  if (isConnector(files)) return [readFolder(folder)];
  return entries
    .filter((entry) => entry.isDirectory() && !skipped.has(entry.name))
    .flatMap((entry) => below(join(folder, entry.name)));
};

/**
 * @param path a folder of a connector, a folder of such folders, a zip, or a definition
 * @throws NothingToCheck; a system error when the path does not exist
 */
export const readInputs = (path: string): readonly CheckInput[] => {
  if (statSync(path).isFile()) {
    const content = readFileSync(path);
    if (isZip(content) || /\.zip$/i.test(path)) return [{ kind: 'zip', path: shown(path), content }];
    const folder = dirname(path);
    if (isConnector([basename(path)])) return [readFolder(folder)];
    return [{ kind: 'folder', path: folder, files: [{ name: shown(path), content }] }];
  }
  const found = below(path);
  if (found.length > 0) return found;
  const names = readdirSync(path).filter(isWanted);
  if (names.length > 0) return [readFolder(path)];
  throw new NothingToCheck(
    `There is no connector in ${path}: neither ${baseName('apiDefinition.swagger.json')} nor a folder that contains one.`,
  );
};
