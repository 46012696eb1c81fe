/** The sources of the repository and the imports of each. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';

export interface SourceImport {
  /** From the root of the repository. */
  readonly path: string;
  /** Whether it disappears when types are erased. */
  readonly typeOnly: boolean;
}

export interface SourceFile {
  /** From the root of the repository, with `/`. */
  readonly path: string;
  readonly lines: number;
  /** Files of the repository, each once. Packages are left out. */
  readonly imports: readonly SourceImport[];
}

/** A source that does not parse. */
export class UnreadableSource extends Error {
  override readonly name = 'UnreadableSource';
}

const isCode = (path: string): boolean => /\.(?:m?[jt]s|tsx)$/.test(path);

/**
 * The modules that a file imports or re-exports, statically, dynamically or in a type. Every relative import
 * names its file in full (tsc asks for it), so resolving is joining.
 * @throws UnreadableSource naming the file
 */
export const sourceFile = (path: string, text: string): SourceFile => {
  const { module, program, errors } = parseSync(path, text);
  if (errors[0]) throw new UnreadableSource(`${path}: ${errors[0].message}`);
  const found = new Map<string, boolean>();
  const add = (specifier: string, typeOnly: boolean) => {
    if (!/^\.\.?\//.test(specifier)) return;
    const target = posix.join(posix.dirname(path), specifier);
    if (isCode(target)) found.set(target, (found.get(target) ?? true) && typeOnly);
  };
  for (const { moduleRequest, entries } of module.staticImports)
    add(moduleRequest.value, entries.length > 0 && entries.every(({ isType }) => isType));
  for (const { moduleRequest, isType } of module.staticExports.flatMap(({ entries }) => entries))
    if (moduleRequest) add(moduleRequest.value, isType);
  new Visitor({
    ImportExpression: ({ source }) => {
      if (source.type === 'Literal' && typeof source.value === 'string') add(source.value, false);
    },
    TSImportType: ({ source }) => add(source.value, true),
  }).visit(program);
  return {
    path,
    lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0),
    imports: [...found].map(([target, typeOnly]) => ({ path: target, typeOnly })),
  };
};

/** Folders with nothing of ours. */
const foreign = new Set(['node_modules', 'dist', 'cdk.out', 'coverage']);

const codeBelow = (root: string, folder: string): readonly string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return foreign.has(entry.name) || entry.name.startsWith('.') ? [] : codeBelow(root, path);
    return entry.isFile() && isCode(entry.name) ? [path.split(sep).join('/')] : [];
  });

/** Every file of code below `root`, sorted by path. */
export const readSources = (root: string): readonly SourceFile[] =>
  codeBelow(root, '')
    .toSorted()
    .map((path) => sourceFile(path, readFileSync(join(root, path), 'utf8')));
