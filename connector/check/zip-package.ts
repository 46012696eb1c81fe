/**
 * Zips: a connector as this project packs it, a solution of Dataverse, a package for certification
 * (https://learn.microsoft.com/connectors/custom-connectors/certification-submission, scripts/ConnectorPackageValidator.ps1).
 */
import { unzipSync } from 'fflate';
import { type CheckOptions, checkConnector, Findings } from './check-connector.ts';
import { baseName, type CheckedFile, partNames } from './connector.ts';
import type { Finding } from './rule.ts';
import { JsonSource } from './source.ts';

/** Bytes of all entries together; more is refused before anything is unpacked. */
const largestContent = 200_000_000;
const mostEntries = 20_000;
const deepestZip = 4;

type Entries = ReadonlyMap<string, Uint8Array>;

const unpack = (content: Uint8Array): Entries | string => {
  let size = 0;
  let count = 0;
  let refused = '';
  try {
    const entries = unzipSync(content, {
      filter: ({ originalSize }) => {
        size += originalSize;
        count += 1;
        if (size > largestContent) refused = `it contains more than ${largestContent} bytes`;
        if (count > mostEntries) refused = `it contains more than ${mostEntries} entries`;
        return refused === '';
      },
    });
    return (
      refused || new Map(Object.entries(entries).map(([name, bytes]) => [name.replaceAll('\\', '/'), bytes]))
    );
  } catch (error) {
    if (error instanceof Error) return error.message;
    throw error;
  }
};

const isDirectory = (name: string): boolean => name.endsWith('/');
const folderOf = (name: string): string => name.slice(0, name.length - baseName(name).length);
const top = (name: string): string => name.split('/')[0] ?? '';

/** Parts of a connector in a solution, by the end of their names. */
const parts = [
  ['connectionParameters', '_connectionparameters.json'],
  ['connectionParameterSets', '_connectionparametersets.json'],
  ['policyTemplateInstances', '_policytemplateinstances.json'],
  ['scriptOperations', '_scriptoperations.json'],
] as const;

const definitionEnd = '_openapidefinition.json';

interface Embedded {
  readonly file: string;
  /** Pointer of the part in the composed file. */
  readonly pointer: string;
  /** Lines of the composed file that are the part. */
  readonly from: number;
  readonly to: number;
}

/** The parts of a solution as one apiProperties.json, each beginning at the start of a line, so that places can be translated back. */
const compose = (
  present: readonly (readonly [string, string, string])[],
  color: string | undefined,
): { readonly text: string; readonly embedded: readonly Embedded[] } => {
  const lines = ['{"properties":{'];
  const embedded: Embedded[] = [];
  // Publisher and stack owner are those of the solution.
  lines.push(
    `"publisher":"solution","stackOwner":"solution","iconBrandColor":${JSON.stringify(color ?? '#000000')}`,
  );
  for (const [key, file, text] of present) {
    lines.push(`,${JSON.stringify(key)}:`);
    const from = lines.length + 1;
    lines.push(...text.split('\n'));
    embedded.push({ file, pointer: `/properties/${key}`, from, to: lines.length });
  }
  lines.push('}}');
  return { text: lines.join('\n'), embedded };
};

const translate = (finding: Finding, embedded: readonly Embedded[], fallback: string): Finding => {
  const { fix: _, ...rest } = finding;
  const part = embedded.find(({ from, to }) => finding.line >= from && finding.line <= to);
  if (part === undefined)
    return { ...rest, file: embedded[0]?.file ?? fallback, pointer: '', line: 1, column: 1 };
  return {
    ...rest,
    file: part.file,
    pointer: finding.pointer.startsWith(part.pointer) ? finding.pointer.slice(part.pointer.length) : '',
    line: finding.line - part.from + 1,
  };
};

