/** Dynamic values, lists, schemas, properties and trees: what they call, with what, and what comes back. */
import type { Connector } from '../connector.ts';
import {
  type Definition,
  type ExtensionUse,
  isInternal,
  type Operation,
  type Parameter,
} from '../definition-view.ts';
import {
  type JsonNode,
  member,
  membersOf,
  type ObjectNode,
  objectOf,
  textOf,
  textsOf,
} from '../positioned-json.ts';
import type { Report } from '../report.ts';
import { official, rule, sources } from '../rule.ts';
import { replaceValue } from '../source.ts';

type GroupReport = Report<keyof typeof dynamicRules>;

const { extensions, testConnection } = sources;

export const dynamicRules = {
  OperationIdNotFound: official(
    'error',
    'An operation that an extension names exists.',
    'Correct the operationId, or add the operation.',
  ),
  OperationParameterNameNotFound: official(
    'error',
    'A parameter that a dynamic extension names exists: in the operation that is called, or in the one that calls.',
    'Correct the name.',
    { variants: { unsaid: { severity: 'warning', when: 'the body does not say all its properties' } } },
  ),
  OperationMissingRequiredProperty: official(
    'warning',
    'A dynamic call gives every required parameter of the operation it calls.',
    'Add the parameter to "parameters", as a literal or as a reference.',
  ),
  OperationParameterRequiredMismatch: official(
    'info',
    'A required parameter gets its value from a required one.',
    'Make the parameter that gives the value required, or the other optional.',
  ),
  OperationParameterStaticTypeMismatch: official(
    'warning',
    'A literal has the type of the parameter that gets it.',
    'Write the value in the declared type.',
  ),
  OperationParameterTypeMismatch: official(
    'info',
    'A parameter that gives a value has the type of the one that gets it.',
    'Declare the same type at both.',
  ),
  OperationParameterNameIsAmbiguous: official(
    'info',
    'The name of a parameter is not also the path to a property of the body.',
    'Use x-ms-dynamic-list or x-ms-dynamic-properties, which name the place.',
  ),
  SourcePropertyInternal: official(
    'info',
    'A value that is handed on comes from a visible parameter.',
    'Write the value as a literal, or show the parameter.',
  ),
  DynamicExtensionDefinitionNotAllowedInParameter: official(
    'warning',
    'A dynamic extension is in the schema of the body, not on the body parameter.',
    'Move it into "schema".',
  ),
  DynamicListExtensionRequiredForAmbiguousReferences: official(
    'info',
    'x-ms-dynamic-values with an ambiguous reference has x-ms-dynamic-list next to it.',
    'Add x-ms-dynamic-list with "parameterReference".',
  ),
  DynamicListExtensionRequiredForNonParameterReferences: official(
    'info',
    'x-ms-dynamic-values with a reference into the body has x-ms-dynamic-list next to it.',
    'Add x-ms-dynamic-list with "parameterReference": "body/…".',
  ),
  DynamicPropertiesExtensionRequiredForAmbiguousReferences: official(
    'info',
    'x-ms-dynamic-schema with an ambiguous reference has x-ms-dynamic-properties next to it.',
    'Add x-ms-dynamic-properties with "parameterReference".',
  ),
  DynamicPropertiesExtensionRequiredForNonParameterReferences: official(
    'info',
    'x-ms-dynamic-schema with a reference into the body has x-ms-dynamic-properties next to it.',
    'Add x-ms-dynamic-properties with "parameterReference": "body/…".',
  ),
  DynamicPropertiesExtensionRequiredForPropertiesValuePath: official(
    'info',
    'x-ms-dynamic-schema whose value-path ends with "properties" has x-ms-dynamic-properties next to it.',
    'Add x-ms-dynamic-properties whose itemValuePath leads to the schema itself.',
  ),
  DynamicPropertiesItemValuePathMismatch: official(
    'warning',
    'itemValuePath of x-ms-dynamic-properties is value-path of x-ms-dynamic-schema without "properties" at the end.',
    'Write the path that is named.',
  ),
  DynamicTreeExtensionMissing: official(
    'info',
    'A value chosen with the file picker has x-ms-dynamic-tree.',
    'Add x-ms-dynamic-tree next to x-ms-dynamic-values.',
  ),
  InvokedOperationShouldProduceArray: official(
    'warning',
    'The path to the collection leads to an array in the response of the operation that is called.',
    'Correct the path, or the schema of the response.',
  ),
  InvokedOperationShouldProduceProperty: official(
    'warning',
    'The paths to value and title lead to properties of the response of the operation that is called.',
    'Correct the path, or the schema of the response.',
  ),
  SelectedItemValuePathNotAllowedInThisPosition: official(
    'warning',
    'selectedItemValuePath is in "browse" of x-ms-dynamic-tree only.',
    'Remove it, or move it into "browse".',
  ),
  DynamicCallWithoutOperation: rule(
    'warning',
    'A dynamic extension says what it calls.',
    'Add "operationId" (or builtInOperation, capability).',
    extensions,
  ),
  DynamicReferenceNotValid: rule(
    'warning',
    'A parameter of x-ms-dynamic-list and x-ms-dynamic-properties is {"value": …} or {"parameterReference": …}; of x-ms-dynamic-values and x-ms-dynamic-schema a literal or {"parameter": …}.',
    'Write the parameter in the notation of its extension.',
    extensions,
  ),
  TestConnectionNotGet: rule(
    'warning',
    'The operation that tests a connection is a GET.',
    'Choose a GET.',
    testConnection,
  ),
  TestConnectionParameterMissing: rule(
    'warning',
    'The operation that tests a connection gets every required parameter without default as a literal.',
    'Add the value to "parameters", or choose another operation.',
    testConnection,
  ),
} as const;

