import type { ErrorObject, ValidateFunction } from 'ajv';
import type { OperationValidators } from '../../connector/contract/validation.ts';
import type { Problem } from '../runtime/errors.ts';
import { requestInvalid } from '../runtime/invalid-request.ts';
import type { Route } from './route-table.ts';

/** The part of the request that holds a value, and the names that exist there. */
interface Part {
  readonly name: 'path' | 'query' | 'body';
  readonly known: readonly string[];
}

const typeNames: Readonly<Record<string, string>> = {
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  string: 'a text',
  object: 'a JSON object',
  array: 'a JSON array',
};

const formatNames: Readonly<Record<string, string>> = {
  'date-time': 'a date and time such as 2026-01-31T08:00:00Z',
  uri: 'an absolute URL',
  email: 'an e-mail address',
  int64: 'a whole number of 64 bits',
};

/** `/items/0/name` → `items.0.name`, undone from JSON pointer escapes (RFC 6901). */
const dotted = (pointer: string): string =>
  pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .join('.');

const quotedList = (values: readonly unknown[]): string =>
  values.map((value) => String(value)).join(', ') || 'none';

const problemOf = (error: ErrorObject, { name, known }: Part): Problem => {
  const at = dotted(error.instancePath);
  const parameter = at || name;
  const below = (property: unknown) => (at ? `${at}.${String(property)}` : String(property));
  const limit: unknown = error.params.limit;
  switch (error.keyword) {
    case 'required':
      return { parameter: below(error.params.missingProperty), problem: 'is missing' };
    case 'additionalProperties':
      return {
        parameter: below(error.params.additionalProperty),
        problem: name === 'query' ? 'is not a query option of this operation' : 'is not a property here',
        ...(at === '' && { allowed: quotedList(known) }),
      };
    case 'type':
      return {
        parameter,
        problem: 'has the wrong type',
        allowed: typeNames[String(error.params.type)] ?? String(error.params.type),
      };
    case 'enum':
      return {
        parameter,
        problem: 'is not one of the values',
        allowed: quotedList(Array.isArray(error.params.allowedValues) ? error.params.allowedValues : []),
      };
    case 'format':
      return {
        parameter,
        problem: 'has the wrong form',
        allowed: formatNames[String(error.params.format)] ?? String(error.params.format),
      };
    case 'minProperties':
      return { parameter, problem: 'is empty', allowed: `at least ${limit} of its properties` };
    case 'pattern':
      return {
        parameter,
        problem: 'has the wrong form',
        allowed: `what matches ${String(error.params.pattern)}`,
      };
    case 'minimum':
      return { parameter, problem: 'is too small', allowed: `at least ${limit}` };
    case 'maximum':
      return { parameter, problem: 'is too large', allowed: `at most ${limit}` };
    case 'minLength':
      return { parameter, problem: 'is too short', allowed: `at least ${limit} characters` };
    case 'maxLength':
      return { parameter, problem: 'is too long', allowed: `at most ${limit} characters` };
    default:
      return { parameter, problem: error.message ?? 'is not acceptable' };
  }
};

const problemsOf = (
  check: ValidateFunction,
  value: unknown,
  part: Part,
  anyLength = false,
): readonly Problem[] =>
  check(value)
    ? []
    : (check.errors ?? [])
        .filter(({ keyword }) => !anyLength || keyword !== 'maxLength')
        .map((error) => problemOf(error, part));

/** The parts of a request before validation; they are given their defaults in place. */
export interface UncheckedRequest {
  readonly path: Record<string, unknown>;
  readonly query: Record<string, unknown>;
  readonly body: unknown;
}

/**
 * @param options.anyLength for a connector that was told other lengths of its parameters: the gateway bounds them
 * @throws ConnectorError RequestInvalid that names every problem of path, query and body at once
 */
export const validateRequest = (
  request: UncheckedRequest,
  validators: OperationValidators,
  route: Route,
  { anyLength }: { readonly anyLength: boolean },
): void => {
  const problems = [
    ...problemsOf(
      validators.path,
      request.path,
      { name: 'path', known: Object.keys(request.path) },
      anyLength,
    ),
    ...problemsOf(
      validators.query,
      request.query,
      { name: 'query', known: Object.keys(route.queryTypes) },
      anyLength,
    ),
    ...(validators.body === null
      ? []
      : problemsOf(validators.body, request.body, { name: 'body', known: route.bodyProperties })),
  ];
  if (problems.length > 0) throw requestInvalid(problems);
};
