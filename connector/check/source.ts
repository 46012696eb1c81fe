/** One file as it was given: its text, what is odd about its bytes, and edits that keep its formatting. */
import { type JsonNode, type JsonProblem, Lines, type ObjectNode, readJson } from './positioned-json.ts';

export interface TextEdit {
  /** In the text without its byte order mark; -1 stands for the mark itself. */
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

/** A text file. Bytes that are not UTF-8 are read as replacement characters. */
export class Source {
  readonly name: string;
  readonly bytes: number;
  readonly byteOrderMark: boolean;
  readonly text: string;
  /** Of the first character that was not UTF-8. */
  readonly notUtf8: number | undefined;
  private found: Lines | undefined;

  constructor(name: string, content: Uint8Array) {
    this.name = name;
    this.bytes = content.length;
    const wide = content[0] === 0xff && content[1] === 0xfe;
    const decoded = new TextDecoder(wide ? 'utf-16le' : 'utf-8', { ignoreBOM: true }).decode(content);
    this.byteOrderMark = decoded.startsWith('\uFEFF');
    this.text = this.byteOrderMark ? decoded.slice(1) : decoded;
    this.notUtf8 = wide ? 0 : this.firstReplaced(content);
  }

  private firstReplaced(content: Uint8Array): number | undefined {
    const offset = this.text.indexOf('\uFFFD');
    if (offset === -1) return undefined;
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(content);
      return undefined;
    } catch (error) {
      if (error instanceof TypeError) return offset;
      throw error;
    }
  }

  get lines(): Lines {
    this.found ??= new Lines(this.text);
    return this.found;
  }

  /** The text of a line, from 1, without its end. */
  line(number: number): string {
    const { from, to } = this.lines.extent(number);
    return this.text.slice(from, to).replace(/\r?\n?$/, '');
  }
}

/** A JSON file. */
export class JsonSource extends Source {
  readonly root: JsonNode | undefined;
  readonly duplicates: readonly JsonNode[];
  readonly problem: JsonProblem | undefined;

  constructor(name: string, content: Uint8Array) {
    super(name, content);
    const read = readJson(this.text);
    this.root = 'root' in read ? read.root : undefined;
    this.duplicates = 'root' in read ? read.duplicates : [];
    this.problem = 'problem' in read ? read.problem : undefined;
  }
}

export const replaceValue = (node: JsonNode, value: unknown): TextEdit => ({
  offset: node.start,
  length: node.end - node.start,
  text: JSON.stringify(value),
});

export const renameKey = (text: string, node: JsonNode, name: string): TextEdit => {
  const end = text.lastIndexOf('"', text.lastIndexOf(':', node.start)) + 1;
  return { offset: node.keyStart, length: end - node.keyStart, text: JSON.stringify(name) };
};

/** Writes a member at the end of an object, separated as its last one is. Only for objects that have members. */
export const addMember = (
  text: string,
  object: ObjectNode,
  name: string,
  value: unknown,
): readonly TextEdit[] => {
  const last = [...object.members.values()].reduce<JsonNode | undefined>(
    (found, node) => (found && found.end > node.end ? found : node),
    undefined,
  );
  if (last === undefined) return [];
  const before = blanksBefore(text, Math.max(object.start, last.keyStart - 200), last.keyStart);
  return [
    { offset: last.end, length: 0, text: `,${before}${JSON.stringify(name)}: ${JSON.stringify(value)}` },
  ];
};

/** The white space that ends a part of the text. */
const blanksBefore = (text: string, from: number, to: number): string => {
  const part = text.slice(from, to);
  return part.slice(part.trimEnd().length);
};

/** Takes a member or item out together with one comma. */
export const remove = (text: string, node: JsonNode): readonly TextEdit[] => {
  const start = node.keyStart === -1 ? node.start : node.keyStart;
  const [previous, next] = neighboursOf(node);
  // After a key that occurs twice the order of members is not that of the text.
  if ((previous && previous.end > start) || (next && next.start < node.end)) return [];
  if (previous) return [{ offset: previous.end, length: node.end - previous.end, text: '' }];
  if (next) {
    const until = next.keyStart === -1 ? next.start : next.keyStart;
    return [{ offset: start, length: until - start, text: '' }];
  }
  const blanks = blanksBefore(text, Math.max(0, start - 200), start).length;
  return [{ offset: start - blanks, length: node.end - start + blanks, text: '' }];
};

const neighboursOf = (node: JsonNode): readonly [JsonNode | undefined, JsonNode | undefined] => {
  const { parent } = node;
  if (parent === null) return [undefined, undefined];
  if (parent.type === 'array') {
    const at = Number(node.key);
    return [parent.items[at - 1], parent.items[at + 1]];
  }
  const siblings = [...parent.members.values()];
  const at = siblings.indexOf(node);
  return [siblings[at - 1], siblings[at + 1]];
};
