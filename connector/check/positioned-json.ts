/**
 * JSON with positions. Own code, because the checker needs three things together: keys that occur twice, `__proto__` as an
 * ordinary key, and no recursion. jsonc-parser 3.3.1 was tried: its parser recurses (20,000 nested arrays overflow the
 * stack) and takes about twice the time.
 */

interface Placed {
  readonly parent: ObjectNode | ArrayNode | null;
  /** Name of the member, or index as text; "" at the root. */
  readonly key: string;
  /** Offset of the key's opening quote; -1 where there is no key. */
  readonly keyStart: number;
  /** Offset of the value's first character. */
  readonly start: number;
  /** Offset after the value's last character. */
  end: number;
}

export interface ObjectNode extends Placed {
  readonly type: 'object';
  /** Of keys that occur twice the last one counts, as for JSON.parse. */
  readonly members: Map<string, JsonNode>;
}

export interface ArrayNode extends Placed {
  readonly type: 'array';
  readonly items: JsonNode[];
}

export interface StringNode extends Placed {
  readonly type: 'string';
  readonly value: string;
}

export interface NumberNode extends Placed {
  readonly type: 'number';
  readonly value: number;
}

export interface BooleanNode extends Placed {
  readonly type: 'boolean';
  readonly value: boolean;
}

export interface NullNode extends Placed {
  readonly type: 'null';
  readonly value: null;
}

export type JsonNode = ObjectNode | ArrayNode | StringNode | NumberNode | BooleanNode | NullNode;

export interface JsonProblem {
  /** Of the first character that does not belong there. */
  readonly offset: number;
  /** Continues "is not valid JSON: ". */
  readonly reason: string;
  /** Where a comma stands that only has to go. */
  readonly trailingComma?: number;
  readonly tooDeep?: true;
}

export interface JsonDocument {
  readonly root: JsonNode;
  /** The second and further members of one name, in order of the text. */
  readonly duplicates: readonly JsonNode[];
}

/** Published connectors nest about 60 levels; the checks that recurse rely on a limit. */
export const maximumDepth = 512;

class Unexpected extends Error {
  readonly problem: JsonProblem;
  constructor(problem: JsonProblem) {
    super(problem.reason);
    this.problem = problem;
  }
}

const isBlank = (code: number): boolean => code === 32 || code === 10 || code === 13 || code === 9;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what JSON refuses
const special = /[\\\u0000-\u001f]/;
const numberPattern = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const words: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);

const shown = (text: string, offset: number): string => {
  const point = text.codePointAt(offset);
  if (point === undefined) return 'the text ends here';
  const printable = point > 32 && point !== 127;
  return printable ? `unexpected ${String.fromCodePoint(point)}` : `unexpected character ${point}`;
};

class Reader {
  private readonly text: string;
  private offset = 0;
  readonly duplicates: JsonNode[] = [];

  constructor(text: string) {
    this.text = text;
  }

  private fail(reason: string, more: Partial<JsonProblem> = {}): never {
    throw new Unexpected({ offset: this.offset, reason, ...more });
  }

  private skipBlanks(): number {
    let code = this.text.charCodeAt(this.offset);
    while (isBlank(code)) {
      this.offset += 1;
      code = this.text.charCodeAt(this.offset);
    }
    return code;
  }

