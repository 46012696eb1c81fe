import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import {
  encodesTwiceSince,
  isAtLeast,
  versionHeader,
  versionOf,
} from '../../connector/contract/calling-version.ts';
import type { OperationIdOf } from '../../connector/contract/index.ts';
import type { HttpFunction } from '../../connector/contract/operation.ts';
import type { FunctionValidators, OperationValidators } from '../../connector/contract/validation.ts';
import type { Caller } from '../identity/caller.ts';
import type { VerifyCaller } from '../identity/verify-caller.ts';
import { type Limiter, rateLimitHeaders, refusalMessage } from '../limiter/index.ts';
import { callDeadlineMs, deadlineIn, withinDeadline } from '../runtime/deadline.ts';
import { ConnectorError } from '../runtime/errors.ts';
import { parseJson, renderJson, rounded } from '../runtime/json.ts';
import { type CallLog, type Log, logWith } from '../runtime/log.ts';
import type { InvocationMetrics } from '../runtime/metrics.ts';
import { loggedError, loggedMessage } from '../runtime/redaction.ts';
import { secondMs } from '../runtime/time.ts';
import { errorAnswer } from './error-answer.ts';
import { failureMetric } from './failure-metric.ts';
import type { CallContext, ImplementationResult, Implementations } from './implementations.ts';
import {
  checkBodySize,
  exactOptions,
  readJsonBody,
  readPath,
  readQuery,
  typedOptions,
  withoutNulls,
} from './request.ts';
import { type Route, routesOf } from './route-table.ts';
import { trackingOf, workflowNameOf } from './tracking.ts';
import { validateRequest } from './validation.ts';

