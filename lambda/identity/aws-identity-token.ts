/**
 * Tokens of the AWS account's own issuer for other clouds (outbound identity federation), as client assertions: with
 * them the API's registration needs no secret. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetWebIdentityToken.html
 */
import type { AwsClient, AwsProtocol, AwsWire, InputOf } from '../runtime/aws-services.ts';
import { createCache } from '../runtime/cache.ts';
import { minuteMs, secondMs } from '../runtime/time.ts';
import type { ReadCredential } from './token-source.ts';

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

/** The elements of an answer that hold text alone, by name. No name of the operations that are used is there twice. */
const leaves = (xml: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...xml.matchAll(/<(\w+)>([^<]*)<\/\1>/g)].map(([, name = '', text = '']) => [
      name,
      text.replaceAll(/&(\w+);/g, (whole, entity: string) => entities[entity] ?? whole),
    ]),
  );

/** The query protocol: a form as request, XML as answer. https://smithy.io/2.0/aws/protocols/aws-query-protocol.html */
export const queryWire = (version: string): AwsWire => ({
  headers: () => ({ 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }),
  body: (operation, input) => {
    const form = new URLSearchParams({ Action: operation, Version: version });
    for (const [name, value] of Object.entries(input as Readonly<Record<string, unknown>>))
      if (Array.isArray(value))
        for (const [at, item] of value.entries()) form.append(`${name}.member.${at + 1}`, String(item));
      else form.append(name, String(value));
    return form.toString();
  },
  parse: (text) => {
    const found = leaves(text);
    if (Object.keys(found).length === 0) return undefined;
    const { Code: code, Message: message, ...others } = found;
    return {
      ...others,
      ...(code !== undefined && { __type: code }),
      ...(message !== undefined && { message }),
    };
  },
});

/** The operation is not at the global endpoint; ours is always that of the region. */
export const sts: AwsProtocol<'sts'> = {
  service: 'sts',
  variable: 'STS',
  name: 'STS',
  wire: /* @__PURE__ */ queryWire('2011-06-15'),
};

/** A new one is asked for this long before one expires, ms. */
const renewBeforeMs = minuteMs;

/** Longest a request may take, with all its tries, ms. */
const requestMs = 3 * secondMs;

/** Shortest time between two requests past the cache, ms: a refusal that stays must not cost one each time. */
const cooldownMs = 30 * secondMs;

/** What the tenant's registration and the rights of the role ask for. */
export interface IdentityTokenForm {
  readonly audience: string;
  readonly signingAlgorithm: InputOf<'sts', 'GetWebIdentityToken'>['SigningAlgorithm'];
  /** Life of a token. */
  readonly seconds: number;
}

/** Assertions of this function's role, each used until a minute before it expires. @param now epoch ms */
export const identityTokens = (
  client: AwsClient<'sts'>,
  now: () => number,
  { audience, signingAlgorithm, seconds }: IdentityTokenForm,
): ReadCredential => {
  const cache = createCache<string>({
    now,
    capacity: 1,
    freshMs: seconds * secondMs - renewBeforeMs,
    renewAfterMs: cooldownMs,
  });
  const load = async (): Promise<string> => {
    const { WebIdentityToken: token } = await client(
      'GetWebIdentityToken',
      {
        Audience: [audience],
        SigningAlgorithm: signingAlgorithm,
        DurationSeconds: seconds,
      },
      requestMs,
    );
    if (!token) throw new Error('STS gave no token.');
    return token;
  };
  return ({ fresh }) => (fresh ? cache.renew('token', load) : cache.get('token', load));
};
