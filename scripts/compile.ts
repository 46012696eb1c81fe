/**
 * `npm run compile`, which `npm pack` runs first: it makes the parts of the package that are not in the
 * repository, in dist/compiled. The TypeScript sources are compiled, with declarations of what lib/index.ts
 * exports; the functions are bundled.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { bundleFunctions, projectDirectory } from '../lib/bundle.ts';
import { noticesText } from './notices.ts';
import { importedPackages, relativeImports } from './package-imports.ts';

const compiled = join(projectDirectory, 'dist/compiled');

/** Files that a module reads or imports at run time and that are not TypeScript. */
const besideSources = ['local/clock-worker.mjs', 'local/dynamodb/engine-guard.sh'];

/** Only a clone bundles; the package contains the bundles. */
const cloneOnly = ['lib/bundle.js', 'lib/bundle-plugins.js', 'lib/console-pages.js'];

const compileSources = (): void => {
  const tsc = join(projectDirectory, 'node_modules/typescript/bin/tsc');
  const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.package.json'], {
    cwd: projectDirectory,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('The sources do not compile.');
};

/**
 * Removes the declarations that the entry point does not reach, because they describe nothing that the
 * package exports.
 */
const removeInnerDeclarations = (): void => {
  const kept = new Set<string>();
  const keep = (file: string): void => {
    if (kept.has(file)) return;
    kept.add(file);
    for (const path of relativeImports(readFileSync(file, 'utf8')))
      keep(resolve(dirname(file), path.replace(/\.(js|ts)$/, '.d.ts')));
  };
  keep(join(compiled, 'lib/index.d.ts'));
  for (const file of globSync('**/*.d.ts', { cwd: compiled }))
    if (!kept.has(join(compiled, file))) rmSync(join(compiled, file));
};

/**
 * @throws Error when the compiled modules import a package that is not a dependency of this one, or when one of
 *   its dependencies is imported by none
 */
const checkDependencies = (): void => {
  const manifest = JSON.parse(readFileSync(join(projectDirectory, 'package.json'), 'utf8'));
  const declared = new Set(
    ['dependencies', 'optionalDependencies', 'peerDependencies'].flatMap((kind) =>
      Object.keys(manifest[kind] ?? {}),
    ),
  );
  // The code that imports them handles their absence.
  const known = new Set(['esbuild', '@pnp/cli-microsoft365']);
  const imported = new Set(
    globSync('**/*.{js,mjs}', { cwd: compiled, exclude: ['functions/**'] }).flatMap((file) =>
      importedPackages(readFileSync(join(compiled, file), 'utf8')),
    ),
  );
  const undeclared = [...imported].filter((name) => !declared.has(name) && !known.has(name));
  const unused = [...declared].filter((name) => !imported.has(name));
  if (undeclared.length > 0)
    throw new Error(
      `The package imports ${undeclared.join(', ')}, which package.json does not list as its dependency.`,
    );
  if (unused.length > 0)
    throw new Error(
      `Nothing in the package imports ${unused.join(', ')}. List it as a development dependency, or remove it.`,
    );
};

const bundle = async (): Promise<void> => {
  const bundled = await bundleFunctions({ outDir: join(compiled, 'functions') });
  const packages = new Set(Object.values(bundled).flatMap((each) => each.packages));
  writeFileSync(
    join(compiled, 'functions/THIRD-PARTY-NOTICES.txt'),
    noticesText(
      'The bundled functions contain code of these packages.',
      [...packages].map((name) => join(projectDirectory, 'node_modules', name)),
    ),
  );
};

rmSync(compiled, { recursive: true, force: true });
compileSources();
for (const file of cloneOnly) rmSync(join(compiled, file));
removeInnerDeclarations();
for (const file of besideSources) {
  mkdirSync(dirname(join(compiled, file)), { recursive: true });
  cpSync(join(projectDirectory, file), join(compiled, file));
}
checkDependencies();
await bundle();
if (!existsSync(join(compiled, 'functions/proxy/index.mjs')))
  throw new Error('The functions were not bundled.');
process.stderr.write(`compiled into ${relative(process.cwd(), compiled)}\n`);