interface Call {
  readonly node: ObjectNode;
  /** `old` is the notation of x-ms-dynamic-values and x-ms-dynamic-schema. */
  readonly notation: 'old' | 'new' | 'literal' | 'picker';
  readonly extension: string;
  readonly callers: readonly Operation[];
}

const segments = (path: string): readonly string[] => path.split('/').filter((part) => part !== '');

const bodySchema = (operation: Operation): JsonNode | undefined =>
  operation.body && member(operation.body.node, 'schema');

type Found =
  | { readonly is: 'parameter'; readonly parameter: Parameter }
  | { readonly is: 'property'; readonly schema: ObjectNode; readonly required: boolean }
  /** `open`: something of this name is somewhere below; `unsaid`: the schema does not say its properties. */
  | { readonly is: 'open' | 'unsaid' | 'missing' };

class Dynamics {
  private readonly definition: Definition;
  private readonly report: GroupReport;
  private users: ReadonlyMap<ObjectNode, readonly Operation[]> | undefined;
  private readonly properties = new Map<ObjectNode, Map<string, Found>>();
  private readonly named = new Map<ObjectNode, ReadonlySet<string>>();

  constructor(definition: Definition, report: GroupReport) {
    this.definition = definition;
    this.report = report;
  }

  run(): void {
    for (const [extension, notation] of [
      ['x-ms-dynamic-values', 'old'],
      ['x-ms-dynamic-list', 'new'],
      ['x-ms-dynamic-schema', 'old'],
      ['x-ms-dynamic-properties', 'new'],
    ] as const)
      for (const use of this.definition.uses(extension)) this.extension(use, extension, notation);
    for (const use of this.definition.uses('x-ms-dynamic-tree'))
      for (const part of ['open', 'browse']) {
        const node = objectOf(member(use.node, part));
        if (node)
          this.call({ node, notation: 'new', extension: 'x-ms-dynamic-tree', callers: this.callers(use) });
      }
    for (const use of this.definition.uses('x-ms-notification')) this.target(use.node);
    for (const use of this.definition.uses('x-ms-operation-context'))
      this.target(member(use.node, 'simulate'));
    for (const use of this.definition.uses('x-ms-capabilities')) this.capabilities(use);
  }

  /** The operations that show a value with this extension. */
  private callers({ operation, holder }: ExtensionUse): readonly Operation[] {
    if (operation) return [operation];
    this.users ??= this.allUsers();
    return this.users.get(holder) ?? [];
  }

