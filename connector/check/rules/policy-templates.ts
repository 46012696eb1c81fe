/** Policy template instances: against their templates, the operations, the parameters and the connection. */
import type { Connector } from '../connector.ts';
import { expressionsIn, functions, hasOpenBrace } from '../expressions.ts';
import {
  itemsOf,
  type JsonNode,
  member,
  membersOf,
  type ObjectNode,
  objectOf,
  textOf,
} from '../positioned-json.ts';
import type { Report } from '../report.ts';
import { rule, sources } from '../rule.ts';
import { replaceValue } from '../source.ts';
import { nearest } from '../spelling.ts';
import { templateVariables } from './operations.ts';

type GroupReport = Report<keyof typeof policyRules>;

const { policies, paging, testConnection } = sources;

export const policyRules = {
  PolicyInstanceNotValid: rule(
    'error',
    'A policy instance is an object with templateId and parameters.',
    'Add what is missing.',
    policies,
  ),
  PolicyTemplateUnknown: rule(
    'warning',
    'The template of a policy is a known one.',
    'Correct templateId.',
    policies,
  ),
  PolicyTitleMissing: rule('info', 'A policy has a title.', 'Add "title"; the wizard shows it.', policies),
  PolicyParameterMissing: rule(
    'error',
    'A policy has the required parameters of its template.',
    'Add the parameter.',
    policies,
    {
      undocumented: {
        severity: 'warning',
        when: 'a parameter that the schema demands and the certification service refuses (newPropertyPath of stringreplace)',
      },
    },
  ),
  PolicyParameterUnknown: rule(
    'warning',
    'A policy has only parameters of its template.',
    'Correct the spelling, or remove the key.',
    policies,
  ),
  PolicyParameterNotText: rule(
    'warning',
    'The parameters of a policy are texts.',
    'Put the value in double quotes.',
    policies,
  ),
  PolicySectionNotValid: rule(
    'error',
    'x-ms-apimTemplate-policySection is one of the sections of the template.',
    'Write Request or Response (setheader also Failure).',
    policies,
  ),
  PolicySectionMissing: rule(
    'warning',
    'A policy that changes headers or bodies says in which section.',
    'Add "x-ms-apimTemplate-policySection": "Request" or "Response".',
    policies,
  ),
  PolicySectionUnexpected: rule(
    'info',
    'Only templates that have sections name one.',
    'Remove the key.',
    policies,
  ),
  PolicyOperationUnknown: rule(
    'error',
    'A policy names operations that exist.',
    'Correct the operationId, or remove it from the list.',
    policies,
    {
      case: { severity: 'warning', when: 'only capitals differ' },
    },
  ),
  PolicyOperationsEmpty: rule(
    'info',
    'The list of operations of a policy is absent or not empty.',
    'Remove the empty list: both mean every operation.',
    policies,
  ),
  PolicyOperationsNotList: rule(
    'error',
    'x-ms-apimTemplate-operationName is a list of operationIds.',
    'Write a list.',
    policies,
  ),
  PolicyConnectionParameterUnknown: rule(
    'error',
    'A policy uses connection parameters that are declared.',
    'Declare the parameter, or correct its name.',
    policies,
    {
      case: { severity: 'info', when: 'only capitals differ' },
      unread: {
        severity: 'warning',
        when: 'connectionParameters is missing from the file, as in some exports',
      },
    },
  ),
  PolicyQueryParameterUnknown: rule(
    'warning',
    'A query parameter that a policy reads is declared by one of its operations.',
    'Correct the name, or declare the parameter.',
    policies,
  ),
  PolicyFunctionUnknown: rule(
    'warning',
    'An expression uses functions that exist.',
    'Correct the name.',
    policies,
  ),
  PolicyExpressionNotValid: rule(
    'warning',
    'An expression is well formed.',
    'Correct the expression; names must be in single quotes.',
    policies,
  ),
  PolicyTriggerBodyMisplaced: rule(
    'warning',
    '@triggerBody() is in pollingtrigger only.',
    'Use @body().',
    policies,
  ),
  PolicyExistsActionNotValid: rule(
    'warning',
    'existsAction is override, skip or append.',
    'Use one of the three.',
    policies,
  ),
  PolicyMethodNotValid: rule(
    'warning',
    'httpMethod is a method that the template takes.',
    'Use GET, POST, PUT, PATCH, DELETE, OPTIONS, HEAD or @Request.OriginalHTTPMethod (setvaluefromurl: GET, POST, PUT).',
    policies,
  ),
  PolicyPathParameterUnknown: rule(
    'warning',
    'A {name} in the new path is a path parameter of the operations it is for.',
    'Correct the name, or declare the parameter.',
    policies,
  ),
  PolicyValueNotValid: rule(
    'warning',
    'A parameter has a value that its template takes.',
    'Use a value that is named.',
    policies,
  ),
  PolicyStatusCodeNotInteger: rule(
    'error',
    'statusCode of setconnectionstatustounauthenticated is an integer.',
    'Write the number without quotes.',
    policies,
  ),
  PolicyNeedsTestConnection: rule(
    'warning',
    'setconnectionstatustounauthenticated needs a connection test.',
    'Declare x-ms-capabilities.testConnection in the definition.',
    testConnection,
  ),
  PolicyHostWithGateway: rule(
    'warning',
    'dynamichosturl is not used with a gateway.',
    'Remove one of the two.',
    policies,
  ),
  PolicyPollingWithoutTrigger: rule(
    'warning',
    'pollingtrigger is for triggers.',
    'Name operations with x-ms-trigger.',
    policies,
  ),
  PolicyPollingTypeMissing: rule(
    'info',
    'An instance of pollingtrigger has "type": "PollingTrigger".',
    'Add it.',
    policies,
  ),
  PageableWithoutNextLinkPolicy: rule(
    'warning',
    'A pageable operation has the policy updatenextlink.',
    'Add it: without it the next page is fetched past the connector, without credentials. (A script can do the same.)',
    paging,
  ),
  NextLinkPolicyMismatch: rule(
    'warning',
    'nextLinkPropertyName of updatenextlink is the nextLinkName of the operations it is for.',
    'Write the same name in both.',
    paging,
  ),
  NextLinkPolicyWithoutPageable: rule(
    'warning',
    'updatenextlink is for operations with x-ms-pageable.',
    'Add x-ms-pageable to the operation, or take it out of the policy.',
    paging,
  ),
} as const;

