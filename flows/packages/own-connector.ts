/** Our connector as the contract describes it, for flows that use it. */
import { exampleConfiguration } from '../../config/example.ts';
import { operations } from '../../connector/contract/index.ts';
import { emitSwagger } from '../../connector/emit/swagger.ts';
import { isOurs } from '../checks/check-package.ts';
import type { ConnectorClient } from '../runner/connectors/connector-api.ts';
import { type SwaggerConnector, swaggerConnector } from '../runner/connectors/swagger-connector.ts';

/** @param client of an API that answers; without it actions need mocks */
export const ownConnector = (client?: ConnectorClient): SwaggerConnector => {
  const definition = emitSwagger(operations, exampleConfiguration);
  return swaggerConnector({
    title: definition.info.title,
    definition,
    serves: isOurs,
    ...(client && { client }),
  });
};