  private string(): string {
    const { text } = this;
    const start = this.offset;
    const quote = text.indexOf('"', start + 1);
    const plain = text.slice(start + 1, quote === -1 ? text.length : quote);
    if (quote !== -1 && !special.test(plain)) {
      this.offset = quote + 1;
      return plain;
    }
    let escaped = false;
    for (let at = start + 1; ; at += 1) {
      const code = text.charCodeAt(at);
      if (code === 34) {
        this.offset = at + 1;
        return escaped ? (JSON.parse(text.slice(start, at + 1)) as string) : text.slice(start + 1, at);
      }
      if (code === 92) {
        escaped = true;
        const next = text.charAt(at + 1);
        const good =
          next === 'u' ? /^[0-9a-fA-F]{4}$/.test(text.slice(at + 2, at + 6)) : /^["\\/bfnrt]$/.test(next);
        if (!good) {
          this.offset = at;
          this.fail(`"\\${next}" is not an escape sequence`);
        }
        at += 1;
      } else if (code < 32 || Number.isNaN(code)) {
        this.offset = at;
        this.fail(
          Number.isNaN(code)
            ? 'the text ends inside a string'
            : `a string contains the raw control character ${code}`,
        );
      }
    }
  }

  private scalar(parent: Placed['parent'], key: string, keyStart: number): JsonNode {
    const start = this.offset;
    const code = this.text.charCodeAt(start);
    if (code === 34) {
      const value = this.string();
      return { type: 'string', parent, key, keyStart, start, end: this.offset, value };
    }
    if (code === 45 || (code >= 48 && code <= 57)) {
      numberPattern.lastIndex = start;
      const found = numberPattern.exec(this.text)?.[0];
      if (found === undefined) this.fail(shown(this.text, start + 1));
      this.offset += found.length;
      return { type: 'number', parent, key, keyStart, start, end: this.offset, value: Number(found) };
    }
    for (const [word, value] of words)
      if (this.text.startsWith(word, start)) {
        this.offset += word.length;
        const end = this.offset;
        return value === null
          ? { type: 'null', parent, key, keyStart, start, end, value }
          : { type: 'boolean', parent, key, keyStart, start, end, value };
      }
    return this.fail(`${shown(this.text, start)} where a value is expected`);
  }

  private add(parent: ObjectNode | ArrayNode, node: JsonNode): void {
    if (parent.type === 'array') parent.items.push(node);
    else {
      if (parent.members.has(node.key)) this.duplicates.push(node);
      parent.members.set(node.key, node);
    }
  }

  /** Reads `"key":`. */
  private readKey(comma: number): string {
    const keyStart = this.offset;
    if (this.text.charCodeAt(keyStart) !== 34)
      this.fail(
        comma >= 0 && this.text.charAt(keyStart) === '}'
          ? 'there is a comma before "}"'
          : `${shown(this.text, keyStart)} where a key in double quotes is expected`,
        comma >= 0 && this.text.charAt(keyStart) === '}' ? { trailingComma: comma } : {},
      );
    const key = this.string();
    if (this.skipBlanks() !== 58)
      this.fail(`${shown(this.text, this.offset)} where ":" is expected after a key`);
    this.offset += 1;
    return key;
  }

  document(): JsonNode {
    const open: (ObjectNode | ArrayNode)[] = [];
    let root: JsonNode | undefined;
    let comma = -1;
    for (;;) {
      const parent = open.at(-1) ?? null;
      let code = this.skipBlanks();
      let key = '';
      let keyStart = -1;
      if (parent?.type === 'object') {
        if (code === 125 && parent.members.size === 0 && comma < 0) code = -1;
        else {
          keyStart = this.offset;
          key = this.readKey(comma);
          code = this.skipBlanks();
        }
      } else if (parent?.type === 'array') {
        if (code === 93 && comma < 0) code = -1;
        else if (code === 93) this.fail('there is a comma before "]"', { trailingComma: comma });
        else key = String(parent.items.length);
      }
      if (code !== -1) {
        const start = this.offset;
        if (code === 123 || code === 91) {
          if (open.length === maximumDepth)
            this.fail(`it is nested more than ${maximumDepth} levels deep`, { tooDeep: true });
          const node: ObjectNode | ArrayNode =
            code === 123
              ? { type: 'object', parent, key, keyStart, start, end: start, members: new Map() }
              : { type: 'array', parent, key, keyStart, start, end: start, items: [] };
          if (parent) this.add(parent, node);
          root ??= node;
          open.push(node);
          this.offset += 1;
          comma = -1;
          continue;
        }
        const node = this.scalar(parent, key, keyStart);
        if (parent) this.add(parent, node);
        root ??= node;
      }
      // A value is complete: close what closes here, or continue behind a comma.
      for (;;) {
        const container = open.at(-1);
        code = this.skipBlanks();
        if (container === undefined) {
          if (this.offset < this.text.length)
            this.fail(`${shown(this.text, this.offset)} after the end of the value`);
          if (root === undefined) return this.fail('it is empty');
          return root;
        }
        if (code === 44) {
          comma = this.offset;
          this.offset += 1;
          break;
        }
        const closing = container.type === 'object' ? 125 : 93;
        if (code !== closing)
          this.fail(
            `${shown(this.text, this.offset)} where "," or "${String.fromCharCode(closing)}" is expected`,
          );
        this.offset += 1;
        container.end = this.offset;
        open.pop();
        comma = -1;
      }
    }
  }
}

/** Reads strict JSON (RFC 8259) in time linear in its length. */
export const readJson = (text: string): JsonDocument | { readonly problem: JsonProblem } => {
  const reader = new Reader(text);
  try {
    return { root: reader.document(), duplicates: reader.duplicates };
  } catch (error) {
    if (error instanceof Unexpected) return { problem: error.problem };
    throw error;
  }
};

/** RFC 6901. */
export const pointerOf = (node: JsonNode): string => {
  const keys: string[] = [];
  for (let at: JsonNode = node; at.parent !== null; at = at.parent)
    keys.push(at.key.replaceAll('~', '~0').replaceAll('/', '~1'));
  return keys
    .reverse()
    .map((key) => `/${key}`)
    .join('');
};

export const member = (node: JsonNode | undefined, key: string): JsonNode | undefined =>
  node?.type === 'object' ? node.members.get(key) : undefined;

export const objectOf = (node: JsonNode | undefined): ObjectNode | undefined =>
  node?.type === 'object' ? node : undefined;

export const textOf = (node: JsonNode | undefined): string | undefined =>
  node?.type === 'string' ? node.value : undefined;

export const numberOf = (node: JsonNode | undefined): number | undefined =>
  node?.type === 'number' ? node.value : undefined;

export const isTrue = (node: JsonNode | undefined): boolean => node?.type === 'boolean' && node.value;

export const itemsOf = (node: JsonNode | undefined): readonly JsonNode[] =>
  node?.type === 'array' ? node.items : [];

export const membersOf = (node: JsonNode | undefined): ReadonlyMap<string, JsonNode> =>
  node?.type === 'object' ? node.members : none;

const none: ReadonlyMap<string, JsonNode> = new Map();

/** The texts of an array; other items are left out. */
export const textsOf = (node: JsonNode | undefined): readonly string[] =>
  itemsOf(node).flatMap((item) => (item.type === 'string' ? [item.value] : []));

/** Equal for equal values, whatever the order of keys. */
export const canonical = (node: JsonNode): string => {
  if (node.type === 'array') return `[${node.items.map(canonical).join()}]`;
  if (node.type === 'object')
    return `{${[...node.members]
      .map(([key, value]) => `${JSON.stringify(key)}:${canonical(value)}`)
      .sort()
      .join()}}`;
  return JSON.stringify(node.value);
};

/** Lines end with a line feed. Line and column count from 1, the column in UTF-16 units. */
export class Lines {
  private readonly starts: number[] = [0];

  constructor(text: string) {
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.starts.push(at + 1);
  }

  /** Offsets of a line, from 1, its end included. */
  extent(line: number): { readonly from: number; readonly to: number | undefined } {
    return { from: this.starts[line - 1] ?? 0, to: this.starts[line] };
  }

  position(offset: number): { readonly line: number; readonly column: number } {
    let [low, high] = [0, this.starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.starts[low] ?? 0) + 1 };
  }
}
