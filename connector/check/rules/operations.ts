/** Operations, their paths, parameters and responses. */
import type { Connector } from '../connector.ts';
import type { Definition, Operation, Parameter } from '../definition-view.ts';
import {
  canonical,
  isTrue,
  itemsOf,
  type JsonNode,
  member,
  membersOf,
  numberOf,
  type ObjectNode,
  objectOf,
  textOf,
  textsOf,
} from '../positioned-json.ts';
import type { Report } from '../report.ts';
import { official, rule, sources } from '../rule.ts';
import { addMember, remove, replaceValue } from '../source.ts';

type GroupReport = Report<keyof typeof operationRules>;

export const maximumOperations = 256;
/** Of Azure API Management, on which custom connectors run; the validator's own limit is not published. */
const longestOperationId = 80;

export const operationRules = {
  OperationIdRequired: official(
    'error',
    'Every operation has an operationId.',
    'Add an operationId in Pascal case, for example "ListOrders".',
  ),
  OperationIdNotUnique: official(
    'error',
    'No two operations have the same operationId.',
    'Rename one of them.',
  ),
  OperationIdSanitized: official(
    ['info', 'warning'],
    'An operationId consists of letters and digits (an underscore does no harm).',
    'Remove the other characters. In a published connector leave it: renaming an operation breaks flows.',
  ),
  OperationIdTooLong: official('warning', 'An operationId has at most 80 characters.', 'Shorten it.', {
    source: sources.operationName,
  }),
  OperationIdNotPascalCase: rule(
    'info',
    'An operationId is in Pascal case.',
    'Write it in Pascal case in a new connector; renaming a published operation breaks flows.',
    sources.standards,
  ),
  TotalOperationsCountExceedsMaxAllowed: official(
    'error',
    'A definition has at most 256 operations.',
    'Split the connector, or remove operations.',
    { source: sources.faq },
  ),
  OperationPathContainsUnsupportedCharacters: official(
    ['warning', 'error'],
    'A path contains no "*".',
    'Use a path parameter instead of a wildcard.',
  ),
  OperationPathMayNotContainQueryOrFragment: official(
    'error',
    'A path has neither query nor fragment.',
    'Declare what follows "?" as query parameters.',
  ),
  OperationPathTemplateNotValid: official(
    'error',
    'Braces in a path come in pairs, around one name, within one segment.',
    'Correct the braces.',
  ),
  OperationPathVariablesContainDefaults: official(
    'error',
    'A variable in a path has no default ("=").',
    'Remove the "=" and give the parameter a default.',
  ),
  PathRedefined: official('error', 'No two paths differ in capitals only.', 'Merge the two path items.'),
  DuplicateOperationPath: official(
    'warning',
    'No two operations of one method have paths that differ in the names of parameters only.',
    'Let the paths differ in a segment of their own, or merge the operations.',
  ),
  PartialDuplicateOperationPath: official(
    'info',
    'No path matches what another path of the same method means literally.',
    'Usually harmless: the literal path wins. Rename a segment if a value of the parameter may be that word.',
  ),
  OperationMissingPathParameter: official(
    'error',
    'Every variable of a path is a declared path parameter.',
    'Declare the parameter with "in": "path".',
  ),
  PathParameterNotDefinedInTemplate: official(
    'error',
    'Every path parameter occurs in its path.',
    'Put the name in braces into the path, or remove the parameter.',
  ),
  PathParameterMustBeRequired: official('error', 'A path parameter is required.', 'Write "required": true.'),
  PathParameterMissingEncoding: official(
    ['info', 'warning'],
    'A path parameter says how it is encoded.',
    'Write "x-ms-url-encoding": "single". Without it the platform encodes once.',
  ),
  QueryParameterEncodingNotSupported: official(
    ['info', 'warning'],
    'A query parameter has no x-ms-url-encoding.',
    'Remove the key: query parameters are encoded once.',
  ),
  OperationParametersContainMultipleBodyParameters: official(
    'error',
    'An operation has at most one body parameter.',
    'Merge them into one schema.',
  ),
  PathParametersContainMultipleBodyParameters: official(
    'error',
    'A path item has at most one body parameter.',
    'Merge them into one schema.',
  ),
  OperationParametersContainDuplicateParameter: official(
    'error',
    'The parameters of an operation differ in name or location.',
    'Remove one of them.',
  ),
  OperationParametersAreNotUnique: official(
    'error',
    'The parameters of an operation refer to each shared parameter once.',
    'Remove one of the references.',
  ),
  PathParametersContainDuplicateParameter: official(
    'error',
    'The parameters of a path item differ in name or location.',
    'Remove one of them.',
  ),
  ParameterListContainsFormDataAndBody: official(
    'error',
    'An operation has a body parameter or formData parameters, not both.',
    'Describe the whole request in one way.',
  ),
  BodyOrFormDataParameterInFetchOperationNotAllowed: official(
    'warning',
    'A GET or HEAD operation has no body and no form data.',
    'Send the values as query parameters, or use POST.',
  ),
  ConnectionIdParameterNotAllowed: official(
    'error',
    'No parameter is named "connectionId".',
    'Rename the parameter; a policy can give the back end its own name.',
  ),
  ReservedParameterIsUsed: official(
    'error',
    'No header parameter is named "Authorization".',
    'Sign in through a security definition, or set the header with the policy setheader. (The list of reserved names is not published; this one is known.)',
  ),
  FileParameterMustBeInFormData: official(
    'error',
    'A parameter of type file is in formData.',
    'Write "in": "formData".',
  ),
  NonBodyParameterSchemaNotValid: official(
    'error',
    'Only a body parameter has a schema.',
    'Write type and format at the parameter itself, or "in": "body".',
  ),
  BodyParameterSchemaRequired: official('error', 'A body parameter has a schema.', 'Add the schema.'),
  BodyParameterPropertyNotValid: official(
    'warning',
    'A body parameter says its type in the schema only.',
    'Move the key into the schema.',
  ),
  AllowEmptyValueOnlyValidForQueryFormData: official(
    'warning',
    'allowEmptyValue is on query and formData parameters only.',
    'Remove the key.',
  ),
  InvalidFormDataParameterName: official('error', 'The name of a formData parameter is ASCII.', 'Rename it.'),
  StringBinaryNotSupportedForFormUrlEncoded: official(
    'warning',
    'An operation that takes application/x-www-form-urlencoded has no binary parameter.',
    'Use multipart/form-data.',
  ),
  OperationMustHaveResponse: official(
    'warning',
    'An operation declares at least one response.',
    'Add a response.',
  ),
  OperationShouldHaveSuccessfulResponse: official(
    'warning',
    'An operation declares a 2xx response, not only "default".',
    'Declare the status that the service answers with.',
  ),
  OperationHasManyResponsesWithSchema: official(
    'info',
    'One response of an operation has a schema.',
    'The designer uses one; leave schemas of errors out unless people read them.',
  ),
  DefaultResponseHasSchema: official(
    ['info', 'error', 'warning'],
    'The response "default" has no schema.',
    'Move the schema to the status it belongs to.',
    {
      variants: {
        only: {
          severity: ['warning', 'error', 'warning'],
          when: 'it is the only schema of the operation, so that its outputs are invisible in the designer',
        },
      },
    },
  ),
  SchemaDefinitionSetIncorrectly: official(
    ['info', 'warning'],
    'A visible operation that answers with 200 or 201 has a schema there, or at x-ms-notification-content for a webhook.',
    'Add the schema of what the service answers. An operation that answers with nothing needs none.',
  ),
  ResponseHeadersAreNotUnique: official(
    'warning',
    'The headers of a response differ in more than capitals.',
    'Remove one of them.',
  ),
  ResponseExampleMustBeProducedByOperation: official(
    'info',
    'The MIME type of an example is one that the operation produces.',
    'Add the type to produces, or correct the example.',
  ),
  ConsumesMissing: official(
    'info',
    'An operation with a body says in consumes what it takes.',
    'Add "consumes": ["application/json"] to the operation or to the root.',
  ),
  MimeTypeNotSupported: official(
    ['info', 'warning'],
    'A MIME type is one of the four that certification accepts.',
    'Use application/json, text/plain, multipart/form-data or application/x-www-form-urlencoded.',
  ),
  MimeTypeNotValid: official('warning', 'A MIME type has the form type/subtype.', 'Correct the MIME type.'),
  MimeTypeNotCompatibleWithRequestContentSchemaType: official(
    'warning',
    'What consumes says fits the parameters: a form type for formData, another for a body.',
    'Correct consumes.',
  ),
  ArrayDuplicateValue: official('warning', 'A list names each value once.', 'Remove the second one.'),
  TagRedefined: official('warning', 'Each tag is defined once.', 'Remove the second definition.'),
  ApiAnnotationExtensionReplacementInfoForNonDeprecatedOperations: official(
    'warning',
    'Only a deprecated operation names a replacement.',
    'Write "deprecated": true, or remove the replacement.',
  ),
  ApiAnnotationExtensionReplacementInfoMissingApiProperty: official(
    'warning',
    'A replacement names its api.',
    'Add "api".',
  ),
  ApiAnnotationExtensionReplacementInfoMissingOperationIdProperty: official(
    'warning',
    'A replacement names its operationId.',
    'Add "operationId".',
  ),
  OperationFamilyHasDuplicateRevisions: official(
    'warning',
    'The operations of a family have different revisions.',
    'Give each operation its own revision.',
  ),
  OperationFamilyHasManyEmptyRevisions: official(
    'warning',
    'At most one operation of a family has no revision.',
    'Write the revisions; none counts as 1.',
  ),
  OperationFamilyHasManyActiveOperations: official(
    'warning',
    'At most two operations of a family are not deprecated.',
    'Write "deprecated": true at the older ones.',
  ),
  OperationFamilyHasManyActiveProductionOperations: official(
    'warning',
    'At most one operation of a family is active in Production.',
    'Write "deprecated": true at the older ones, or "status": "Preview" at the newest.',
  ),
  OperationRevisionEmpty: official(
    'info',
    'An operation with a family says its revision.',
    'Write "revision": 1.',
  ),
  OperationIdShouldEndWithRevision: official(
    'info',
    'The operationId of a later revision ends with it, as in GetItems_V2.',
    'Rename a new operation; leave a published one.',
  ),
  OperationStatusAheadOfConnector: official(
    'warning',
    'No operation is in Production while the connector is in Preview.',
    'Change one of the two.',
  ),
} as const;

