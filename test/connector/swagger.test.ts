import SwaggerParser from '@apidevtools/swagger-parser';
import type { OpenAPIV2 } from 'openapi-types';
import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../config/check.ts';
import { exampleConfiguration } from '../../config/example.ts';
import { operations } from '../../connector/contract/index.ts';
import { connectorJson } from '../../connector/emit/json.ts';
import { emitSwagger } from '../../connector/emit/swagger.ts';
import { operationsIn } from './walk.ts';

const definition = emitSwagger(operations, exampleConfiguration);

describe('the definition', () => {
  it('is Swagger 2.0 to an independent validator', async () => {
    const document: OpenAPIV2.Document = structuredClone(definition);
    await expect(SwaggerParser.validate(document)).resolves.toMatchObject({ swagger: '2.0' });
  });

  it('is written with the same bytes every time', () => {
    expect(connectorJson(emitSwagger(operations, exampleConfiguration))).toBe(connectorJson(definition));
  });

  it('has every operation of the contract at its path and method, and no other', () => {
    expect(
      operationsIn(definition)
        .map(({ method, path, operation }) => [method, path, operation.operationId])
        .sort(),
    ).toEqual(
      operations.map(({ method, path, operationId }) => [method.toLowerCase(), path, operationId]).sort(),
    );
  });

  it('begins with the keys in the order that the coding standards ask for', () => {
    expect(Object.keys(definition).slice(0, 9)).toEqual([
      'swagger',
      'info',
      'host',
      'basePath',
      'schemes',
      'consumes',
      'produces',
      'paths',
      'definitions',
    ]);
  });

  it('describes what a trigger posts on its path, and asks for a single event', () => {
    const item = definition.paths['/datasets/{dataset}/subscriptions/data-source-refresh-failed'];
    expect(item?.['x-ms-notification-content']?.schema).toEqual({
      $ref: '#/definitions/DataSourceRefreshFailed',
    });
    expect(item?.post?.['x-ms-trigger']).toBe('single');
    expect(item?.post?.['x-ms-trigger-hint']).toMatch(/\.$/);
  });

  it('says null by x-nullable and leaves notifications open for keys of later versions', () => {
    expect(definition.definitions.Segment?.properties?.memberCount).toMatchObject({ 'x-nullable': true });
    expect(definition.definitions.DataSourceRefreshFailed).toBeDefined();
    expect(definition.definitions.DataSourceRefreshFailed).not.toHaveProperty('additionalProperties');
  });

  it('asks for the scope of our own application in the tenant configured', () => {
    const scope = `api://${exampleConfiguration.applications.api.clientId}/access_as_user`;
    expect(definition.securityDefinitions.oauth2_auth).toMatchObject({
      flow: 'accessCode',
      authorizationUrl: `https://login.microsoftonline.com/${exampleConfiguration.tenantId}/oauth2/v2.0/authorize`,
      scopes: { [scope]: expect.any(String) },
    });
    expect(definition.security).toEqual([{ oauth2_auth: [scope] }]);
  });

  it('cannot be made without a host; the message says how to get one', () => {
    const { host: _, ...connector } = exampleConfiguration.connector;
    expect(() => emitSwagger(operations, { ...exampleConfiguration, connector })).toThrow(ConfigurationError);
    expect(() => emitSwagger(operations, { ...exampleConfiguration, connector })).toThrow(
      /connector\.host is missing.*--outputs-file.*--outputs/s,
    );
  });
});

describe('connectorJson', () => {
  it('writes ASCII only, four spaces, a line feed at the end and no byte order mark', () => {
    const text = connectorJson({ name: 'Zürich – 😀' });
    expect(text).toBe('{\n    "name": "Z\\u00fcrich \\u2013 \\ud83d\\ude00"\n}\n');
    expect(JSON.parse(text)).toEqual({ name: 'Zürich – 😀' });
  });
});
