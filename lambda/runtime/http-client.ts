/** The HTTP client of the functions: keep-alive connections, time-outs and bounded answers. */
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { Readable } from 'node:stream';
import { timeoutError } from './time.ts';

export interface FetchRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Redirects are answers like any other. */
  readonly redirect: 'manual';
  readonly signal?: AbortSignal;
  /**
   * The longest that the whole exchange may take, ms; it fails with a TimeoutError then. Not known to the
   * built-in fetch.
   */
  readonly timeoutMs?: number;
}

export interface FetchedAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: AsyncIterable<Uint8Array> | null;
}

/** The part of the built-in fetch that is used. */
export type Fetch = (url: string, request: FetchRequest) => Promise<FetchedAnswer>;

/**
 * Idle connections are given up after this long, ms: before a load balancer on the way drops them silently.
 */
const idleMs = 30_000;

/**
 * At most as many connections to a host as the AWS SDK makes: more at once are refused for a while by a
 * server that is not ready.
 */
export const maximumConnections = 50;

const kept = { keepAlive: true, timeout: idleMs, maxSockets: maximumConnections } as const;

const schemes = {
  'http:': { request: httpRequest, agent: new HttpAgent(kept) },
  'https:': { request: httpsRequest, agent: new HttpsAgent(kept) },
} as const;

interface Origin {
  readonly scheme: (typeof schemes)[keyof typeof schemes];
  readonly hostname: string;
  readonly port: string;
  /** As the header of a request names it. */
  readonly host: string;
}

/** A function calls a handful of hosts, each of them again and again. */
const origins = new Map<string, Origin>();

const originOf = (text: string): Origin => {
  const known = origins.get(text);
  if (known !== undefined) return known;
  const { protocol, hostname, port, host } = new URL(text);
  if (protocol !== 'https:' && protocol !== 'http:')
    throw new TypeError(`${text} is not an http or https address.`);
  // An IPv6 address comes in brackets.
  const origin = { scheme: schemes[protocol], hostname: hostname.replace(/^\[|\]$/g, ''), port, host };
  origins.set(text, origin);
  return origin;
};

/** Splits an absolute URL into what comes before its path, and the rest as it is. */
const split = (url: string): readonly [origin: Origin, path: string] => {
  const slash = url.indexOf('/', url.indexOf('//') + 2);
  return slash < 0 ? [originOf(url), '/'] : [originOf(url.slice(0, slash)), url.slice(slash)];
};

/**
 * Before a request, so that connections which the other side has closed are known by then. An environment is
 * frozen between two invocations. When it continues, the next event may be read before the end of a connection that
 * was kept, and a request on that connection is lost.
 */
export const turnOfTheLoop = (): Promise<void> => new Promise((turned) => setImmediate(turned));

const answerOf = (message: IncomingMessage): FetchedAnswer => ({
  status: message.statusCode ?? 0,
  headers: {
    get(name) {
      const value = message.headers[name.toLowerCase()];
      return value === undefined ? null : String(value);
    },
  },
  body: message,
});

const failure = (code: string, message: string): Error => Object.assign(new Error(message), { code });

/** An unrequested response. The connection uses another protocol from here on. */
export const upgraded = (): Error =>
  failure('UPGRADED', 'the server changed to another protocol (101), which was not requested');

/** The last resort, for an end that node:http reports neither as a response nor as an error. */
export const closedWithoutAnswer = (): Error =>
  failure('CLOSED', 'the connection was closed without a response');

/**
 * The built-in fetch costs two to three times the CPU time of the request beneath it, more than everything
 * else that a call of the proxy does but for the limiter's write (`npm run bench:proxy`). Errors are those of
 * node:http, with their codes; an abort rejects with the signal's reason, also while the body is read. No
 * redirects, no compression, no proxies.
 */
export const keepAliveFetch: Fetch = async (url, request) => {
  await turnOfTheLoop();
  return exchange(url, request);
};

