/**
 * The problems of the structure of the sources: pure functions of the rules and of the imports of each file.
 */
import { posix } from 'node:path';
import type { FolderRule, StructureRules } from './import-rules.ts';
import type { SourceFile } from './source-graph.ts';

type Files = ReadonlyMap<string, SourceFile>;

const isInside = (path: string, folder: string): boolean => path.startsWith(`${folder}/`);

/** The rule that applies to a file; files at the root need none. */
const ruleOf = (path: string, rules: readonly FolderRule[]): FolderRule | undefined =>
  rules.find(({ folder }) =>
    rules.some((other) => isInside(other.folder, folder))
      ? posix.dirname(path) === folder
      : isInside(path, folder),
  );

/** The folders that a rule allows, "earlier" written out. */
export const allowedImports = (rule: FolderRule, rules: readonly FolderRule[]): readonly string[] =>
  rule.imports === 'earlier' ? rules.slice(0, rules.indexOf(rule)).map(({ folder }) => folder) : rule.imports;

const rulesInWrongOrder = (rules: readonly FolderRule[]): readonly string[] =>
  rules.flatMap((rule, position) =>
    allowedImports(rule, rules)
      .filter((target) => !rules.slice(0, position).some(({ folder }) => folder === target))
      .map(
        (target) =>
          `The rule of ${rule.folder} allows ${target}, which is not earlier in the list. A folder imports only earlier folders.`,
      ),
  );

const forbiddenImports = (files: Files, rules: readonly FolderRule[]): readonly string[] =>
  [...files.values()].flatMap(({ path, imports }) => {
    const rule = ruleOf(path, rules);
    if (!rule) return path.includes('/') ? [`${path}: no rule covers its folder.`] : [];
    const allowed = allowedImports(rule, rules);
    return imports.flatMap(({ path: target }) => {
      const folder = ruleOf(target, rules)?.folder;
      return folder === undefined || folder === rule.folder || allowed.includes(folder)
        ? []
        : [`${path} imports ${target}: ${rule.folder} may not import ${folder}.`];
    });
  });

const unusedPermissions = (files: Files, rules: readonly FolderRule[]): readonly string[] => {
  const used = new Set(
    [...files.values()].flatMap(({ path, imports }) =>
      imports.map((target) => `${ruleOf(path, rules)?.folder} > ${ruleOf(target.path, rules)?.folder}`),
    ),
  );
  return rules.flatMap(({ folder, imports }) =>
    imports === 'earlier'
      ? []
      : imports
          .filter((target) => !used.has(`${folder} > ${target}`))
          .map((target) => `${folder} may import ${target}, and no file does: remove it from the rule.`),
  );
};

/**
 * A shortest way from each file of a cycle back to itself, each cycle once. Type imports count: two files
 * that need each other's types cannot be understood apart.
 */
const importCycles = (files: Files): readonly string[] => {
  const reported = new Set<string>();
  return [...files.keys()].flatMap((start) => {
    if (reported.has(start)) return [];
    const cameFrom = new Map<string, string>();
    const queue = [start];
    for (const path of queue)
      for (const { path: target } of files.get(path)?.imports ?? []) {
        if (target === start) {
          const cycle = [path];
          for (let at = path; at !== start; ) {
            at = cameFrom.get(at) ?? start;
            cycle.unshift(at);
          }
          for (const member of cycle) reported.add(member);
          return [`Import cycle: ${[...cycle, start].join(' > ')}.`];
        }
        if (!cameFrom.has(target)) {
          cameFrom.set(target, path);
          queue.push(target);
        }
      }
    return [];
  });
};

/** The files reachable from an entry, itself included. */
export const reachable = (files: Files, entry: string, withTypes: boolean): ReadonlySet<string> => {
  const reached = new Set([entry]);
  for (const path of reached)
    for (const { path: target, typeOnly } of files.get(path)?.imports ?? [])
      if (withTypes || !typeOnly) reached.add(target);
  return reached;
};