const mimeTypes: ReadonlySet<string> = new Set([
  'application/json',
  'text/plain',
  'multipart/form-data',
  'application/x-www-form-urlencoded',
]);
const formTypes: ReadonlySet<string> = new Set(['multipart/form-data', 'application/x-www-form-urlencoded']);

export const templateVariables = (path: string): readonly string[] =>
  [...path.matchAll(/\{([^{}/]*)\}/g)].map(([, name = '']) => name);

const checkIds = (definition: Definition, report: GroupReport): void => {
  const seen = new Map<string, Operation>();
  for (const operation of definition.operations) {
    const node = member(operation.node, 'operationId');
    if (node === undefined || textOf(node) === '') {
      report(
        'OperationIdRequired',
        { node: node ?? operation.node },
        `${operation.method.toUpperCase()} ${operation.path} has no operationId.`,
      );
      continue;
    }
    const id = textOf(node);
    if (id === undefined) continue;
    const first = seen.get(id);
    if (first)
      report(
        'OperationIdNotUnique',
        { node },
        `"${id}" is also the operationId of ${first.method.toUpperCase()} ${first.path}.`,
      );
    else seen.set(id, operation);
    if (/[^A-Za-z0-9_]/.test(id))
      report('OperationIdSanitized', { node }, `"${id}" becomes "${id.replaceAll(/[^A-Za-z0-9_]/g, '')}".`);
    else if (!/^[A-Z][A-Za-z0-9]*(_V\d+)?$/.test(id))
      report('OperationIdNotPascalCase', { node }, `"${id}" is not in Pascal case.`);
    if (id.length > longestOperationId)
      report(
        'OperationIdTooLong',
        { node },
        `"${id.slice(0, 40)}…" has ${id.length} characters; ${longestOperationId} are allowed.`,
      );
  }
  if (definition.operations.length > maximumOperations)
    report(
      'TotalOperationsCountExceedsMaxAllowed',
      { node: member(definition.root, 'paths') ?? definition.root },
      `There are ${definition.operations.length} operations; ${maximumOperations} are allowed.`,
    );
};

