/** Rules about the definition's structure; the names in comments are those of the certification validator. */
import { connectorJson } from '../../../connector/emit/json.ts';
import { templateNames } from '../../../connector/emit/swagger-parameters.ts';
import { objectsIn, operationsIn, plainParameters, type Rule, schemasOf, successOf } from './walk.ts';

const repeated = (values: readonly string[]) => values.filter((value, at) => values.indexOf(value) !== at);

/** OperationIdNotUnique, OperationIdSanitized. */
export const operationIdsArePascalCaseAndUnique: Rule = ({ definition }) => {
  const ids = operationsIn(definition).map(({ operation }) => operation.operationId);
  return [...ids.filter((id) => !/^[A-Z][A-Za-z0-9]*$/.test(id)), ...repeated(ids)];
};

/** OperationMissingPathParameter, PathParameterMustBeRequired, PathParameterMissingEncoding. */
export const pathParametersAreDeclaredRequiredAndEncoded: Rule = ({ definition }) =>
  operationsIn(definition).flatMap(({ path, operation }) => {
    const declared = plainParameters(operation).filter((parameter) => parameter.in === 'path');
    const names = declared.map(({ name }) => name);
    return [
      ...templateNames(path).filter((name) => !names.includes(name)),
      ...names.filter((name) => !templateNames(path).includes(name)),
      ...declared
        .filter((parameter) => !parameter.required || parameter['x-ms-url-encoding'] !== 'double')
        .map(({ name }) => name),
    ].map((name) => `${operation.operationId}: ${name}`);
  });

/** QueryParameterEncodingNotSupported. */
export const queryParametersAreNotEncoded: Rule = ({ definition }) =>
  operationsIn(definition).flatMap(({ operation }) =>
    plainParameters(operation)
      .filter((parameter) => parameter.in === 'query' && parameter['x-ms-url-encoding'])
      .map(({ name }) => `${operation.operationId}: ${name}`),
  );

/** OperationParametersContainDuplicateParameter, ConnectionIdParameterNotAllowed. */
export const parametersAreDistinct: Rule = ({ definition }) =>
  operationsIn(definition).flatMap(({ operation }) => {
    const names = operation.parameters.map(({ name }) => name);
    return [...repeated(names), ...names.filter((name) => name.toLowerCase() === 'connectionid')];
  });

/** BodyOrFormDataParameterInFetchOperationNotAllowed. */
export const readsAndDeletesCarryNoBody: Rule = ({ definition }) =>
  operationsIn(definition).flatMap(({ method, operation }) =>
    (method === 'get' || method === 'delete') &&
    operation.parameters.some((parameter) => parameter.in === 'body')
      ? [operation.operationId]
      : [],
  );

/** PathRedefined, DuplicateOperationPath. */
export const pathsAreDistinct: Rule = ({ definition }) =>
  repeated(Object.keys(definition.paths).map((path) => path.toLowerCase().replace(/\{[^}]*\}/g, '{}')));

/** SchemaDefinitionSetIncorrectly, OperationShouldHaveSuccessfulResponse. */
export const visibleOperationsAnswerWithASchema: Rule = ({ definition }) =>
  operationsIn(definition).flatMap(({ operation }) => {
    const success = successOf(operation);
    const needsSchema = operation['x-ms-visibility'] !== 'internal';
    return success === undefined || (needsSchema && !success.schema) ? [operation.operationId] : [];
  });

/** OperationHasManyResponsesWithSchema, DefaultResponseHasSchema. */
export const onlySuccessHasASchema: Rule = ({ definition }) =>
  operationsIn(definition).flatMap(({ operation }) =>
    Object.entries(operation.responses)
      .filter(([status, { schema }]) => schema && !status.startsWith('2'))
      .map(([status]) => `${operation.operationId}: ${status}`),
  );

/** What a caller has to be prepared for; a refusal names the wait. */
export const throttlingIsDeclared: Rule = ({ definition }) =>
  operationsIn(definition).flatMap(({ operation }) =>
    operation['x-ms-visibility'] === 'internal' || operation.responses[429]?.headers?.['Retry-After']
      ? []
      : [operation.operationId],
  );

/** SchemaReferenceNotFound, AdditionalPropertyNotAllowedAdjacentToRef. */
export const referencesResolveAndStandAlone: Rule = ({ definition }) =>
  objectsIn(definition).flatMap(({ place, names, object }) => {
    if (names || typeof object.$ref !== 'string') return [];
    const name = object.$ref.replace('#/definitions/', '');
    return name in definition.definitions && Object.keys(object).length === 1 ? [] : [place];
  });

export const definitionsAreUsed: Rule = ({ definition }) => {
  const used = new Set(objectsIn(definition).map(({ object }) => object.$ref));
  return Object.keys(definition.definitions).filter((name) => !used.has(`#/definitions/${name}`));
};

const unsupported = [
  'anyOf',
  'oneOf',
  'allOf',
  'not',
  'const',
  'patternProperties',
  'uniqueItems',
  'nullable',
  '$id',
];

/** SwaggerKeywordNotSupported. */
export const keywordsAreSupported: Rule = ({ definition }) =>
  objectsIn(definition).flatMap(({ place, names, object }) =>
    names
      ? []
      : [
          ...unsupported.filter((keyword) => keyword in object).map((keyword) => `${place}/${keyword}`),
          ...(Array.isArray(object.type) || object.type === 'null' ? [`${place}/type`] : []),
        ],
  );

