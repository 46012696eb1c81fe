/** Malformed requests from a seed: each begins as a good one and is damaged in one to four places. */
import { type AnyOperation, operations, routeKey } from '../../../../connector/contract/index.ts';
import type { Operation } from '../../../../connector/contract/operation.ts';
import type { Random } from '../../limiter/random.ts';

/** A request as it comes over the wire. */
export interface HostileRequest {
  readonly method: string;
  /** Path and query, encoded or not. */
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/** Stands in every secret that a caller sends: in damaged tokens, in callback URLs, in the secret of a Location. */
export const callerCanary = 'canary-c4ll3r-secret';

const pick = <Item>(random: Random, items: readonly Item[]): Item =>
  items[Math.floor(random() * items.length)] as Item;

const chance = (random: Random, probability: number): boolean => random() < probability;

/** Texts that have broken programs before. */
const nasty: readonly string[] = [
  '',
  ' ',
  '.',
  '..',
  '../..',
  '..\\..',
  '/',
  '//',
  '\\',
  '/etc/passwd',
  './Customer',
  'Customer/../../admin',
  'Customer/',
  'Customer;x=1',
  'Customer?$expand=x',
  'Customer#x',
  "Customer('1')",
  '$metadata',
  '$batch',
  '$value',
  '@odata.type',
  '*',
  '%',
  '%%',
  '%2e%2e',
  '%2f',
  '%252e%252e%252f',
  '%c0%af',
  '%00',
  '\u0000',
  'a\u0000b',
  '\r\n',
  'x\r\nX-Injected: 1',
  '\u0085',
  '\u2028',
  '\ufeff',
  '\uffff',
  '\ud800',
  '\udc00\ud800',
  '\u202eremotsuC',
  'ﬁ',
  'İ',
  'ß',
  'é',
  'é',
  '𝒞ustomer',
  '👩‍👩‍👧',
  '顧客',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'null',
  'undefined',
  'NaN',
  'Infinity',
  '-Infinity',
  '0',
  '-1',
  '-0',
  '1e400',
  '9007199254740993',
  '99999999999999999999',
  '0x10',
  '1_000',
  '٣',
  'true',
  '[]',
  '{}',
  '[object Object]',
  "' or 1 eq 1",
  "'",
  "''",
  '"',
  '`',
  "CustomerId eq 'x",
  "CustomerId eq 'x' or 1 eq 1",
  "CustomerId eq 'x') or (1 eq 1",
  "CustomerId eq 'a''b'",
  'CustomerId in ()',
  "CustomerId in ('a','b'",
  'not',
  'not not not',
  '((((((((((',
  '))))',
  'a eq b eq c',
  "contains(CustomerId,'x')",
  "CustomerId eq 'x'&$top=1",
  'CustomerId eq null',
  "IsMemberOfSegment('x')",
  'eq',
  ' eq ',
  ',,,',
  'FullName asc,,City',
  'FullName asc desc',
  'FullName;City',
  '<script>alert(1)</script>',
  '\u0024{7*7}',
  '{{7*7}}',
  '%{x}',
  '$(id)',
  '`id`',
  '| id',
  '; ls',
  'http://169.254.169.254/latest/meta-data',
  'https://evil.example.com/',
  '//evil.example.com',
  'javascript:alert(1)',
  'file:///etc/passwd',
  'subscription-key=x',
  '$skip=1',
  'proxy=true',
  '2026-02-30T25:61:61Z',
  '2026-01-01',
  '+00:00',
  '1'.repeat(400),
  'a'.repeat(300),
  'é'.repeat(5_000),
  '('.repeat(5_000),
  `${'not '.repeat(2_000)}x`,
  `CustomerId in (${"'a',".repeat(2_000)}'a')`,
  'a eq 1 and '.repeat(600),
];

/** Values that pass the first checks, so that the later ones are reached. */
const goodTexts: readonly string[] = [
  'Customer',
  'UnifiedActivity',
  'PoS_posPurchases',
  'HighValueCustomers',
  'TotalRevenue',
  'WebShop',
  'd0000000-0000-4000-8000-000000000001',
  '00000000-0000-4000-8000-000000000000',
  "CustomerId eq 'a'",
  "City eq 'Rome'",
  'CustomerId,City',
  'City desc',
  'Rome',
  '2',
  '1200',
];

/** Lone surrogates, which cannot be encoded, replaced. */
const wellFormed = (text: string): string => Buffer.from(text).toString();

const encodings: readonly ((text: string) => string)[] = [
  (text) => encodeURIComponent(wellFormed(text)),
  (text) => encodeURIComponent(wellFormed(text)),
  (text) => encodeURIComponent(encodeURIComponent(wellFormed(text))),
  (text) => text,
  (text) => encodeURI(wellFormed(text)),
  (text) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  (text) => encodeURIComponent(wellFormed(text)).toLowerCase(),
  (text) => `${encodeURIComponent(wellFormed(text))}%`,
  (text) => `${encodeURIComponent(wellFormed(text))}%zz`,
  (text) => `%ff%fe${encodeURIComponent(wellFormed(text))}`,
  (text) => text.replaceAll(' ', '+'),
];

const methods = [
  'GET',
  'POST',
  'PATCH',
  'DELETE',
  'PUT',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'CONNECT',
  'get',
  'G ET',
  '',
];

const text = (random: Random): string =>
  chance(random, 0.3) ? pick(random, goodTexts) : chance(random, 0.15) ? noise(random) : pick(random, nasty);

/** Characters from everywhere, a few at a time. */
const noise = (random: Random): string => {
  const length = Math.floor(random() * 40);
  return Array.from({ length }, () => String.fromCharCode(Math.floor(random() * 0x10000))).join('');
};

/** A value of any type, to a depth. */
const value = (random: Random, depth = 0): unknown => {
  const kind = Math.floor(random() * (depth > 4 ? 6 : 9));
  switch (kind) {
    case 0:
      return text(random);
    case 1:
      return pick(random, [0, -1, 1e308, -1e308, 5e-324, 2 ** 60, 1.5]);
    case 2:
      return chance(random, 0.5);
    case 3:
      return null;
    case 4:
      return [];
    case 5:
      return {};
    case 6:
      return Array.from({ length: Math.floor(random() * 5) }, () => value(random, depth + 1));
    case 7:
      return Array.from({ length: 200 }, (_, index) => index).reduce<unknown>((inner) => [inner], 'deep');
    default:
      return Object.fromEntries(
        Array.from({ length: Math.floor(random() * 5) }, () => [
          text(random).slice(0, 50),
          value(random, depth + 1),
        ]),
      );
  }
};

const callbackUrls: readonly string[] = [
  `https://prod-01.westeurope.logic.azure.com/workflows/w/triggers/t/versions/1/run?sig=${callerCanary}`,
  `https://evil.example.com/?sig=${callerCanary}`,
  `http://127.0.0.1:1/?sig=${callerCanary}`,
  `https://169.254.169.254/?sig=${callerCanary}`,
  `https://prod-01.westeurope.logic.azure.com.evil.example.com/?sig=${callerCanary}`,
  `https://evil@prod-01.westeurope.logic.azure.com/?sig=${callerCanary}`,
  `https://user:${callerCanary}@prod-01.westeurope.logic.azure.com/`,
  `https://[::ffff:127.0.0.1]/?sig=${callerCanary}`,
  `https://prod-01.westeurope.logic.azure.com:99999/?sig=${callerCanary}`,
  `ftp://prod-01.westeurope.logic.azure.com/?sig=${callerCanary}`,
  `https://prod-01.westeurope.logic.azure.com\\@evil.example.com/?sig=${callerCanary}`,
  `?sig=${callerCanary}`,
  `sig=${callerCanary}\u0000`,
];

const withCallback = (random: Random, body: Record<string, unknown>): Record<string, unknown> =>
  'callbackUrl' in body ? { ...body, callbackUrl: pick(random, callbackUrls) } : body;

const damagedObject = (random: Random, body: Record<string, unknown>): unknown => {
  const names = Object.keys(body);
  const name = names.length === 0 ? 'x' : pick(random, names);
  // The canary stays in its place: only there is it a secret.
  const kept = name === 'callbackUrl' ? pick(random, callbackUrls) : value(random);
  switch (Math.floor(random() * 6)) {
    case 0:
      return { ...body, [name]: kept };
    case 1:
      return { ...body, [text(random).slice(0, 60)]: value(random) };
    case 2:
      return Object.fromEntries(Object.entries(body).filter(([key]) => key !== name));
    case 3:
      return [body];
    case 4:
      return value(random);
    default:
      return { ...body, [name]: [body[name]] };
  }
};

const bytesOf = (random: Random, body: unknown): Buffer => {
  const json = JSON.stringify(body);
  switch (Math.floor(random() * 15)) {
    case 0:
      return Buffer.from(json.slice(0, Math.floor(random() * json.length)));
    case 1:
      return Buffer.from(json.replace('{', '{"__proto__":{"admin":true},'));
    case 2:
      return Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(json)]);
    case 3:
      return Buffer.from(json, 'utf16le');
    case 4:
      return Buffer.from(`\ufeff${json}`);
    case 5:
      return Buffer.from(json.replace('{', '{"x":1e999,"y":0123,'));
    case 6:
      return Buffer.from(json.replace('}', `,"pad":"${'x'.repeat(70_000)}"}`));
    case 7:
      return Buffer.from(`${'['.repeat(20_000)}${']'.repeat(20_000)}`);
    case 8:
      return Buffer.alloc(0);
    case 9:
      return Buffer.from(
        json.replace(/:("[^"]*"|[^,{}[\]]+)/, `:${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`),
      );
    default:
      return Buffer.from(json);
  }
};

