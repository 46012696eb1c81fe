import type { Reply } from './reply.ts';

/** Which error model an operation declares per status: the letters of table 3.4. */
export type ErrorModel = 'A' | 'O' | 'P' | 'none';
export type ErrorTable = ReadonlyMap<number, ErrorModel>;

/** Reads the table's own notation: `400A 401 404A 500 503A`. */
export const errorTable = (notation: string): ErrorTable =>
  new Map(
    notation.split(' ').map((entry): [number, ErrorModel] => {
      const letter = entry.slice(3);
      return [Number(entry.slice(0, 3)), letter === '' ? 'none' : (letter as ErrorModel)];
    }),
  );

/** An answer other than success, thrown by a route. */
export class ServiceError extends Error {
  readonly status: number;
  readonly code: string;
  readonly target: string | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    more: { readonly target?: string; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.name = 'ServiceError';
    this.status = status;
    this.code = code;
    this.target = more.target;
    this.headers = more.headers ?? {};
  }
}

export const notFound = (what: string, name: string, code = 'apiResourceNotFound'): ServiceError =>
  new ServiceError(404, code, `${what} "${name}" does not exist`);

export const badRequest = (message: string, target?: string): ServiceError =>
  new ServiceError(400, 'apiBadRequest', message, target === undefined ? {} : { target });

/**
 * The body the operation declares for this status. A status that it does not declare at all gets an
 * ApiErrorResult.
 */
export const errorReply = (error: ServiceError, table: ErrorTable): Reply => {
  const { status, headers } = error;
  const model = table.get(status) ?? (status === 429 ? 'none' : 'A');
  if (status === 429) {
    const seconds = headers['Retry-After'];
    const message = `Rate limit is exceeded. Try again in ${seconds} seconds.`;
    return { status, headers, json: { statusCode: 429, message } };
  }
  if (model === 'none') return { status, headers };
  return { status, headers, json: bodyOf(error, model) };
};

const bodyOf = (error: ServiceError, model: Exclude<ErrorModel, 'none'>): unknown => {
  const { message, code, target } = error;
  if (model === 'O') return { errorCode: code, message, target, details: [] };
  if (model === 'P')
    return { messages: [{ location: { line: 1, column: 1 }, message }], code: 'parsingFailed' };
  return {
    httpStatusCode: String(error.status),
    exceptionCulprit: error.status >= 500 ? 'system' : 'user',
    errorCode: code,
    resultSeverity: 'error',
    message,
    name: code,
    params: {},
    ciResults: [],
  };
};
