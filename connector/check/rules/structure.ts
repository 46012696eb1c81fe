/** The walk over the grammar: what may stand where, of which type. It fills the lists of the definition on its way. */
import type { Connector } from '../connector.ts';
import {
  type Definition,
  type Operation,
  type Reference,
  type Region,
  referenced,
} from '../definition-view.ts';
import {
  extensions,
  ignoredExtensions,
  type KindName,
  kinds,
  type Location,
  type Shape,
} from '../grammar.ts';
import { type JsonNode, member, type ObjectNode, objectOf, textOf } from '../positioned-json.ts';
import type { Report } from '../report.ts';
import { official, rule, sources } from '../rule.ts';
import { renameKey, replaceValue } from '../source.ts';
import { nearest } from '../spelling.ts';

type GroupReport = Report<keyof typeof structureRules>;

export const structureRules = {
  AdditionalPropertyNotAllowed: official(
    'warning',
    'An object of an extension, of scopes or of security contains only the keys that are defined for it.',
    'Remove the key, or correct its spelling.',
  ),
  ExtensionNameNotValid: official(
    'warning',
    'A key is one of Swagger 2.0 for this object, or begins with "x-".',
    'Remove the key, correct its spelling, or let it begin with "x-" if only people read it. A path begins with "/".',
    {
      variants: {
        path: { severity: 'error', when: 'a key of paths' },
        swagger3: { severity: 'info', when: 'a keyword that published connectors use in this place' },
      },
    },
  ),
  OperationPathMustStartWithSlash: official(
    'error',
    'A path begins with "/".',
    'Put "/" in front. The certification service reports such a key as ExtensionNameNotValid.',
  ),
  JsonTypeIncorrect: official(
    'error',
    'A value has the JSON type of its key.',
    'Write a value of the type that is named.',
    {
      variants: {
        tolerated: { severity: 'warning', when: 'null, something empty, or another scalar' },
      },
    },
  ),
  JsonValueNotInEnum: official(
    'warning',
    'A value is one of the words that are defined for its key.',
    'Write one of the words that are named.',
  ),
  RequiredPropertyMissing: official('error', 'A key that the format demands is there.', 'Add the key.', {
    variants: {
      tolerated: {
        severity: 'warning',
        when: 'keys outside the root, info, parameters and security definitions',
      },
      contact: {
        severity: ['info', 'error', 'warning'],
        when: 'info.contact; the certification service demands it',
      },
      contactPart: { severity: ['info', 'warning', 'warning'], when: 'name, url or email of the contact' },
    },
  }),
  SwaggerKeywordNotSupported: official(
    'warning',
    'A schema uses no JSON Schema keyword beyond those that Power Platform reads.',
    'Describe the value without the keyword: one schema instead of alternatives, one type instead of a list of types.',
    {
      variants: {
        alternatives: { severity: 'error', when: 'oneOf, anyOf, not and lists of types' },
        ignored: { severity: 'info', when: 'uniqueItems and keywords that are read as if they were absent' },
      },
    },
  ),
  PathItemRefNotSuppored: official(
    'error',
    'A path item is written out; it has no "$ref".',
    'Write the operations of the path where the "$ref" is.',
  ),
  ResponseMustBeDefaultOrHttpStatusCode: official(
    'error',
    'The key of a response is an HTTP status code or "default".',
    'Write a status code of three digits, or "default".',
  ),
  SchemaReferenceNotValid: official(
    'error',
    'A reference to a schema is "#/definitions/" and one name.',
    'Move the schema to definitions and point directly to it.',
  ),
  SchemaReferenceNotFound: official(
    'error',
    'The schema that a reference names is in definitions.',
    'Add the definition, or correct the name.',
  ),
  ParameterReferenceNotValid: official(
    'error',
    'A reference to a parameter is "#/parameters/" and one name.',
    'Move the parameter to parameters and point directly to it.',
  ),
  ParameterReferenceNotFound: official(
    'error',
    'The parameter that a reference names is in parameters.',
    'Add the parameter, or correct the name.',
  ),
  ResponseReferenceNotValid: official(
    'error',
    'A reference to a response is "#/responses/" and one name.',
    'Move the response to responses and point directly to it.',
  ),
  ResponseReferenceNotFound: official(
    'error',
    'The response that a reference names is in responses.',
    'Add the response, or correct the name.',
  ),
  JsonPointerNotValid: official(
    'error',
    'A "~" in a JSON Pointer is followed by 0 or 1.',
    'Write "~0" for "~" and "~1" for "/" in a name.',
  ),
  SchemaRefLoopNotAllowed: official(
    'warning',
    'An entry of definitions is a schema and not merely a reference to another entry.',
    'Point to the other entry where this one is used, and remove this one.',
    {
      variants: { endless: { severity: 'error', when: 'the references lead back to where they began' } },
    },
  ),
  ParameterRefLoopNotAllowed: official(
    'warning',
    'An entry of parameters is a parameter and not merely a reference to another entry.',
    'Point to the other entry where this one is used, and remove this one.',
  ),
  ResponseRefLoopNotAllowed: official(
    'warning',
    'An entry of responses is a response and not merely a reference to another entry.',
    'Point to the other entry where this one is used, and remove this one.',
  ),
  AdditionalPropertyNotAllowedAdjacentToRef: official(
    'info',
    'There is no other key next to "$ref".',
    'Remove the other keys: they are ignored. A text of its own needs a schema of its own.',
  ),
  ExtensionMisspelt: rule(
    'warning',
    'A key that begins with "x-ms-" is one that Power Platform knows.',
    'Correct the spelling; the platform ignores the key as it is.',
    sources.extensions,
  ),
  ExtensionUnknown: rule(
    'info',
    'A key that begins with "x-ms-" is one that Power Platform knows.',
    'Remove the key: nothing reads it.',
    sources.extensions,
  ),
  ExtensionIgnored: rule(
    'info',
    'The definition contains no keys of AutoRest.',
    'Remove the key: Power Platform does not read it.',
    sources.extensions,
  ),
  ExtensionMisplaced: rule(
    'info',
    'An extension is in a place where it has an effect.',
    'Move it to one of the places that are named.',
    sources.extensions,
    {
      notification: {
        severity: 'warning',
        when: 'x-ms-notification-content that is not on a path item: the trigger has no outputs',
      },
    },
  ),
  VisibilityNotValid: rule(
    'warning',
    'x-ms-visibility is important, advanced or internal.',
    'Write one of the three words in lower case, or remove the key.',
    sources.extensions,
    {
      case: { severity: 'info', when: 'a word with other capitals' },
    },
  ),
} as const;

