/** The regular expressions of the program's sources, and which of them take more than linear time on some text. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Node, parse } from 'acorn';
import { simple } from 'acorn-walk';
import { transformSync } from 'esbuild';
import { analyse, type ParsedLiteral } from 'scslre';

export interface RegularExpression {
  /** Path from the project's folder. */
  readonly file: string;
  readonly source: string;
  readonly flags: string;
}

export interface FoundExpressions {
  readonly literals: readonly RegularExpression[];
  /** Files that make expressions of texts, and how often; what these are is known at run time only. */
  readonly constructed: ReadonlyMap<string, number>;
}

interface RegexLiteral extends Node {
  readonly regex?: { readonly pattern: string; readonly flags: string };
}
interface Property extends Node {
  readonly key: { readonly name?: string };
  readonly value: { readonly type: string; readonly value?: unknown };
}
interface Call extends Node {
  readonly callee: { readonly type: string; readonly name?: string };
}

/** @param folders below the project's folder */
export const expressionsOf = (project: string, folders: readonly string[]): FoundExpressions => {
  const literals: RegularExpression[] = [];
  const constructed = new Map<string, number>();
  const files = folders
    .flatMap((folder) =>
      readdirSync(join(project, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
        join(folder, name),
      ),
    )
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .sort();
  for (const file of files) {
    const { code } = transformSync(readFileSync(join(project, file), 'utf8'), {
      loader: 'ts',
      target: 'es2023',
      format: 'esm',
    });
    const construct = (node: Node) => {
      const { type, name } = (node as Call).callee;
      if (type === 'Identifier' && name === 'RegExp') constructed.set(file, (constructed.get(file) ?? 0) + 1);
    };
    simple(parse(code, { ecmaVersion: 'latest', sourceType: 'module' }), {
      Literal(node) {
        const { regex } = node as RegexLiteral;
        if (regex) literals.push({ file, source: regex.pattern, flags: regex.flags });
      },
      // `pattern` of a schema, which its validator makes an expression of.
      Property(node) {
        const { key, value } = node as Property;
        if (key.name === 'pattern' && value.type === 'Literal' && typeof value.value === 'string')
          literals.push({ file, source: value.value, flags: 'u' });
      },
      NewExpression: construct,
      CallExpression: construct,
    });
  }
  return { literals, constructed };
};

/** Ways in which a text of one repeated character, or a few, takes more than linear time; empty when none is known. */
export const superLinear = ({
  source,
  flags,
}: Pick<RegularExpression, 'source' | 'flags'>): readonly string[] =>
  analyse({ source, flags }, { reportTypes: { Move: true, Self: true, Trade: true } }).reports.map(
    ({ type, character, exponential }) =>
      `${exponential ? 'exponential' : 'polynomial'} (${type.toLowerCase()}) on many ${JSON.stringify(character.pick)}`,
  );

/** One character of each kind that expressions ask for. */
const candidates = ['a', '0', '-', ' ', '.', '/', '"', '\\', ',', '=', 'A', '_', '\n', '\ud800', '\u00fc'];

type Alternative = ParsedLiteral['pattern']['alternatives'][number];
type Element = Alternative['elements'][number];
type Piece = Element | Alternative;

const charactersOf = (piece: Piece, flags: string): readonly string[] => {
  if (piece.type === 'Character') return [String.fromCodePoint(piece.value)];
  if (piece.type !== 'CharacterClass' && piece.type !== 'CharacterSet') return [];
  const form = new RegExp(`^(?:${piece.raw})$`, flags.replace(/[gym]/g, ''));
  return candidates.filter((character) => form.test(character));
};

/** A shortest text that a part of an expression takes, as far as the part allows; undefined when none is found. */
const sampleOf = (piece: Piece, flags: string): string | undefined => {
  switch (piece.type) {
    case 'Alternative':
      return concatenated(piece.elements, flags);
    case 'Group':
    case 'CapturingGroup':
      return piece.alternatives.map((one) => sampleOf(one, flags)).find((text) => text !== undefined);
    case 'Quantifier':
      return sampleOf(piece.element, flags)?.repeat(piece.min);
    case 'Character':
    case 'CharacterClass':
    case 'CharacterSet':
      return charactersOf(piece, flags)[0];
    default:
      return '';
  }
};

const concatenated = (elements: readonly Element[], flags: string): string | undefined => {
  let text = '';
  for (const element of elements) {
    const sample = sampleOf(element, flags);
    if (sample === undefined) return undefined;
    text += sample;
  }
  return text;
};

/** For each part that may be repeated without end: what stands before it and one repetition. */
const beginnings = (elements: readonly Element[], before: string, flags: string): readonly string[] => {
  const found: string[] = [];
  let so = before;
  for (const element of elements) {
    const inner = element.type === 'Quantifier' ? element.element : element;
    if (inner.type === 'Group' || inner.type === 'CapturingGroup')
      for (const { elements: parts } of inner.alternatives) found.push(...beginnings(parts, so, flags));
    if (element.type === 'Quantifier' && element.max === Number.POSITIVE_INFINITY) {
      // Each kind of character that it takes: which of them makes what follows fail is not known.
      const characters = charactersOf(element.element, flags);
      const ones = characters.length > 0 ? characters : [sampleOf(element.element, flags) ?? ''];
      found.push(so, ...ones.map((one) => so + one));
    }
    so += sampleOf(element, flags) ?? '';
  }
  return found;
};

/**
 * Texts of a length that an expression has the most trouble with: its own beginnings repeated, so that an attempt begins at many
 * places and fails at the end of the text.
 */
export const troublesome = (
  { source, flags }: Pick<RegularExpression, 'source' | 'flags'>,
  length: number,
) => {
  const { pattern } = analyse({ source, flags }).parsed;
  const pumps = pattern.alternatives.flatMap(({ elements }) => beginnings(elements, '', flags));
  return [...new Set(pumps)]
    .filter((pump) => pump !== '')
    .map((pump) => pump.repeat(Math.ceil(length / pump.length)).slice(0, length));
};
