import type { ErrorObject, ValidateFunction } from 'ajv';
import { expect, it } from 'vitest';
import type { Operation } from '../../../connector/contract/operation.ts';
import { annotationKeywords } from '../../../connector/contract/schema.ts';
import { servedOperations } from '../../../connector/contract/served.ts';
import type { OperationValidators } from '../../../connector/contract/validation.ts';
import type { Route } from '../../../lambda/http/route-table.ts';
import { validateRequest } from '../../../lambda/http/validation.ts';
import { hasCode } from '../../../lambda/runtime/errors.ts';

/** They say where other keywords hold, or what a property is, and never fail themselves. */
const structure = new Set([
  'properties',
  'items',
  'default',
  'nullable',
  'description',
  'title',
  ...annotationKeywords,
]);

const keywordsOf = (schema: unknown, isPropertyMap = false): readonly string[] => {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return [];
  return Object.entries(schema).flatMap(([key, value]) => [
    ...(isPropertyMap || structure.has(key) ? [] : [key]),
    ...(isPropertyMap || ['properties', 'items'].includes(key)
      ? keywordsOf(value, !isPropertyMap && key === 'properties')
      : []),
  ]);
};

const requestSchemas = (servedOperations as readonly Operation[]).flatMap(
  ({ pathParameters, queryParameters, body }) => [pathParameters, queryParameters, body],
);
const keywords = [...new Set(requestSchemas.flatMap((schema) => keywordsOf(schema)))];

it.each(keywords)('a value that fails %s is told so in words, without those of the validator', (keyword) => {
  const error = { instancePath: '/name', schemaPath: '', keyword, params: {} } as ErrorObject;
  const check = Object.assign(() => false, { errors: [error] }) as unknown as ValidateFunction;
  const validators: OperationValidators = { path: check, query: check, body: null };
  try {
    validateRequest({ path: {}, query: {}, body: null }, validators, { queryTypes: {} } as Route, {
      anyLength: false,
    });
    expect.fail('the request was valid');
  } catch (refusal) {
    if (!hasCode(refusal, 'RequestInvalid')) throw refusal;
    for (const { problem } of refusal.details ?? []) expect(problem).not.toBe('is not acceptable');
  }
});