export interface HttpHandlerOptions<Fn extends HttpFunction> {
  readonly function: Fn;
  /** `validators:<function>` in a bundle, `compileValidators(function)` in a test. */
  readonly validators: FunctionValidators<Fn>;
  readonly verifyCaller: VerifyCaller;
  /** Counts the operations that the contract marks as counted; a function that has one must give it. */
  readonly limiter?: Limiter;
  readonly implementations: Implementations<Fn>;
  /** Before each operation, once the caller is known: what the implementations read as settled. */
  readonly ready?: () => Promise<void>;
  /**
   * Told of each call of a connector, with the version that it names; what it does settles before the call is answered.
   */
  readonly connectorSeen?: (version: string) => Promise<void>;
  readonly logger: Log;
  /** Published after each call. */
  readonly metrics?: InvocationMetrics;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export type HttpHandler = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

/**
 * How an implementation is called once its request is validated: the types of a single operation are gone by
 * then.
 */
type AnyImplementation = (
  request: { readonly path: unknown; readonly query: unknown; readonly body: unknown },
  context: Omit<CallContext, 'caller'> & { readonly caller: Caller | null },
) => Promise<ImplementationResult<unknown>>;

interface Success {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

/** What the log learns about a call while it continues. */
interface Progress {
  operation?: string;
  caller?: Caller;
  /** Sent with every answer after the call was counted, whether it succeeds or fails. */
  limitHeaders?: Readonly<Record<string, string>>;
}

const jsonHeaders = {
  'Content-Type': 'application/json; charset=utf-8',
  // Answers hold what one user may see.
  'Cache-Control': 'no-store',
} as const;

/**
 * Serves the operations of one function from HTTP API events (payload format 2.0). In this order: operation,
 * size of the body, caller, body, validation, limit, implementation; the first that refuses decides the
 * answer. The handler never throws: an unexpected error becomes a 500 with a correlation id.
 * @throws TypeError at once when an operation is counted and there is no limiter
 */
export const createHttpHandler = <Fn extends HttpFunction>(options: HttpHandlerOptions<Fn>): HttpHandler => {
  const routes = routesOf(options.function);
  for (const { counted, operationId } of routes.values())
    if (counted && options.limiter === undefined)
      throw new TypeError(
        `${operationId} is counted: createHttpHandler needs a limiter for ${options.function}.`,
      );

  const validators: Readonly<Record<string, OperationValidators>> = options.validators;
  const implementations = options.implementations as Readonly<Record<string, AnyImplementation>>;

  const admit = async (route: Route, caller: Caller | null, progress: Progress): Promise<void> => {
    const { limiter } = options;
    if (!route.counted || caller === null || limiter === undefined) return;
    const admission = await limiter.admit(caller);
    if (admission.clockBehindMs > 0) options.metrics?.measure('ClockBehind', admission.clockBehindMs);
    progress.limitHeaders = rateLimitHeaders(limiter.policy, admission);
    if (!admission.admitted)
      throw new ConnectorError('RateLimited', refusalMessage(limiter.policy, admission), {
        retryAfterSeconds: admission.retryAfterMs / secondMs,
      });
  };

  const answer = async (
    event: APIGatewayProxyEventV2,
    correlationId: string,
    log: CallLog,
    progress: Progress,
  ): Promise<Success> => {
    const route = routes.get(event.routeKey);
    if (route === undefined) throw operationNotFound();
    progress.operation = route.operationId;
    const id = route.operationId as OperationIdOf<Fn>;
    const check = validators[id];
    const implementation = implementations[id];
    if (check === undefined || implementation === undefined)
      throw new Error(`${id} has no validators or no implementation in this bundle.`);

    checkBodySize(event);
    const deadline = deadlineIn(callDeadlineMs);
    const work = async (): Promise<Success> => {
      const caller =
        route.authentication === 'location' ? null : await options.verifyCaller(event.headers.authorization);
      if (caller !== null) progress.caller = caller;
      await options.ready?.();
      const sent = route.takesBody
        ? withoutNulls(readJsonBody(event, parseJson), route.optionalProperties)
        : null;
      // A row passes its numbers on as they are; what a validator checks are doubles.
      const { value, exact } = route.takesRow ? { value: sent, exact: {} } : rounded(sent);
      const query = readQuery(event);
      const named = event.headers[versionHeader];
      const version = versionOf(named);
      const isNew = version !== undefined && isAtLeast(version, encodesTwiceSince);
      const request = {
        path: readPath(event, isNew),
        query: typedOptions(query, route.queryTypes),
        body: value,
      };
      validateRequest(request, check, route, { anyLength: version !== undefined && !isNew });
      await admit(route, caller, progress);
      const seen = version && named ? options.connectorSeen?.(named.trim()) : undefined;
      const implemented = implementation(request, {
        caller,
        deadline,
        correlationId,
        requestHost: event.requestContext.domainName,
        ...workflowNameOf(event.headers),
        log,
        exactNumbers: { ...exactOptions(query, request.query), ...exact },
      });
      const [{ body, headers = {} }] = await Promise.all([implemented, seen]);
      return { status: route.status, body, headers };
    };
    return withinDeadline(deadline, work()).finally(deadline.end);
  };

  return async (event) => {
    const startedAt = options.now();
    const correlationId = event.requestContext.requestId;
    const log = logWith(options.logger, { correlationId, ...trackingOf(event.headers) });
    const progress: Progress = {};
    const finished = (status: number, code?: string) => ({
      operation: progress.operation ?? 'none',
      status,
      ...(code !== undefined && { code }),
      durationMs: options.now() - startedAt,
      ...(progress.caller && {
        objectId: progress.caller.objectId,
        clientAppId: progress.caller.clientAppId,
      }),
    });
    try {
      const { status, body, headers } = await answer(event, correlationId, log, progress);
      const rendered = fitting(result(status, body, { ...progress.limitHeaders, ...headers }));
      log.info('call', finished(status));
      return rendered;
    } catch (error) {
      const { status, headers, body, unexpected } = errorAnswer(error, correlationId);
      const entry = finished(status, body.error.code);
      const failure = failureMetric(error);
      if (failure !== undefined) options.metrics?.count(failure);
      if (unexpected) log.error('call failed unexpectedly', { ...entry, error: loggedError(error) });
      else if (status >= 500) log.warn('call failed', { ...entry, error: loggedError(error) });
      else log.info('call refused', { ...entry, reason: loggedMessage(error) });
      return result(status, body, { ...progress.limitHeaders, ...headers });
    } finally {
      options.metrics?.publish();
    }
  };
};

const operationNotFound = (): ConnectorError<'OperationNotFound'> =>
  new ConnectorError(
    'OperationNotFound',
    'There is no such operation. Check the method and the path, which begins with /v1; if a flow called it, import the current definition of the connector.',
  );

/**
 * Largest response that Lambda takes, in bytes, less a reserve for its own envelope:
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const maximumResultBytes = 6 * 1024 * 1024 - 16 * 1024;

/** Lambda counts the result as JSON, where the body is a text with every quote escaped. */
const fitting = (rendered: APIGatewayProxyStructuredResultV2): APIGatewayProxyStructuredResultV2 => {
  // Escaping at most doubles a JSON text, and a character has at most three bytes.
  const mayExceed = (rendered.body?.length ?? 0) * 6 > maximumResultBytes;
  if (!mayExceed || Buffer.byteLength(JSON.stringify(rendered)) <= maximumResultBytes) return rendered;
  throw new ConnectorError(
    'AnswerTooLarge',
    'The answer is larger than 6 MB, the most that can be sent. Ask for fewer rows with $top or fewer columns with $select.',
  );
};

const result = (
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>>,
): APIGatewayProxyStructuredResultV2 =>
  body === null || status === 204
    ? { statusCode: status, headers: { 'Cache-Control': 'no-store', ...headers } }
    : { statusCode: status, headers: { ...jsonHeaders, ...headers }, body: renderJson(body) };