const checkPaths = (definition: Definition, report: GroupReport): void => {
  const exact = new Map<string, string>();
  const templates = new Map<string, Operation>();
  for (const [path, node] of membersOf(member(definition.root, 'paths'))) {
    if (path.startsWith('x-')) continue;
    const place = { node, key: true };
    if (path.includes('*'))
      report('OperationPathContainsUnsupportedCharacters', place, `The path "${path}" contains "*".`);
    if (/[?#]/.test(path))
      report(
        'OperationPathMayNotContainQueryOrFragment',
        place,
        `The path "${path}" contains "${/[?#]/.exec(path)?.[0]}".`,
      );
    const rest = path.replaceAll(/\{[^{}/]+\}/g, '');
    if (/[{}]/.test(rest))
      report(
        'OperationPathTemplateNotValid',
        place,
        `The braces of the path "${path}" do not enclose one name each.`,
      );
    else if (templateVariables(path).some((name) => name.includes('=')))
      report(
        'OperationPathVariablesContainDefaults',
        place,
        `A variable of the path "${path}" contains "=".`,
      );
    const lower = path.toLowerCase();
    const other = exact.get(lower);
    if (other === undefined) exact.set(lower, path);
    else report('PathRedefined', place, `"${path}" differs from "${other}" in capitals only.`);
  }
  for (const operation of definition.operations) {
    const template = `${operation.method} ${operation.path.replaceAll(/\{[^{}/]*\}/g, '{}')}`;
    const first = templates.get(template);
    if (first === undefined) templates.set(template, operation);
    else if (first.item !== operation.item && first.path.toLowerCase() !== operation.path.toLowerCase())
      report(
        'DuplicateOperationPath',
        { node: operation.item, key: true },
        `"${operation.path}" of ${operation.name} and "${first.path}" of ${first.name} cannot be told apart.`,
      );
  }
};

const segmentsOf = (path: string): readonly string[] => path.toLowerCase().split('/');
const isVariable = (segment: string): boolean => segment.startsWith('{') && segment.endsWith('}');

/** Compares every pair, therefore only where their number is within the limit. */
const checkOverlaps = ({ operations }: Definition, report: GroupReport): void => {
  if (operations.length > maximumOperations) return;
  const groups = new Map<string, { operation: Operation; segments: readonly string[] }[]>();
  for (const operation of operations) {
    const segments = segmentsOf(operation.path);
    const key = `${operation.method} ${segments.length}`;
    groups.set(key, [...(groups.get(key) ?? []), { operation, segments }]);
  }
  for (const group of groups.values())
    for (const { operation, segments } of group) {
      if (!segments.some(isVariable)) continue;
      const covered = group.filter(
        (other) =>
          other.operation !== operation &&
          segments.every((segment, at) => isVariable(segment) || segment === other.segments[at]) &&
          segments.some((segment, at) => isVariable(segment) && !isVariable(other.segments[at] ?? '')),
      );
      if (covered.length > 0)
        report(
          'PartialDuplicateOperationPath',
          { node: operation.item, key: true },
          `"${operation.path}" also matches ${covered
            .slice(0, 3)
            .map((other) => `"${other.operation.path}"`)
            .join(', ')}${covered.length > 3 ? ` and ${covered.length - 3} more` : ''}.`,
        );
    }
};

const nameOf = (node: ObjectNode): string => textOf(member(node, 'name')) ?? '';

const checkParameterLists = (definition: Definition, report: GroupReport): void => {
  const seenItems = new Set<ObjectNode>();
  const list = (parameters: readonly Parameter[], what: 'Operation' | 'Path', owner: string): void => {
    const seen = new Map<string, Parameter>();
    const bodies = parameters.filter((parameter) => parameter.in === 'body');
    for (const parameter of parameters) {
      const key = `${parameter.in} ${parameter.in === 'header' ? parameter.name.toLowerCase() : parameter.name}`;
      const first = seen.get(key);
      if (first === undefined) {
        seen.set(key, parameter);
        continue;
      }
      const references = [parameter, first].map(({ declared }) => textOf(member(declared, '$ref')));
      if (references[0] !== undefined && references[0] === references[1] && what === 'Operation')
        report(
          'OperationParametersAreNotUnique',
          { node: parameter.declared },
          `${owner} refers to "${references[0]}" twice.`,
        );
      else if (parameter.in !== 'body' || parameter.name === first.name)
        report(
          `${what}ParametersContainDuplicateParameter`,
          { node: parameter.declared },
          `${owner} has the parameter "${parameter.name}" in ${parameter.in} twice.`,
        );
    }
    const [, second] = bodies;
    if (second)
      report(
        `${what}ParametersContainMultipleBodyParameters`,
        { node: second.declared },
        `${owner} has ${bodies.length} body parameters.`,
      );
  };
  for (const operation of definition.operations) {
    const own = operation.parameters.filter(({ ofPath }) => !ofPath);
    list(own, 'Operation', operation.name);
    if (!seenItems.has(operation.item)) {
      seenItems.add(operation.item);
      list(
        definition.operations.length > 0 ? sharedOf(definition, operation) : [],
        'Path',
        `"${operation.path}"`,
      );
    }
    checkPathVariables(operation, report);
    const form = operation.parameters.find((parameter) => parameter.in === 'formData');
    if (operation.body && form)
      report(
        'ParameterListContainsFormDataAndBody',
        { node: form.declared },
        `${operation.name} has the body "${operation.body.name}" and the form field "${form.name}".`,
      );
    if (operation.method === 'get' || operation.method === 'head')
      for (const parameter of operation.parameters)
        if (parameter.in === 'body' || parameter.in === 'formData')
          report(
            'BodyOrFormDataParameterInFetchOperationNotAllowed',
            { node: parameter.declared },
            `${operation.name} is a ${operation.method.toUpperCase()} and has "${parameter.name}" in ${parameter.in}.`,
          );
  }
};

const sharedOf = (definition: Definition, operation: Operation): readonly Parameter[] =>
  itemsOf(member(operation.item, 'parameters')).flatMap((declared) => {
    const node = definition.follow(declared, 'parameters');
    const place = textOf(member(node, 'in'));
    return node && place
      ? [
          {
            declared,
            node,
            name: nameOf(node),
            in: place,
            required: isTrue(member(node, 'required')),
            ofPath: true,
          },
        ]
      : [];
  });

const checkPathVariables = (operation: Operation, report: GroupReport): void => {
  const variables = templateVariables(operation.path).map((name) => name.replace(/=.*/, ''));
  const declared = operation.parameters.filter((parameter) => parameter.in === 'path');
  for (const name of new Set(variables))
    if (name !== '' && !declared.some((parameter) => parameter.name === name))
      report(
        'OperationMissingPathParameter',
        { node: operation.node },
        `${operation.name} does not declare "${name}" of its path "${operation.path}".`,
      );
  for (const parameter of declared)
    if (!variables.includes(parameter.name))
      report(
        'PathParameterNotDefinedInTemplate',
        { node: parameter.declared },
        `"${parameter.name}" does not occur in the path "${operation.path}".`,
      );
};

/** Each parameter once, however many operations refer to it. */
const checkParameters = (definition: Definition, text: string, report: GroupReport): void => {
  for (const { node } of definition.parameters) {
    const [name, place, type] = [nameOf(node), textOf(member(node, 'in')), textOf(member(node, 'type'))];
    const encoding = member(node, 'x-ms-url-encoding');
    if (place === 'path') {
      const required = member(node, 'required');
      if (!isTrue(required))
        report(
          'PathParameterMustBeRequired',
          { node: required ?? node },
          `The path parameter "${name}" is not required.`,
          {
            fix: required ? [replaceValue(required, true)] : addMember(text, node, 'required', true),
          },
        );
      if (encoding === undefined)
        report(
          'PathParameterMissingEncoding',
          { node },
          `The path parameter "${name}" does not say how it is encoded.`,
          { fix: addMember(text, node, 'x-ms-url-encoding', 'single') },
        );
    }
    if (place === 'query' && encoding !== undefined)
      report(
        'QueryParameterEncodingNotSupported',
        { node: encoding, key: true },
        `The query parameter "${name}" has x-ms-url-encoding.`,
        { fix: remove(text, encoding) },
      );
    if (name.toLowerCase() === 'connectionid')
      report(
        'ConnectionIdParameterNotAllowed',
        { node: member(node, 'name') ?? node },
        `The parameter is named "${name}".`,
      );
    if (place === 'header' && name.toLowerCase() === 'authorization')
      report(
        'ReservedParameterIsUsed',
        { node: member(node, 'name') ?? node },
        `The header parameter is named "${name}".`,
      );
    if (type === 'file' && place !== 'formData' && place !== 'body')
      report(
        'FileParameterMustBeInFormData',
        { node: member(node, 'type') ?? node },
        `"${name}" is of type file and is in ${place}.`,
      );
    if (place === 'formData' && !isAscii(name))
      report(
        'InvalidFormDataParameterName',
        { node: member(node, 'name') ?? node },
        `The name "${name}" is not ASCII.`,
      );
    const schema = node.members.get('schema');
    if (place === 'body') {
      if (schema === undefined)
        report('BodyParameterSchemaRequired', { node }, `The body parameter "${name}" has no schema.`);
      for (const key of [
        'type',
        'format',
        'items',
        'enum',
        'default',
        'collectionFormat',
        'minimum',
        'maximum',
        'minLength',
        'maxLength',
        'pattern',
        'properties',
      ]) {
        const value = node.members.get(key);
        if (value)
          report(
            'BodyParameterPropertyNotValid',
            { node: value, key: true },
            `The body parameter "${name}" has "${key}" next to its schema.`,
          );
      }
    } else if (schema !== undefined && place !== undefined) {
      report(
        'NonBodyParameterSchemaNotValid',
        { node: schema, key: true },
        `"${name}" is in ${place} and has a schema.`,
      );
    }
    const empty = node.members.get('allowEmptyValue');
    if (empty && place !== 'query' && place !== 'formData')
      report(
        'AllowEmptyValueOnlyValidForQueryFormData',
        { node: empty, key: true },
        `"${name}" is in ${place} and has allowEmptyValue.`,
      );
  }
};

const isAscii = (text: string): boolean => [...text].every((character) => character < '\u0080');

/** A type that certification knows, whatever its parameters. */
const bareType = (type: string): string => type.replace(/;.*/s, '').trim().toLowerCase();

const checkMimeTypes = (definition: Definition, report: GroupReport): void => {
  const lists = [definition.root, ...definition.operations.map(({ node }) => node)].flatMap((holder) =>
    ['consumes', 'produces'].map((key) => member(holder, key)),
  );
  for (const node of lists.flatMap((list) => itemsOf(list))) {
    const type = textOf(node);
    if (type === undefined) continue;
    if (!/^[\w.+*-]+\/[\w.+*-]+$/.test(bareType(type)))
      report('MimeTypeNotValid', { node }, `"${type}" is not a MIME type.`);
    else if (!mimeTypes.has(bareType(type)))
      report('MimeTypeNotSupported', { node }, `"${type}" is not one of ${[...mimeTypes].join(', ')}.`);
  }
  const everywhere = member(definition.root, 'consumes');
  for (const operation of definition.operations) {
    const consumes = member(operation.node, 'consumes') ?? everywhere;
    const types = textsOf(consumes).map(bareType);
    const forms = operation.parameters.filter((parameter) => parameter.in === 'formData');
    if ((operation.body || forms.length > 0) && types.length === 0)
      report(
        'ConsumesMissing',
        { node: consumes ?? operation.node },
        `${operation.name} has a body, and neither it nor the root says in consumes what it takes.`,
      );
    if (types.length === 0) continue;
    const place = { node: member(operation.node, 'consumes') ?? operation.node };
    if (forms.length > 0 && !types.some((type) => formTypes.has(type)))
      report(
        'MimeTypeNotCompatibleWithRequestContentSchemaType',
        place,
        `${operation.name} has form data and takes ${types.join(', ')}.`,
      );
    else if (
      operation.body &&
      types.every((type) => formTypes.has(type)) &&
      !isBinary(definition.schema(member(operation.body.node, 'schema')))
    )
      report(
        'MimeTypeNotCompatibleWithRequestContentSchemaType',
        place,
        `${operation.name} has a body parameter and takes only ${types.join(', ')}.`,
      );
    if (types.every((type) => type === 'application/x-www-form-urlencoded'))
      for (const form of forms)
        if (textOf(member(form.node, 'type')) === 'file' || textOf(member(form.node, 'format')) === 'binary')
          report(
            'StringBinaryNotSupportedForFormUrlEncoded',
            { node: form.declared },
            `"${form.name}" of ${operation.name} is binary and sent as application/x-www-form-urlencoded.`,
          );
  }
};

const isBinary = (schema: ObjectNode | undefined): boolean => textOf(member(schema, 'format')) === 'binary';

const checkResponses = (definition: Definition, report: GroupReport): void => {
  for (const operation of definition.operations) {
    const { responses, node } = operation;
    const place = { node: member(node, 'responses') ?? node };
    if (responses.length === 0) {
      report('OperationMustHaveResponse', place, `${operation.name} declares no response.`);
      continue;
    }
    const withSchema = responses.filter((response) => response.node?.members.has('schema'));
    if (!responses.some(({ status }) => status.startsWith('2')))
      report(
        'OperationShouldHaveSuccessfulResponse',
        place,
        `${operation.name} declares no 2xx response, only ${responses.map(({ status }) => status).join(', ')}.`,
      );
    if (withSchema.length > 1)
      report(
        'OperationHasManyResponsesWithSchema',
        place,
        `${operation.name} has schemas at ${withSchema.map(({ status }) => status).join(', ')}.`,
      );
    const standard = withSchema.find(({ status }) => status === 'default');
    if (standard)
      report(
        'DefaultResponseHasSchema',
        { node: standard.declared },
        `The response "default" of ${operation.name} has a schema.`,
        withSchema.length === 1 ? { variant: 'only' } : {},
      );
    const good = responses.filter(({ status }) => /^2\d\d$/.test(status));
    // What answers with 202 or 204 alone has nothing to show.
    const silent = good.length > 0 && !good.some(({ status }) => status === '200' || status === '201');
    const shown =
      silent ||
      good.some(({ node: response }) => response?.members.has('schema')) ||
      (operation.trigger !== undefined && operation.item.members.has('x-ms-notification-content'));
    if (!operation.internal && !shown)
      report(
        'SchemaDefinitionSetIncorrectly',
        place,
        `${operation.name} has no schema at 200 or 201; the designer shows no outputs.`,
      );
    const produces = textsOf(member(node, 'produces') ?? member(definition.root, 'produces')).map(bareType);
    for (const response of responses) {
      const names = new Set<string>();
      for (const [name, header] of membersOf(member(response.node, 'headers'))) {
        if (names.has(name.toLowerCase()))
          report(
            'ResponseHeadersAreNotUnique',
            { node: header, key: true },
            `The header "${name}" is declared twice.`,
          );
        names.add(name.toLowerCase());
      }
      for (const [type, example] of membersOf(member(response.node, 'examples')))
        if (type.includes('/') && produces.length > 0 && !produces.includes(bareType(type)))
          report(
            'ResponseExampleMustBeProducedByOperation',
            { node: example, key: true },
            `The example is ${type}; ${operation.name} produces ${produces.join(', ')}.`,
          );
    }
  }
};

const checkLists = (definition: Definition, text: string, report: GroupReport): void => {
  const unique = (list: JsonNode | undefined): void => {
    const seen = new Set<string>();
    for (const node of itemsOf(list)) {
      const value = canonical(node);
      if (seen.has(value))
        report('ArrayDuplicateValue', { node }, `${value.slice(0, 60)} occurs twice in "${list?.key}".`, {
          fix: remove(text, node),
        });
      seen.add(value);
    }
  };
  for (const key of ['schemes', 'consumes', 'produces']) unique(member(definition.root, key));
  for (const { node } of definition.operations)
    for (const key of ['schemes', 'consumes', 'produces', 'tags']) unique(member(node, key));
  for (const { node } of definition.typed) unique(member(node, 'enum'));
  for (const { node } of definition.schemas) unique(member(node, 'required'));
  const tags = new Set<string>();
  for (const tag of itemsOf(member(definition.root, 'tags'))) {
    const name = textOf(member(tag, 'name'));
    if (name === undefined) continue;
    if (tags.has(name)) report('TagRedefined', { node: tag }, `The tag "${name}" is defined twice.`);
    tags.add(name);
  }
};

interface Member {
  readonly operation: Operation;
  readonly annotation: ObjectNode;
  readonly revision: number | undefined;
  readonly production: boolean;
  readonly deprecated: boolean;
}

const checkFamilies = (definition: Definition, report: GroupReport): void => {
  const families = new Map<string, Member[]>();
  const preview =
    textOf(member(member(member(definition.root, 'info'), 'x-ms-api-annotation'), 'status')) === 'Preview';
  for (const operation of definition.operations) {
    const annotation = objectOf(member(operation.node, 'x-ms-api-annotation'));
    if (annotation === undefined) continue;
    const deprecated = isTrue(member(operation.node, 'deprecated'));
    const revision = numberOf(member(annotation, 'revision'));
    const status = member(annotation, 'status');
    const replacement = member(annotation, 'replacement');
    if (replacement?.type === 'object') {
      if (!deprecated)
        report(
          'ApiAnnotationExtensionReplacementInfoForNonDeprecatedOperations',
          { node: replacement, key: true },
          `${operation.name} names a replacement and is not deprecated.`,
        );
      if (!replacement.members.has('api'))
        report(
          'ApiAnnotationExtensionReplacementInfoMissingApiProperty',
          { node: replacement },
          `The replacement of ${operation.name} does not name its api.`,
        );
      if (!replacement.members.has('operationId'))
        report(
          'ApiAnnotationExtensionReplacementInfoMissingOperationIdProperty',
          { node: replacement },
          `The replacement of ${operation.name} does not name its operationId.`,
        );
    }
    if (preview && textOf(status) === 'Production' && status)
      report(
        'OperationStatusAheadOfConnector',
        { node: status },
        `${operation.name} is in Production and the connector in Preview.`,
      );
    const family = textOf(member(annotation, 'family'));
    if (family === undefined) continue;
    if (revision === undefined)
      report('OperationRevisionEmpty', { node: annotation }, `${operation.name} does not say its revision.`);
    else if (revision > 1 && operation.id && !new RegExp(`V${revision}$`, 'i').test(operation.id))
      report(
        'OperationIdShouldEndWithRevision',
        { node: member(operation.node, 'operationId') ?? annotation },
        `"${operation.id}" is revision ${revision} and does not end with "_V${revision}".`,
      );
    families.set(family, [
      ...(families.get(family) ?? []),
      {
        operation,
        annotation,
        revision,
        production: textOf(status) !== 'Preview' && status !== undefined,
        deprecated,
      },
    ]);
  }
  for (const [family, members] of families) checkFamily(family, members, report);
};

const checkFamily = (family: string, members: readonly Member[], report: GroupReport): void => {
  const revisions = new Set<number>();
  for (const { annotation, revision, operation } of members) {
    if (revision === undefined) continue;
    if (revisions.has(revision))
      report(
        'OperationFamilyHasDuplicateRevisions',
        { node: member(annotation, 'revision') ?? annotation },
        `${operation.name} has revision ${revision}, like another operation of the family "${family}".`,
      );
    revisions.add(revision);
  }
  const [, emptyTwo] = members.filter(({ revision }) => revision === undefined);
  if (emptyTwo)
    report(
      'OperationFamilyHasManyEmptyRevisions',
      { node: emptyTwo.annotation },
      `Several operations of the family "${family}" have no revision.`,
    );
  const active = members.filter(({ deprecated }) => !deprecated);
  const [, , third] = active;
  if (third)
    report(
      'OperationFamilyHasManyActiveOperations',
      { node: third.annotation },
      `The family "${family}" has ${active.length} operations that are not deprecated.`,
    );
  const [, secondProduction] = active.filter(({ production }) => production);
  if (secondProduction)
    report(
      'OperationFamilyHasManyActiveProductionOperations',
      { node: secondProduction.annotation },
      `The family "${family}" has several active operations in Production.`,
    );
};

export const checkOperations = ({ definition, definitionSource }: Connector, report: GroupReport): void => {
  if (definition === undefined || definitionSource === undefined) return;
  checkIds(definition, report);
  checkPaths(definition, report);
  checkOverlaps(definition, report);
  checkParameterLists(definition, report);
  checkParameters(definition, definitionSource.text, report);
  checkMimeTypes(definition, report);
  checkResponses(definition, report);
  checkLists(definition, definitionSource.text, report);
  checkFamilies(definition, report);
};
