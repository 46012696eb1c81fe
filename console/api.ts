/** Calls the console's operations of the API. */
import { routes } from 'console:routes';
import type { OperationById, OperationIdOf } from '../connector/contract/index.ts';
import type { RequestOf, ResponseOf } from '../connector/contract/operation.ts';
import type { Session } from './session.ts';
import { fetchSignedIn } from './signed-in.ts';

export type ConsoleOperationId = OperationIdOf<'console' | 'resend'>;
export type Answer<Id extends ConsoleOperationId> = ResponseOf<OperationById<Id>>;
export type Values<Id extends ConsoleOperationId> = Partial<RequestOf<OperationById<Id>>>;

/** The API refused a call, in its own words. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  /** Seconds after which the same call may succeed; undefined where that is not known. */
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, code: string, message: string, retryAfterSeconds?: number) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export interface Api {
  /**
   * The answer of an operation. For a read whose content has not changed since the last one, the same object again.
   * @throws ApiError, or a TypeError of the browser when the API cannot be reached
   */
  call<Id extends ConsoleOperationId>(id: Id, values?: Values<Id>): Promise<Answer<Id>>;
}

interface Known {
  readonly tag: string;
  readonly body: unknown;
}

/** Answers that are remembered at most; the oldest goes first. */
const mostKnown = 100;

const addressOf = (
  id: ConsoleOperationId,
  values: { readonly path?: object; readonly query?: object },
): string => {
  const [, path] = routes[id];
  const named = Object.entries(values.path ?? {}) as [string, string][];
  const filled = named.reduce(
    (text, [name, value]) => text.replace(`{${name}}`, encodeURIComponent(value)),
    path,
  );
  const query = new URLSearchParams(
    Object.entries(values.query ?? {}).flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [[name, String(value)]],
    ),
  ).toString();
  return query === '' ? filled : `${filled}?${query}`;
};

const errorOf = async (response: Response): Promise<ApiError> => {
  const { error, message } = (await response.json().catch(() => ({}))) as {
    readonly error?: { readonly code?: string; readonly message?: string };
    readonly message?: string;
  };
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new ApiError(
    response.status,
    error?.code ?? `Http${response.status}`,
    error?.message ?? message ?? response.statusText,
    Number.isFinite(seconds) ? seconds : undefined,
  );
};

export const createApi = (basePath: string, session: Session): Api => {
  const known = new Map<string, Known>();

  return {
    async call(id, values = {}) {
      const [method] = routes[id];
      const address = addressOf(id, values);
      const body = 'body' in values && values.body !== null ? values.body : undefined;
      const before = method === 'GET' ? known.get(address) : undefined;
      const response = await fetchSignedIn(session, `${basePath}${address}`, {
        method,
        ...(before && { headers: { 'If-None-Match': before.tag } }),
        body,
      });
      if (response.status === 304) return before?.body as never;
      if (!response.ok) throw await errorOf(response);
      const answer: unknown = response.status === 204 ? null : await response.json();
      const tag = response.headers.get('etag');
      if (method === 'GET' && tag !== null) {
        known.delete(address);
        known.set(address, { tag, body: answer });
        const [oldest] = known.keys();
        if (known.size > mostKnown && oldest !== undefined) known.delete(oldest);
      }
      return answer as never;
    },
  };
};