  private allUsers(): ReadonlyMap<ObjectNode, readonly Operation[]> {
    const users = new Map<ObjectNode, Operation[]>();
    const wanted = new Set(
      ['values', 'list', 'schema', 'properties', 'tree'].flatMap((kind) =>
        this.definition.uses(`x-ms-dynamic-${kind}`).map(({ holder }) => holder),
      ),
    );
    const add = (node: ObjectNode, operation: Operation) => {
      if (!wanted.has(node)) return;
      const known = users.get(node);
      if (known) known.push(operation);
      else users.set(node, [operation]);
    };
    for (const operation of this.definition.operations) {
      for (const { node } of operation.parameters) add(node, operation);
      const roots = [
        bodySchema(operation),
        ...operation.responses.map(({ node }) => member(node, 'schema')),
        member(member(operation.item, 'x-ms-notification-content'), 'schema'),
      ];
      for (const schema of this.definition.below(roots)) add(schema, operation);
    }
    return users;
  }

  private target(node: JsonNode | undefined): Operation | undefined {
    const id = member(node, 'operationId');
    if (id?.type !== 'string') return undefined;
    const found = this.definition.byId.get(id.value);
    if (found === undefined) {
      const similar = this.definition.similar(id.value);
      this.report(
        'OperationIdNotFound',
        { node: id },
        `There is no operation "${id.value}"${similar ? `; "${similar}" is meant` : ''}.`,
        similar ? { fix: [replaceValue(id, similar)] } : {},
      );
    }
    return found;
  }

  private extension(use: ExtensionUse, extension: string, notation: Call['notation']): void {
    const node = objectOf(use.node);
    if (node === undefined) return;
    if (use.location === 'bodyParameter')
      this.report(
        'DynamicExtensionDefinitionNotAllowedInParameter',
        { node, key: true },
        `"${extension}" is on the body parameter.`,
      );
    const callers = this.callers(use);
    if (!['operationId', 'builtInOperation', 'capability'].some((key) => node.members.has(key)))
      this.report('DynamicCallWithoutOperation', { node }, `"${extension}" names no operation.`);
    if (
      textOf(node.members.get('capability')) === 'file-picker' &&
      !use.holder.members.has('x-ms-dynamic-tree')
    )
      this.report(
        'DynamicTreeExtensionMissing',
        { node },
        'The value is chosen with the file picker and has no x-ms-dynamic-tree.',
      );
    const target = this.call({ node, notation, extension, callers });
    if (extension === 'x-ms-dynamic-values') this.newer(use, node, callers, 'List');
    if (extension === 'x-ms-dynamic-schema') {
      this.newer(use, node, callers, 'Properties');
      this.valuePath(use, node);
    }
    if (target && extension === 'x-ms-dynamic-values')
      this.paths(node, target, ['value-collection', 'value-path', 'value-title']);
    if (target && extension === 'x-ms-dynamic-list')
      this.paths(node, target, ['itemsPath', 'itemValuePath', 'itemTitlePath']);
    if (target && extension === 'x-ms-dynamic-schema') this.leadsTo(target, member(node, 'value-path'));
    if (target && extension === 'x-ms-dynamic-properties')
      this.leadsTo(target, member(node, 'itemValuePath'));
  }

  private call(call: Call): Operation | undefined {
    const { node, extension } = call;
    const target = this.target(node);
    const given = member(node, 'parameters');
    if (member(node, 'selectedItemValuePath') && node.key !== 'browse')
      this.report(
        'SelectedItemValuePathNotAllowedInThisPosition',
        { node: member(node, 'selectedItemValuePath') ?? node, key: true },
        'selectedItemValuePath is not in "browse".',
      );
    for (const [name, value] of membersOf(given)) {
      const selected = member(value, 'selectedItemValuePath');
      if (selected && !(extension === 'x-ms-dynamic-tree' && node.key === 'browse'))
        this.report(
          'SelectedItemValuePathNotAllowedInThisPosition',
          { node: selected, key: true },
          'selectedItemValuePath is not in "browse" of x-ms-dynamic-tree.',
        );
      if (target) this.argument(call, target, name, value);
      else this.sourceOf(call, value);
    }
    if (target) this.required(call, target);
    return target;
  }

  private required({ node, extension }: Call, target: Operation): void {
    const given = member(node, 'parameters');
    const names = new Set([...membersOf(given).keys()].flatMap((name) => [name, ...segments(name)]));
    for (const parameter of target.parameters) {
      if (!parameter.required || names.has(parameter.name) || parameter.node.members.has('default')) continue;
      if (parameter.in === 'body' || extension === 'x-ms-dynamic-tree') continue;
      this.report(
        'OperationMissingRequiredProperty',
        { node: given ?? node },
        `"${parameter.name}" of ${target.name} is required and not given.`,
      );
    }
  }

