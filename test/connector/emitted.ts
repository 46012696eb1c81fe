/** The connector made from the real contract and the embedded example configuration. */
import { exampleConfiguration } from '../../config/example.ts';
import { operations } from '../../connector/contract/index.ts';
import { emitApiProperties } from '../../connector/emit/api-properties.ts';
import { emitSwagger } from '../../connector/emit/swagger.ts';
import type { Connector } from './walk.ts';

export const emitted = (): Connector => ({
  definition: structuredClone(emitSwagger(operations, exampleConfiguration)),
  properties: structuredClone(emitApiProperties(operations, exampleConfiguration).properties),
});
