/** Rules about what the platform does with the definition: drop-downs, webhooks, paging, defaults. */
import type {
  ConnectorDefinition,
  SwaggerDynamicValues,
  SwaggerOperation,
  SwaggerSchema,
} from '../../../connector/emit/definition.ts';
import {
  bodyOf,
  type Found,
  operationNamed,
  operationsIn,
  plainParameters,
  type Rule,
  resolved,
  schemasIn,
  schemasOf,
  successOf,
} from './walk.ts';

/** A path string: a JSON pointer without the slash in front. */
const at = (definition: ConnectorDefinition, schema: SwaggerSchema | undefined, path: string) =>
  path
    .split('/')
    .reduce((found, name) => resolved(definition, found?.properties?.[name]), resolved(definition, schema));

const dynamicsOf = (definition: ConnectorDefinition, found: Found) =>
  [
    ...plainParameters(found.operation).map((schema) => ({ place: schema.name, schema })),
    ...schemasOf(definition, found),
  ].map(({ place, schema }) => ({ place: `${found.operation.operationId} ${place}`, schema }));

const supplied = (
  definition: ConnectorDefinition,
  caller: SwaggerOperation,
  target: SwaggerOperation,
  parameters: Readonly<Record<string, unknown>>,
): readonly string[] => [
  ...target.parameters
    .filter(({ name, required }) => required && !(name in parameters))
    .map(({ name }) => `lacks ${name}`),
  ...Object.entries(parameters).flatMap(([name, binding]) => {
    if (!target.parameters.some((parameter) => parameter.name === name)) return [`${name} is unknown there`];
    if (typeof binding !== 'object' || binding === null || !('parameter' in binding)) return [];
    const source = String(binding.parameter);
    const parameter = plainParameters(caller).find((candidate) => candidate.name === source);
    const property = at(definition, bodyOf(caller), source);
    if (!parameter && !property) return [`${source} is unknown here`];
    // OperationParameterRequiredMismatch
    const required =
      parameter?.required ?? resolved(definition, bodyOf(caller))?.required?.includes(source) ?? false;
    return required ? [] : [`${source} may be absent`];
  }),
];

const columns = (
  definition: ConnectorDefinition,
  target: SwaggerOperation,
  values: SwaggerDynamicValues,
): readonly string[] => {
  const collection = at(definition, successOf(target)?.schema, values['value-collection']);
  if (collection?.type !== 'array') return [`${values['value-collection']} is no list`];
  return [values['value-path'], values['value-title']].filter(
    (path) => !at(definition, collection.items, path),
  );
};

/** OperationIdNotFound, OperationMissingRequiredProperty, InvokedOperationShouldProduceArray and …Property. */
export const dynamicReferencesResolve: Rule = ({ definition }) =>
  operationsIn(definition).flatMap((found) =>
    dynamicsOf(definition, found).flatMap(({ place, schema }) => {
      const values = schema['x-ms-dynamic-values'];
      const dynamic = 'x-ms-dynamic-schema' in schema ? schema['x-ms-dynamic-schema'] : undefined;
      return [values, dynamic].flatMap((extension) => {
        if (extension === undefined) return [];
        const target = operationNamed(definition, extension.operationId);
        if (target === undefined) return [`${place}: no ${extension.operationId}`];
        return [
          ...supplied(definition, found.operation, target, extension.parameters),
          ...(extension === values ? columns(definition, target, values) : []),
        ].map((problem) => `${place}: ${problem}`);
      });
    }),
  );

/** DynamicListExtensionRequiredFor…References, DynamicPropertiesExtensionRequiredFor…. */
export const bodyReferencesHaveTheNewerNotation: Rule = ({ definition }) =>
  operationsIn(definition).flatMap((found) =>
    dynamicsOf(definition, found).flatMap(({ place, schema }) => {
      const bindings = Object.values(schema['x-ms-dynamic-values']?.parameters ?? {});
      const reachesBody = bindings.some(
        (binding) =>
          typeof binding === 'object' &&
          at(definition, bodyOf(found.operation), binding.parameter) !== undefined,
      );
      const lacksProperties = 'x-ms-dynamic-schema' in schema && !schema['x-ms-dynamic-properties'];
      return (reachesBody && !schema['x-ms-dynamic-list']) || lacksProperties ? [place] : [];
    }),
  );

