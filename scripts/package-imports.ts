/** The imports of a compiled module, read from its text. */

const specifiers = (source: string): readonly string[] => [
  // Dynamic imports, `require` and `require.resolve`.
  ...[
    ...source.matchAll(
      /\b(?:import|require(?:\.resolve)?|createRequire\(import\.meta\.url\)(?:\.resolve)?)\(\s*'([^']+)'/g,
    ),
  ].map(([, name = '']) => name),
  // A static import or export is a separate statement, which may span several lines.
  ...[...source.matchAll(/^(?:import|export)\b[^'"`;]*?\bfrom\s+'([^']+)'/gm)].map(([, name = '']) => name),
  ...[...source.matchAll(/^import\s+'([^']+)'/gm)].map(([, name = '']) => name),
];

/** Paths of the modules of its own package. */
export const relativeImports = (source: string): readonly string[] =>
  specifiers(source).filter((name) => name.startsWith('.'));

/** Names of other packages; not of Node.js, and not `#…` of its own. */
export const importedPackages = (source: string): readonly string[] =>
  specifiers(source)
    .filter((name) => !/^(\.|#|node:|[a-z]+:)/.test(name))
    .map((name) => name.split('/', name.startsWith('@') ? 2 : 1).join('/'));