  /** What a name means in an operation: a parameter, or a property of the body by its path. */
  private find(operation: Operation, name: string): Found {
    const parameter = operation.parameters.find((candidate) => candidate.name === name);
    if (parameter) return { is: 'parameter', parameter };
    return this.property(operation, name);
  }

  private property(operation: Operation, name: string): Found {
    const root = this.definition.schema(bodySchema(operation));
    if (operation.body === undefined) return { is: 'missing' };
    if (root === undefined) return { is: 'unsaid' };
    // Many operations may share a body, and a shared schema asks for each of them.
    const known = this.properties.get(root) ?? new Map<string, Found>();
    this.properties.set(root, known);
    const key = `${operation.body.name} ${name}`;
    const found = known.get(key) ?? this.propertyOf(root, operation.body.name, name);
    known.set(key, found);
    return found;
  }

  private propertyOf(root: ObjectNode, body: string, name: string): Found {
    const parts = segments(name);
    const path = parts[0] === body && parts.length > 1 ? parts.slice(1) : parts;
    const found = this.definition.at(root, path);
    if (found !== 'missing' && found !== 'open')
      return {
        is: 'property',
        schema: found,
        required: textsOf(root.members.get('required')).includes(path[0] ?? ''),
      };
    // A property may be named by its last name alone, as seen from its neighbours, or with dots.
    if (this.namesBelow(root).has(name.split(/[/.]/).at(-1) ?? '')) return { is: 'open' };
    return { is: found === 'open' ? 'unsaid' : 'missing' };
  }

  private namesBelow(root: ObjectNode): ReadonlySet<string> {
    const known = this.named.get(root);
    if (known) return known;
    const names = new Set<string>();
    for (const schema of this.definition.below([root])) {
      for (const name of membersOf(schema.members.get('properties')).keys()) names.add(name);
    }
    this.named.set(root, names);
    return names;
  }

  private argument(call: Call, target: Operation, name: string, value: JsonNode): void {
    const to = this.find(target, name);
    if (to.is === 'missing' || (to.is === 'unsaid' && !/[/.]/.test(name))) {
      const similar = target.parameters.find(
        (parameter) => parameter.name.toLowerCase() === name.toLowerCase(),
      );
      this.report(
        'OperationParameterNameNotFound',
        { node: value, key: true },
        `${target.name} has no parameter "${name}"${similar ? `; "${similar.name}" is meant` : ''}.`,
        to.is === 'unsaid' ? { variant: 'unsaid' } : {},
      );
    }
    if (
      to.is === 'parameter' &&
      to.parameter.in !== 'body' &&
      call.notation === 'old' &&
      target.body &&
      this.property(target, name).is === 'property'
    )
      this.report(
        'OperationParameterNameIsAmbiguous',
        { node: value, key: true },
        `"${name}" is a parameter of ${target.name} and a property of its body.`,
      );
    const type =
      to.is === 'parameter' && to.parameter.in !== 'body'
        ? textOf(member(to.parameter.node, 'type'))
        : undefined;
    const source = this.sourceOf(call, value);
    if (source.literal !== undefined) {
      if (type && !suits(source.literal, type))
        this.report(
          'OperationParameterStaticTypeMismatch',
          { node: source.literal },
          `"${name}" of ${target.name} is of type ${type}, the value is ${source.literal.type}.`,
        );
      return;
    }
    const { reference, found } = source;
    if (reference === undefined || (found?.is !== 'parameter' && found?.is !== 'property')) return;
    const from = found.is === 'parameter' ? found.parameter.node : found.schema;
    const required = found.is === 'parameter' ? found.parameter.required : found.required;
    if (to.is === 'parameter' && to.parameter.required && !required && !from.members.has('default'))
      this.report(
        'OperationParameterRequiredMismatch',
        { node: reference },
        `"${name}" of ${target.name} is required; "${textOf(reference)}" may be absent.`,
      );
    const fromType = textOf(member(from, 'type'));
    if (
      type &&
      fromType &&
      fromType !== type &&
      !(type === 'number' && fromType === 'integer') &&
      !(found.is === 'parameter' && found.parameter.in === 'body')
    )
      this.report(
        'OperationParameterTypeMismatch',
        { node: reference },
        `"${name}" of ${target.name} is of type ${type}, "${textOf(reference)}" of type ${fromType}.`,
      );
    if (isInternal(from))
      this.report('SourcePropertyInternal', { node: reference }, `"${textOf(reference)}" is internal.`);
  }

