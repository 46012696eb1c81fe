import type { IncomingHttpHeaders } from 'node:http';
import type { APIGatewayProxyEventV2, APIGatewayProxyEventV2WithJWTAuthorizer } from 'aws-lambda';

export interface HttpRequest {
  readonly method: string;
  /** As sent: percent-encoded, with the query. */
  readonly target: string;
  readonly protocol: string;
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn, duplicates included. */
  readonly rawHeaders: readonly string[];
  readonly sourceIp: string;
  readonly body: Buffer;
}

export interface EventContext {
  readonly routeKey: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly authorizer?: {
    readonly claims: Readonly<Record<string, string>>;
    readonly scopes: readonly string[] | null;
  };
  readonly apiId: string;
  readonly accountId: string;
  readonly region: string;
  readonly requestId: string;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

export interface Target {
  /** Decoded, as the route is chosen by it. */
  readonly path: string;
  /** As sent. */
  readonly query: string;
}

/**
 * Splits a request target as HTTP APIs do, by what is reported of them: the path is decoded before a route is chosen, so
 * that an encoded slash separates segments, and it ends at an encoded question mark.
 * https://github.com/aws/aws-lambda-dotnet/pull/1901, https://github.com/middleapi/standard-server/pull/93
 * @returns undefined when the path is not valid percent-encoding
 */
export const splitTarget = (target: string): Target | undefined => {
  const mark = target.indexOf('?');
  const encodedPath = mark === -1 ? target : target.slice(0, mark);
  try {
    const [path = ''] = decodeURIComponent(encodedPath).split('?', 1);
    return { path, query: mark === -1 ? '' : target.slice(mark + 1) };
  } catch {
    // decodeURIComponent throws nothing but URIError.
    return undefined;
  }
};

/**
 * The event of payload format 2.0. Two things surprise in AWS and are kept: `rawPath` is decoded while
 * `rawQueryString` is not, and every body that is not text/*, JSON, XML or JavaScript arrives base64-encoded,
 * also without a content type and for forms.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export const httpEvent = (
  request: HttpRequest,
  context: EventContext,
): APIGatewayProxyEventV2 | APIGatewayProxyEventV2WithJWTAuthorizer => {
  const { path = request.target, query = '' } = splitTarget(request.target) ?? {};
  const headers = joinHeaders(request.rawHeaders);
  const { cookie, ...others } = headers;
  const queryStringParameters = joinQuery(query);
  const text = isText(request.headers['content-type'], request.headers['content-encoding']);
  const domainName = `${context.apiId}.execute-api.${context.region}.amazonaws.com`;
  return {
    version: '2.0',
    routeKey: context.routeKey,
    rawPath: path,
    rawQueryString: query,
    ...(cookie === undefined ? {} : { cookies: cookie.split(/[;,] */).filter((one) => one !== '') }),
    headers: {
      ...others,
      'x-forwarded-for': request.sourceIp,
      'x-forwarded-port': '443',
      'x-forwarded-proto': 'https',
    },
    ...(queryStringParameters === undefined ? {} : { queryStringParameters }),
    ...(Object.keys(context.pathParameters).length === 0
      ? {}
      : { pathParameters: { ...context.pathParameters } }),
    requestContext: {
      accountId: context.accountId,
      apiId: context.apiId,
      ...(context.authorizer === undefined
        ? {}
        : {
            authorizer: {
              jwt: {
                claims: { ...context.authorizer.claims },
                scopes: context.authorizer.scopes === null ? null : [...context.authorizer.scopes],
              },
            },
          }),
      domainName,
      domainPrefix: context.apiId,
      http: {
        method: request.method,
        path,
        protocol: request.protocol,
        sourceIp: request.sourceIp,
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId: context.requestId,
      routeKey: context.routeKey,
      stage: '$default',
      time: logTime(context.now),
      timeEpoch: context.now,
    },
    ...(request.body.length === 0 ? {} : { body: request.body.toString(text ? 'utf8' : 'base64') }),
    isBase64Encoded: request.body.length > 0 && !text,
  };
};

const textTypes = /^(text\/.*|application\/(json|xml|javascript))$/;

const isText = (contentType: string | undefined, contentEncoding: string | undefined): boolean => {
  const [mediaType = ''] = (contentType ?? '').toLowerCase().split(';');
  return (contentEncoding ?? 'identity') === 'identity' && textTypes.test(mediaType.trim());
};

const joinHeaders = (rawHeaders: readonly string[]): Readonly<Record<string, string>> => {
  const headers: Record<string, string> = {};
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? '';
    const value = rawHeaders[index + 1] ?? '';
    headers[name] = headers[name] === undefined ? value : `${headers[name]},${value}`;
  }
  return headers;
};

const joinQuery = (query: string): Record<string, string> | undefined => {
  const parameters: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    parameters[name] = Object.hasOwn(parameters, name) ? `${parameters[name]},${value}` : value;
  }
  return Object.keys(parameters).length === 0 ? undefined : parameters;
};

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `12/Mar/2026:19:03:58 +0000` */
const logTime = (now: number): string => {
  const iso = new Date(now).toISOString();
  const month = months[Number(iso.slice(5, 7)) - 1];
  return `${iso.slice(8, 10)}/${month}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
};
