/** Schemas and everything else with a type: defaults, enums, limits, required names, counts and depth. */
import type { Connector } from '../connector.ts';
import { childSchemas, type Definition, isInternal } from '../definition-view.ts';
import { formats } from '../grammar.ts';
import {
  canonical,
  isTrue,
  itemsOf,
  type JsonNode,
  member,
  membersOf,
  numberOf,
  type ObjectNode,
  textOf,
  textsOf,
} from '../positioned-json.ts';
import type { Report } from '../report.ts';
import { official, rule, sources } from '../rule.ts';
import { remove, replaceValue } from '../source.ts';

type GroupReport = Report<keyof typeof schemaRules>;

export const maximumBodySchemas = 512;
export const maximumOperationSchemas = 16_384;
/** The validator's limit is not published. Published definitions reach about half of this. */
const deepest = 50;

const atLeastZero = (keyword: string) => official('error', `${keyword} is at least 0.`, 'Write 0 or more.');

export const schemaRules = {
  ArrayHasNoItems: official('warning', 'An array says what its items are.', 'Add "items".'),
  RequiredPropertyArrayEmpty: official(
    'error',
    'The list "required" names at least one property.',
    'Remove the empty list.',
  ),
  RequiredPropertyDefinitionMissing: official(
    'error',
    'Every name in "required" is one of the properties.',
    'Declare the property, or take the name out of "required".',
    { variants: { without: { severity: 'warning', when: 'a schema without any properties' } } },
  ),
  RequiredPropertyNotOnObject: official(
    'warning',
    '"required" is on objects only.',
    'Remove "required"; the object that contains the value says whether it is required.',
  ),
  RequiredReadOnlyPropertyNotAllowedAsInput: official(
    'warning',
    'A property of a body is not both readOnly and required.',
    'Take the name out of "required", or remove readOnly.',
  ),
  RequiredLoopInSchemaNotAllowed: official(
    ['warning', 'error'],
    'No schema requires, directly or by others, a value of itself.',
    'Make one property of the loop optional.',
  ),
  EnumMustContainAtLeastOneElement: official(
    'error',
    'An enum lists at least one value.',
    'Add the values, or remove the enum.',
  ),
  InvalidEnumValue: official(
    'warning',
    'The values of an enum have the type of the schema.',
    'Write the values in the declared type.',
  ),
  DefaultValueMustMatchType: official(
    'warning',
    'A default has the declared type.',
    'Write the default in the declared type.',
  ),
  DefaultNotInEnum: rule(
    'warning',
    'A default is one of the values of the enum.',
    'Write one of the values, or add it to the enum.',
    sources.swagger,
  ),
  UnrecognizedTypeFormat: official(
    'info',
    'A format is one that Power Platform knows.',
    `Use one of ${[...formats].join(', ')}, or remove the format.`,
  ),
  CollectionFormatValueNotSupported: official(
    'warning',
    'collectionFormat is csv, ssv, tsv, pipes, or in query and formData multi.',
    'Use one of these values.',
  ),
  MultipleOfMustBeGreaterThanZero: official(
    'error',
    'multipleOf is greater than 0.',
    'Write a positive number.',
  ),
  MaxItemsMustBeGreaterThanOrEqualToZero: atLeastZero('maxItems'),
  MinItemsMustBeGreaterThanOrEqualToZero: atLeastZero('minItems'),
  MaxLengthMustBeGreaterThanOrEqualToZero: atLeastZero('maxLength'),
  MinLengthMustBeGreaterThanOrEqualToZero: atLeastZero('minLength'),
  MaxPropertiesMustBeGreaterThanOrEqualToZero: atLeastZero('maxProperties'),
  MinPropertiesMustBeGreaterThanOrEqualToZero: atLeastZero('minProperties'),
  MinimumShouldBeLessThanOrEqualToMaximum: official(
    'warning',
    'minimum is not above maximum.',
    'Exchange or correct the two.',
  ),
  MinItemsShouldBeLessThanOrEqualToMaxItems: official(
    'warning',
    'minItems is not above maxItems.',
    'Exchange or correct the two.',
  ),
  MinLengthShouldBeLessThanOrEqualToMaxLength: official(
    'warning',
    'minLength is not above maxLength.',
    'Exchange or correct the two.',
  ),
  ExclusiveMaximumRequiresMaximum: official(
    'warning',
    'exclusiveMaximum is next to maximum.',
    'Add maximum, or remove exclusiveMaximum.',
  ),
  ExclusiveMinimumRequiresMinimum: official(
    'warning',
    'exclusiveMinimum is next to minimum.',
    'Add minimum, or remove exclusiveMinimum.',
  ),
  PatternShouldBeValidRegularExpression: official(
    'warning',
    'A pattern is a regular expression.',
    'Correct the expression.',
  ),
  DiscriminatorMustBeARequiredStringProperty: official(
    'warning',
    'A discriminator names a required property of type string.',
    'Declare the property, of type string and required.',
  ),
  SchemaTypeFileNotValid: official(
    ['warning', 'error'],
    'The type file is in formData and as the whole response only.',
    'Use "type": "string" with "format": "binary".',
  ),
  InvalidStringBinaryProperty: official(
    'info',
    'A binary string is a whole body, a whole response, or a form field.',
    'Use "format": "byte" for a value inside an object.',
  ),
  InternalPropertyWithDefaultOptional: official(
    'warning',
    'An internal parameter with a default is required.',
    'Write "required": true: optional internal values are not sent.',
  ),
  PropertyMustBeRequired: official(
    'warning',
    'An internal property with a default is required.',
    'Name it in "required": optional internal values are not sent.',
  ),
  InternalRequiredWithoutDefault: rule(
    'error',
    'A required internal parameter has a default.',
    'Add a default, or show the parameter: otherwise no user can set the value.',
    sources.extensions,
  ),
  DuplicateEnumValuesInExtension: official(
    'warning',
    'x-ms-enum-values names each value once.',
    'Remove the second entry.',
  ),
  InvalidEnumValuesExtensionValue: official(
    'warning',
    'Every value of x-ms-enum-values is in the enum.',
    'Add the value to the enum, or remove the entry.',
  ),
  MissingEnumValuesDisplayName: official(
    'warning',
    'Every entry of x-ms-enum-values has a displayName.',
    'Add "displayName".',
  ),
  InvalidCustomEditorExtensionDictionaryValue: official(
    'warning',
    'x-ms-editor is "dictionary" only for an object with additionalProperties.',
    'Add "type": "object" and additionalProperties, or remove the editor.',
  ),
  OneOfPropertiesRequired: official(
    'warning',
    'x-ms-trigger-value has value-collection or value-path.',
    'Add one of the two.',
  ),
  BodySchemaCountExceedsMaxAllowed: official(
    'error',
    'A body or response consists of at most 512 schemas, references included.',
    'Remove properties, or let the body be described dynamically.',
    { source: sources.faq },
  ),
  OperationSchemaCountExceedsMaxAllowed: official(
    'error',
    'An operation consists of at most 16,384 schemas, references included.',
    'Remove properties.',
    { source: sources.faq },
  ),
  SchemaTooDeep: official(
    'warning',
    'A schema is not nested too deep, references included.',
    `Flatten it. The service's limit is not published; this rule reports more than ${deepest} levels.`,
  ),
  DefinitionUnused: rule(
    'info',
    'Every definition, parameter and response at the root is used.',
    'Remove it.',
    sources.standards,
  ),
  FilterFunctionsPropertyEmpty: official(
    'warning',
    'filterFunctions lists at least one function.',
    'Add a function, or remove the list.',
  ),
  FilterFunctionsPropertyHasDuplicates: official(
    'warning',
    'filterFunctions names each function once.',
    'Remove the second one.',
  ),
  FilterFunctionsPropertyInInputSchema: official(
    'warning',
    'filterFunctions is in a response.',
    'Move it to the schema of the response.',
  ),
} as const;