  /** The literal or the reference that a value is; a reference is looked up in the operations that call. */
  private sourceOf(
    { notation, callers, extension }: Call,
    value: JsonNode,
  ): { readonly literal?: JsonNode; readonly reference?: JsonNode; readonly found?: Found } {
    if (notation === 'literal') return { literal: value };
    if (notation === 'picker') return {};
    const [here, there] =
      notation === 'old'
        ? (['parameter', 'parameterReference'] as const)
        : (['parameterReference', 'parameter'] as const);
    const reference = member(value, here);
    if (notation === 'new') {
      const literal = member(value, 'value');
      const known = ['value', 'parameterReference', 'selectedItemValuePath', 'itemValuePath'];
      if (
        value.type !== 'object' ||
        (literal && reference) ||
        (extension !== 'x-ms-dynamic-tree' && !known.some((key) => value.members.has(key)))
      )
        this.report(
          'DynamicReferenceNotValid',
          { node: value },
          `"${value.key}" is neither {"value": …} nor {"parameterReference": …}.`,
        );
      if (literal && reference === undefined) return { literal };
    } else if (value.type === 'object' && reference === undefined && member(value, there)) {
      this.report(
        'DynamicReferenceNotValid',
        { node: value },
        `"${value.key}" is written as {"${there}": …}; "${extension}" takes {"${here}": …}.`,
      );
    } else if (value.type !== 'object') return { literal: value };
    if (reference?.type !== 'string' || callers.length === 0) return {};
    let good: Found | undefined;
    for (const caller of callers) {
      const found = this.find(caller, reference.value);
      if (found.is === 'missing' || (found.is === 'unsaid' && good !== undefined)) continue;
      good = found;
      if (found.is !== 'unsaid') break;
    }
    if (good?.is === 'unsaid' && notation === 'old' && !/[/.]/.test(reference.value))
      this.report(
        'OperationParameterNameNotFound',
        { node: reference },
        `"${reference.value}" is not a parameter of ${callers.length === 1 ? callers[0]?.name : 'the operations that show this value'}, and no declared property of a body.`,
        { variant: 'unsaid' },
      );
    else if (good === undefined)
      this.report(
        'OperationParameterNameNotFound',
        { node: reference },
        `${callers.length === 1 ? callers[0]?.name : `None of ${callers.length} operations that show this value`} has ${callers.length === 1 ? 'no' : 'a'} parameter "${reference.value}".`,
      );
    return { reference, found: good ?? { is: 'missing' } };
  }

  /** Whether the newer notation is required next to the older one. */
  private newer(
    use: ExtensionUse,
    node: ObjectNode,
    callers: readonly Operation[],
    kind: 'List' | 'Properties',
  ): void {
    if (use.holder.members.has(`x-ms-dynamic-${kind.toLowerCase()}`)) return;
    for (const value of membersOf(member(node, 'parameters')).values()) {
      const reference = member(value, 'parameter');
      if (reference?.type !== 'string') continue;
      for (const caller of callers) {
        const plain = caller.parameters.some(
          (parameter) => parameter.in !== 'body' && parameter.name === reference.value,
        );
        const property = this.property(caller, reference.value).is === 'property';
        if (!property) continue;
        this.report(
          `Dynamic${kind}ExtensionRequiredFor${plain ? 'Ambiguous' : 'NonParameter'}References`,
          { node: use.node, key: true },
          plain
            ? `"${reference.value}" is a parameter and a property of the body of ${caller.name}.`
            : `"${reference.value}" is a property of the body of ${caller.name}.`,
        );
        return;
      }
    }
  }

