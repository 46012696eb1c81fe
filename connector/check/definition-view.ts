/** The definition read once: its operations with resolved parameters, its schemas, references and extensions. */
import { type Location, methods } from './grammar.ts';
import {
  isTrue,
  itemsOf,
  type JsonNode,
  member,
  membersOf,
  type ObjectNode,
  objectOf,
  textOf,
} from './positioned-json.ts';

export interface Parameter {
  /** The entry of the list, which may be a reference. */
  readonly declared: JsonNode;
  readonly node: ObjectNode;
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  /** Whether the entry stands at the path and holds for all its operations. */
  readonly ofPath: boolean;
}

export interface Response {
  readonly status: string;
  readonly declared: JsonNode;
  /** Undefined where a reference leads nowhere. */
  readonly node: ObjectNode | undefined;
}

export interface Operation {
  readonly path: string;
  readonly method: string;
  readonly node: ObjectNode;
  readonly item: ObjectNode;
  readonly id: string | undefined;
  /** Its operationId, or method and path. */
  readonly name: string;
  readonly internal: boolean;
  readonly parameters: readonly Parameter[];
  readonly body: Parameter | undefined;
  readonly responses: readonly Response[];
  readonly trigger: string | undefined;
}

export type Region = 'definition' | 'body' | 'response' | 'notification' | 'parameter';

export interface SchemaUse {
  readonly node: ObjectNode;
  readonly region: Region;
  /** Whether it is the whole body or response. */
  readonly whole: boolean;
  readonly operation: Operation | undefined;
}

export interface ExtensionUse {
  readonly node: JsonNode;
  readonly holder: ObjectNode;
  readonly location: Location;
  readonly region: Region | undefined;
  readonly operation: Operation | undefined;
}

export interface Reference {
  /** The value of `$ref`. */
  readonly node: JsonNode;
  readonly holder: ObjectNode;
  readonly to: 'definitions' | 'parameters' | 'responses';
}

/** The name that a pointer of three segments ends with, or undefined where it is no such pointer. */
export const referenced = (pointer: string, section: Reference['to']): string | undefined => {
  const prefix = `#/${section}/`;
  if (!pointer.startsWith(prefix)) return undefined;
  const name = pointer.slice(prefix.length);
  if (name === '' || name.includes('/')) return undefined;
  let decoded = name;
  try {
    decoded = decodeURIComponent(name);
  } catch (error) {
    // A name may hold a percent sign that encodes nothing.
    if (!(error instanceof URIError)) throw error;
  }
  return decoded.replaceAll('~1', '/').replaceAll('~0', '~');
};

/** Published connectors write "Internal", too. */
export const isInternal = (node: JsonNode | undefined): boolean =>
  textOf(member(node, 'x-ms-visibility'))?.trim().toLowerCase() === 'internal';

const isStatus = (status: string): boolean => !status.startsWith('x-');
const isPath = (key: string): boolean => !key.startsWith('x-');

export class Definition {
  readonly root: ObjectNode;
  readonly operations: readonly Operation[];
  readonly byId: ReadonlyMap<string, Operation>;
  /** Filled by the walk over the grammar. */
  readonly schemas: SchemaUse[] = [];
  readonly parameters: {
    readonly node: ObjectNode;
    readonly location: Location;
    readonly operation: Operation | undefined;
  }[] = [];
  /** Everything with a `type`: schemas, parameters outside the body, items, headers. */
  readonly typed: {
    readonly node: ObjectNode;
    readonly kind: 'schema' | 'parameter' | 'items' | 'header';
    readonly whole: boolean;
  }[] = [];
  readonly references: Reference[] = [];
  readonly extensions = new Map<string, ExtensionUse[]>();

  constructor(root: ObjectNode) {
    this.root = root;
    this.operations = [...membersOf(member(root, 'paths'))].flatMap(([path, item]) =>
      isPath(path) && item.type === 'object' ? this.operationsOf(path, item) : [],
    );
    const byId = new Map<string, Operation>();
    for (const operation of this.operations)
      if (operation.id !== undefined && !byId.has(operation.id)) byId.set(operation.id, operation);
    this.byId = byId;
  }

  private operationsOf(path: string, item: ObjectNode): readonly Operation[] {
    const shared = this.parametersOf(member(item, 'parameters'), true);
    return [...item.members].flatMap(([method, node]) => {
      if (!methods.has(method) || node.type !== 'object') return [];
      const own = this.parametersOf(member(node, 'parameters'), false);
      const taken = new Set(own.map((parameter) => `${parameter.in} ${parameter.name}`));
      const parameters = [
        ...own,
        ...shared.filter((parameter) => !taken.has(`${parameter.in} ${parameter.name}`)),
      ];
      const id = textOf(member(node, 'operationId'));
      return [
        {
          path,
          method,
          node,
          item,
          id,
          name: id || `${method} ${path}`,
          internal: isInternal(node),
          parameters,
          body: parameters.find((parameter) => parameter.in === 'body'),
          responses: [...membersOf(member(node, 'responses'))].flatMap(([status, declared]) =>
            isStatus(status) ? [{ status, declared, node: this.follow(declared, 'responses') }] : [],
          ),
          trigger: textOf(member(node, 'x-ms-trigger')),
        },
      ];
    });
  }