interface Frame {
  readonly node: JsonNode;
  readonly shape: Shape;
  readonly location: Location;
  readonly region: Region | undefined;
  readonly whole: boolean;
  readonly operation: Operation | undefined;
}

const jsonType = (node: JsonNode): string =>
  node.type === 'number' && Number.isInteger(node.value) ? 'integer' : node.type;

const wanted: Readonly<Record<Exclude<Shape['is'], 'any' | 'special'>, readonly string[]>> = {
  string: ['string'],
  boolean: ['boolean'],
  number: ['number', 'integer'],
  integer: ['integer'],
  array: ['array'],
  map: ['object'],
  object: ['object'],
};

/** Keywords of other versions of JSON Schema and OpenAPI; the platform does not read them. */
const alternatives: ReadonlySet<string> = new Set(['oneOf', 'anyOf', 'not']);
const otherKeywords: ReadonlySet<string> = new Set([
  'const',
  'patternProperties',
  'additionalItems',
  'definitions',
  '$defs',
  'dependencies',
  '$schema',
  'id',
  '$id',
  'nullable',
  'if',
  'then',
  'else',
  'contains',
  'propertyNames',
  'examples',
  'deprecated',
  'writeOnly',
  'uniqueItems',
  'contentEncoding',
  'contentMediaType',
]);
/** Keys that OpenAPI 3 or habit puts on parameters; the platform ignores them and published connectors have them. */
const habits: ReadonlySet<string> = new Set([
  'title',
  'example',
  'examples',
  'readOnly',
  'nullable',
  'explode',
  'style',
  'content',
  'deprecated',
]);