/** Names and values in turn: node:http checks and copies each header of an object once more. */
const headerLines = (
  host: string,
  headers: Readonly<Record<string, string>>,
  body: string | undefined,
): readonly string[] => {
  const lines = ['Host', host];
  for (const [name, value] of Object.entries(headers))
    if (name.toLowerCase() !== 'host') lines.push(name, value);
  if (body !== undefined) lines.push('Content-Length', String(Buffer.byteLength(body)));
  return lines;
};

const exchange: Fetch = (url, { method, headers, body, signal, timeoutMs }) =>
  new Promise((resolve, reject) => {
    const [{ scheme, hostname, port, host }, path] = split(url);
    const outgoing = scheme.request({
      method,
      hostname,
      port,
      path,
      headers: headerLines(host, headers, body),
      agent: scheme.agent,
    });
    let incoming: IncomingMessage | undefined;
    let isSettled = false;
    const end = (reason: Error) => {
      // At once: a request that waits for one of the agent's connections would not report its end before.
      reject(reason);
      // The answer first: it would report the end of its connection as a reset.
      incoming?.destroy(reason);
      outgoing.destroy(reason);
    };
    const abort = () => end(signal?.reason as Error);
    const timeout = timeoutMs === undefined ? undefined : setTimeout(() => end(timeoutError()), timeoutMs);
    signal?.addEventListener('abort', abort, { once: true });
    outgoing.once('response', (message) => {
      incoming = message;
      isSettled = true;
      resolve(answerOf(message));
    });
    outgoing.once('upgrade', (_, socket) => {
      socket.destroy();
      reject(upgraded());
    });
    outgoing.once('close', () => {
      clearTimeout(timeout);
      signal?.removeEventListener('abort', abort);
      // An error that no caller gets would cost a stack for each request.
      if (!isSettled) reject(closedWithoutAnswer());
    });
    outgoing.on('error', (error) => {
      isSettled = true;
      reject(error);
    });
    if (signal?.aborted) abort();
    else outgoing.end(body);
  });

export interface AnswerText {
  readonly text: string;
  /** Whether the answer went on: `text` is its beginning then. */
  readonly truncated: boolean;
}

const decoder = new TextDecoder();

const textOf = (chunks: readonly Uint8Array[]): string => {
  const [first] = chunks;
  return decoder.decode(first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks));
};

/** A stream of Node.js by its events: an iterator over it costs as much as all the rest of a short answer. */
const readStream = (stream: Readable, maximumBytes: number): Promise<AnswerText> =>
  new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    stream.on('data', (chunk: Uint8Array) => {
      bytes += chunk.byteLength;
      if (bytes > maximumBytes) {
        stream.destroy();
        resolve({ text: textOf(chunks), truncated: true });
      } else chunks.push(chunk);
    });
    stream.once('end', () => resolve({ text: textOf(chunks), truncated: false }));
    stream.once('error', reject);
    const givenUp = () => {
      if (!stream.readableEnded)
        reject(stream.errored ?? new Error('The response was discarded before its end.'));
    };
    // It may have ended before anybody listened.
    if (stream.destroyed) givenUp();
    else stream.once('close', givenUp);
  });

/** Reads at most `maximumBytes` of a body and lets the rest go. */
export const readBounded = async (
  { body }: Pick<FetchedAnswer, 'body'>,
  maximumBytes: number,
): Promise<AnswerText> => {
  if (body === null) return { text: '', truncated: false };
  return readStream(body instanceof Readable ? body : Readable.from(body), maximumBytes);
};

/** How Node's fetch reports a connection that the other side dropped. */
const resetCodes = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/** The code of the error or of what caused it, such as ECONNREFUSED. */
export const causeCode = (error: unknown): string | undefined => {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1)
    if ('code' in at && typeof at.code === 'string') return at.code;
  return undefined;
};

/** Whether a read may be repeated because its connection was dropped. */
export const isConnectionReset = (error: unknown): boolean => resetCodes.has(causeCode(error) ?? '');
