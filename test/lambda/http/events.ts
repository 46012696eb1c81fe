import type { APIGatewayProxyEventV2 } from 'aws-lambda';

export interface EventParts {
  readonly routeKey: string;
  readonly path?: Readonly<Record<string, string>>;
  /** As on the wire, encoded. */
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly base64?: boolean;
  readonly requestId?: string;
}

/** An HTTP API event, payload format 2.0, as API Gateway makes it. */
export const httpEvent = (parts: EventParts): APIGatewayProxyEventV2 => {
  const [method = 'GET', rawPath = '/'] = parts.routeKey.split(' ');
  return {
    version: '2.0',
    routeKey: parts.routeKey,
    rawPath,
    rawQueryString: parts.query ?? '',
    headers: { ...parts.headers },
    ...(parts.path && { pathParameters: { ...parts.path } }),
    requestContext: {
      accountId: '000000000000',
      apiId: 'api',
      domainName: 'api.example.com',
      domainPrefix: 'api',
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      requestId: parts.requestId ?? 'request-1',
      routeKey: parts.routeKey,
      stage: '$default',
      time: '02/Mar/2026:08:00:00 +0000',
      timeEpoch: 0,
    },
    ...(parts.body !== undefined && { body: parts.body }),
    isBase64Encoded: parts.base64 ?? false,
  };
};