const contentTypes = [
  'application/json',
  'application/json; charset=utf-8',
  'application/JSON',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'application/xml',
  'application/jsonx',
  'application/vnd.api+json',
  ' ; ',
  '',
  'application/json, text/html',
  'text/html; charset=utf-7',
];

/** @param good the header of a token that is accepted */
const authorization = (random: Random, good: string): string | undefined => {
  if (chance(random, 0.88)) return good;
  const token = good.slice('Bearer '.length);
  const parts = token.split('.');
  const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const claims = encoded({ oid: callerCanary, scp: 'access_as_user', exp: 9999999999 });
  return pick(random, [
    undefined,
    '',
    'Bearer',
    'Bearer ',
    `Basic ${Buffer.from(`user:${callerCanary}`).toString('base64')}`,
    callerCanary,
    `Bearer ${callerCanary}`,
    `Bearer ${encoded({ alg: 'none' })}.${claims}.`,
    `Bearer ${encoded({ alg: 'HS256', kid: '../../dev/null' })}.${claims}.${callerCanary}`,
    `Bearer ${parts[0]}.${claims}.${parts[2]}`,
    `Bearer ${token}.${callerCanary}`,
    `Bearer ${token}, Bearer ${callerCanary}`,
    `Bearer ${token} ${callerCanary}`,
    `Bearer\t${callerCanary}`,
    `Bearer ${'.'.repeat(20_000)}`,
    `Bearer ${callerCanary.repeat(1_000)}`,
    `bEaReR ${token}`,
  ]);
};

