import type { UpstreamBudget } from '../limiter/index.ts';
import type { CoveredUp } from '../runtime/covered-up.ts';
import { type Deadline, deadlineExceeded, withinDeadline } from '../runtime/deadline.ts';
import { ConnectorError, hasCode } from '../runtime/errors.ts';
import {
  causeCode,
  type Fetch,
  isConnectionReset,
  keepAliveFetch,
  readBounded,
} from '../runtime/http-client.ts';
import { retryAfterSeconds } from '../runtime/retry-after.ts';
import { secondMs, wholeSeconds } from '../runtime/time.ts';
import { type ActingAs, isKeyRefused, keyRefused, refusalError, throttled } from './refusal.ts';
import type { SubscriptionKeys } from './subscription-keys.ts';

/** Longest answer that is read, in bytes. Our own answer is buffered too, and Lambda takes at most 6 MB. */
export const maximumAnswerBytes = 5 * 1024 * 1024;

/** Longest that one request may take, in milliseconds, when the deadline leaves more. */
export const requestTimeoutMs = 20_000;

/** Whom the budget of an instance knows, by whose rights are used. */
export const callerOf = { user: 'person', application: 'watcher' } as const;

export interface TransportOptions {
  /** Without a slash at the end, such as `https://api.ci.ai.dynamics.com/v1`. */
  readonly baseUrl: string;
  /** {@link keepAliveFetch} by default. */
  readonly fetch?: Fetch;
  readonly subscriptionKeys: SubscriptionKeys;
  /** The bearer token: the user's or the application's own. */
  readonly token: () => Promise<string>;
  readonly actingAs: ActingAs;
  readonly deadline: Deadline;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** What the source grants an instance: checked before every call, updated by every 429 with Retry-After. */
  readonly budget?: UpstreamBudget;
  readonly coveredUp?: CoveredUp;
  /** Milliseconds; {@link requestTimeoutMs} by default. */
  readonly requestTimeoutMs?: number;
  /** {@link maximumAnswerBytes} by default. */
  readonly maximumAnswerBytes?: number;
}

export interface UpstreamRequest {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** The instance whose subscription key is sent. */
  readonly instanceId: string;
  /** Below the base URL, with the query; made by pathOf and queryOf. */
  readonly path: string;
  /** A JSON text. */
  readonly body?: string;
  /** What is asked for, as a message would name it: "the segments of the instance". */
  readonly subject: string;
  /** How an answer that is too large could be made smaller, from its beginning. */
  readonly smaller?: (beginning: string) => string;
}

export interface UpstreamAnswer {
  /** 200 to 299. */
  readonly status: number;
  readonly text: string;
}

export type Send = (request: UpstreamRequest) => Promise<UpstreamAnswer>;

const openOutcome = ' It is unknown whether the request was carried out; check before you repeat it.';

interface RawAnswer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly challenge: string | null;
  readonly text: string;
  readonly truncated: boolean;
}

/**
 * Sends requests with a token and a subscription key. A read is repeated once when its connection was
 * dropped; the other keys of the instance are tried when one is refused. Rejects with a ConnectorError whose
 * code begins with "Upstream", or is AnswerTooLarge, DeadlineExceeded or SecretUnreadable; or with the error
 * of `token`.
 */