const prefix = 'x-ms-apimTemplateParameter.';
const operationKey = 'x-ms-apimTemplate-operationName';
const sectionKey = 'x-ms-apimTemplate-policySection';

interface Template {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** Empty: the template has no section. */
  readonly sections: readonly string[];
}

const both = ['Request', 'Response'];
const template = (
  required: readonly string[],
  optional: readonly string[] = [],
  sections: readonly string[] = [],
): Template => ({ required, optional, sections });

export const templates: Readonly<Record<string, Template>> = {
  dynamichosturl: template(['urlTemplate']),
  dynamicsubdomain: template(['urlTemplate']),
  routerequesttoendpoint: template(['newPath'], ['httpMethod']),
  setheader: template(['name', 'value'], ['existsAction'], [...both, 'Failure']),
  setqueryparameter: template(['name', 'value'], ['existsAction']),
  setproperty: template(
    ['newPropertyParentPathTemplate', 'newPropertySubPathTemplate', 'propertyValuePathTemplate'],
    [],
    both,
  ),
  setvaluefromurl: template(
    ['parameterTemplate', 'parameterValueUrl', 'parameterValuePathTemplate'],
    ['httpMethod'],
    both,
  ),
  pollingtrigger: template(['triggerConfig', 'triggerDataPath']),
  updatenextlink: template(['nextLinkPropertyName'], ['nextLinkParentPropertyPath']),
  convertarraytoobject: template(
    ['propertyParentPath', 'keyWithinCollectionPath', 'newPropertyPath'],
    ['propertySubPath', 'retainKey'],
    both,
  ),
  convertobjecttoarray: template(
    ['propertyParentPath', 'newPropertyPath'],
    ['propertySubPath', 'keyName', 'valueName'],
    both,
  ),
  stringtoarray: template(
    ['propertyParentPath', 'delimiterList', 'childPropertyName', 'newPropertyPath'],
    ['propertySubPath'],
    both,
  ),
  stringreplace: template(
    ['propertyParentPath', 'sourceString', 'replacementString', 'newPropertyPath'],
    ['propertySubPath'],
    both,
  ),
  encodepropertyvalue: template(['propertyParentPath', 'newPropertyPath'], ['propertySubPath'], both),
  setconnectionstatustounauthenticated: template(['statusCode']),
  moveproperties: template(
    ['srcParentPath', 'srcSubPath', 'dstParentPath', 'dstSubPath'],
    ['copyOnlySubProperties'],
    both,
  ),
};

