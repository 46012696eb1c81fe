/** What the operations of the console share. */
import { type HttpFunction, noParameters, type Operation } from './operation.ts';
import { optional, type TObject, type TSchema, text } from './schema.ts';

/** Below the base path. */
export const consolePrefix = '/console';

/** What all operations of the console share. */
export const ofConsole = {
  kind: 'console',
  function: 'console',
  authentication: 'console',
  counted: true,
  visibility: 'internal',
  notification: null,
} as const;

/** A read of the console without parameters. */
export const readOfConsole = {
  ...ofConsole,
  method: 'GET',
  pathParameters: noParameters,
  queryParameters: noParameters,
  body: null,
  example: { path: {}, query: {}, body: null },
} as const;

/** Of an operation that lists page by page. */
export const after = optional(
  text({ summary: 'After', description: 'Where to go on: "next" of the page before.', maxLength: 200 }),
);

/** An operation of the connector for the console: the same parameters and the same answer. */
export const forConsole = <
  const Id extends string,
  Path extends TObject,
  Query extends TObject,
  Body extends TSchema | null,
  Response extends TSchema | null,
>(
  declared: Operation<Id, HttpFunction, Path, Query, Body, Response, null>,
): Operation<`Console${Id}`, 'console', Path, Query, Body, Response, null> => ({
  ...declared,
  ...ofConsole,
  operationId: `Console${declared.operationId}`,
  path: `${consolePrefix}${declared.path}`,
});
