/**
 * The checks of requests, made from the contract. The functions carry them compiled at build time
 * (`validators:<function>`, see {@link validatorModules}); tests compile the same ones at run time. Both come
 * from {@link createAjv}, so they cannot differ.
 */
import { Ajv, type AnySchemaObject, type ValidateFunction } from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import addFormats from 'ajv-formats';
import type { OperationIdOf, ServedOperationId } from './index.ts';
import type { HttpFunction, Operation } from './operation.ts';
import { annotationKeywords } from './schema.ts';
import { servedOperations } from './served.ts';

/** The checks of one operation's request; `body` is null where the operation takes none. */
export interface OperationValidators {
  readonly path: ValidateFunction;
  readonly query: ValidateFunction;
  readonly body: ValidateFunction | null;
}

/** The checks of every operation that a function serves: what the module `validators:<function>` exports. */
export type FunctionValidators<Fn extends HttpFunction> = Readonly<
  Record<OperationIdOf<Fn>, OperationValidators>
>;

/** Requests are given their defaults, answers are not. Nothing is converted: parameters have their types already. */
export type ValidatedPart = 'request' | 'answer';

/** Formats of the contract. */
export const usedFormats = ['date-time', 'uri', 'email', 'int64'] as const;

/** The module of the bundles that brings them as `fullFormats`, without the other formats of the library. */
export const formatsModule = 'contract:formats';

/**
 * The one set of rules. Every problem is reported, not only the first, so that a maker corrects a request once; requests
 * are at most 64 KB and closed records, which bounds the list, and what displays it shortens it.
 * A validator for `request` changes what it checks (defaults); one for `answer` never does.
 * @throws Error from compiling, in strict mode, on a keyword or format that is not listed here
 */
export const createAjv = (part: ValidatedPart, options: { readonly source?: boolean } = {}): Ajv => {
  const ajv = new Ajv({
    strict: true,
    allErrors: true,
    // A fifth of the compiled code; the problems have words of their own.
    messages: part === 'answer',
    useDefaults: part !== 'answer',
    ...(options.source && { code: { source: true, esm: true, lines: false } }),
  });
  ajv.addVocabulary([...annotationKeywords]);
  addFormats.default(ajv, [...usedFormats]);
  return ajv;
};

const served = (functionName: HttpFunction): readonly Operation[] =>
  (servedOperations as readonly Operation[]).filter((operation) => operation.function === functionName);

const compiledFunctions = new Map<HttpFunction, Readonly<Record<string, OperationValidators>>>();

/**
 * The validators of a function, compiled at the first call of this process (about 10 ms an operation).
 * @returns operation id → validators
 */
export const compileValidators = <Fn extends HttpFunction>(functionName: Fn): FunctionValidators<Fn> => {
  const known = compiledFunctions.get(functionName) ?? compileFunction(functionName);
  compiledFunctions.set(functionName, known);
  return known as FunctionValidators<Fn>;
};

const compileFunction = (functionName: HttpFunction): Readonly<Record<string, OperationValidators>> => {
  const ajv = createAjv('request');
  const compiled: Record<string, OperationValidators> = {};
  for (const operation of served(functionName))
    compiled[operation.operationId] = {
      path: ajv.compile(operation.pathParameters),
      query: ajv.compile(operation.queryParameters),
      body: operation.body && ajv.compile(operation.body),
    };
  return compiled;
};

/** The checks of responses and notifications, for tests of the contract. */
export interface AnswerValidators {
  readonly response: ValidateFunction | null;
  readonly notification: ValidateFunction | null;
}

/** @returns operation id → validators of its response and its notification, null where it has none */
export const compileAnswerValidators = (): Readonly<Record<ServedOperationId, AnswerValidators>> => {
  const ajv = createAjv('answer');
  const compiled: Record<string, AnswerValidators> = {};
  for (const operation of servedOperations as readonly Operation[])
    compiled[operation.operationId] = {
      response: operation.response.schema && ajv.compile(operation.response.schema),
      notification: operation.notification && ajv.compile(operation.notification),
    };
  return compiled as Readonly<Record<ServedOperationId, AnswerValidators>>;
};

const annotations: ReadonlySet<string> = new Set([...annotationKeywords, 'description', 'title']);