interface Instance {
  readonly node: ObjectNode;
  readonly id: string;
  readonly idNode: JsonNode;
  readonly parameters: ObjectNode;
  readonly template: Template | undefined;
  readonly operations: readonly string[];
}

const parameterOf = ({ parameters }: Instance, name: string): JsonNode | undefined =>
  parameters.members.get(prefix + name);

const readInstance = (node: JsonNode, report: GroupReport): Instance | undefined => {
  const idNode = member(node, 'templateId');
  const parameters = objectOf(member(node, 'parameters'));
  if (node.type !== 'object' || idNode?.type !== 'string' || parameters === undefined) {
    report(
      'PolicyInstanceNotValid',
      { node },
      node.type !== 'object'
        ? 'The policy is not an object.'
        : idNode?.type !== 'string'
          ? 'The policy has no templateId.'
          : 'The policy has no parameters.',
    );
    return undefined;
  }
  const id = idNode.value.toLowerCase();
  if (!Object.hasOwn(templates, id)) {
    const near = nearest(id, Object.keys(templates), 3);
    report(
      'PolicyTemplateUnknown',
      { node: idNode },
      `"${idNode.value}" is not a known template${near ? `; "${near}" is meant` : ''}.`,
    );
  }
  if (!node.members.has('title') || textOf(member(node, 'title')) === '')
    report('PolicyTitleMissing', { node }, `The policy "${idNode.value}" has no title.`);
  return {
    node,
    id,
    idNode,
    parameters,
    template: Object.hasOwn(templates, id) ? templates[id] : undefined,
    operations: itemsOf(parameters.members.get(operationKey)).flatMap((item) => textOf(item) ?? []),
  };
};

const checkParameters = (instance: Instance, report: GroupReport): void => {
  const { parameters, idNode, template: known, id } = instance;
  if (known === undefined) return;
  const names = [...known.required, ...known.optional];
  for (const name of known.required)
    if (!parameters.members.has(prefix + name))
      report(
        'PolicyParameterMissing',
        { node: parameters },
        `"${idNode.type === 'string' ? idNode.value : id}" has no "${prefix}${name}".`,
        id === 'stringreplace' && name === 'newPropertyPath' ? { variant: 'undocumented' } : {},
      );
  for (const [key, node] of parameters.members) {
    if (key === operationKey || key === sectionKey) continue;
    const name = key.startsWith(prefix) ? key.slice(prefix.length) : undefined;
    if (name === undefined || !names.includes(name)) {
      const near = nearest(
        name ?? key,
        name === undefined ? [operationKey, sectionKey, ...names.map((known) => prefix + known)] : names,
        4,
      );
      report(
        'PolicyParameterUnknown',
        { node, key: true },
        `"${key}" is not a parameter of ${id}${near ? `; "${name === undefined ? near : prefix + near}" is meant` : ''}.`,
      );
    } else if (
      node.type !== 'string' &&
      name !== 'triggerConfig' &&
      name !== 'statusCode' &&
      !(node.type === 'number' && (name === 'value' || name === 'propertyValuePathTemplate'))
    ) {
      report(
        'PolicyParameterNotText',
        { node },
        `"${key}" is of type ${node.type}.`,
        node.type === 'boolean' ? { fix: [replaceValue(node, String(node.value))] } : {},
      );
    }
  }
  const section = parameters.members.get(sectionKey);
  if (section === undefined) {
    if (known.sections.length > 0)
      report('PolicySectionMissing', { node: parameters }, `"${id}" does not say in which section it works.`);
  } else if (known.sections.length === 0)
    report('PolicySectionUnexpected', { node: section, key: true }, `"${id}" has no sections.`);
  else if (!known.sections.includes(textOf(section) ?? '')) {
    const near = known.sections.find((word) => word.toLowerCase() === textOf(section)?.trim().toLowerCase());
    report(
      'PolicySectionNotValid',
      { node: section },
      `"${textOf(section) ?? section.type}" is not one of ${known.sections.join(', ')}.`,
      near ? { fix: [replaceValue(section, near)] } : {},
    );
  }
};

