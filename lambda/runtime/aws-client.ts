/**
 * Calls of AWS services: one signed request of their own protocols, with time limits and retries. The clients of the
 * AWS SDK do the same through a chain of middleware, which takes three times the CPU time of the request itself and most
 * of the time of a cold start (`npm run bench`).
 */
import { createHmac, hash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { SignatureV4 } from '@smithy/signature-v4';
import {
  type Attributes,
  type AwsClient,
  type AwsCredentials,
  type AwsPlace,
  type AwsProtocol,
  type AwsService,
  endpointOf,
} from './aws-services.ts';
import { keepAliveFetch, readBounded } from './http-client.ts';
import { minuteMs } from './time.ts';

/** Time limit of one try, ms. */
export const requestTimeoutMs = 3_000;

/** As many as the AWS SDK makes. */
export const requestTries = 3;

/** The first pause is random up to this, ms, and the next up to twice as long. */
const pauseMs = 50;
/** The same where the service wants fewer requests. */
const throttledPauseMs = 500;

/** The largest is a page of a query: 1 MB of items, somewhat larger as JSON. */
const maximumAnswerBytes = 16 * 1024 * 1024;

/** A clock that is wrong by more than this may be why a signature was refused, ms. AWS allows 5 minutes. */
const clockErrorMs = 4 * minuteMs;

/** The service's own refusal. */
export class AwsRefusal extends Error {
  /** The service's code, such as ConditionalCheckFailedException; UnknownError where it gave none. */
  readonly code: string;
  readonly status: number;
  /** What the service said, as it said it. */
  readonly answer: Readonly<Record<string, unknown>>;

  constructor(code: string, status: number, message: string, answer: Readonly<Record<string, unknown>>) {
    super(message);
    // As the errors of the AWS SDK are named; nothing decides by it.
    this.name = code;
    this.code = code;
    this.status = status;
    this.answer = answer;
  }
}

/** The condition of a write did not hold: nothing was written. */
export const isConditionFailed = (error: unknown): error is AwsRefusal =>
  error instanceof AwsRefusal && error.code === 'ConditionalCheckFailedException';

/** True when the condition of a write held, false when it did not. */
export const conditional = async (write: Promise<unknown>): Promise<boolean> => {
  try {
    await write;
    return true;
  } catch (error) {
    if (isConditionFailed(error)) return false;
    throw error;
  }
};

/** The item that did not fit the condition; undefined where there is none, or the engine does not return it. */
export const refusedItem = ({ answer }: AwsRefusal): Attributes | undefined =>
  answer.Item as Attributes | undefined;

export interface SignedRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** @returns the headers to send, `authorization` among them */
export type Sign = (request: SignedRequest, at: Date) => Promise<Readonly<Record<string, string>>>;

const hmac = (secret: string | Uint8Array, text: Uint8Array): Uint8Array =>
  createHmac('sha256', secret).update(text).digest();

/** The last hash of a key's id: the signer asks for it at each request, to find the key that it signs with. */
let known: { readonly secret: string; readonly id: Uint8Array; readonly hash: Uint8Array } | undefined;

/**
 * The hash of node:crypto in the form that the signer asks for; the SDK's own does the same in more steps. An object of
 * node:crypto for each text would cost more than its hash.
 */
class Sha256 {
  readonly #secret: string | Uint8Array | undefined;
  #text: Uint8Array = new Uint8Array();

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#secret = secret instanceof ArrayBuffer ? new Uint8Array(secret) : (secret as string | Uint8Array);
  }

  update(text: Uint8Array): void {
    this.#text = this.#text.length === 0 ? text : Buffer.concat([this.#text, text]);
  }

  async digest(): Promise<Uint8Array> {
    const [secret, text] = [this.#secret, this.#text];
    if (secret === undefined) return hash('sha256', text, 'buffer');
    if (typeof secret !== 'string') return hmac(secret, text);
    if (known?.secret !== secret || Buffer.compare(known.id, text) !== 0)
      known = { secret, id: text, hash: hmac(secret, text) };
    return known.hash;
  }

  reset(): never {
    throw new Error('The signer takes a new hash for each text.');
  }
}

/** @param credentials a function is asked at each request */
export const createSigner = (
  service: string,
  region: string,
  credentials: AwsCredentials | (() => Promise<AwsCredentials>),
): Sign => {
  // Only S3 asks for the body's hash as a header of its own; it is signed anyway.
  const signer = new SignatureV4({ service, region, credentials, sha256: Sha256, applyChecksum: false });
  return async ({ url, headers, body }, signingDate) => {
    const { protocol, hostname, pathname: path, host } = url;
    const request = { method: 'POST', protocol, hostname, path, headers: { host, ...headers }, body };
    return (await signer.sign(request, { signingDate })).headers;
  };
};

export interface AwsClientOptions extends AwsPlace {
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** In [0, 1). */
  readonly random?: () => number;
  /** Of one try, ms. */
  readonly timeoutMs?: number;
}

const fromEnvironment = (name: string): string => {
  const value = process.env[name];
  if (value === undefined || value === '')
    throw new Error(
      `The environment variable ${name} is not set. Lambda sets it; elsewhere, set it yourself.`,
    );
  return value;
};

/** Of the role, as Lambda sets them for the life of a process. */
const environmentCredentials = (): AwsCredentials => {
  const sessionToken = process.env.AWS_SESSION_TOKEN;
  return {
    accessKeyId: fromEnvironment('AWS_ACCESS_KEY_ID'),
    secretAccessKey: fromEnvironment('AWS_SECRET_ACCESS_KEY'),
    ...(sessionToken && { sessionToken }),
  };
};

const throttled: ReadonlySet<string> = new Set([
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
]);

/** The service wants fewer requests. */
export const isThrottled = ({ code, status }: AwsRefusal) => throttled.has(code) || status === 429;

/** Refusals that may come from a clock that is wrong. */
const aboutTime: ReadonlySet<string> = new Set([
  'AuthFailure',
  'InvalidSignatureException',
  'RequestExpired',
  'RequestInTheFuture',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
]);

const refusalOf = (
  name: string,
  status: number,
  answer: Readonly<Record<string, unknown>> = {},
): AwsRefusal => {
  const type = typeof answer.__type === 'string' ? answer.__type : 'UnknownError';
  const said = [answer.message, answer.Message].find((message) => typeof message === 'string');
  const message = said ?? `${name} answered with status ${status}.`;
  return new AwsRefusal(type.slice(type.lastIndexOf('#') + 1), status, String(message), answer);
};

/** The request was refused because of our clock, and can be made with the right time. */
class ClockCorrected extends Error {
  readonly refusal: AwsRefusal;
  constructor(refusal: AwsRefusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/** One client for each service of a function; connections are kept between calls. Nothing is requested at first. */
export const awsClient = <Service extends AwsService>(
  protocol: AwsProtocol<Service>,
  { now = Date.now, random = Math.random, timeoutMs = requestTimeoutMs, ...place }: AwsClientOptions = {},
): AwsClient<Service> => {
  const { service, wire, name } = protocol;
  const prepare = async () => {
    const named = typeof place.region === 'function' ? await place.region() : place.region;
    const region = named ?? fromEnvironment('AWS_REGION');
    const url = endpointOf(protocol, region, place.endpoint);
    return { url, sign: createSigner(service, region, place.credentials ?? environmentCredentials()) };
  };
  let preparing: ReturnType<typeof prepare> | undefined;
  /** How far our clock is behind that of the service, ms. */
  let behindMs = 0;

  /** Repeated when it failed. */
  const prepared = () => {
    preparing ??= prepare().catch((error: unknown) => {
      preparing = undefined;
      throw error;
    });
    return preparing;
  };

  const request = async (operation: string, path: string, body: string, leftMs: number): Promise<unknown> => {
    const { url: base, sign } = await prepared();
    const url = path === '' ? base : new URL(path, base);
    const headers = await sign(
      {
        url,
        headers: { 'user-agent': 'customer-insights-connector', ...wire.headers(operation) },
        body,
      },
      new Date(now() + behindMs),
    );
    const answer = await keepAliveFetch(url.href, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      timeoutMs: leftMs,
    });
    const { text, truncated } = await readBounded(answer, maximumAnswerBytes);
    if (answer.status !== 200) {
      const refusal = refusalOf(name, answer.status, wire.parse(text));
      const serverMs = Date.parse(answer.headers.get('date') ?? '');
      if (aboutTime.has(refusal.code) && Math.abs(serverMs - (now() + behindMs)) > clockErrorMs) {
        behindMs = serverMs - now();
        throw new ClockCorrected(refusal);
      }
      throw refusal;
    }
    const output = truncated ? undefined : wire.parse(text);
    if (output === undefined) throw new Error(`${name} did not answer ${operation} in its own protocol.`);
    return output;
  };

  const call = async (
    operation: string,
    input: unknown,
    withinMs = Number.POSITIVE_INFINITY,
  ): Promise<unknown> => {
    await prepared();
    const path = wire.path?.(input) ?? '';
    const body = wire.body(operation, input);
    const until = performance.now() + withinMs;
    for (let tries = 1; ; tries += 1) {
      try {
        const left = Math.min(timeoutMs, until - performance.now());
        return await request(operation, path, body, left);
      } catch (thrown) {
        const error = thrown instanceof ClockCorrected ? thrown.refusal : thrown;
        const refused = error instanceof AwsRefusal;
        const most = refused && isThrottled(error) ? throttledPauseMs : pauseMs;
        const pause = most * 2 ** (tries - 1) * random();
        const late = performance.now() + pause >= until;
        const mayPass =
          thrown instanceof ClockCorrected || !refused || error.status >= 500 || isThrottled(error);
        if (!late && tries < requestTries && mayPass) {
          await sleep(pause);
          continue;
        }
        if (refused) throw error;
        const asked = late ? `within ${withinMs} ms` : `in ${tries} tries`;
        throw new Error(`${name} did not answer ${operation} ${asked}: ${String(error)}`, { cause: error });
      }
    }
  };
  return call as AwsClient<Service>;
};