const extraHeaders: readonly (readonly [string, string])[] = [
  ['ocp-apim-subscription-key', 'of the caller'],
  ['x-ms-client-request-id', 'a\nb'],
  ['x-ms-workflow-id', '"}{"level":"ERROR"'],
  ['x-ms-tracking-id', 'x'.repeat(5_000)],
  ['x-forwarded-host', 'evil.example.com'],
  ['host', 'evil.example.com'],
  ['x-http-method-override', 'DELETE'],
  ['x-original-url', '/v1/admin'],
  ['content-encoding', 'gzip'],
  ['content-length', '-1'],
  ['transfer-encoding', 'chunked'],
  ['cookie', 'a=b; c=d'],
  ['expect', '100-continue'],
  ['range', 'bytes=0-'],
  ['__proto__', 'x'],
  ['constructor', 'x'],
];

const pathOf = (
  operation: Operation,
  values: Readonly<Record<string, string>>,
  encode: (text: string) => string,
) => `/v1${operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encode(values[name] ?? ''))}`;

const allOperations: readonly Operation<string, AnyOperation['function']>[] = operations;

/** Those with the most to get wrong come more often. */
const chosenOperations: readonly Operation[] = allOperations.flatMap((operation) => {
  if (operation.operationId === 'GetItems') return Array<Operation>(12).fill(operation);
  return Array<Operation>(operation.body === null ? 1 : 3).fill(operation);
});