const known = Object.keys(extensions);
/** Spellings that are no typing errors and yet clear. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ['x-ms-tooltip', 'description'],
  ['x-ms-description', 'description'],
]);

const locationNames: Readonly<Record<Location, string>> = {
  root: 'the root',
  info: 'info',
  pathItem: 'a path item',
  operation: 'an operation',
  parameter: 'a parameter',
  pathParameter: 'a path parameter',
  queryParameter: 'a query parameter',
  bodyParameter: 'a body parameter',
  header: 'a header',
  response: 'a response',
  schema: 'a schema',
  securityScheme: 'a security definition',
  other: 'this place',
};

const kindLocation: Partial<Record<KindName, Location>> = {
  root: 'root',
  info: 'info',
  pathItem: 'pathItem',
  operation: 'operation',
  header: 'header',
  response: 'response',
  schema: 'schema',
  securityScheme: 'securityScheme',
};

const parameterLocation = (node: ObjectNode): Location => {
  const place = textOf(member(node, 'in'));
  if (place === 'path') return 'pathParameter';
  if (place === 'query') return 'queryParameter';
  return place === 'body' ? 'bodyParameter' : 'parameter';
};

const quoted = (words: readonly string[]): string => words.map((word) => `"${word}"`).join(', ');

class Walk {
  private readonly definition: Definition;
  private readonly report: GroupReport;
  private readonly text: string;
  private readonly waiting: Frame[] = [];
  private readonly operations: ReadonlyMap<ObjectNode, Operation>;

  constructor(definition: Definition, report: GroupReport, text: string) {
    this.definition = definition;
    this.report = report;
    this.text = text;
    this.operations = new Map(definition.operations.map((operation) => [operation.node, operation]));
  }

  run(): void {
    this.waiting.push({
      node: this.definition.root,
      shape: { is: 'object', kind: 'root' },
      location: 'root',
      region: undefined,
      whole: false,
      operation: undefined,
    });
    for (let frame = this.waiting.pop(); frame !== undefined; frame = this.waiting.pop()) this.visit(frame);
  }

  private visit(frame: Frame): void {
    const { node, shape } = frame;
    if (shape.is === 'any' || shape.is === 'special') return;
    if (!wanted[shape.is].includes(jsonType(node))) {
      this.wrongType(node, shape.is === 'map' ? 'object' : shape.is);
      return;
    }
    if (
      shape.is === 'string' &&
      shape.values &&
      node.type === 'string' &&
      !shape.values.includes(node.value)
    ) {
      this.report('JsonValueNotInEnum', { node }, `"${node.value}" is not one of ${quoted(shape.values)}.`);
    } else if (shape.is === 'array' && node.type === 'array') {
      for (const item of node.items) this.waiting.push({ ...frame, node: item, shape: shape.of });
    } else if (shape.is === 'map' && node.type === 'object') {
      for (const value of node.members.values())
        this.waiting.push({ ...frame, node: value, shape: shape.of, whole: false });
    } else if (shape.is === 'object' && node.type === 'object') {
      this.object(frame, node, shape.kind);
    }
  }

  private wrongType(node: JsonNode, type: string): void {
    const scalar = node.type !== 'object' && node.type !== 'array';
    const empty =
      (node.type === 'array' && node.items.length === 0) ||
      (node.type === 'object' && node.members.size === 0);
    const tolerated = node.type === 'null' || empty || (scalar && type !== 'object' && type !== 'array');
    this.report(
      'JsonTypeIncorrect',
      { node },
      `${node.key === '' ? 'The value' : `"${node.key}"`} is of type ${jsonType(node)}, not ${type}.`,
      tolerated ? { variant: 'tolerated' } : {},
    );
  }

  private reference(
    node: ObjectNode,
    to: Reference['to'],
    names: {
      valid: 'SchemaReferenceNotValid' | 'ParameterReferenceNotValid' | 'ResponseReferenceNotValid';
      found: 'SchemaReferenceNotFound' | 'ParameterReferenceNotFound' | 'ResponseReferenceNotFound';
    },
  ): boolean {
    const pointer = node.members.get('$ref');
    if (pointer === undefined) return false;
    if (pointer.type !== 'string') {
      this.wrongType(pointer, 'string');
      return true;
    }
    this.definition.references.push({ node: pointer, holder: node, to });
    const name = referenced(pointer.value, to);
    if (/~(?![01])/.test(pointer.value))
      this.report(
        'JsonPointerNotValid',
        { node: pointer },
        `"${pointer.value}" contains a "~" that is not followed by 0 or 1.`,
      );
    else if (name === undefined)
      this.report(names.valid, { node: pointer }, `"${pointer.value}" is not "#/${to}/" and one name.`);
    else if (member(member(this.definition.root, to), name) === undefined)
      this.report(names.found, { node: pointer }, `There is no "${name}" in ${to}.`);
    const siblings = [...node.members.keys()].filter((key) => key !== '$ref');
    if (siblings.length > 0)
      this.report(
        'AdditionalPropertyNotAllowedAdjacentToRef',
        { node: pointer },
        `Next to "$ref" are ${quoted(siblings)}, which are ignored.`,
      );
    return true;
  }

  private entry(
    node: ObjectNode,
    section: Reference['to'],
    id: 'SchemaRefLoopNotAllowed' | 'ParameterRefLoopNotAllowed' | 'ResponseRefLoopNotAllowed',
  ): void {
    if (!node.members.has('$ref') || node.parent !== member(this.definition.root, section)) return;
    const pointer = textOf(node.members.get('$ref')) ?? '';
    const name = referenced(pointer, section);
    const endless =
      this.definition.follow(node, section) === undefined &&
      objectOf(member(member(this.definition.root, section), name ?? '')) !== undefined;
    this.report(
      id,
      { node },
      `"${node.key}" is only a reference to "${pointer}".`,
      endless && id === 'SchemaRefLoopNotAllowed' ? { variant: 'endless' } : {},
    );
  }

  private object(frame: Frame, node: ObjectNode, kind: KindName): void {
    if (kind === 'schema') {
      this.entry(node, 'definitions', 'SchemaRefLoopNotAllowed');
      if (
        this.reference(node, 'definitions', {
          valid: 'SchemaReferenceNotValid',
          found: 'SchemaReferenceNotFound',
        })
      )
        return;
      this.schema(frame, node);
      return;
    }
    if (kind === 'parameter') {
      this.entry(node, 'parameters', 'ParameterRefLoopNotAllowed');
      if (
        this.reference(node, 'parameters', {
          valid: 'ParameterReferenceNotValid',
          found: 'ParameterReferenceNotFound',
        })
      )
        return;
      const location = parameterLocation(node);
      this.definition.parameters.push({ node, location, operation: frame.operation });
      const inBody = location === 'bodyParameter';
      if (!inBody) this.definition.typed.push({ node, kind, whole: false });
      this.members(
        { ...frame, location, region: inBody ? 'body' : 'parameter' },
        node,
        inBody ? 'bodyParameter' : 'parameter',
      );
      return;
    }
    if (kind === 'response') {
      this.entry(node, 'responses', 'ResponseRefLoopNotAllowed');
      if (
        this.reference(node, 'responses', {
          valid: 'ResponseReferenceNotValid',
          found: 'ResponseReferenceNotFound',
        })
      )
        return;
      this.members({ ...frame, location: 'response', region: 'response' }, node, kind);
      return;
    }
    if (kind === 'items' || kind === 'header') this.definition.typed.push({ node, kind, whole: false });
    const location = kindLocation[kind] ?? (kind === 'items' ? frame.location : 'other');
    const region = kind === 'notificationContent' ? 'notification' : frame.region;
    const operation = kind === 'operation' ? this.operations.get(node) : frame.operation;
    this.members({ ...frame, location, region, operation }, node, kind);
    if (kind === 'pathItem' && node.members.has('$ref'))
      this.report(
        'PathItemRefNotSuppored',
        { node: node.members.get('$ref') ?? node },
        `The path "${node.key}" is a reference.`,
      );
  }

  private schema(frame: Frame, node: ObjectNode): void {
    const region = frame.region ?? 'definition';
    this.definition.typed.push({ node, kind: 'schema', whole: frame.whole });
    this.definition.schemas.push({ node, region, whole: frame.whole, operation: frame.operation });
    this.members({ ...frame, location: 'schema', region, whole: false }, node, 'schema');
  }

  /** The keywords that the grammar's table cannot say. */
  private special(frame: Frame, kind: KindName, value: JsonNode): void {
    const inside = { ...frame, node: value, whole: false } as const;
    const schema: Shape = { is: 'object', kind: 'schema' };
    switch (value.key) {
      case 'paths':
        if (value.type === 'object') this.paths(frame, value);
        else this.wrongType(value, 'object');
        break;
      case 'responses':
        if (value.type === 'object') this.responses(frame, value);
        else this.wrongType(value, 'object');
        break;
      case 'items':
        if (value.type === 'array')
          for (const node of value.items) this.waiting.push({ ...inside, node, shape: schema });
        else this.waiting.push({ ...inside, shape: schema });
        break;
      case 'additionalProperties':
        if (value.type !== 'boolean') this.waiting.push({ ...inside, shape: schema });
        break;
      case 'type':
        this.type(value);
        break;
      case 'required':
        if (value.type === 'array') {
          for (const item of value.items) if (item.type !== 'string') this.wrongType(item, 'string');
        } else
          this.report(
            'JsonTypeIncorrect',
            { node: value },
            `"required" of a schema is of type ${jsonType(value)}, not array.`,
            { variant: 'tolerated' },
          );
        break;
      case 'scopes':
        this.waiting.push({ ...inside, shape: { is: 'map', of: { is: 'string' } } });
        break;
      case 'x-ms-capabilities':
        if (kind === 'root')
          this.waiting.push({ ...inside, shape: { is: 'object', kind: 'rootCapabilities' } });
        else if (kind === 'operation')
          this.waiting.push({ ...inside, shape: { is: 'object', kind: 'operationCapabilities' } });
        break;
      case 'x-ms-visibility':
        this.visibility(value);
        break;
      default:
    }
  }

  private type(value: JsonNode): void {
    const types = ['array', 'boolean', 'integer', 'number', 'object', 'string', 'file', 'null'];
    if (value.type === 'array')
      this.report(
        'SwaggerKeywordNotSupported',
        { node: value },
        '"type" is a list; Swagger 2.0 knows one type for a value.',
        { variant: 'alternatives' },
      );
    else if (value.type !== 'string') this.wrongType(value, 'string');
    else if (!types.includes(value.value) || value.value === 'null')
      this.report(
        'JsonValueNotInEnum',
        { node: value },
        `"${value.value}" is not one of ${quoted(types.slice(0, -1))}.`,
      );
  }

  private visibility(value: JsonNode): void {
    const good = ['important', 'advanced', 'internal'];
    if (value.type !== 'string') {
      this.wrongType(value, 'string');
      return;
    }
    if (value.value === '' || value.value === 'none' || good.includes(value.value)) return;
    const lower = value.value.trim().toLowerCase();
    const word = good.includes(lower) || lower === 'none' ? lower : nearest(lower, good, 3);
    const fix = word !== undefined && word !== 'none' ? { fix: [replaceValue(value, word)] } : {};
    this.report(
      'VisibilityNotValid',
      { node: value },
      `"${value.value}" is not one of ${quoted(good)}${word ? `; "${word}" is meant` : ''}.`,
      {
        ...fix,
        ...(lower === word && { variant: 'case' }),
      },
    );
  }

  private paths(frame: Frame, paths: ObjectNode): void {
    for (const [path, node] of paths.members) {
      if (path.startsWith('x-')) continue;
      if (!path.startsWith('/')) {
        this.report(
          'ExtensionNameNotValid',
          { node, key: true },
          `"${path}" in paths begins neither with "/" nor with "x-".`,
          { variant: 'path' },
        );
        this.report(
          'OperationPathMustStartWithSlash',
          { node, key: true },
          `The path "${path}" does not begin with "/".`,
        );
      }
      this.waiting.push({ ...frame, node, shape: { is: 'object', kind: 'pathItem' }, location: 'pathItem' });
    }
  }

  private responses(frame: Frame, responses: ObjectNode): void {
    for (const [status, node] of responses.members) {
      if (status.startsWith('x-')) continue;
      if (status !== 'default' && !/^[1-5]\d\d$/.test(status))
        this.report(
          'ResponseMustBeDefaultOrHttpStatusCode',
          { node, key: true },
          `"${status}" is neither a status code nor "default".`,
        );
      this.waiting.push({ ...frame, node, shape: { is: 'object', kind: 'response' }, location: 'response' });
    }
  }

  private members(frame: Frame, node: ObjectNode, kind: KindName): void {
    const { fields, required, extensible } = kinds[kind];
    for (const key of required) if (!node.members.has(key)) this.missing(node, kind, key);
    for (const [key, value] of node.members) {
      const shape = Object.hasOwn(fields, key) ? fields[key] : undefined;
      if (shape?.is === 'special') this.special(frame, kind, value);
      else if (shape !== undefined)
        this.waiting.push({ ...frame, node: value, shape, whole: key === 'schema' && kind !== 'parameter' });
      else if (key.startsWith('x-') && extensible) this.extension(frame, node, kind, value);
      else this.unknown(value, node, kind);
      if (kind === 'schema' && key === 'uniqueItems')
        this.report(
          'SwaggerKeywordNotSupported',
          { node: value, key: true },
          'The keyword "uniqueItems" is not supported.',
          { variant: 'ignored' },
        );
    }
  }

  private missing(node: ObjectNode, kind: KindName, key: string): void {
    // What is neither parameter nor body cannot be judged by its type.
    if (kind === 'parameter' && key === 'type' && !node.members.has('in')) return;
    if (kind === 'parameter' && key === 'type' && node.members.has('schema')) return;
    // NotificationContentWithoutSchema says it.
    if (kind === 'notificationContent') return;
    const essential =
      kind === 'root' ||
      kind === 'securityScheme' ||
      kind === 'bodyParameter' ||
      (kind === 'info' && key !== 'version') ||
      (kind === 'parameter' && key !== 'type');
    this.report(
      'RequiredPropertyMissing',
      { node },
      `The key "${key}" is missing.`,
      essential ? {} : { variant: 'tolerated' },
    );
  }

  private unknown(value: JsonNode, node: ObjectNode, kind: KindName): void {
    const { key } = value;
    const names = Object.keys(kinds[kind].fields);
    // "X-MS-Summary", "x_ms-summary", "xms-summary": no extension by its first letters, and yet one is meant.
    if (
      kinds[kind].extensible &&
      /^x?[-_ ]?ms/i.test(key) &&
      nearest(key.toLowerCase(), known, 3) !== undefined
    ) {
      this.unknownExtension(node, value);
      return;
    }
    const near = nearest(key, names, 2);
    const hint = near && !node.members.has(near) ? `; "${near}" may be meant` : '';
    if (kind === 'schema' && (alternatives.has(key) || otherKeywords.has(key))) {
      this.report(
        'SwaggerKeywordNotSupported',
        { node: value, key: true },
        `The keyword "${key}" is not supported.`,
        {
          variant: alternatives.has(key) ? 'alternatives' : 'ignored',
        },
      );
    } else if (!kinds[kind].extensible) {
      this.report(
        'AdditionalPropertyNotAllowed',
        { node: value, key: true },
        `"${key}" is not defined here${hint}.`,
      );
    } else if (kind === 'bodyParameter' || (kind === 'parameter' && key === 'schema')) {
      // BodyParameterPropertyNotValid and NonBodyParameterSchemaNotValid say it.
      if (kind === 'bodyParameter' && !Object.hasOwn(kinds.parameter.fields, key) && !habits.has(key))
        this.notValid(value, hint);
    } else {
      this.notValid(
        value,
        hint,
        kind === 'notificationContent' ||
          (habits.has(key) && ['parameter', 'items', 'header'].includes(kind)),
      );
    }
  }

  private notValid(value: JsonNode, hint: string, habit = false): void {
    this.report(
      'ExtensionNameNotValid',
      { node: value, key: true },
      `"${value.key}" is not a key of Swagger 2.0 in this place${hint}.`,
      habit ? { variant: 'swagger3' } : {},
    );
  }

  private extension(frame: Frame, holder: ObjectNode, kind: KindName, value: JsonNode): void {
    const { key } = value;
    const declared = Object.hasOwn(extensions, key) ? extensions[key] : undefined;
    if (declared === undefined) {
      if (/^x-ms\b/i.test(key) || nearest(key.toLowerCase(), known, 2) !== undefined)
        this.unknownExtension(holder, value);
      return;
    }
    const uses = this.definition.extensions.get(key) ?? [];
    const { location, region, operation } = frame;
    uses.push({ node: value, holder, location, region, operation });
    this.definition.extensions.set(key, uses);
    if (!declared.at.includes(location)) {
      const places = [...new Set(declared.at.map((place) => locationNames[place]))].join(', ');
      this.report(
        'ExtensionMisplaced',
        { node: value, key: true },
        `"${key}" has no effect on ${locationNames[location]}; its places: ${places}.`,
        key === 'x-ms-notification-content' ? { variant: 'notification' } : {},
      );
      if (kind !== 'schema') return;
    }
    if (declared.shape.is === 'special') this.special(frame, kind, value);
    else this.waiting.push({ ...frame, node: value, shape: declared.shape, whole: false });
  }

  private unknownExtension(holder: ObjectNode, value: JsonNode): void {
    const { key } = value;
    if (ignoredExtensions.has(key)) {
      this.report(
        'ExtensionIgnored',
        { node: value, key: true },
        `"${key}" belongs to AutoRest; Power Platform ignores it.`,
      );
      return;
    }
    const words = key.toLowerCase().replaceAll(/\s+/g, ' ').replaceAll(/ -|- /g, '-');
    const [bare = ''] = words.split(/[\s:]/, 1);
    const meant = otherNames.get(bare) ?? (known.includes(bare) ? bare : nearest(bare, known, 3));
    if (meant === undefined) {
      this.report(
        'ExtensionUnknown',
        { node: value, key: true },
        `"${key}" is not an extension of Power Platform.`,
      );
      return;
    }
    const free = meant.startsWith('x-ms-') && !holder.members.has(meant);
    this.report(
      'ExtensionMisspelt',
      { node: value, key: true },
      `"${key}" is ignored; "${meant}" is meant.`,
      free ? { fix: [renameKey(this.text, value, meant)] } : {},
    );
  }
}

export const checkStructure = ({ definition, definitionSource }: Connector, report: GroupReport): void => {
  if (definition !== undefined && definitionSource !== undefined)
    new Walk(definition, report, definitionSource.text).run();
};