const fits = (type: string, node: JsonNode): boolean => {
  if (type === 'integer') return node.type === 'number' && Number.isInteger(node.value);
  if (type === 'file') return true;
  return node.type === type;
};

/** "1" for an integer, "true" for a boolean, 1 for a text: what was meant is beyond doubt. */
const meant = (type: string, node: JsonNode): string | number | boolean | undefined => {
  if (node.type === 'string') {
    const text = node.value.trim();
    if (type === 'boolean' && /^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
    if ((type === 'integer' || type === 'number') && text !== '' && text.length < 16) {
      const value = Number(text);
      if (Number.isFinite(value) && (type === 'number' || Number.isInteger(value))) return value;
    }
  }
  if (type === 'string' && (node.type === 'number' || node.type === 'boolean')) return String(node.value);
  return undefined;
};

const ordered = [
  ['minimum', 'maximum', 'MinimumShouldBeLessThanOrEqualToMaximum'],
  ['minItems', 'maxItems', 'MinItemsShouldBeLessThanOrEqualToMaxItems'],
  ['minLength', 'maxLength', 'MinLengthShouldBeLessThanOrEqualToMaxLength'],
] as const;

const natural = {
  maxItems: 'MaxItemsMustBeGreaterThanOrEqualToZero',
  minItems: 'MinItemsMustBeGreaterThanOrEqualToZero',
  maxLength: 'MaxLengthMustBeGreaterThanOrEqualToZero',
  minLength: 'MinLengthMustBeGreaterThanOrEqualToZero',
  maxProperties: 'MaxPropertiesMustBeGreaterThanOrEqualToZero',
  minProperties: 'MinPropertiesMustBeGreaterThanOrEqualToZero',
} as const;

/** Notation of .NET that JavaScript has not: inline options, anchors, atomic groups. */
const isExpression = (pattern: string): boolean => {
  const plain = pattern
    .replaceAll(/\(\?[imnsx-]+\)/g, '')
    .replaceAll(/\(\?(?:[imnsx-]+:|>)/g, '(?:')
    .replaceAll(/\\[AzZG]/g, '');
  return ['', 'u'].some((flags) => {
    try {
      new RegExp(plain, flags);
      return true;
    } catch (error) {
      if (error instanceof SyntaxError) return false;
      throw error;
    }
  });
};

const brief = (node: JsonNode): string => {
  const text = canonical(node);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
};

const checkValues = (node: ObjectNode, report: GroupReport): void => {
  const get = (key: string) => node.members.get(key);
  const type = textOf(get('type'));
  const nullable = isTrue(get('x-nullable'));
  const standard = get('default');
  if (type !== undefined && standard !== undefined && !fits(type, standard) && standard.type !== 'null') {
    const value = meant(type, standard);
    report(
      'DefaultValueMustMatchType',
      { node: standard },
      `The default ${brief(standard)} is not of type ${type}.`,
      value === undefined ? {} : { fix: [replaceValue(standard, value)] },
    );
  }
  const words = get('enum');
  if (words?.type === 'array') {
    if (words.items.length === 0)
      report('EnumMustContainAtLeastOneElement', { node: words }, 'The enum is empty.');
    const inEnum = () =>
      standard !== undefined && words.items.some((item) => canonical(item) === canonical(standard));
    if (standard && words.items.length > 0 && type !== 'array' && standard.type !== 'null' && !inEnum())
      report(
        'DefaultNotInEnum',
        { node: standard },
        `The default ${brief(standard)} is not one of the enum's values.`,
      );
    if (type !== undefined && type !== 'array')
      for (const item of words.items)
        if (!fits(type, item) && !(item.type === 'null' && nullable))
          report('InvalidEnumValue', { node: item }, `${brief(item)} is not of type ${type}.`);
  }
  if (type === 'array' && get('items') === undefined)
    report(
      'ArrayHasNoItems',
      { node },
      `${node.key === '' ? 'The array' : `"${node.key}"`} is an array and has no items.`,
    );
  const format = get('format');
  if (format?.type === 'string' && !formats.has(format.value))
    report('UnrecognizedTypeFormat', { node: format }, `The format "${format.value}" is not known.`);
  const collection = get('collectionFormat');
  if (collection) {
    const place = textOf(get('in'));
    const value = textOf(collection) ?? '';
    if (!['csv', 'ssv', 'tsv', 'pipes', 'multi'].includes(value))
      report(
        'CollectionFormatValueNotSupported',
        { node: collection },
        `${brief(collection)} is not a collection format.`,
      );
    else if (value === 'multi' && place !== 'query' && place !== 'formData')
      report(
        'CollectionFormatValueNotSupported',
        { node: collection },
        `"multi" is not possible in ${place ?? 'this place'}.`,
      );
  }
  checkLimits(node, report);
  const pattern = get('pattern');
  if (pattern?.type === 'string' && !isExpression(pattern.value))
    report(
      'PatternShouldBeValidRegularExpression',
      { node: pattern },
      `${brief(pattern)} is not a regular expression.`,
    );
};

const checkLimits = (node: ObjectNode, report: GroupReport): void => {
  const get = (key: string) => node.members.get(key);
  for (const [key, id] of Object.entries(natural)) {
    const limit = get(key);
    const value = numberOf(limit);
    if (limit && value !== undefined && value < 0) report(id, { node: limit }, `${key} is ${value}.`);
  }
  const multiple = get('multipleOf');
  if (multiple?.type === 'number' && multiple.value <= 0)
    report('MultipleOfMustBeGreaterThanZero', { node: multiple }, `multipleOf is ${multiple.value}.`);
  for (const [low, high, id] of ordered) {
    const [least, most] = [get(low), get(high)];
    if (least?.type === 'number' && most?.type === 'number' && least.value > most.value)
      report(id, { node: least }, `${low} is ${least.value} and ${high} ${most.value}.`);
  }
  const exclusive = [
    ['exclusiveMaximum', 'maximum', 'ExclusiveMaximumRequiresMaximum'],
    ['exclusiveMinimum', 'minimum', 'ExclusiveMinimumRequiresMinimum'],
  ] as const;
  for (const [key, limit, id] of exclusive) {
    const value = get(key);
    if (value && !node.members.has(limit))
      report(id, { node: value, key: true }, `"${key}" stands without "${limit}".`);
  }
};

const checkSchema = (definition: Definition, node: ObjectNode, text: string, report: GroupReport): void => {
  const get = (key: string) => node.members.get(key);
  const type = textOf(get('type'));
  const required = get('required');
  const properties = get('properties');
  if (required?.type === 'array') {
    if (required.items.length === 0)
      report('RequiredPropertyArrayEmpty', { node: required }, 'The list "required" is empty.', {
        fix: remove(text, required),
      });
    else if (type !== undefined && type !== 'object')
      report(
        'RequiredPropertyNotOnObject',
        { node: required, key: true },
        `"required" is on a schema of type ${type}.`,
      );
    else if (!node.members.has('allOf') && !opensProperties(node))
      for (const item of required.items)
        if (
          item.type === 'string' &&
          member(properties, item.value) === undefined &&
          (properties !== undefined || type === 'object')
        )
          report(
            'RequiredPropertyDefinitionMissing',
            { node: item },
            `"${item.value}" is required and not among the properties.`,
            properties === undefined ? { variant: 'without' } : {},
          );
  }
  const discriminator = get('discriminator');
  if (discriminator?.type === 'string') {
    const property = definition.schema(member(properties, discriminator.value));
    if (
      property === undefined ||
      textOf(member(property, 'type')) !== 'string' ||
      !textsOf(required).includes(discriminator.value)
    )
      report(
        'DiscriminatorMustBeARequiredStringProperty',
        { node: discriminator },
        `"${discriminator.value}" is not a required property of type string.`,
      );
  }
  const editor = get('x-ms-editor');
  if (textOf(editor) === 'dictionary' && editor && (type !== 'object' || !opensProperties(node)))
    report(
      'InvalidCustomEditorExtensionDictionaryValue',
      { node: editor },
      'The editor is "dictionary" and the schema no object with additionalProperties.',
    );
  const filters = get('filterFunctions') ?? member(get('x-ms-capabilities'), 'filterFunctions');
  if (filters?.type === 'array') {
    if (filters.items.length === 0)
      report('FilterFunctionsPropertyEmpty', { node: filters }, 'filterFunctions is empty.');
    const seen = new Set<string>();
    for (const item of filters.items) {
      const value = canonical(item);
      if (seen.has(value))
        report('FilterFunctionsPropertyHasDuplicates', { node: item }, `${value} occurs twice.`);
      seen.add(value);
    }
  }
};

/** Whether additionalProperties allow names that are not declared. */
const opensProperties = (node: ObjectNode): boolean => {
  const more = node.members.get('additionalProperties');
  return more !== undefined && !(more.type === 'boolean' && !more.value);
};

/** What holds only for schemas that are sent, or only inside others. */
const checkDirections = (definition: Definition, report: GroupReport): void => {
  const bodies = definition.operations.flatMap(({ body }) => (body ? [member(body.node, 'schema')] : []));
  const answers = definition.operations.flatMap(({ responses, item }) => [
    ...responses.map(({ node }) => member(node, 'schema')),
    member(member(item, 'x-ms-notification-content'), 'schema'),
  ]);
  const sent = definition.below(bodies);
  const whole = new Set([...bodies, ...answers].map((schema) => definition.schema(schema)));
  for (const node of sent) {
    const required = textsOf(node.members.get('required'));
    for (const [name, declared] of membersOf(node.members.get('properties'))) {
      const property = definition.schema(declared);
      if (property === undefined) continue;
      const place = { node: declared };
      if (required.includes(name) && isTrue(member(property, 'readOnly')))
        report(
          'RequiredReadOnlyPropertyNotAllowedAsInput',
          place,
          `"${name}" is readOnly and required in a body.`,
        );
      const internal = isInternal(property) && !property.members.has('x-ms-notification-url');
      if (internal && property.members.has('default') && !required.includes(name))
        report(
          'PropertyMustBeRequired',
          place,
          `"${name}" is internal with a default and optional: it is not sent.`,
        );
    }
    const filters =
      node.members.get('filterFunctions') ?? member(node.members.get('x-ms-capabilities'), 'filterFunctions');
    if (filters)
      report(
        'FilterFunctionsPropertyInInputSchema',
        { node: filters, key: true },
        'filterFunctions is in a body.',
      );
  }
  for (const { node, whole: isWhole, region } of definition.schemas) {
    const type = member(node, 'type');
    if (textOf(type) === 'file' && type && !((isWhole || whole.has(node)) && region !== 'body'))
      report('SchemaTypeFileNotValid', { node: type }, 'The type "file" is inside a schema.');
    const format = member(node, 'format');
    if (textOf(type) === 'string' && textOf(format) === 'binary' && format && !isWhole && !whole.has(node))
      report('InvalidStringBinaryProperty', { node: format }, 'A binary string is inside another schema.');
  }
};

const checkInternalParameters = (definition: Definition, report: GroupReport): void => {
  // The platform fills the parameters of internal operations itself.
  const seen = new Set(
    definition.operations
      .filter(({ internal }) => !internal)
      .flatMap(({ parameters }) => parameters.map(({ node }) => node)),
  );
  for (const { node, location } of definition.parameters) {
    if (location === 'bodyParameter' || !isInternal(node)) continue;
    const name = textOf(member(node, 'name')) ?? '';
    const required = isTrue(member(node, 'required'));
    const standard = member(node, 'default');
    if (standard && !required && location !== 'pathParameter')
      report(
        'InternalPropertyWithDefaultOptional',
        { node },
        `"${name}" is internal with a default and optional: it is not sent.`,
      );
    if (
      required &&
      standard === undefined &&
      !node.members.has('x-ms-dynamic-values') &&
      seen.has(node) &&
      textsOf(member(node, 'enum')).length !== 1
    )
      report(
        'InternalRequiredWithoutDefault',
        { node },
        `"${name}" is internal, required and has no default.`,
      );
  }
};

const checkEnumValues = (definition: Definition, report: GroupReport): void => {
  for (const { node, holder } of definition.uses('x-ms-enum-values')) {
    const seen = new Set<string>();
    const allowed = member(holder, 'enum');
    const values = new Set(itemsOf(allowed).map(canonical));
    for (const entry of itemsOf(node)) {
      const value = member(entry, 'value');
      if (entry.type !== 'object') continue;
      if (!entry.members.has('displayName'))
        report(
          'MissingEnumValuesDisplayName',
          { node: entry },
          `The entry ${value ? brief(value) : ''} has no displayName.`,
        );
      if (value === undefined) continue;
      const text = canonical(value);
      if (seen.has(text)) report('DuplicateEnumValuesInExtension', { node: value }, `${text} occurs twice.`);
      seen.add(text);
      if (allowed && !values.has(text))
        report('InvalidEnumValuesExtensionValue', { node: value }, `${text} is not in the enum.`);
    }
  }
  for (const { node } of definition.uses('x-ms-trigger-value'))
    if (node.type === 'object' && !node.members.has('value-collection') && !node.members.has('value-path'))
      report(
        'OneOfPropertiesRequired',
        { node },
        'x-ms-trigger-value has neither value-collection nor value-path.',
      );
};

const checkCounts = (definition: Definition, report: GroupReport): void => {
  if (definition.schemas.length <= maximumBodySchemas) return;
  for (const operation of definition.operations) {
    const bodySchema = operation.body && member(operation.body.node, 'schema');
    const responses = operation.responses.map(({ node }) => member(node, 'schema'));
    const content = member(member(operation.item, 'x-ms-notification-content'), 'schema');
    for (const root of [bodySchema, ...responses])
      if (root && definition.below([root], maximumBodySchemas + 1).size > maximumBodySchemas)
        report(
          'BodySchemaCountExceedsMaxAllowed',
          { node: root },
          `A body of ${operation.name} consists of more than ${maximumBodySchemas} schemas.`,
        );
    if (
      definition.schemas.length > maximumOperationSchemas &&
      definition.below([bodySchema, ...responses, content], maximumOperationSchemas + 1).size >
        maximumOperationSchemas
    )
      report(
        'OperationSchemaCountExceedsMaxAllowed',
        { node: operation.node },
        `${operation.name} consists of more than ${maximumOperationSchemas} schemas.`,
      );
  }
};

/** Levels below each schema by depth first without recursion; loops count once. Reports the outermost schema only. */
const checkDepth = (definition: Definition, report: GroupReport): void => {
  const heights = new Map<ObjectNode, number>();
  const open = new Set<ObjectNode>();
  const inner = new Set<ObjectNode>();
  for (const { node: start } of definition.schemas) {
    const stack: {
      readonly node: ObjectNode;
      readonly children: readonly ObjectNode[];
      next: number;
      height: number;
    }[] = [];
    const enter = (node: ObjectNode): void => {
      open.add(node);
      const children = childSchemas(node).flatMap((child) => definition.schema(child) ?? []);
      stack.push({ node, children, next: 0, height: 1 });
    };
    if (!heights.has(start)) enter(start);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const child = top.children[top.next];
      top.next += 1;
      if (child === undefined) {
        heights.set(top.node, top.height);
        open.delete(top.node);
        stack.pop();
        const above = stack.at(-1);
        if (above) above.height = Math.max(above.height, top.height + 1);
      } else {
        inner.add(child);
        const known = heights.get(child);
        if (known !== undefined) top.height = Math.max(top.height, known + 1);
        else if (!open.has(child)) enter(child);
      }
    }
  }
  for (const [node, height] of heights)
    if (height > deepest && !inner.has(node))
      report('SchemaTooDeep', { node }, `The schema is ${height} levels deep.`);
};

/** Follows required properties only. A loop among them can never be filled. */
const checkRequiredLoops = (definition: Definition, report: GroupReport): void => {
  const done = new Set<ObjectNode>();
  const open = new Set<ObjectNode>();
  const needs = (node: ObjectNode): readonly { readonly declared: JsonNode; readonly to: ObjectNode }[] => {
    const required = textsOf(node.members.get('required'));
    return required.flatMap((name) => {
      const declared = member(node.members.get('properties'), name);
      const to = definition.schema(declared);
      return declared && to ? [{ declared, to }] : [];
    });
  };
  for (const { node: start } of definition.schemas) {
    if (done.has(start)) continue;
    const stack = [{ node: start, needs: needs(start), next: 0 }];
    open.add(start);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const need = top.needs[top.next];
      top.next += 1;
      if (need === undefined) {
        open.delete(top.node);
        done.add(top.node);
        stack.pop();
      } else if (open.has(need.to)) {
        report(
          'RequiredLoopInSchemaNotAllowed',
          { node: need.declared },
          `The required property "${need.declared.key}" needs a value that needs itself.`,
        );
      } else if (!done.has(need.to)) {
        open.add(need.to);
        stack.push({ node: need.to, needs: needs(need.to), next: 0 });
      }
    }
  }
};

const checkUnused = (definition: Definition, report: GroupReport): void => {
  const used = new Set(definition.references.map(({ node }) => textOf(node) ?? ''));
  for (const section of ['definitions', 'parameters', 'responses'])
    for (const [name, node] of membersOf(member(definition.root, section))) {
      const pointer = `#/${section}/${name}`;
      const escaped = `#/${section}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      if (
        !used.has(pointer) &&
        !used.has(escaped) &&
        !used.has(encodeURI(escaped.replaceAll(/[\ud800-\udfff]/g, '')))
      )
        report('DefinitionUnused', { node, key: true }, `"${name}" in ${section} is not used.`);
    }
};

export const checkSchemas = ({ definition, definitionSource }: Connector, report: GroupReport): void => {
  if (definition === undefined || definitionSource === undefined) return;
  const { text } = definitionSource;
  for (const { node } of definition.typed) checkValues(node, report);
  for (const { node } of definition.schemas) checkSchema(definition, node, text, report);
  checkDirections(definition, report);
  checkInternalParameters(definition, report);
  checkEnumValues(definition, report);
  checkCounts(definition, report);
  checkDepth(definition, report);
  checkRequiredLoops(definition, report);
  checkUnused(definition, report);
};