/** W1: single, one required internal text for the URL, content on the path, 201 with Location, an internal DELETE. */
export const webhookChainIsComplete: Rule = ({ definition }) => {
  const found = operationsIn(definition);
  const unsubscribe = found.some(
    ({ method, operation }) => method === 'delete' && operation['x-ms-visibility'] === 'internal',
  );
  return found.flatMap(({ item, operation }) => {
    const body = resolved(definition, bodyOf(operation));
    const urls = Object.entries(body?.properties ?? {}).flatMap(([name, property]) => {
      const schema = resolved(definition, property);
      return schema?.['x-ms-notification-url'] ? [{ name, schema }] : [];
    });
    const isTrigger = operation['x-ms-trigger'] !== undefined;
    if (!isTrigger && urls.length === 0 && !item['x-ms-notification-content']) return [];
    const [url] = urls;
    const content = schemasIn(definition, item['x-ms-notification-content']?.schema, 'notification');
    return [
      ...(operation['x-ms-trigger'] === 'single' ? [] : ['not single']),
      ...(urls.length === 1 ? [] : [`${urls.length} callback URLs`]),
      ...(url?.schema.type === 'string' ? [] : ['the callback URL is no text']),
      ...(url?.schema['x-ms-visibility'] === 'internal' ? [] : ['the callback URL is visible']),
      ...(url && body?.required?.includes(url.name) ? [] : ['the callback URL is optional']),
      ...(content.length > 1 ? [] : ['no notification content']),
      ...(operation.responses[201]?.headers?.Location ? [] : ['no Location']),
      ...(unsubscribe ? [] : ['no DELETE']),
    ].map((problem) => `${operation.operationId}: ${problem}`);
  });
};

/** X1 and InternalPropertyWithDefaultOptional. */
export const internalInputsCanBeSent: Rule = ({ definition }) =>
  operationsIn(definition).flatMap(({ operation }) => {
    const body = resolved(definition, bodyOf(operation));
    const inputs = [
      ...plainParameters(operation).map((schema) => ({
        name: schema.name,
        schema,
        required: schema.required,
      })),
      ...Object.entries(body?.properties ?? {}).flatMap(([name, property]) => {
        const schema = resolved(definition, property);
        const required = body?.required?.includes(name) ?? false;
        return schema && !schema['x-ms-notification-url'] ? [{ name, schema, required }] : [];
      }),
    ];
    return inputs
      .filter(({ schema }) => schema['x-ms-visibility'] === 'internal')
      .filter(({ schema, required }) => required !== (schema.default !== undefined))
      .map(({ name }) => `${operation.operationId}: ${name}`);
  });

/** InvalidNextLinkNameValue; a page without the policy would be fetched without credentials. */
export const pagesGoThroughTheConnector: Rule = ({ definition, properties }) => {
  const pages = operationsIn(definition).filter(({ operation }) => operation['x-ms-pageable']);
  const policy = properties.policyTemplateInstances.find(({ templateId }) => templateId === 'updatenextlink');
  const named = policy?.parameters['x-ms-apimTemplate-operationName'] ?? [];
  const link = policy?.parameters['x-ms-apimTemplateParameter.nextLinkPropertyName'];
  return pages.flatMap(({ operation }) => {
    const name = operation['x-ms-pageable']?.nextLinkName ?? '';
    return [
      ...(['nextLink', '@odata.nextLink'].includes(name) ? [] : [`${operation.operationId}: ${name}`]),
      ...(at(definition, successOf(operation)?.schema, name) ? [] : [`${operation.operationId}: no ${name}`]),
      ...(Array.isArray(named) && named.includes(operation.operationId)
        ? []
        : [`${operation.operationId}: no policy`]),
      ...(link === name ? [] : [`the policy names ${link}`]),
    ];
  });
};

/** X5. */
export const connectionTestNeedsNothing: Rule = ({ definition }) => {
  const test = definition['x-ms-capabilities']?.testConnection;
  if (test === undefined) return [];
  const found = operationsIn(definition).find(({ operation }) => operation.operationId === test.operationId);
  const needs = found?.operation.parameters.filter(
    ({ name, required }) => required && !(name in test.parameters),
  );
  return found?.method === 'get' && needs?.length === 0 ? [] : [test.operationId];
};
