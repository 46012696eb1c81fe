/**
 * Reads the parts of an HTTP API event (payload format 2.0) into plain values, or says what is wrong with
 * them.
 */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { jsonErrorIndex } from '../../config/json-error.ts';
import { maximumBodyBytes } from '../../connector/contract/index.ts';
import { ConnectorError, type Problem } from '../runtime/errors.ts';
import { requestInvalid } from '../runtime/invalid-request.ts';
import { isRecord } from '../runtime/json.ts';
import { nestingOf, repeatedNameIndex } from '../runtime/json-syntax.ts';

type Event = Pick<APIGatewayProxyEventV2, 'body' | 'isBase64Encoded' | 'headers' | 'rawQueryString'>;

const bodyBytes = (event: Event): Buffer =>
  Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');

/** @throws ConnectorError BodyTooLarge */
export const checkBodySize = (event: Event): void => {
  // Base64 carries three bytes in four characters; a text has at least one byte per UTF-16 unit, so this can
  // skip decoding.
  const leastBytes = Math.floor((event.body?.length ?? 0) * (event.isBase64Encoded ? 3 / 4 : 1)) - 2;
  const bytes = leastBytes > maximumBodyBytes ? leastBytes : bodyBytes(event).byteLength;
  if (bytes > maximumBodyBytes)
    throw new ConnectorError(
      'BodyTooLarge',
      `The body is larger than ${maximumBodyBytes} bytes (${maximumBodyBytes / 1024} KB), the most that is accepted. Send less in one call.`,
    );
};

/**
 * What the definition declares, and no other type that is JSON underneath: its meaning would be another one.
 * JSON has one encoding (RFC 8259, section 8.1); a body that announces another is not read as if it had not.
 */
const isJsonType = (contentType: string): boolean => {
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim().toLowerCase());
  const charsets = parameters.filter((parameter) => /^charset\s*=/.test(parameter));
  return (
    type === 'application/json' && charsets.every((charset) => /^charset\s*=\s*"?utf-8"?$/.test(charset))
  );
};

/** How deep a body may be nested: what walks through it calls itself for every level. */
const maximumNesting = 100;

/** Line and column, from 1, of a character offset. */
const lineAndColumn = (text: string, offset: number): string => {
  const before = text.slice(0, offset).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
};

/**
 * The JSON body.
 * @param parse reads the text; throws where it is not JSON
 * @throws ConnectorError ContentTypeUnsupported or BodyInvalid, the latter with the position; the content is
 * not repeated
 */
export const readJsonBody = (event: Event, parse: (text: string) => unknown): unknown => {
  const bytes = bodyBytes(event);
  if (bytes.byteLength === 0)
    throw new ConnectorError('BodyInvalid', 'The request has no body. Send one JSON object.');
  const contentType = event.headers['content-type'];
  if (contentType !== undefined && !isJsonType(contentType))
    throw new ConnectorError(
      'ContentTypeUnsupported',
      'The body is not announced as JSON in UTF-8. Send the header "Content-Type: application/json".',
    );
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new ConnectorError('BodyInvalid', 'The body is not UTF-8. Send JSON encoded in UTF-8 (RFC 8259).', {
      cause,
    });
  }
  let value: unknown;
  try {
    value = parse(text);
  } catch {
    // The parser's message quotes the body, which may hold a callback URL: it is not kept as the cause.
    const offset = jsonErrorIndex(text);
    throw new ConnectorError(
      'BodyInvalid',
      `The body is not JSON: it cannot be read beyond ${lineAndColumn(text, offset)}. Check quotes, commas and brackets there.`,
      { details: [{ parameter: 'body', problem: 'is not JSON here', position: offset + 1 }] },
    );
  }
  if (nestingOf(text) > maximumNesting)
    throw new ConnectorError(
      'BodyInvalid',
      `The body has arrays and objects within each other ${maximumNesting} times and more, which is more than is accepted. Send it flatter.`,
    );
  const again = repeatedNameIndex(text);
  if (again !== undefined)
    throw new ConnectorError(
      'BodyInvalid',
      `The body names a property twice in the same object, the second time at ${lineAndColumn(text, again)}. Send each property once.`,
      { details: [{ parameter: 'body', problem: 'names a property again here', position: again + 1 }] },
    );
  return value;
};