/** A schema without texts for people, because the compiled checks quote parts of it. */
const withoutTexts = (schema: unknown, isPropertyMap = false): unknown => {
  if (Array.isArray(schema)) return schema.map((item) => withoutTexts(item));
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema)
      // A property may have the name of a keyword.
      .filter(([key]) => isPropertyMap || !annotations.has(key))
      .map(([key, value]) => [key, withoutTexts(value, !isPropertyMap && key === 'properties')]),
  );
};

/** Adds to the problems of a validation, which are null while there is none. */
const addProblem = `const addProblem = (problems, instancePath, keyword, params) => {
  const problem = { instancePath, keyword, params };
  if (problems === null) return [problem];
  problems.push(problem);
  return problems;
};`;

/**
 * ajv's compiled checks with one function that adds a problem instead of its code at each place, and without a count of
 * the problems beside their list: half of the code of a check.
 * @throws Error when the code has not the form that is known
 */
const sharedProblems = (source: string): string => {
  const shared = source
    .replaceAll(
      /const (err\d+) = \{instancePath(?::((?:(?!,keyword:|const err).)*))?,keyword:("\w+"),params:(\{(?:(?!\}\};if\(|const err).)*\})\};if\(vErrors === null\)\{vErrors = \[\1\];\}else \{vErrors\.push\(\1\);\}errors\+\+;/g,
      (_, _name, path: string | undefined, keyword: string, params: string) =>
        `vErrors = addProblem(vErrors, ${path ?? 'instancePath'}, ${keyword}, ${params});`,
    )
    .replaceAll('let errors = 0;', '')
    .replaceAll('return errors === 0;', 'return vErrors === null;');
  if (/\berrors(?:\+\+| [!=]==)|vErrors\.push/.test(shared))
    throw new Error(
      'The code that ajv compiles has another form than connector/contract/validation.ts expects.',
    );
  return `${addProblem}${shared}`;
};

/**
 * Names under which a standalone module exports the validators of schemas. Schemas that check the same have one, of
 * whichever operations they are.
 */
class SchemaExports {
  /** By the JSON of the schema. */
  readonly #names = new Map<string, string>();

  /** @returns the name of the validator of this schema, `proposed` unless it already has one */
  nameOf(schema: AnySchemaObject, proposed: string): string {
    const text = JSON.stringify(withoutTexts(schema));
    const name = this.#names.get(text) ?? proposed;
    this.#names.set(text, name);
    return name;
  }

  moduleSource(): string {
    const ajv = createAjv('request', { source: true });
    for (const [schema, name] of this.#names) ajv.addSchema(JSON.parse(schema) as AnySchemaObject, name);
    const source = standaloneCode.default(
      ajv,
      Object.fromEntries([...this.#names.values()].map((name) => [name, name])),
    );
    const lean = sharedProblems(
      source
        // A fifth of the source. The problems are told by keyword and place.
        .replaceAll(/schemaPath:"(?:[^"\\]|\\.)*",/g, '')
        .replaceAll('require("ajv-formats/dist/formats").fullFormats', 'fullFormats'),
    );
    return lean.includes('fullFormats') ? `import { fullFormats } from '${formatsModule}';${lean}` : lean;
  }
}

/**
 * The source of `validators:<function>` and of the module behind it, which holds the checks.
 * @returns module name → ECMAScript module source; the same text for the same contract
 */
export const validatorModules = (functionName: HttpFunction): ReadonlyMap<string, string> => {
  const main = `validators:${functionName}`;
  const checks = new SchemaExports();
  const entries = served(functionName).map(({ operationId, pathParameters, queryParameters, body }) => {
    const path = checks.nameOf(pathParameters, `${operationId}_path`);
    const query = checks.nameOf(queryParameters, `${operationId}_query`);
    const bodyCheck = body ? `checks.${checks.nameOf(body, `${operationId}_body`)}` : 'null';
    return `  ${operationId}: { path: checks.${path}, query: checks.${query}, body: ${bodyCheck} },`;
  });
  return new Map([
    [
      main,
      [`import * as checks from '${main}/checks';`, `export const validators = {`, ...entries, `};`].join(
        '\n',
      ),
    ],
    [`${main}/checks`, checks.moduleSource()],
  ]);
};