  private parametersOf(list: JsonNode | undefined, ofPath: boolean): readonly Parameter[] {
    return itemsOf(list).flatMap((declared) => {
      const node = this.follow(declared, 'parameters');
      const [name, place] = [textOf(member(node, 'name')), textOf(member(node, 'in'))];
      if (node === undefined || name === undefined || place === undefined) return [];
      return [{ declared, node, name, in: place, required: isTrue(member(node, 'required')), ofPath }];
    });
  }

  /** The object itself or what its `$ref`s lead to; undefined for a loop or where nothing is. */
  follow(node: JsonNode | undefined, section: Reference['to']): ObjectNode | undefined {
    let at = objectOf(node);
    for (let steps = 0; at !== undefined && steps < 100; steps += 1) {
      const pointer = textOf(at.members.get('$ref'));
      if (pointer === undefined) return at;
      const name = referenced(pointer, section);
      at = name === undefined ? undefined : objectOf(member(member(this.root, section), name));
    }
    return undefined;
  }

  schema(node: JsonNode | undefined): ObjectNode | undefined {
    return this.follow(node, 'definitions');
  }

  private lower: ReadonlyMap<string, string> | undefined;

  /** The operationId that differs from a name in capitals only. */
  similar(name: string): string | undefined {
    this.lower ??= new Map([...this.byId.keys()].map((id) => [id.toLowerCase(), id]));
    return this.lower.get(name.toLowerCase());
  }

  uses(extension: string): readonly ExtensionUse[] {
    return this.extensions.get(extension) ?? [];
  }

  /** The first answer of the 2xx that has a schema, with that schema; 200 and 201 before others. */
  success(operation: Operation): ObjectNode | undefined {
    const good = operation.responses.filter(({ status }) => /^2\d\d$/.test(status));
    const ordered = [...good].sort((a, b) => Number(a.status) - Number(b.status));
    for (const { node } of ordered) {
      const schema = objectOf(member(node, 'schema'));
      if (schema) return schema;
    }
    return undefined;
  }

  /**
   * Every schema below the given ones, references followed, each once.
   * @param most stop after so many
   */
  below(roots: readonly (JsonNode | undefined)[], most = Number.POSITIVE_INFINITY): ReadonlySet<ObjectNode> {
    const found = new Set<ObjectNode>();
    const waiting: JsonNode[] = [];
    const push = (node: JsonNode | undefined) => {
      if (node !== undefined) waiting.push(node);
    };
    for (const root of roots) push(root);
    while (waiting.length > 0 && found.size < most) {
      const schema = this.schema(waiting.pop());
      if (schema === undefined || found.has(schema)) continue;
      found.add(schema);
      for (const child of childSchemas(schema)) push(child);
    }
    return found;
  }

  /**
   * What a path of names like `value/id` leads to in a schema. `open`: the schema does not say, because it is dynamic,
   * free-form, composed, or leads nowhere itself.
   */
  at(schema: JsonNode | undefined, path: readonly string[]): ObjectNode | 'open' | 'missing' {
    let here = this.schema(schema);
    if (here === undefined) return 'open';
    for (const name of path) {
      const property = member(member(here, 'properties'), name);
      if (property === undefined) return isOpen(here) || hasOtherCase(here, name) ? 'open' : 'missing';
      here = this.schema(property);
      if (here === undefined) return 'open';
    }
    return here;
  }
}

/** Services are often read without regard to case: capitals alone prove nothing. */
const hasOtherCase = (schema: ObjectNode, name: string): boolean =>
  [...membersOf(schema.members.get('properties')).keys()].some(
    (key) => key.toLowerCase() === name.toLowerCase(),
  );

/** Whether a schema allows more than its `properties` say. */
export const isOpen = (schema: ObjectNode): boolean => {
  const more = schema.members.get('additionalProperties');
  return (
    (more !== undefined && !(more.type === 'boolean' && !more.value)) ||
    schema.members.has('allOf') ||
    schema.members.has('x-ms-dynamic-schema') ||
    schema.members.has('x-ms-dynamic-properties') ||
    membersOf(schema.members.get('properties')).size === 0
  );
};

export const childSchemas = (schema: ObjectNode): readonly JsonNode[] => {
  const found: JsonNode[] = [...membersOf(schema.members.get('properties')).values()];
  for (const key of ['items', 'additionalProperties']) {
    const child = schema.members.get(key);
    if (child?.type === 'object') found.push(child);
    else if (child?.type === 'array') found.push(...child.items);
  }
  found.push(...itemsOf(schema.members.get('allOf')));
  return found;
};
