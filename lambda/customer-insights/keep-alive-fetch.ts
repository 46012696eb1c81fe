/** HTTP as the client of Customer Insights needs it. */
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { timeoutError } from '../http/deadline.ts';

export interface FetchRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Redirects are answers like any other. */
  readonly redirect: 'manual';
  readonly signal: AbortSignal;
  /** The longest that the whole exchange may take, ms; it fails with a TimeoutError then. Not known to the built-in fetch. */
  readonly timeoutMs?: number;
}

export interface FetchedAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: AsyncIterable<Uint8Array> | null;
}

/** The part of the built-in fetch that is used. */
export type Fetch = (url: string, request: FetchRequest) => Promise<FetchedAnswer>;

/** Idle connections are given up after this long, ms: before a load balancer on the way drops them silently. */
const idleMs = 30_000;

const plain = { request: httpRequest, agent: new HttpAgent({ keepAlive: true, timeout: idleMs }) };
const secure = { request: httpsRequest, agent: new HttpsAgent({ keepAlive: true, timeout: idleMs }) };

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

/**
 * The built-in fetch costs two to three times the CPU time of the request beneath it, more than everything else that a call of the
 * proxy does but for the limiter's write (`npm run bench:proxy`). Errors are those of node:http, with their codes; an abort rejects
 * with the signal's reason, also while the body is read. No redirects, no compression, no proxies.
 */
export const keepAliveFetch: Fetch = (url, { method, headers, body, signal, timeoutMs }) =>
  new Promise((resolve, reject) => {
    const { request, agent } = url.startsWith('https:') ? secure : plain;
    const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) };
    const outgoing = request(url, { method, headers: { ...headers, ...length }, agent });
    let incoming: IncomingMessage | undefined;
    const end = (reason: Error) => {
      // The answer first: it would report the end of its connection as a reset.
      incoming?.destroy(reason);
      outgoing.destroy(reason);
    };
    const abort = () => end(signal.reason as Error);
    const timeout = timeoutMs === undefined ? undefined : setTimeout(() => end(timeoutError()), timeoutMs);
    signal.addEventListener('abort', abort, { once: true });
    outgoing.once('response', (message) => {
      incoming = message;
      resolve(answerOf(message));
    });
    outgoing.once('close', () => {
      clearTimeout(timeout);
      signal.removeEventListener('abort', abort);
    });
    outgoing.on('error', reject);
    if (signal.aborted) abort();
    else outgoing.end(body);
  });