/**
 * A body in which null stands for "not given": expressions in flows give null for what they do not find.
 * @param optional names of the properties that may be left out; null in any other, and in a row, stays
 */
export const withoutNulls = (body: unknown, optional: readonly string[]): unknown =>
  isRecord(body)
    ? Object.fromEntries(
        Object.entries(body).filter(([name, value]) => value !== null || !optional.includes(name)),
      )
    : body;

/** Half of a pair of UTF-16: no character, and nothing that could be sent on. */
const halfCharacter = /\p{Surrogate}/u;

const decodeComponent = (text: string): string | undefined => {
  try {
    return halfCharacter.test(text) ? undefined : decodeURIComponent(text);
  } catch {
    // The only reason is a malformed encoding, which the caller of this function reports.
    return undefined;
  }
};

/** A name or a value of a query, where + stands for a space. */
const decode = (text: string): string | undefined => decodeComponent(text.replaceAll('+', ' '));

/**
 * The parameters of the path. The gateway has decoded them once; a connector that encodes them twice has them decoded
 * again here, and only here.
 * @throws ConnectorError RequestInvalid for what such a connector never sends
 */
export const readPath = (
  { pathParameters = {} }: Pick<APIGatewayProxyEventV2, 'pathParameters'>,
  encodedTwice: boolean,
): Record<string, string> => {
  const parameters = Object.entries(pathParameters).map(([name, text = '']) => ({
    name,
    value: encodedTwice ? decodeComponent(text) : text,
  }));
  const wrong = parameters.filter(({ value }) => value === undefined);
  if (wrong.length > 0)
    throw requestInvalid(
      wrong.map(({ name }) => ({
        parameter: name,
        problem: 'is not percent-encoded twice',
        allowed: 'UTF-8 characters, percent-encoded, and the result percent-encoded again',
      })),
    );
  return Object.fromEntries(parameters.map(({ name, value = '' }) => [name, value]));
};

/** How a number is written, as in JSON: no sign +, no space, no leading zero; a whole number by digits alone. */
const numberForms: ReadonlyMap<string, RegExp> = new Map([
  ['integer', /^-?(?:0|[1-9]\d*)$/],
  ['number', /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/],
]);

const typed = (text: string, type: string | undefined): unknown => {
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  return numberForms.get(type ?? '')?.test(text) ? Number(text) : text;
};

/**
 * Query options as values of their types. A text that is not a value of its type stays one, for the validator to
 * refuse.
 */
export const typedOptions = (
  sent: Readonly<Record<string, string>>,
  types: Readonly<Record<string, string>>,
): Record<string, unknown> =>
  Object.fromEntries(Object.entries(sent).map(([name, text]) => [name, typed(text, types[name])]));

/**
 * Query options that a double does not hold → the digits that were sent.
 * @param converted the same options as values of their types
 */
export const exactOptions = (
  sent: Readonly<Record<string, string>>,
  converted: Readonly<Record<string, unknown>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(sent).filter(
      ([name, text]) => typeof converted[name] === 'number' && String(converted[name]) !== text,
    ),
  );

/**
 * The query options by name. An option with an empty value counts as not given, because the designer sends a
 * cleared optional field that way.
 * @throws ConnectorError RequestInvalid for a repeated option or a malformed encoding
 */
export const readQuery = (event: Event): Readonly<Record<string, string>> => {
  const values = new Map<string, string>();
  const problems: Problem[] = [];
  for (const pair of event.rawQueryString.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    const value = decode(equals < 0 ? '' : pair.slice(equals + 1));
    if (name === undefined || value === undefined)
      problems.push({
        parameter: name ?? 'query',
        problem: 'is not percent-encoded UTF-8',
        allowed: 'UTF-8 characters, percent-encoded',
      });
    else if (values.has(name))
      problems.push({ parameter: name, problem: 'is given more than once', allowed: 'once' });
    else values.set(name, value);
  }
  if (problems.length > 0) throw requestInvalid(problems);
  return Object.fromEntries([...values].filter(([, value]) => value !== ''));
};
