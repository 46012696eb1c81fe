import { validateHeaderName, validateHeaderValue } from 'node:http';
import { isJsonObject } from '../../connector/emit/json.ts';

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: Buffer;
}

/** An answer of the gateway itself; its body is fixed. */
export const gatewayResponse = (
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  cookies: [],
  body: Buffer.from(JSON.stringify({ message })),
});

/** Headers of the connection to the caller, which is the gateway's. RFC 9110, section 7.6.1. */
const ownHeaders: readonly string[] = [
  'connection',
  'content-length',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
];

const isHeader = ([name, value]: readonly [string, string]): boolean => {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    // Both throw only for an invalid header.
    return false;
  }
};

/**
 * Maps a function's answer (payload format 2.0): an answer with `statusCode` is taken apart, anything else is
 * a 200 with itself as the body.
 * @param payload JSON
 * @returns undefined when the answer does not have the expected form, which the gateway answers with 500
 */
export const httpResponse = (payload: string): HttpResponse | undefined => {
  const answer: unknown = JSON.parse(payload);
  if (!isJsonObject(answer) || answer.statusCode === undefined)
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      cookies: [],
      body: Buffer.from(typeof answer === 'string' ? answer : payload),
    };
  const status = Number(answer.statusCode);
  const body = answer.body ?? '';
  const headers = answer.headers ?? {};
  const cookies = answer.cookies ?? [];
  if (!Number.isInteger(status) || status < 100 || status > 599) return undefined;
  if (typeof body !== 'string' || !isJsonObject(headers) || !Array.isArray(cookies)) return undefined;
  const named = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), String(value)] as const)
    .filter(([name]) => !ownHeaders.includes(name));
  if (![...named, ...cookies.map((cookie) => ['set-cookie', String(cookie)] as const)].every(isHeader))
    return undefined;
  return {
    status,
    headers: {
      // A 204 has no content that could have a type.
      ...(status === 204 || named.some(([name]) => name === 'content-type')
        ? {}
        : { 'content-type': 'text/plain; charset=utf-8' }),
      ...Object.fromEntries(named),
    },
    cookies: cookies.map(String),
    body: Buffer.from(body, answer.isBase64Encoded === true ? 'base64' : 'utf8'),
  };
};