const checkOperations = (
  { parameters, id }: Instance,
  { definition }: Connector,
  report: GroupReport,
): void => {
  const list = parameters.members.get(operationKey);
  if (list === undefined) return;
  if (list.type !== 'array') {
    report('PolicyOperationsNotList', { node: list }, `"${operationKey}" of ${id} is of type ${list.type}.`);
    return;
  }
  if (list.items.length === 0)
    report(
      'PolicyOperationsEmpty',
      { node: list },
      `The list of operations of ${id} is empty: the policy applies to all.`,
    );
  if (definition === undefined) return;
  for (const item of list.items) {
    const name = textOf(item);
    if (name === undefined) {
      report(
        'PolicyOperationsNotList',
        { node: item },
        `An entry of "${operationKey}" of ${id} is of type ${item.type}.`,
      );
      continue;
    }
    if (definition.byId.has(name)) continue;
    const similar = definition.similar(name);
    const near = similar ?? nearest(name, definition.byId.keys(), 2);
    report(
      'PolicyOperationUnknown',
      { node: item },
      `${id} is for "${name}", which is not an operation${near ? `; "${near}" is meant` : ''}.`,
      similar ? { variant: 'case', fix: [replaceValue(item, similar)] } : {},
    );
  }
};

/** Every text in a value with its node. */
const textsBelow = (node: JsonNode): readonly (JsonNode & { readonly type: 'string' })[] => {
  if (node.type === 'string') return [node];
  return [...itemsOf(node), ...membersOf(node).values()].flatMap(textsBelow);
};

const checkExpressions = (instance: Instance, connector: Connector, report: GroupReport): void => {
  const { connectionParameters, properties } = connector;
  for (const [key, value] of instance.parameters.members) {
    if (key === operationKey || key === sectionKey) continue;
    for (const node of textsBelow(value)) {
      if (hasOpenBrace(node.value))
        report('PolicyExpressionNotValid', { node }, `"@{" in ${short(node.value)} is not closed.`);
      for (const { name, arguments: given, problem } of expressionsIn(node.value)) {
        const known = functions.get(name.toLowerCase());
        if (known === undefined) {
          const near = nearest(name.toLowerCase(), functions.keys(), 4);
          report(
            'PolicyFunctionUnknown',
            { node },
            `"@${name}" is not a function${near ? `; "@${functions.get(near)?.name}" is meant` : ''}.`,
          );
          continue;
        }
        if (problem !== undefined)
          report('PolicyExpressionNotValid', { node }, `In ${short(node.value)} ${problem}.`);
        else if (known.takesName && given.length === 0)
          report('PolicyExpressionNotValid', { node }, `@${name}() names nothing.`);
        if (known.name === 'triggerBody' && instance.template && instance.id !== 'pollingtrigger')
          report('PolicyTriggerBodyMisplaced', { node }, `${instance.id} uses @triggerBody().`);
        const [parameter] = given;
        if (
          known.name === 'queryParameters' &&
          parameter !== undefined &&
          key !== `${prefix}parameterTemplate`
        )
          checkQueryParameter(parameter, node, instance, connector, report);
        if (
          known.name !== 'connectionParameters' ||
          parameter === undefined ||
          connectionParameters.has(parameter)
        )
          continue;
        const similar = [...connectionParameters.keys()].find(
          (candidate) => candidate.toLowerCase() === parameter.toLowerCase(),
        );
        const near = similar ?? nearest(parameter, connectionParameters.keys(), 2);
        const unread =
          !properties?.members.has('connectionParameters') &&
          !properties?.members.has('connectionParameterSets');
        report(
          'PolicyConnectionParameterUnknown',
          { node },
          `${instance.id} uses the connection parameter "${parameter}", which is not declared${near ? `; "${near}" is meant` : ''}.`,
          {
            ...(similar && {
              variant: 'case',
              fix: [replaceValue(node, node.value.replaceAll(`'${parameter}'`, `'${similar}'`))],
            }),
            ...(!similar && unread && { variant: 'unread' }),
          },
        );
      }
    }
  }
};