/** What exists, so that a request can be right but for one place. */
export interface Known {
  /** The header of a token that is accepted. */
  readonly authorization: string;
  readonly instanceIds: readonly string[];
  /** A handle of a partition of Customer in the first instance. */
  readonly partition: string;
}

export const hostileRequest = (random: Random, known: Known): HostileRequest => {
  const { instanceIds } = known;
  const operation = pick(random, chosenOperations);
  const { example } = operation;
  const values: Record<string, string> = Object.fromEntries(
    Object.entries(example.path).map(([name, given]) => [name, String(given)]),
  );
  if ('dataset' in values) values.dataset = pick(random, instanceIds);
  if ('secret' in values) values.secret = callerCanary;
  if (operation.operationId === 'RetrieveDataFromPartition') {
    values.dataset = instanceIds[0] ?? '';
    values.table = 'Customer';
  }
  const query: [string, string][] = Object.entries(example.query).map(([name, given]) => [
    name,
    name === 'partition' ? known.partition : String(given),
  ]);
  let body: unknown =
    example.body === null
      ? chance(random, 0.1)
        ? value(random)
        : null
      : withCallback(random, example.body as Record<string, unknown>);
  let { method } = operation as { readonly method: string };
  let encode = encodings[0] as (text: string) => string;
  let prefix = '';
  const optionNames = Object.keys(operation.queryParameters.properties);
  const headers: [string, string][] = [];
  let contentType: string | undefined = body === null ? undefined : 'application/json';

  const damages = pick(random, [1, 1, 1, 2, 2, 3, 4]);
  for (let damage = 0; damage < damages; damage += 1)
    switch (Math.floor(random() * 10)) {
      case 0: {
        const names = Object.keys(values).filter((name) => name !== 'secret');
        if (names.length > 0) values[pick(random, names)] = text(random);
        break;
      }
      case 1:
        encode = pick(random, encodings);
        break;
      case 2:
        query.push([optionNames.length > 0 ? pick(random, optionNames) : text(random), text(random)]);
        break;
      case 3:
        query.push([
          pick(random, [
            '$expand',
            '$apply',
            '$count',
            'subscription-key',
            'api-version',
            '',
            '&',
            text(random),
          ]),
          text(random),
        ]);
        break;
      case 4:
        if (body !== null && typeof body === 'object' && !Array.isArray(body))
          body = damagedObject(random, body as Record<string, unknown>);
        break;
      case 5:
        headers.push([...pick(random, extraHeaders)]);
        break;
      case 6:
        contentType = pick(random, contentTypes);
        break;
      case 7:
        if (chance(random, 0.3)) method = pick(random, methods);
        break;
      case 8:
        if (chance(random, 0.2))
          prefix = pick(random, ['/', '//', '/../', '/v1', '/%2e%2e', 'http://evil.example.com']);
        break;
      default:
        if (query.length > 0) query.push(pick(random, query));
    }

  const options = query
    .map(
      ([name, given]) =>
        `${chance(random, 0.5) ? name : encode(name)}${chance(random, 0.97) ? '=' : ''}${encode(given)}`,
    )
    .join(chance(random, 0.97) ? '&' : ';');
  const header = authorization(random, known.authorization);
  return {
    method,
    target: `${prefix}${pathOf(operation, values, encode)}${options === '' ? '' : `?${options}`}`,
    headers: [
      ['host', 'api.example.com'],
      ...(header === undefined ? [] : [['authorization', header] as const]),
      ...(contentType === undefined ? [] : [['content-type', contentType] as const]),
      ...headers,
    ],
    body: body === null ? Buffer.alloc(0) : bytesOf(random, body),
  };
};

/** The routes of the gateway, and its fallback. */
export const routeKeys: readonly {
  readonly routeKey: string;
  readonly function: AnyOperation['function'];
}[] = [
  ...allOperations.map((operation) => ({ routeKey: routeKey(operation), function: operation.function })),
  { routeKey: '$default', function: 'proxy' },
];