const extensions = new Set([
  'x-ms-connector-metadata',
  'x-ms-capabilities',
  'x-ms-notification-content',
  'x-ms-notification-url',
  'x-ms-trigger',
  'x-ms-trigger-hint',
  'x-ms-pageable',
  'x-ms-summary',
  'x-ms-visibility',
  'x-ms-url-encoding',
  'x-ms-enum-values',
  'x-ms-dynamic-values',
  'x-ms-dynamic-list',
  'x-ms-dynamic-schema',
  'x-ms-dynamic-properties',
  'x-nullable',
]);

/** A misspelt extension is silently lost; an `x-dynamic-…` is ours and must have been translated. */
export const extensionsAreKnown: Rule = ({ definition }) =>
  objectsIn(definition).flatMap(({ place, names, object }) =>
    names
      ? []
      : Object.keys(object)
          .filter((key) => key.startsWith('x-') && !extensions.has(key))
          .map((key) => `${place}/${key}`),
  );

const formats = new Set([
  'int32',
  'int64',
  'float',
  'double',
  'byte',
  'date',
  'date-time',
  'email',
  'uri',
  'uuid',
]);

/** UnrecognizedTypeFormat. */
export const formatsAreKnown: Rule = ({ definition }) =>
  objectsIn(definition).flatMap(({ place, names, object }) =>
    names || typeof object.format !== 'string' || formats.has(object.format) ? [] : [place],
  );

/** RequiredPropertyDefinitionMissing, RequiredPropertyArrayEmpty. */
export const requiredNamesExist: Rule = ({ definition }) =>
  operationsIn(definition).flatMap((found) =>
    schemasOf(definition, found).flatMap(({ place, schema }) => [
      ...(schema.required?.length === 0 ? [`${place}: empty`] : []),
      ...(schema.required ?? [])
        .filter((name) => !(name in (schema.properties ?? {})))
        .map((name) => `${place}.${name}`),
    ]),
  );

/** ArrayHasNoItems. */
export const listsHaveItems: Rule = ({ definition }) =>
  operationsIn(definition).flatMap((found) =>
    schemasOf(definition, found).flatMap(({ place, schema }) =>
      schema.type === 'array' && !schema.items ? [place] : [],
    ),
  );

/** EnumMustContainAtLeastOneElement, InvalidEnumValue, DefaultValueMustMatchType. */
export const wordsAndDefaultsFitTheirType: Rule = ({ definition }) =>
  objectsIn(definition).flatMap(({ place, names, object }) => {
    if (names || typeof object.type !== 'string') return [];
    const fits = (value: unknown) =>
      object.type === 'integer' ? Number.isInteger(value) : typeof value === object.type;
    const words = Array.isArray(object.enum) ? object.enum : undefined;
    return [
      ...(words && (words.length === 0 || !words.every(fits)) ? [`${place}/enum`] : []),
      ...(object.default !== undefined && !(fits(object.default) && (words?.includes(object.default) ?? true))
        ? [`${place}/default`]
        : []),
    ];
  });

/** HostNameNotValid, BasePathNotValid; certification wants https. */
export const addressIsPlain: Rule = ({ definition: { host, basePath, schemes } }) => [
  ...(/^[^{}/ :\\]+(:\d+)?$/.test(host) ? [] : [`host ${host}`]),
  ...(basePath.startsWith('/') ? [] : [`basePath ${basePath}`]),
  ...(schemes.includes('https') && schemes.length === 1 ? [] : ['schemes']),
];

/** ConsumesMissing, MimeTypeNotSupported. */
export const contentIsJson: Rule = ({ definition: { consumes, produces } }) =>
  [...consumes, ...produces].map(String).filter((type) => type !== 'application/json');

/** SecurityRequirementMustBeDefined, OAuthSecurityRequirementValueMustBeScopeName. */
export const securityIsDefined: Rule = ({ definition: { security, securityDefinitions } }) =>
  security.flatMap((requirement) =>
    Object.entries(requirement).flatMap(([name, scopes]) => {
      const defined = securityDefinitions[name];
      if (defined === undefined) return [name];
      return scopes.filter((scope) => !(scope in defined.scopes));
    }),
  );

const categories = new Set([
  'AI',
  'Business Management',
  'Business Intelligence',
  'Data',
  'Marketing',
  'Sales and CRM',
]);

/** ConnectorMetadataPropertiesMissing, InvalidConnectorCategory, TooManyConnectorCategories, UrlNotValid. */
export const metadataIsComplete: Rule = ({ definition }) => {
  const metadata = new Map(
    definition['x-ms-connector-metadata'].map(({ propertyName, propertyValue }) => [
      propertyName,
      propertyValue,
    ]),
  );
  const chosen = metadata.get('Categories')?.split(';') ?? [];
  const { name, url, email } = definition.info.contact;
  return [
    ...['Website', 'Privacy policy'].filter((key) => !URL.canParse(metadata.get(key) ?? '')),
    ...(chosen.length >= 1 && chosen.length <= 2 ? [] : ['Categories']),
    ...chosen.filter((category) => !categories.has(category)),
    ...(name && URL.canParse(url ?? '') && email?.includes('@') ? [] : ['contact']),
  ];
};

/** https://learn.microsoft.com/connectors/custom-connectors/faq */
export const sizesAreWithinLimits: Rule = ({ definition }) => {
  const found = operationsIn(definition);
  const minified = JSON.stringify(definition).length;
  return [
    ...(connectorJson(definition).length >= 1_000_000 ? ['bytes'] : []),
    ...(minified > 500_000 ? [`${minified} characters`] : []),
    ...(found.length > 256 ? [`${found.length} operations`] : []),
    ...found
      .filter((operation) => schemasOf(definition, operation).length > 512)
      .map(({ operation }) => `${operation.operationId}: schemas`),
  ];
};
