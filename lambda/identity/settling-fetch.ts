import { rejectsWhenAborted } from '../runtime/deadline.ts';
import { isConnectionReset, readBounded } from '../runtime/http-client.ts';

/**
 * Most that is read of an answer of the identity provider, in bytes after decompression. Its largest document,
 * the signing keys, has about 20 KB; the bound keeps a compressed bomb out of the function's memory.
 */
export const identityAnswerBytes = 1024 * 1024;

/** Statuses whose answers have no body; Response refuses even an empty one. */
const bodiless: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * A fetch that always settles: one time limit for request, answer and repetition, and a bound for the answer,
 * which is read before it is given.
 *
 * A request whose connection was dropped is made once more: reads and requests for a token have no effect of
 * their own, and a connection that was kept open may be closed by the other side at any time.
 */
export const settlingFetch =
  (fetch: typeof globalThis.fetch, timeoutMs: number): typeof globalThis.fetch =>
  async (input, init) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const once = async (): Promise<Response> => {
      const answer = await fetch(input, { ...init, signal });
      const { text, truncated } = await readBounded(answer, identityAnswerBytes);
      if (truncated)
        throw new TypeError(`The answer is larger than ${identityAnswerBytes / 1024} KB and was discarded.`);
      const { status, statusText, headers } = answer;
      return new Response(bodiless.has(status) ? null : text, { status, statusText, headers });
    };
    const settled = once().catch((error: unknown) => {
      if (signal.aborted || !isConnectionReset(error)) throw error;
      return once();
    });
    return Promise.race([settled, rejectsWhenAborted(signal)]);
  };
