/** What the emitter makes of vocabulary that the present operations do not use, and what it refuses. */
import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { exampleConfiguration } from '../../config/example.ts';
import {
  dynamicSchema,
  dynamicValues,
  type Operation,
  operation,
} from '../../connector/contract/operation.ts';
import {
  callbackUrl,
  choice,
  decimal,
  list,
  nullable,
  optional,
  record,
  row,
  type TSchema,
  text,
} from '../../connector/contract/schema.ts';
import { ConnectorFormatError } from '../../connector/emit/format-error.ts';
import { emitSwagger } from '../../connector/emit/swagger.ts';
import { bodyOf, operationNamed, resolved, successOf } from './walk.ts';

const word = (summary: string) => text({ summary, description: `${summary}.` });

const listTables = operation({
  operationId: 'ListTables',
  kind: 'lookup',
  method: 'GET',
  path: '/instances/{instance}/tables',
  function: 'proxy',
  authentication: 'user',
  counted: true,
  summary: 'List tables',
  description: 'Lists tables.',
  visibility: 'internal',
  pathParameters: record({ instance: word('Instance') }),
  queryParameters: record({}),
  body: null,
  response: {
    status: 200,
    description: 'Tables',
    schema: record({
      value: list(record({ id: word('Id'), name: word('Name') }), { summary: 'T', description: 'T.' }),
    }),
  },
  notification: null,
  example: { path: { instance: 'one' }, query: {}, body: null },
});

const describeTable = operation({
  ...listTables,
  operationId: 'DescribeTable',
  path: '/instances/{instance}/tables/{table}',
  pathParameters: record({ instance: word('Instance'), table: word('Table') }),
  response: {
    status: 200,
    description: 'Columns',
    schema: record({ schema: row({ summary: 'Schema', description: 'Schema of a row.' }) }),
  },
  example: { path: { instance: 'one', table: 'two' }, query: {}, body: null },
});

const tables = (instance: string) =>
  dynamicValues(listTables, {
    parameters: { instance: { parameter: instance } },
    collection: 'value',
    value: 'id',
    title: 'name',
  });

/** An action with this body (and `instance` in its path when asked for). */
const action = (body: TSchema | null, changes: Partial<Operation> = {}): Operation =>
  ({
    ...listTables,
    operationId: 'DoIt',
    kind: 'action',
    method: 'POST',
    path: '/do',
    visibility: 'important',
    pathParameters: record({}),
    body,
    response: { status: 200, description: 'Done', schema: record({ done: word('Done') }) },
    ...changes,
  }) as Operation;

const emit = (subject: Operation) => {
  const definition = emitSwagger([subject, listTables, describeTable], exampleConfiguration);
  const emitted = operationNamed(definition, subject.operationId);
  if (emitted === undefined) throw new Error('not emitted');
  return { definition, emitted, body: resolved(definition, bodyOf(emitted)) };
};

const refusal = (subject: Operation): string => {
  try {
    emit(subject);
  } catch (error) {
    if (error instanceof ConnectorFormatError) return error.message;
    throw error;
  }
  return 'nothing was refused';
};

describe('drop-downs', () => {
  it('need only the older notation where the name is that of a parameter', () => {
    const { body } = emit(
      action(
        record({ table: text({ summary: 'T', description: 'T.', dynamicValues: tables('instance') }) }),
        {
          path: '/do/{instance}',
          pathParameters: record({ instance: word('Instance') }),
        },
      ),
    );
    expect(resolved(emitSwagger([], exampleConfiguration), body?.properties?.table)).toMatchObject({
      'x-ms-dynamic-values': { parameters: { instance: { parameter: 'instance' } }, 'value-path': 'id' },
    });
    expect(body?.properties?.table).not.toHaveProperty('x-ms-dynamic-list');
  });

  it('get the newer notation in addition when they reach into the body', () => {
    const { body } = emit(
      action(
        record({
          where: record({ instance: word('Instance') }),
          table: text({ summary: 'T', description: 'T.', dynamicValues: tables('where/instance') }),
        }),
      ),
    );
    expect(body?.properties?.table).toMatchObject({
      'x-ms-dynamic-values': { parameters: { instance: { parameter: 'where/instance' } } },
      'x-ms-dynamic-list': {
        operationId: 'ListTables',
        parameters: { instance: { parameterReference: 'body/where/instance' } },
        itemsPath: 'value',
        itemValuePath: 'id',
        itemTitlePath: 'name',
      },
    });
  });

  it('get the newer notation when a parameter and a body property have the same name; the parameter is meant', () => {
    const { body } = emit(
      action(
        record({
          instance: word('Instance'),
          table: text({ summary: 'T', description: 'T.', dynamicValues: tables('instance') }),
        }),
        { path: '/do/{instance}', pathParameters: record({ instance: word('Instance') }) },
      ),
    );
    expect(body?.properties?.table).toMatchObject({
      'x-ms-dynamic-list': { parameters: { instance: { parameterReference: 'instance' } } },
    });
  });

  it('take the default of an internal value, which the designer cannot read', () => {
    const { body } = emit(
      action(
        record({
          instance: text({ summary: 'I', description: 'I.', visibility: 'internal', default: 'one' }),
          table: text({ summary: 'T', description: 'T.', dynamicValues: tables('instance') }),
        }),
      ),
    );
    expect(body?.properties?.table).toMatchObject({
      'x-ms-dynamic-values': { parameters: { instance: 'one' } },
    });
  });

  it('are refused when they name what does not exist', () => {
    const table = (instance: string) =>
      record({ table: text({ summary: 'T', description: 'T.', dynamicValues: tables(instance) }) });
    expect(refusal(action(table('absent')))).toMatch(
      /DoIt, body\/table: .*"absent".*neither a parameter nor/,
    );
  });
});

