import { describe, expect, it } from 'vitest';
import { exampleConfiguration } from '../../../config/example.ts';
import { operations } from '../../../connector/contract/index.ts';
import { emitSwagger } from '../../../connector/emit/swagger.ts';
import {
  callbackProperty,
  DefinitionUnusable,
  readOperations,
} from '../../../flows/runner/connectors/connector-definition.ts';
import { definition } from './api.ts';

describe('the generated definition', () => {
  const read = readOperations(emitSwagger(operations, exampleConfiguration));

  it('has every operation of the contract, with its method and path', () => {
    expect(
      [...read.values()].map(({ operationId, method, path }) => ({ operationId, method, path })),
    ).toEqual(
      expect.arrayContaining(
        operations.map(({ operationId, method, path }) => ({ operationId, method, path })),
      ),
    );
    expect(read.size).toBe(operations.length);
  });

  it.each(
    operations.filter(({ notification }) => notification !== null).map(({ operationId }) => operationId),
  )('describes %s as a trigger that a flow can register', (operationId) => {
    const operation = read.get(operationId);
    expect(operation).toMatchObject({ isTrigger: true, method: 'POST' });
    expect(operation && callbackProperty(operation)).toEqual(['callbackUrl']);
    expect(JSON.stringify(operation?.notification)).not.toContain('$ref');
    expect(operation?.notification).toMatchObject({
      type: 'object',
      required: expect.arrayContaining(['eventId', 'deliveryId']),
    });
  });
});

describe('a definition', () => {
  it('is read with the parameters of the path, defaults and encodings', () => {
    const read = readOperations(definition());
    expect(read.get('OnFlood')?.parameters.map(({ name, in: place }) => [name, place])).toEqual([
      ['place', 'path'],
      ['body', 'body'],
    ]);
    expect(read.get('ListRows')?.parameters).toMatchObject([
      { name: 'place', encoding: 'single', required: true },
      { name: 'row', encoding: 'double' },
      { name: '$top', required: false, defaultValue: undefined },
      { name: 'mode', defaultValue: 'plain' },
    ]);
    expect(read.get('ListRows')).toMatchObject({
      isTrigger: false,
      notification: undefined,
      nextLinkName: '@odata.nextLink',
    });
  });

  it('has its references replaced, and the place of the callback URL found below other properties', () => {
    const read = readOperations(definition());
    const trigger = read.get('OnFlood') ?? expect.fail('no trigger');
    expect(trigger.notification).toMatchObject({ properties: { level: { type: 'number' } } });
    expect(trigger.responses.get('201')).toEqual({ type: 'object', properties: { id: { type: 'string' } } });
    expect(callbackProperty(trigger)).toEqual(['hook', 'url']);
    expect(callbackProperty(read.get('ListRows') ?? expect.fail('no action'))).toBeUndefined();
  });

  it('that cannot be used says what is wrong', () => {
    const dangling = { ...definition(), definitions: { Registration: { type: 'object' } } };
    expect(() => readOperations(dangling)).toThrow(DefinitionUnusable);
    expect(() => readOperations(dangling)).toThrow('#/definitions/Flood points to nothing.');
    const nameless = JSON.parse(JSON.stringify(definition()).replace('"operationId":"ListRows",', ''));
    expect(() => readOperations(nameless)).toThrow('get /places/{place}/rows/{row} has no operationId.');
  });
});
