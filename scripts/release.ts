/**
 * `npm run release -- --dry-run` makes every file of a release in dist/release and lists the problems that
 * would stop a release. Without `--dry-run` a problem stops it; otherwise it makes the files and tags the
 * commit. It publishes nothing; CONTRIBUTING.md describes the next steps.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { scriptOptions } from '../bin/commands/run.ts';
import { exampleConfiguration } from '../config/example.ts';
import { connectorPackage } from '../flows/packages/build.ts';
import { bundleFunctions, projectDirectory } from '../lib/bundle.ts';
import { changelogSection } from './changelog.ts';
import { noticesText } from './notices.ts';
import { type Bom, packageBom } from './sbom.ts';

const dryRun = scriptOptions(
  {
    name: 'npm run release --',
    summary: 'Make the files of a release in dist/release, and tag the commit',
    options: [
      { flags: '--dry-run', description: 'Make the files, and list the problems that would stop a release' },
    ],
  },
  (values) => values.dryRun === true,
);

const run = (program: string, ...given: readonly string[]): string =>
  execFileSync(program, given, {
    cwd: projectDirectory,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  }).trim();

const manifest = JSON.parse(readFileSync(join(projectDirectory, 'package.json'), 'utf8'));
const name: string = manifest.name;
const version: string = manifest.version;
const tag = `v${version}`;
const section = changelogSection(readFileSync(join(projectDirectory, 'CHANGELOG.md'), 'utf8'), version);

const refusals = [
  ...(section === undefined ? [`CHANGELOG.md has no section "## [${version}] - <date>".`] : []),
  ...(section !== undefined && section.date === undefined
    ? [`The section of ${version} in CHANGELOG.md has no date.`]
    : []),
  ...(run('git', 'status', '--porcelain') === '' ? [] : ['Some changes are not committed.']),
  ...(run('git', 'tag', '--list', tag) === ''
    ? []
    : [`The tag ${tag} exists. Raise the version: npm version minor --no-git-tag-version`]),
];
for (const refusal of refusals) console.error(`${dryRun ? 'this would stop a release: ' : ''}${refusal}`);
if (refusals.length > 0 && !dryRun) process.exit(1);

const out = join(projectDirectory, 'dist/release');
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const write = (file: string, content: string | Uint8Array): void => writeFileSync(join(out, file), content);

// Packing says nothing on standard output but the name, and compiles first.
run('npm', 'pack', '--silent', '--pack-destination', out);

write(
  `${name}-${version}-connector.zip`,
  (await connectorPackage({ configuration: exampleConfiguration })).content,
);

const bundles = await bundleFunctions({ outDir: join(projectDirectory, 'dist/release-functions') });
rmSync(join(projectDirectory, 'dist/release-functions'), { recursive: true });
const bom = packageBom(
  JSON.parse(run('npm', 'sbom', '--sbom-format', 'cyclonedx', '--package-lock-only')) as Bom,
  {
    name,
    installed: ['dependencies', 'optionalDependencies', 'peerDependencies'].flatMap((kind) =>
      Object.keys(manifest[kind]),
    ),
    bundled: [...new Set(Object.values(bundles).flatMap(({ packages }) => packages))],
    // The time of the commit, so that a release can be made again with the same bytes.
    timestamp: new Date(Number(run('git', 'log', '-1', '--format=%ct')) * 1_000).toISOString(),
  },
);
write(`${name}-${version}-sbom.cdx.json`, `${JSON.stringify(bom, null, 2)}\n`);
write(
  `${name}-${version}-third-party-notices.txt`,
  noticesText(
    `Packages that npm installs with ${name} ${version}, and packages whose code its bundled functions contain.`,
    bom.components.map((component) => join(projectDirectory, 'node_modules', component.name)),
  ),
);

const files = readdirSync(out).sort();
const sums = files.map((file) => {
  const content = readFileSync(join(out, file));
  console.log(`${String(content.length).padStart(9)}  ${relative(process.cwd(), join(out, file))}`);
  return `${createHash('sha256').update(content).digest('hex')}  ${file}`;
});
write('SHA256SUMS', `${sums.join('\n')}\n`);
console.log(
  `           ${relative(process.cwd(), join(out, 'SHA256SUMS'))} (check: sha256sum --check SHA256SUMS)`,
);

if (!dryRun) {
  run('git', 'tag', '--annotate', tag, '--message', `${name} ${version}\n\n${section?.text ?? ''}`);
  console.log(`Tagged ${tag}. CONTRIBUTING.md, "Release", describes how to publish.`);
}
