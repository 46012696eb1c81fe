/** The schema versions of stored records and of messages, as the sources of a release declare them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Argument, type Expression, parseSync, Visitor } from 'oxc-parser';

/** Kind → version. A kind has one version: another form of the same record is a kind of its own. */
export interface SchemaVersions {
  /** By the name that error messages give a kind. */
  readonly records: Readonly<Record<string, number>>;
  /** By the name of the type. */
  readonly messages: Readonly<Record<string, number>>;
}

type Node = Argument | Expression | undefined;

/** A declaration that this scan cannot read. It has to be written otherwise, or the scan to be extended. */
class UnreadDeclaration extends Error {
  override readonly name = 'UnreadDeclaration';
}

const literal = (node: Node): string | number | undefined =>
  node?.type === 'Literal' && (typeof node.value === 'string' || typeof node.value === 'number')
    ? node.value
    : undefined;

/** What a file declares. */
const declaredIn = (path: string, text: string) => {
  const { program } = parseSync(path, text);
  const constants = new Map<string, Node>();
  const calls: { readonly name: string; readonly given: readonly Node[]; readonly start: number }[] = [];
  const functions: {
    readonly name: string;
    readonly parameters: readonly string[];
    readonly start: number;
    readonly end: number;
  }[] = [];
  const messages: (readonly [string, number])[] = [];
  new Visitor({
    VariableDeclarator: ({ id, init }) => {
      if (id.type !== 'Identifier' || init === null) return;
      constants.set(id.name, init);
      if (init.type === 'ArrowFunctionExpression')
        functions.push({
          name: id.name,
          parameters: init.params.map((param) => (param.type === 'Identifier' ? param.name : '')),
          start: init.start,
          end: init.end,
        });
    },
    CallExpression: ({ callee, arguments: given, start }) => {
      if (callee.type === 'Identifier') calls.push({ name: callee.name, given, start });
    },
    TSInterfaceDeclaration: ({ id, body }) => {
      for (const member of body.body)
        if (
          member.type === 'TSPropertySignature' &&
          member.key.type === 'Identifier' &&
          member.key.name === 'v' &&
          member.typeAnnotation?.typeAnnotation.type === 'TSLiteralType'
        ) {
          const value = literal(member.typeAnnotation.typeAnnotation.literal as Node);
          if (typeof value === 'number') messages.push([id.name, value]);
        }
    },
  }).visit(program);

  const unread = (what: string): never => {
    throw new UnreadDeclaration(`${path}: ${what} is not a literal.`);
  };
  /** Own properties, and those of constants that are spread into it. */
  const property = (node: Node, name: string): Node => {
    if (node?.type !== 'ObjectExpression') return undefined;
    for (const part of node.properties) {
      if (part.type === 'Property' && part.key.type === 'Identifier' && part.key.name === name)
        return part.value as Node;
      if (part.type === 'SpreadElement' && part.argument.type === 'Identifier') {
        const spread = property(constants.get(part.argument.name), name);
        if (spread !== undefined) return spread;
      }
    }
    return undefined;
  };
  /** The values of a text: its own, or those that callers of the function around it give. */
  const textsOf = (node: Node, at: number): readonly string[] => {
    const own = literal(node);
    if (typeof own === 'string') return [own];
    if (node?.type !== 'Identifier') return unread('a kind');
    const { name } = node;
    const around = functions.find(
      ({ start, end, parameters }) => start <= at && at <= end && parameters.includes(name),
    );
    if (around === undefined) return unread('a kind');
    const given = calls
      .filter((call) => call.name === around.name)
      .map((call) => literal(call.given[around.parameters.indexOf(name)]));
    return given.length === 0
      ? unread('a kind')
      : given.map((value) => (typeof value === 'string' ? value : unread('a kind')));
  };
  const records = calls.flatMap(({ name, given, start }) => {
    // The second one is that of 0.1.0.
    if (name !== 'recordStore' && name !== 'recordKind') return [];
    const [kind, version] =
      name === 'recordStore'
        ? [property(given[1], 'kind'), property(given[1], 'schemaVersion')]
        : [given[0], given[1]];
    const v = literal(version);
    return typeof v === 'number'
      ? textsOf(kind, start).map((one) => [one, v] as const)
      : unread('a schema version');
  });
  return { records, messages };
};

/** One version for each name. */
const distinct = (declared: readonly (readonly [string, number])[]): Readonly<Record<string, number>> => {
  const found = new Map<string, number>();
  for (const [name, version] of declared) {
    if ((found.get(name) ?? version) !== version)
      throw new UnreadDeclaration(`${name} has the versions ${found.get(name)} and ${version}.`);
    found.set(name, version);
  }
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
};

/** @param sources folder of the release */
export const schemaVersionsOf = (sources: string): SchemaVersions => {
  const folder = join(sources, 'lambda');
  const declared = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => declaredIn(path, readFileSync(join(folder, path), 'utf8')));
  return {
    records: distinct(declared.flatMap(({ records }) => records)),
    messages: distinct(declared.flatMap(({ messages }) => messages)),
  };
};