const checkSolutionConnector = (
  name: string,
  prefix: string,
  entries: Entries,
  options: CheckOptions,
): readonly Finding[] => {
  const find = (end: string) =>
    [...entries].find(([entry]) => entry.toLowerCase() === `${prefix}${end}`.toLowerCase());
  const definition = find(definitionEnd);
  const broken: Finding[] = [];
  const present = parts.flatMap(([key, end]) => {
    const found = find(end);
    if (found === undefined) return [];
    const file = `${name}/${found[0]}`;
    const source = new JsonSource(file, found[1]);
    if (source.problem === undefined)
      return source.root?.type === 'null' ? [] : [[key, file, source.text] as const];
    const findings = new Findings(options);
    findings.reporter(file, source)(
      'JsonNotValid',
      { offset: source.problem.offset },
      `The file is not valid JSON: ${source.problem.reason}.`,
    );
    broken.push(...findings.sorted([file]));
    return [];
  });
  const xml = [...entries]
    .filter(([entry]) => entry.endsWith('.xml'))
    .map(([, bytes]) => new TextDecoder().decode(bytes))
    .join('\n');
  const color = /<iconbrandcolor>(#[0-9a-fA-F]{6})<\/iconbrandcolor>/i.exec(xml)?.[1];
  const { text, embedded } = compose(present, color);
  const composed = `${name}/${prefix}_properties`;
  const file = (part: string, end: string): readonly CheckedFile[] => {
    const found = [...entries].find(
      ([entry]) => entry.toLowerCase().startsWith(prefix.toLowerCase()) && entry.toLowerCase().endsWith(end),
    );
    return found ? [{ name: `${name}/${folderOf(found[0])}${part}`, content: found[1] }] : [];
  };
  const files: readonly CheckedFile[] = [
    ...(definition ? [{ name: `${name}/${definition[0]}`, content: definition[1] }] : []),
    { name: `${composed}/${partNames.properties}`, content: new TextEncoder().encode(text) },
    ...file(partNames.script, '.csx'),
    ...file(partNames.icon, '.png'),
  ];
  return [
    ...broken,
    ...checkConnector(files, options).map((finding) =>
      finding.file.startsWith(`${composed}/`)
        ? translate(finding, embedded, definition?.[0] ?? name)
        : finding,
    ),
  ];
};

const solutionFolders: ReadonlySet<string> = new Set([
  'connector',
  'connectors',
  'workflows',
  'aiplugins',
  'aipluginoperations',
]);

class Package {
  private readonly options: CheckOptions;
  private readonly found: Finding[] = [];
  private connectors = 0;

  constructor(options: CheckOptions) {
    this.options = options;
  }

  check(name: string, content: Uint8Array): readonly Finding[] {
    this.zip(name, content, 1);
    if (this.connectors === 0 && this.found.length === 0)
      this.report(name, 'PackageWithoutConnector', 'The zip contains no connector.');
    return this.found;
  }

  private report(
    file: string,
    rule:
      | 'PackageWithoutConnector'
      | 'PackageNotReadable'
      | 'PackageLayoutNotValid'
      | 'PackageWorkflowMismatch',
    message: string,
  ): void {
    const findings = new Findings(this.options);
    findings.reporter(file)(rule, {}, message);
    this.found.push(...findings.sorted([file]));
  }

  private zip(name: string, content: Uint8Array, depth: number): void {
    const entries = depth > deepestZip ? `zips are nested more than ${deepestZip} deep` : unpack(content);
    if (typeof entries === 'string') {
      this.report(name, 'PackageNotReadable', `The zip cannot be read: ${entries.replace(/\.$/, '')}.`);
      return;
    }
    const names = [...entries.keys()].filter((entry) => !isDirectory(entry));
    const zips = names.filter((entry) => entry.toLowerCase().endsWith('.zip'));
    if (names.some((entry) => entry.toLowerCase() === 'solution.xml')) this.solution(name, entries, names);
    else if (names.some((entry) => baseName(entry).toLowerCase() === partNames.definition))
      this.folders(name, entries);
    if (zips.length > 0) {
      const outer = zips.length === 1 && names.some((entry) => entry.toLowerCase() === partNames.intro);
      if (outer && names.length !== 2)
        this.report(
          name,
          'PackageLayoutNotValid',
          `The package contains ${names.length} files; certification takes intro.md and one zip.`,
        );
      const roots = new Set(names.map(top));
      if (
        !outer &&
        roots.size === 1 &&
        zips.every((entry) => entry.includes('/')) &&
        (zips.length < 2 || zips.length > 3 || zips.length !== names.length)
      )
        this.report(
          name,
          'PackageLayoutNotValid',
          `The folder ${[...roots][0]} contains ${names.length} files, ${zips.length} of them zips; certification takes two solutions, or three with a plugin.`,
        );
      for (const entry of zips)
        this.zip(`${name}/${entry}`, entries.get(entry) ?? new Uint8Array(), depth + 1);
    }
  }

  private solution(name: string, entries: Entries, names: readonly string[]): void {
    for (const needed of ['[Content_Types].xml', 'customizations.xml', 'solution.xml'])
      if (!entries.has(needed)) this.report(name, 'PackageLayoutNotValid', `The solution has no ${needed}.`);
    const folders = new Set(names.filter((entry) => entry.includes('/')).map(top));
    for (const folder of folders)
      if (!solutionFolders.has(folder.toLowerCase()))
        this.report(
          name,
          'PackageLayoutNotValid',
          `The solution has a component "${folder}", which certification does not take.`,
        );
    this.workflows(name, entries, names);
    for (const entry of names.filter((candidate) => candidate.toLowerCase().endsWith(definitionEnd))) {
      this.connectors += 1;
      this.found.push(
        ...checkSolutionConnector(name, entry.slice(0, -definitionEnd.length), entries, this.options),
      );
    }
    if (names.some((entry) => baseName(entry).toLowerCase() === partNames.definition))
      this.folders(name, entries);
    // A solution of flows holds no connector, and needs none.
    if (folders.size > 0) this.connectors += 1;
  }

  private workflows(name: string, entries: Entries, names: readonly string[]): void {
    const customizations = entries.get('customizations.xml');
    if (customizations === undefined) return;
    const xml = new TextDecoder().decode(customizations);
    const declared = new Set(
      [...xml.matchAll(/<JsonFileName>\/?([^<]*)<\/JsonFileName>/g)].map(([, file = '']) =>
        file.toLowerCase(),
      ),
    );
    const present = new Set(
      names.filter((entry) => top(entry).toLowerCase() === 'workflows').map((entry) => entry.toLowerCase()),
    );
    for (const file of declared)
      if (!present.has(file))
        this.report(
          name,
          'PackageWorkflowMismatch',
          `customizations.xml names "${file}", which is not there.`,
        );
    for (const file of present)
      if (!declared.has(file))
        this.report(name, 'PackageWorkflowMismatch', `"${file}" is not named in customizations.xml.`);
  }

  private folders(name: string, entries: Entries): void {
    const groups = new Map<string, CheckedFile[]>();
    for (const [entry, content] of entries) {
      if (isDirectory(entry) || entry.toLowerCase().endsWith('.zip')) continue;
      groups.set(folderOf(entry), [
        ...(groups.get(folderOf(entry)) ?? []),
        { name: `${name}/${entry}`, content },
      ]);
    }
    for (const files of groups.values()) {
      if (!files.some((file) => baseName(file.name).toLowerCase() === partNames.definition)) continue;
      this.connectors += 1;
      this.found.push(...checkConnector(files, this.options));
    }
  }
}

/**
 * Checks every connector in a zip, and the layout of the zip.
 * @param name of the zip; files in it are named `name/path`
 */
export const checkPackage = (
  name: string,
  content: Uint8Array,
  options: CheckOptions = {},
): readonly Finding[] => new Package(options).check(name, content);