export const createTransport = (options: TransportOptions): Send => {
  const { baseUrl, subscriptionKeys, deadline, now, budget, actingAs } = options;
  const caller = callerOf[actingAs];
  const fetch = options.fetch ?? keepAliveFetch;
  const maximumBytes = options.maximumAnswerBytes ?? maximumAnswerBytes;

  const once = async (request: UpstreamRequest, key: string, token: string): Promise<RawAnswer> => {
    const response = await fetch(`${baseUrl}${request.path}`, {
      method: request.method,
      headers: {
        Accept: 'application/json',
        Authorization: `Bearer ${token}`,
        'Ocp-Apim-Subscription-Key': key,
        ...(request.body !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(request.body !== undefined && { body: request.body }),
      // A redirect would carry the key to another host.
      redirect: 'manual',
      signal: deadline.signal,
      timeoutMs: options.requestTimeoutMs ?? requestTimeoutMs,
    });
    const { text, truncated } = await readBounded(response, maximumBytes);
    return {
      status: response.status,
      retryAfter: response.headers.get('retry-after'),
      challenge: response.headers.get('www-authenticate'),
      text,
      truncated,
    };
  };

  const unreachable = (error: unknown, request: UpstreamRequest): ConnectorError => {
    const outcome = request.method === 'GET' ? '' : openOutcome;
    if (deadline.signal.aborted) return deadlineExceeded();
    if (error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError'))
      return new ConnectorError(
        'UpstreamTimeout',
        `Customer Insights took too long to answer for ${request.subject}.${outcome} Ask for less at once, or try again later.`,
        { cause: error },
      );
    return new ConnectorError(
      'UpstreamUnreachable',
      `Customer Insights could not be reached for ${request.subject} (${causeCode(error) ?? 'no connection'}).${outcome} Try again; if it stays, check the address ${baseUrl} in the configuration.`,
      { cause: error },
    );
  };

  const attempt = async (request: UpstreamRequest, key: string, token: string): Promise<RawAnswer> => {
    try {
      return await once(request, key, token);
    } catch (error) {
      const repeat = request.method === 'GET' && isConnectionReset(error) && !deadline.signal.aborted;
      if (!repeat) throw unreachable(error, request);
    }
    try {
      return await once(request, key, token);
    } catch (error) {
      throw unreachable(error, request);
    }
  };

  /** The answer with the first key that is accepted. */
  const withKey = async (request: UpstreamRequest, token: string): Promise<RawAnswer> => {
    const { instanceId } = request;
    const tried = new Set<string>();
    for (const keys of [subscriptionKeys.of, subscriptionKeys.reread]) {
      for (const key of await keys(instanceId)) {
        if (tried.has(key)) continue;
        tried.add(key);
        const answer = await attempt(request, key, token);
        if (!isKeyRefused(answer.status, answer.challenge, answer.text)) {
          if (answer.status !== 401) subscriptionKeys.accepted(instanceId, key);
          return answer;
        }
      }
    }
    throw keyRefused(instanceId);
  };

  const checkBudget = async (instanceId: string): Promise<void> => {
    if (budget === undefined) return;
    const granted = await withinDeadline(deadline, budget.check(instanceId, caller));
    if (!granted.open) throw throttled(wholeSeconds(granted.retryAfterMs));
  };

  const reportThrottling = async (instanceId: string, seconds: number): Promise<void> => {
    try {
      await budget?.exhausted(instanceId, seconds * secondMs, caller);
    } catch (error) {
      // This process keeps to the pause anyway; other processes will get a 429 of their own.
      if (!hasCode(error, 'LimitUnavailable')) throw error;
      options.coveredUp?.(
        'the pause that Customer Insights requested could not be shared with other processes',
        error,
      );
    }
  };

  const notThrottled = async (instanceId: string): Promise<void> => {
    try {
      await budget?.answered(instanceId, caller);
    } catch (error) {
      if (!hasCode(error, 'LimitUnavailable')) throw error;
      options.coveredUp?.('other callers wait some seconds longer, until one of them may try', error);
    }
  };

  const answerTo = async (request: UpstreamRequest): Promise<RawAnswer> => {
    try {
      // The deadline is kept by this race; the request's own signal only frees its connection.
      return await withinDeadline(
        deadline,
        options.token().then((token) => withKey(request, token)),
      );
    } catch (error) {
      await notThrottled(request.instanceId);
      throw error;
    }
  };

  return async (request) => {
    const { instanceId, subject } = request;
    await checkBudget(instanceId);
    const { status, retryAfter, text, truncated } = await answerTo(request);
    if (status !== 429) await notThrottled(instanceId);

    if (status >= 200 && status < 300) {
      if (!truncated) return { status, text };
      throw new ConnectorError(
        'AnswerTooLarge',
        `The answer of Customer Insights for ${subject} is larger than ${Math.floor(maximumBytes / 1024)} KB, the most that can be passed on. ${request.smaller?.(text) ?? 'Ask for less at once.'}`,
      );
    }
    const wait = retryAfterSeconds(retryAfter, now());
    if (status === 429 && wait !== undefined) await reportThrottling(instanceId, wait);
    throw refusalError({
      status,
      answer: text,
      retryAfterSeconds: wait,
      subject,
      actingAs,
    });
  };
};
