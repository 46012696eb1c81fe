/** Plants mutations into sound connectors and compares what is found with what was planted. */
import { checkConnector } from '../../../connector/check/check-connector.ts';
import type { Finding } from '../../../connector/check/rule.ts';
import type { RuleId } from '../../../connector/check/rules/index.ts';
import type { Mutation, Planted } from './mutations.ts';
import { filesOf, type Loose, type Parts, type Sound } from './sound.ts';

const escaped = (name: string | number): string => String(name).replaceAll('~', '~0').replaceAll('/', '~1');

/** Where an object is in a JSON value, found by identity. */
const pathTo = (root: Loose, wanted: Loose): readonly (string | number)[] | undefined => {
  const waiting: { readonly node: Loose; readonly path: readonly (string | number)[] }[] = [
    { node: root, path: [] },
  ];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (at.node === wanted) return at.path;
    if (typeof at.node !== 'object' || at.node === null) continue;
    for (const [name, node] of Object.entries<Loose>(at.node))
      waiting.push({ node, path: [...at.path, name] });
  }
  return undefined;
};

const rootOf = (parts: Parts, file: string): Loose => {
  if (file === 'apiProperties.json') return parts.properties;
  return file === 'settings.json' ? parts.settings : parts.definition;
};

/** Line and column of a value or a key, found by writing a mark in its place: the checker's own reader takes no part. */
const positionOf = (
  root: Loose,
  path: readonly (string | number)[],
  indent: number | string,
  key: boolean,
) => {
  const mark = '@@here@@';
  if (path.length === 0) return { line: 1, column: 1 };
  const copy = structuredClone(root);
  let holder = copy;
  for (const name of path.slice(0, -1)) holder = holder[name];
  const last = path.at(-1) ?? '';
  if (key) {
    const entries = Object.entries(holder).map(([name, value]) => [name === last ? mark : name, value]);
    for (const name of Object.keys(holder)) delete holder[name];
    Object.assign(holder, Object.fromEntries(entries));
  } else holder[last] = mark;
  const before = JSON.stringify(copy, null, indent).split(JSON.stringify(mark))[0] ?? '';
  const lines = before.split('\n');
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
};

const identity = ({ rule, file, pointer }: Pick<Finding, 'rule' | 'file' | 'pointer'>): string =>
  `${rule} ${file} ${pointer}`;

export interface Outcome {
  /** Undefined: the connector has nothing to plant the defect in. */
  readonly planted: Planted | undefined;
  /** What is wrong; empty when the defect, and it alone, was found where it is. */
  readonly problems: readonly string[];
}

const profile = 'certification';

const found = new Map<Sound, readonly Finding[]>();

/** What the sound connector itself has, the rule in question left out. */
const before = (sound: Sound, rule: RuleId): ReadonlySet<string> => {
  const all = found.get(sound) ?? checkConnector(filesOf(sound.make(), sound.indent), { profile });
  found.set(sound, all);
  return new Set(all.filter((finding) => finding.rule !== rule).map(identity));
};

export const plantInto = (sound: Sound, rule: RuleId, mutate: Mutation): Outcome => {
  const base = before(sound, rule);
  const parts = sound.make();
  const planted = mutate(parts);
  if (planted === undefined) return { planted, problems: [] };
  const after = checkConnector(filesOf(parts, sound.indent), {
    profile,
    levels: new Map([[rule, 'warning']]),
  });
  const fresh = after.filter((finding) => !base.has(identity(finding)));
  const root = rootOf(parts, planted.file);
  const [holder, name] = planted.at ?? [];
  const path = planted.at && pathTo(root, holder);
  if (planted.at && path === undefined) return { planted, problems: ['the mutation points to nothing'] };
  const whole = name === undefined ? (path ?? []) : [...(path ?? []), name];
  const pointer = whole.map((part) => `/${escaped(part)}`).join('');
  const here = fresh.filter(
    (finding) => finding.rule === rule && finding.file === planted.file && finding.pointer === pointer,
  );
  const allowed = new Set<string>([rule, ...(planted.also ?? [])]);
  const other = fresh.filter((finding) => !allowed.has(finding.rule));
  const plain =
    parts.rawDefinition === undefined && parts.rawProperties === undefined && parts.rawSettings === undefined;
  const expected =
    planted.at && plain ? positionOf(root, whole, sound.indent, planted.key ?? false) : undefined;
  const [first] = here;
  return {
    planted,
    problems: [
      ...(here.length === 1
        ? []
        : [`${here.length} findings at "${pointer}"; there are ${fresh.map(identity).join(' | ')}`]),
      ...other.map((finding) => `also ${identity(finding)}: ${finding.message}`),
      ...(expected && first && (first.line !== expected.line || first.column !== expected.column)
        ? [`at ${first.line}:${first.column} instead of ${expected.line}:${expected.column}`]
        : []),
    ],
  };
};
