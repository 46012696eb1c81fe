import { type LookupAddress, lookup } from 'node:dns';
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { closedWithoutAnswer, turnOfTheLoop, upgraded } from '../runtime/http-client.ts';
import { isLoopbackHost } from '../runtime/loopback.ts';
import { timeoutError } from '../runtime/time.ts';
import { isPublicAddress } from './address.ts';

/** What a callback's endpoint answered, or why there is no answer. */
export type CallbackAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** `error.code` of the body, if any; identifies a flow that is switched off. */
      readonly errorCode: string | undefined;
      readonly retryAfter: string | undefined;
    }
  | { readonly kind: 'unreachable'; readonly reason: string };

export type PostCallback = (
  url: URL,
  body: string,
  headers: Readonly<Record<string, string>>,
) => Promise<CallbackAnswer>;

/** Default time limit of an attempt, ms. The platform accepts a callback at once with 202. */
export const attemptTimeoutMs = 10_000;
/** How much of an answer is read, bytes. */
const answerLimit = 16 * 1024;

export interface PostLimits {
  /** For the whole attempt, from the look-up to the end of the answer, ms. */
  readonly timeoutMs?: number;
  /** Resolves host names; node:dns by default. */
  readonly resolve?: typeof lookup;
}

/** Resolves a host and refuses addresses that are not public. The checked address is the one connected to. */
const publicLookup =
  (resolve: typeof lookup): LookupFunction =>
  (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      const addresses = (found ?? []) as readonly LookupAddress[];
      const refused = addresses.find(({ address }) => !isPublicAddress(address));
      const [first] = addresses;
      if (error || !first) return callback(error ?? new Error(`${hostname} has no address`), '', 0);
      if (refused)
        return callback(new Error(`${hostname} resolves to ${refused.address}, which is not public`), '', 0);
      return options.all ? callback(null, [...addresses]) : callback(null, first.address, first.family);
    });
  };

const errorCodeOf = (body: string): string | undefined => {
  try {
    const parsed: unknown = JSON.parse(body);
    const error = (parsed as { error?: { code?: unknown } } | null)?.error;
    return typeof error?.code === 'string' ? error.code : undefined;
  } catch {
    // A proxy may answer something else than JSON; then there is no code.
    return undefined;
  }
};

/** A literal address is not resolved, so it is checked here. */
const refusedLiteral = (hostname: string): string | undefined => {
  const literal = hostname.replace(/^\[|\]$/g, '');
  return /^[\d.]+$|:/.test(literal) && !isPublicAddress(literal) ? literal : undefined;
};

/**
 * Settles when the answer has ended or has been read to the limit.
 * @returns the listener for a connection that breaks
 */
const readAnswer = (
  response: IncomingMessage,
  settle: (answer: CallbackAnswer) => void,
  unreachable: (error: Error) => void,
): ((error: Error) => void) => {
  const chunks: Buffer[] = [];
  let length = 0;
  const done = () => {
    settle({
      kind: 'answered',
      status: response.statusCode ?? 0,
      errorCode: errorCodeOf(Buffer.concat(chunks).toString('utf8')),
      retryAfter: response.headers['retry-after'],
    });
  };
  response.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length <= answerLimit) chunks.push(chunk);
    else {
      done();
      response.destroy();
    }
  });
  response.on('end', done);
  const brokenOff = (error: Error) => {
    // An accepted event is not sent again only because the connection broke after the status. For other
    // statuses the body matters.
    const { statusCode = 0 } = response;
    if (statusCode >= 200 && statusCode < 300) done();
    else unreachable(error);
  };
  response.on('error', brokenOff);
  return brokenOff;
};

/**
 * Posts one event: no redirects, one time limit for the whole attempt, a limit for the answer. It does not
 * throw; an attempt without an answer is an outcome too. The URL must have passed checkCallbackUrl; http only
 * for loopback.
 */
export const callbackPost =
  ({ timeoutMs = attemptTimeoutMs, resolve = lookup }: PostLimits = {}): PostCallback =>
  async (url, body, headers) => {
    await turnOfTheLoop();
    return new Promise((settled) => {
      let outgoing: ClientRequest | undefined;
      let failed: (error: Error) => void = () => undefined;
      let isLate = false;
      // A timer, and not AbortSignal.timeout, which would go off for every attempt, also those that were answered.
      const timer = setTimeout(() => {
        isLate = true;
        // Whatever state the exchange is in, look-up and connecting included: this ends it.
        failed(timeoutError());
        outgoing?.destroy();
      }, timeoutMs);
      const settle = (answer: CallbackAnswer) => {
        clearTimeout(timer);
        settled(answer);
      };
      const unreachable = (error: NodeJS.ErrnoException) =>
        settle({
          kind: 'unreachable',
          reason: isLate ? `no answer within ${timeoutMs / 1000} s` : (error.code ?? error.message),
        });
      failed = unreachable;
      const loopback = url.protocol === 'http:' && isLoopbackHost(url.hostname);
      const refused = loopback ? undefined : refusedLiteral(url.hostname);
      if (refused !== undefined)
        return settle({ kind: 'unreachable', reason: `${refused} is not a public address` });
      const send = loopback ? httpRequest : httpsRequest;
      try {
        const request = send(
          url,
          {
            method: 'POST',
            headers: {
              'Content-Type': 'application/json; charset=utf-8',
              'Content-Length': Buffer.byteLength(body),
              ...headers,
            },
            ...(!loopback && { lookup: publicLookup(resolve) }),
          },
          (response) => {
            request.removeAllListeners('close');
            failed = readAnswer(response, settle, unreachable);
          },
        );
        outgoing = request;
        // The time limit ends the request even while its answer is read.
        request.on('error', (error) => failed(error));
        // 101 is not an answer of a flow: node:http gives neither a response nor an error for it.
        request.on('upgrade', (_, socket) => {
          socket.destroy();
          settle({ kind: 'unreachable', reason: upgraded().message });
        });
        request.on('close', () => settle({ kind: 'unreachable', reason: closedWithoutAnswer().message }));
        request.end(body);
      } catch (error) {
        // node:http refuses a scheme or a header that it cannot send, before it connects.
        unreachable(error as NodeJS.ErrnoException);
      }
    });
  };

export const postCallback: PostCallback = callbackPost();