const groundProblems = (
  files: Files,
  { folders, ground: { folder, mostFiles, usersThatDoNotCount } }: StructureRules,
): readonly string[] => {
  const users = new Map<string, Set<string>>();
  for (const user of files.values()) {
    const from = ruleOf(user.path, folders)?.folder;
    if (from === undefined || from === folder || usersThatDoNotCount.includes(from)) continue;
    // A file that only other files of the folder import is used by the users of those files.
    const seen = new Set(user.imports.map(({ path }) => path).filter((path) => isInside(path, folder)));
    for (const path of seen) {
      users.set(path, (users.get(path) ?? new Set()).add(from));
      for (const { path: target } of files.get(path)?.imports ?? [])
        if (isInside(target, folder)) seen.add(target);
    }
  }
  const own = [...files.keys()].filter((path) => isInside(path, folder));
  return [
    ...(own.length > mostFiles ? [`${folder} has ${own.length} files, more than ${mostFiles}.`] : []),
    ...own.flatMap((path) => {
      const [only, ...others] = users.get(path) ?? [];
      if (others.length > 0) return [];
      return [
        only === undefined
          ? `${path}: no other folder uses it.`
          : `${path}: only ${only} uses it: move it there.`,
      ];
    }),
  ];
};

/**
 * Type imports do not count, because they change neither the behaviour nor the start-up time of the entry.
 */
const reachProblems = (files: Files, { reach }: StructureRules): readonly string[] =>
  reach.flatMap(({ entry, mostFiles }) => {
    if (!files.has(entry)) return [`${entry} has a limit of reached files, and does not exist.`];
    const { size } = reachable(files, entry, false);
    return size > mostFiles ? [`${entry} reaches ${size} files, more than ${mostFiles}.`] : [];
  });

const repeatedNames = (files: Files, { conventionalNames }: StructureRules): readonly string[] => {
  const byName = new Map<string, string[]>();
  for (const path of files.keys()) {
    const name = posix.basename(path);
    byName.set(name, [...(byName.get(name) ?? []), path]);
  }
  return [...byName]
    .filter(([name, paths]) => paths.length > 2 && !(name in conventionalNames))
    .map(([name, paths]) => `${paths.length} files are called ${name}: ${paths.join(', ')}.`);
};

const longFileProblems = (files: Files, { mostLines, longFiles }: StructureRules): readonly string[] => [
  ...[...files.values()]
    .filter(({ path, lines }) => lines > mostLines && !(path in longFiles))
    .map(
      ({ path, lines }) =>
        `${path} has ${lines} lines, more than ${mostLines}: split it, or give a reason under longFiles.`,
    ),
  ...Object.keys(longFiles)
    .filter((path) => (files.get(path)?.lines ?? 0) <= mostLines)
    .map(
      (path) => `${path} is listed in longFiles and has at most ${mostLines} lines: remove it from the list.`,
    ),
];

/** Everything that breaks the rules, one sentence each; empty when the structure holds. */
export const structureProblems = (
  sources: readonly SourceFile[],
  rules: StructureRules,
): readonly string[] => {
  const files: Files = new Map(sources.map((file) => [file.path, file]));
  return [
    ...rulesInWrongOrder(rules.folders),
    ...forbiddenImports(files, rules.folders),
    ...unusedPermissions(files, rules.folders),
    ...importCycles(files),
    ...groundProblems(files, rules),
    ...reachProblems(files, rules),
    ...repeatedNames(files, rules),
    ...longFileProblems(files, rules),
  ];
};

/** The figures that the limits apply to, as text. */
export const structureFigures = (
  sources: readonly SourceFile[],
  { ground, reach, mostLines }: StructureRules,
): readonly string[] => {
  const files: Files = new Map(sources.map((file) => [file.path, file]));
  return [
    `${files.size} files of code`,
    `${[...files.keys()].filter((path) => isInside(path, ground.folder)).length} of at most ${ground.mostFiles} in ${ground.folder}`,
    ...reach.map(({ entry, mostFiles }) => {
      const [loaded, withTypes] = [false, true].map((types) => reachable(files, entry, types).size);
      return `${entry} loads ${loaded} of at most ${mostFiles}, ${withTypes} with the files it takes only types from`;
    }),
    `${[...files.values()].filter(({ lines }) => lines > mostLines).length} with more than ${mostLines} lines`,
  ];
};