  private valuePath(use: ExtensionUse, node: ObjectNode): void {
    const path = member(node, 'value-path');
    const parts = segments(textOf(path) ?? '');
    const other = member(use.holder, 'x-ms-dynamic-properties');
    if (other === undefined) {
      if (path && parts.at(-1) === 'properties')
        this.report(
          'DynamicPropertiesExtensionRequiredForPropertiesValuePath',
          { node: path },
          `value-path "${textOf(path)}" ends with "properties", and there is no x-ms-dynamic-properties.`,
        );
      return;
    }
    const expected = (parts.at(-1) === 'properties' ? parts.slice(0, -1) : parts).join('/');
    const item = member(other, 'itemValuePath');
    if (segments(textOf(item) ?? '').join('/') !== expected)
      this.report(
        'DynamicPropertiesItemValuePathMismatch',
        { node: item ?? other },
        `itemValuePath is "${textOf(item) ?? ''}"; value-path asks for "${expected}".`,
      );
  }

  private leadsTo(target: Operation, path: JsonNode | undefined): void {
    const name = textOf(path);
    if (path === undefined || name === undefined) return;
    const schema = this.definition.success(target);
    if (schema && this.definition.at(schema, segments(name)) === 'missing')
      this.report(
        'InvokedOperationShouldProduceProperty',
        { node: path },
        `The response of ${target.name} has no "${name}".`,
      );
  }

  private paths(
    node: ObjectNode,
    target: Operation,
    [collection, ...items]: readonly [string, ...string[]],
  ): void {
    const schema = this.definition.success(target);
    if (schema === undefined) return;
    const path = member(node, collection);
    const name = textOf(path) ?? '';
    const found = this.definition.at(schema, segments(name));
    if (found === 'open') return;
    const type = found === 'missing' ? undefined : textOf(member(found, 'type'));
    // An object without any property may be anything.
    if (found !== 'missing' && type !== 'array' && membersOf(member(found, 'properties')).size === 0) return;
    if (found === 'missing' || (type !== undefined && type !== 'array') || !member(found, 'items')) {
      if (found === 'missing' || type !== 'array')
        this.report(
          'InvokedOperationShouldProduceArray',
          { node: path ?? node },
          name === ''
            ? `The response of ${target.name} is not an array.`
            : `"${name}" is not an array in the response of ${target.name}.`,
        );
      return;
    }
    for (const key of items) {
      const itemPath = member(node, key);
      const itemName = textOf(itemPath);
      if (
        itemPath &&
        itemName !== undefined &&
        this.definition.at(member(found, 'items'), segments(itemName)) === 'missing'
      )
        this.report(
          'InvokedOperationShouldProduceProperty',
          { node: itemPath },
          `The items of "${name}" in the response of ${target.name} have no "${itemName}".`,
        );
    }
  }

  private capabilities({ node, location }: ExtensionUse): void {
    if (location !== 'root') return;
    const picker = member(node, 'file-picker');
    for (const part of ['open', 'browse']) {
      const call = objectOf(member(picker, part));
      if (call) this.call({ node: call, notation: 'picker', extension: 'x-ms-capabilities', callers: [] });
    }
    const test = objectOf(member(node, 'testConnection'));
    if (test === undefined) return;
    const id = member(test, 'operationId');
    const target = this.target(test);
    if (target === undefined || id === undefined) return;
    if (target.method !== 'get')
      this.report(
        'TestConnectionNotGet',
        { node: id },
        `${target.name} is a ${target.method.toUpperCase()}.`,
      );
    const given = membersOf(member(test, 'parameters'));
    for (const [name, value] of given)
      this.argument(
        { node: test, notation: 'literal', extension: 'x-ms-capabilities', callers: [] },
        target,
        name,
        value,
      );
    for (const parameter of target.parameters)
      if (parameter.required && !given.has(parameter.name) && !parameter.node.members.has('default'))
        this.report(
          'TestConnectionParameterMissing',
          { node: test },
          `"${parameter.name}" of ${target.name} is required and not given.`,
        );
  }
}

const suits = (literal: JsonNode, type: string): boolean => {
  if (type === 'integer') return literal.type === 'number' && Number.isInteger(literal.value);
  if (type === 'number' || type === 'string' || type === 'boolean') return literal.type === type;
  return true;
};

export const checkDynamics = ({ definition }: Connector, report: GroupReport): void => {
  if (definition !== undefined) new Dynamics(definition, report).run();
};
