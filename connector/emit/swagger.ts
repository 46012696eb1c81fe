/** apiDefinition.swagger.json from the contract. */
import { ConfigurationError } from '../../config/check.ts';
import type { Configuration } from '../../config/schema.ts';
import { basePath } from '../contract/index.ts';
import type { Operation } from '../contract/operation.ts';
import type {
  ConnectorDefinition,
  SwaggerMethod,
  SwaggerOperation,
  SwaggerPathItem,
  TypedSchema,
} from './definition.ts';
import { ConnectorFormatError } from './format-error.ts';
import { nextLinkName, swaggerResponses } from './responses.ts';
import { fullScope, securityDefinition } from './sign-in.ts';
import { swaggerParameters } from './swagger-parameters.ts';
import { type Emission, swaggerSchema } from './swagger-schema.ts';
import { connectorVersion } from './version.ts';

export const connectorDescription =
  'Starts flows when something happens in Dynamics 365 Customer Insights, such as a failed refresh or a segment that grows above a threshold, and reads its entities.';

/** At most two, from the list of certification-submission. */
export const categories = 'Data;Marketing';

/** Without a status: what is no preview needs none. @param api the name that a deployment gives the connector */
const revision = (
  { revision: of }: Operation,
  api: string,
): Pick<SwaggerOperation, 'deprecated' | 'x-ms-api-annotation'> =>
  of === undefined
    ? {}
    : {
        ...(of.replacedBy !== undefined && { deprecated: true as const }),
        'x-ms-api-annotation': {
          family: of.family,
          revision: of.number,
          ...(of.replacedBy !== undefined && { replacement: { api, operationId: of.replacedBy } }),
        },
      };

const swaggerOperation = (operation: Operation, emission: Emission): SwaggerOperation => ({
  summary: operation.summary,
  description: operation.description,
  operationId: operation.operationId,
  ...(operation.visibility && { 'x-ms-visibility': operation.visibility }),
  ...revision(operation, emission.api),
  ...(operation.notification && { 'x-ms-trigger': 'single' as const }),
  ...(operation.triggerHint && { 'x-ms-trigger-hint': operation.triggerHint }),
  ...(operation.pageable && { 'x-ms-pageable': { nextLinkName } }),
  parameters: swaggerParameters(operation, emission),
  responses: swaggerResponses(operation, emission),
});

const place = (operation: Operation, emission: Emission, paths: Map<string, SwaggerPathItem>): void => {
  const method = operation.method.toLowerCase() as SwaggerMethod;
  const item = paths.get(operation.path) ?? {};
  const refuse = (problem: string) =>
    new ConnectorFormatError(operation.operationId, operation.path, problem);
  if (item[method]) throw refuse(`${item[method].operationId} already has this path and method.`);
  if ((operation.kind === 'trigger') !== (operation.notification !== null))
    throw refuse('a trigger declares a notification, and only a trigger does.');
  if (operation.notification !== null) {
    if (item['x-ms-notification-content'])
      throw refuse(
        'another trigger registers at this path; a path describes one notification. Give it another.',
      );
    item['x-ms-notification-content'] = {
      description: operation.description,
      schema: swaggerSchema(operation.notification, emission, {
        operation,
        place: 'notification',
        direction: 'output',
      }),
    };
  }
  item[method] = swaggerOperation(operation, emission);
  paths.set(operation.path, item);
};

const hostOf = ({ connector }: Configuration): string => {
  if (connector.host !== undefined) return connector.host;
  throw new ConfigurationError('configuration of the connector', [
    'connector.host is missing: the host of the deployed API. Deploy with `npx cdk deploy --outputs-file cdk-outputs.json` ' +
      'and build with `--outputs cdk-outputs.json`, or write the host (for example a custom domain) into the configuration.',
  ]);
};

const capabilities = (operations: readonly Operation[]): Pick<ConnectorDefinition, 'x-ms-capabilities'> => {
  const test = operations.find(({ testsConnection }) => testsConnection);
  if (test === undefined) return {};
  const required = [...(test.pathParameters.required ?? []), ...(test.queryParameters.required ?? [])];
  if (test.method !== 'GET' || required.length > 0)
    throw new ConnectorFormatError(
      test.operationId,
      'testsConnection',
      'the connection is tested by a GET without required parameters.',
    );
  return { 'x-ms-capabilities': { testConnection: { operationId: test.operationId, parameters: {} } } };
};

/**
 * The definition. Pure and deterministic: keys come in the order in which they are to be written.
 * @throws ConfigurationError when the host is not known yet; says how to get it
 * @throws ConnectorFormatError when the contract holds what the format cannot
 */
export const emitSwagger = (
  operations: readonly Operation[],
  configuration: Configuration,
): ConnectorDefinition => {
  const { connector } = configuration;
  const host = hostOf(configuration);
  const emission: Emission = {
    operations,
    definitions: new Map<string, TypedSchema>(),
    api: connector.title.toLowerCase().replace(/[^a-z0-9]/g, ''),
  };
  const paths = new Map<string, SwaggerPathItem>();
  for (const operation of operations) place(operation, emission, paths);
  return {
    swagger: '2.0',
    info: {
      title: connector.title,
      description: connectorDescription,
      version: connectorVersion,
      contact: {
        name: connector.contact.name,
        url: connector.contact.url,
        email: connector.contact.email,
      },
    },
    host,
    basePath,
    schemes: ['https'],
    consumes: ['application/json'],
    produces: ['application/json'],
    paths: Object.fromEntries(paths),
    definitions: Object.fromEntries([...emission.definitions].sort(([a], [b]) => (a < b ? -1 : 1))),
    securityDefinitions: { oauth2_auth: securityDefinition(configuration) },
    security: [{ oauth2_auth: [fullScope(configuration)] }],
    'x-ms-connector-metadata': [
      { propertyName: 'Website', propertyValue: connector.website },
      { propertyName: 'Privacy policy', propertyValue: connector.privacyPolicy },
      { propertyName: 'Categories', propertyValue: categories },
    ],
    ...capabilities(operations),
  };
};