/** A query parameter that no operation of the policy declares is never there. Policies before it may set it. */
const checkQueryParameter = (
  name: string,
  node: JsonNode,
  instance: Instance,
  { definition, policies: all }: Connector,
  report: GroupReport,
): void => {
  if (definition === undefined) return;
  const operations =
    instance.operations.length > 0
      ? instance.operations.flatMap((id) => definition.byId.get(id) ?? [])
      : definition.operations;
  const isSet = all.some((policy) => textOf(member(member(policy, 'parameters'), `${prefix}name`)) === name);
  if (
    isSet ||
    operations.length === 0 ||
    operations.some(({ parameters }) => parameters.some((parameter) => parameter.name === name))
  )
    return;
  report(
    'PolicyQueryParameterUnknown',
    { node },
    `${instance.id} reads the query parameter "${name}", which none of its operations declares.`,
  );
};

const short = (text: string): string => (text.length > 60 ? `"${text.slice(0, 57)}…"` : `"${text}"`);

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', '@REQUEST.ORIGINALHTTPMETHOD'];

const checkWords = (instance: Instance, connector: Connector, report: GroupReport): void => {
  const { id, template: known } = instance;
  if (known === undefined) return;
  const word = (
    name: string,
    values: readonly string[],
    rule: 'PolicyExistsActionNotValid' | 'PolicyMethodNotValid' | 'PolicyValueNotValid',
  ) => {
    const node = parameterOf(instance, name);
    if (
      node?.type !== 'string' ||
      node.value === '' ||
      values.includes(rule === 'PolicyMethodNotValid' ? node.value.toUpperCase() : node.value)
    )
      return;
    const near = values.find((value) => value.toLowerCase() === node.value.trim().toLowerCase());
    report(
      rule,
      { node },
      `${name} of ${id} is ${short(node.value)}, none of ${values.join(', ')}.`,
      near ? { fix: [replaceValue(node, near)] } : {},
    );
  };
  if (known.optional.includes('existsAction'))
    word('existsAction', ['override', 'skip', 'append'], 'PolicyExistsActionNotValid');
  if (id === 'routerequesttoendpoint') word('httpMethod', methods, 'PolicyMethodNotValid');
  if (id === 'setvaluefromurl') word('httpMethod', ['GET', 'POST', 'PUT'], 'PolicyMethodNotValid');
  if (id === 'convertarraytoobject') word('retainKey', ['true', 'false'], 'PolicyValueNotValid');
  if (id === 'moveproperties') word('copyOnlySubProperties', ['true', 'false'], 'PolicyValueNotValid');
  const target = parameterOf(instance, 'parameterTemplate');
  if (
    id === 'setvaluefromurl' &&
    target?.type === 'string' &&
    !/^@\{?(headers?|queryParameters)\(/i.test(target.value)
  )
    report(
      'PolicyValueNotValid',
      { node: target },
      `parameterTemplate of setvaluefromurl is ${short(target.value)}, neither @headers('…') nor @queryParameters('…').`,
    );
  const config = parameterOf(instance, 'triggerConfig');
  if (config && config.type !== 'object')
    report('PolicyValueNotValid', { node: config }, `triggerConfig is of type ${config.type}, not object.`);
  const status = parameterOf(instance, 'statusCode');
  if (id === 'setconnectionstatustounauthenticated') {
    if (status && !(status.type === 'number' && Number.isInteger(status.value)))
      report(
        'PolicyStatusCodeNotInteger',
        { node: status },
        `statusCode is of type ${status.type}.`,
        status.type === 'string' && /^\d{3}$/.test(status.value)
          ? { fix: [replaceValue(status, Number(status.value))] }
          : {},
      );
    const capabilities = member(connector.definition?.root, 'x-ms-capabilities');
    if (connector.definition && !member(capabilities, 'testConnection'))
      report(
        'PolicyNeedsTestConnection',
        { node: instance.idNode },
        'The definition declares no connection test.',
      );
  }
  if (
    id === 'dynamichosturl' &&
    [...connector.connectionParameters.values()].some(({ type }) => type === 'gatewaySetting')
  )
    report('PolicyHostWithGateway', { node: instance.idNode }, 'The connector has a gateway.');
};

/** The text without `@{…}`, which is evaluated when the policy runs. */
const withoutExpressions = (text: string): string => {
  let kept = '';
  let from = 0;
  for (;;) {
    const start = text.indexOf('@{', from);
    const end = start < 0 ? -1 : text.indexOf('}', start);
    if (end < 0) return kept + text.slice(from);
    kept += text.slice(from, start);
    from = end + 1;
  }
};

const checkPath = (instance: Instance, { definition }: Connector, report: GroupReport): void => {
  const node = parameterOf(instance, instance.id === 'setvaluefromurl' ? 'parameterValueUrl' : 'newPath');
  if (node?.type !== 'string' || definition === undefined || instance.operations.length === 0) return;
  const text = withoutExpressions(node.value);
  for (const name of new Set(templateVariables(text)))
    for (const id of instance.operations) {
      const operation = definition.byId.get(id);
      if (
        operation === undefined ||
        operation.parameters.some((parameter) => parameter.in === 'path' && parameter.name === name) ||
        templateVariables(operation.path).includes(name)
      )
        continue;
      report(
        'PolicyPathParameterUnknown',
        { node },
        `"{${name}}" in ${short(node.value)} is not a path parameter of ${id}.`,
      );
      break;
    }
};

const checkPolling = (instance: Instance, { definition }: Connector, report: GroupReport): void => {
  if (instance.id !== 'pollingtrigger') return;
  if (!instance.node.members.has('type'))
    report(
      'PolicyPollingTypeMissing',
      { node: instance.node },
      'The instance has no "type": "PollingTrigger".',
    );
  for (const item of itemsOf(instance.parameters.members.get(operationKey))) {
    const operation = definition?.byId.get(textOf(item) ?? '');
    if (operation && operation.trigger === undefined)
      report('PolicyPollingWithoutTrigger', { node: item }, `${operation.name} is not a trigger.`);
  }
};

const checkPages = (
  instances: readonly Instance[],
  connector: Connector,
  report: GroupReport,
  reportDefinition: GroupReport,
): void => {
  const { definition, properties, scriptSource } = connector;
  if (definition === undefined) return;
  const policies = instances.filter(({ id }) => id === 'updatenextlink');
  const scripted = properties?.members.get('scriptOperations');
  const mismatched = new Set<JsonNode>();
  for (const { operation, node } of definition.uses('x-ms-pageable')) {
    if (operation?.id === undefined) continue;
    const { id } = operation;
    const policy = policies.find(({ operations }) => operations.length === 0 || operations.includes(id));
    const name = textOf(member(node, 'nextLinkName'));
    const byScript =
      scripted?.type === 'array'
        ? scripted.items.length === 0 || scripted.items.some((item) => textOf(item) === id)
        : scriptSource !== undefined;
    if (policy === undefined) {
      if (!byScript && properties !== undefined)
        reportDefinition(
          'PageableWithoutNextLinkPolicy',
          { node, key: true },
          `${id} is pageable, and no policy updatenextlink is for it.`,
        );
      continue;
    }
    const property = parameterOf(policy, 'nextLinkPropertyName');
    if (
      property?.type === 'string' &&
      name !== undefined &&
      property.value !== name &&
      !mismatched.has(property)
    ) {
      mismatched.add(property);
      report(
        'NextLinkPolicyMismatch',
        { node: property },
        `The policy names "${property.value}", and nextLinkName of ${id} is "${name}".`,
      );
    }
  }
  for (const { parameters } of policies)
    for (const item of itemsOf(parameters.members.get(operationKey))) {
      const operation = definition.byId.get(textOf(item) ?? '');
      if (operation && !operation.node.members.has('x-ms-pageable'))
        report('NextLinkPolicyWithoutPageable', { node: item }, `${operation.name} has no x-ms-pageable.`);
    }
};

export const checkPolicies = (
  connector: Connector,
  report: GroupReport,
  reportDefinition: GroupReport,
): void => {
  const instances = itemsOf(member(connector.properties, 'policyTemplateInstances')).flatMap(
    (node) => readInstance(node, report) ?? [],
  );
  for (const instance of instances) {
    checkParameters(instance, report);
    checkOperations(instance, connector, report);
    checkExpressions(instance, connector, report);
    checkWords(instance, connector, report);
    checkPath(instance, connector, report);
    checkPolling(instance, connector, report);
  }
  checkPages(instances, connector, report, reportDefinition);
};