describe('a dynamic schema', () => {
  it('is written in both notations', () => {
    const rowOfTable = row({
      summary: 'Row',
      description: 'A row.',
      dynamicSchema: dynamicSchema(describeTable, {
        parameters: { instance: { parameter: 'instance' }, table: { parameter: 'table' } },
        value: 'schema',
      }),
    });
    const { definition, emitted } = emit(
      action(record({ table: word('Table') }), {
        path: '/do/{instance}',
        pathParameters: record({ instance: word('Instance') }),
        response: { status: 200, description: 'Row', schema: record({ row: rowOfTable }) },
      }),
    );
    expect(resolved(definition, successOf(emitted)?.schema)?.properties?.row).toMatchObject({
      type: 'object',
      additionalProperties: true,
      'x-ms-dynamic-schema': {
        operationId: 'DescribeTable',
        parameters: { instance: { parameter: 'instance' }, table: { parameter: 'table' } },
        'value-path': 'schema',
      },
      'x-ms-dynamic-properties': {
        parameters: {
          instance: { parameterReference: 'instance' },
          table: { parameterReference: 'body/table' },
        },
        itemValuePath: 'schema',
      },
    });
  });
});

describe('definitions', () => {
  const shared = () => record({ id: word('Id') }, { definition: 'Thing' });

  it('are shared by name, and written in place where a reference cannot say null', () => {
    const { definition, body } = emit(action(record({ one: shared(), none: nullable(shared()) })));
    expect(body?.properties?.one).toEqual({ $ref: '#/definitions/Thing' });
    expect(body?.properties?.none).toMatchObject({ type: 'object', 'x-nullable': true });
    expect(Object.keys(definition.definitions)).toEqual(['Thing']);
  });

  it('cannot stand for two schemas', () => {
    const other = record({ name: word('Name') }, { definition: 'Thing' });
    expect(refusal(action(record({ one: shared(), other })))).toMatch(
      /"Thing" is already the name of another schema/,
    );
  });
});

describe('values', () => {
  it('of a nullable choice keep their words and lose the null', () => {
    const status = nullable(choice({ ok: 'Succeeded', bad: 'Failed' }, { summary: 'S', description: 'S.' }));
    const { body } = emit(action(record({ status })));
    expect(body?.properties?.status).toMatchObject({
      enum: ['ok', 'bad'],
      'x-nullable': true,
      'x-ms-enum-values': [
        { value: 'ok', displayName: 'Succeeded' },
        { value: 'bad', displayName: 'Failed' },
      ],
    });
  });
});

describe('the emitter refuses', () => {
  const internal = { summary: 'X', description: 'X.', visibility: 'internal' } as const;
  const cases: readonly (readonly [string, Operation, RegExp])[] = [
    [
      'an internal required input without default',
      action(record({ x: text(internal) })),
      /no request could be made/,
    ],
    [
      'an internal optional input with default',
      action(record({ x: optional(text({ ...internal, default: 'a' })) })),
      /the default would never be sent/,
    ],
    [
      'keywords that Swagger 2.0 lacks',
      action(record({ x: Type.Union([Type.String(), Type.Number()]) })),
      /body\/x: Swagger 2\.0 cannot contain "anyOf"/,
    ],
    [
      'types that Swagger 2.0 lacks',
      action(record({ x: Type.Null() })),
      /the type "null" has no Swagger form/,
    ],
    ['a body on GET', action(record({ x: word('X') }), { method: 'GET' }), /a GET cannot carry a body/],
    [
      'an object as query parameter',
      action(null, { queryParameters: record({ x: record({ y: word('Y') }) }) }),
      /query parameter x: it must be a text, a number or a flag/,
    ],
    [
      'a path that names no parameter',
      action(null, { path: '/do/{x}' }),
      /pathParameters does not declare it/,
    ],
    [
      'a parameter that no path names',
      action(null, { pathParameters: record({ x: word('X') }) }),
      /has no \{x\}/,
    ],
    [
      'an optional path parameter',
      action(null, { path: '/do/{x}', pathParameters: record({ x: optional(word('X')) }) }),
      /cannot be optional/,
    ],
    [
      'a reserved name',
      action(null, { queryParameters: record({ connectionId: word('X') }) }),
      /the platform reserves this name/,
    ],
    [
      'a pageable operation without next link',
      action(null, { pageable: true }),
      /@odata\.nextLink at its root/,
    ],
    [
      'a second operation at a path',
      action(null, { path: listTables.path, method: 'GET' }),
      /already has this path and method/,
    ],
    [
      'a trigger without notification',
      action(record({ callbackUrl: callbackUrl() }), { kind: 'trigger' }),
      /notification/,
    ],
    [
      'a connection test that needs a value',
      action(null, {
        method: 'GET',
        testsConnection: true,
        queryParameters: record({ x: decimal({ summary: 'X', description: 'X.' }) }),
      }),
      /GET without required parameters/,
    ],
  ];

  it.each(cases)('%s', (_, subject, message) => {
    // A parameter at the path of listTables must not be what is refused.
    const atListTables = subject.path === listTables.path;
    const fitting = atListTables ? { ...subject, pathParameters: listTables.pathParameters } : subject;
    expect(refusal(fitting)).toMatch(message);
  });
});

describe('a connection test', () => {
  it('becomes a capability', () => {
    const definition = emitSwagger(
      [action(null, { method: 'GET', testsConnection: true })],
      exampleConfiguration,
    );
    expect(definition['x-ms-capabilities']).toEqual({
      testConnection: { operationId: 'DoIt', parameters: {} },
    });
  });
});
