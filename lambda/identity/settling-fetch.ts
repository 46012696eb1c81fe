import { rejectsWhenAborted } from '../runtime/deadline.ts';
import {
  type Fetch,
  type FetchedAnswer,
  type FetchRequest,
  isConnectionReset,
  readBounded,
} from '../runtime/http-client.ts';

/**
 * Most that is read of an answer of the identity provider, in bytes. Its largest document, the signing keys, has about
 * 20 KB; the bound keeps an answer without an end out of the function's memory.
 */
export const identityAnswerBytes = 1024 * 1024;

/** Headers that are looked at: the type of a document, how long to wait, and why a client is refused. */
const readHeaders = ['content-type', 'retry-after', 'www-authenticate'] as const;

const headersOf = ({ headers }: FetchedAnswer): Record<string, string> =>
  Object.fromEntries(
    readHeaders.flatMap((name) => {
      const value = headers.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );

/** Statuses whose answers have no body; Response refuses even an empty one. */
const bodiless: ReadonlySet<number> = new Set([204, 205, 304]);

/** A request as oauth4webapi makes it, or the part of one that is ours. */
export interface IdentityRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A form is sent as its text; its type is among the headers. */
  readonly body?: string | URLSearchParams | null | undefined;
}

/** The built-in Response, which oauth4webapi insists on. */
export type IdentityFetch = (url: string, request: IdentityRequest) => Promise<Response>;

/**
 * A fetch that always settles: one time limit for request, answer and repetition, and a bound for the answer,
 * which is read before it is given.
 *
 * A request whose connection was dropped is made once more: reads and requests for a token have no effect of
 * their own, and a connection that was kept open may be closed by the other side at any time.
 */
export const settlingFetch =
  (fetch: Fetch, timeoutMs: number): IdentityFetch =>
  async (url, { method = 'GET', headers = {}, body }) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const request: FetchRequest = {
      method,
      headers,
      ...(body != null && { body: body.toString() }),
      // A redirect would carry the secret to another host.
      redirect: 'manual',
      signal,
    };
    const once = async (): Promise<Response> => {
      const answer = await fetch(url, request);
      const { text, truncated } = await readBounded(answer, identityAnswerBytes);
      if (truncated)
        throw new TypeError(`The answer is larger than ${identityAnswerBytes / 1024} KB and was discarded.`);
      const { status } = answer;
      return new Response(bodiless.has(status) ? null : text, { status, headers: headersOf(answer) });
    };
    const settled = once().catch((error: unknown) => {
      if (signal.aborted || !isConnectionReset(error)) throw error;
      return once();
    });
    return Promise.race([settled, rejectsWhenAborted(signal)]);
  };
