import { exampleInstanceId } from '../../../connector/contract/example.ts';
import {
  type ClientOptions,
  createCustomerInsightsClient,
  type SubscriptionKeys,
} from '../../../lambda/customer-insights/index.ts';
import { deadlineIn } from '../../../lambda/runtime/deadline.ts';
import type { Fetch } from '../../../lambda/runtime/http-client.ts';

export const baseUrl = 'https://upstream.example.com/v1';

export interface SeenRequest {
  readonly method: string;
  /** Below the base URL, still encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly body: string | undefined;
}

export interface Answered {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text as it is, anything else as JSON. */
  readonly body?: unknown;
}

type Answer = (request: SeenRequest) => Answered | Promise<Answered>;

/** A fetch that keeps what was sent and answers as told. */
export const fakeUpstream = (answer: Answer) => {
  const seen: SeenRequest[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const url = String(input);
    const [path = '', query = ''] = url.slice(baseUrl.length).split('?');
    const request: SeenRequest = {
      method: init?.method ?? 'GET',
      path,
      query: new URLSearchParams(query),
      headers: new Headers(init?.headers),
      body: typeof init?.body === 'string' ? init.body : undefined,
    };
    seen.push(request);
    const { status = 200, headers = {}, body = null } = await answer(request);
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return new Response(status === 204 ? null : text, { status, headers: { ...headers } });
  };
  return { fetch, seen, baseUrl };
};

/** Two keys that never change. */
export const fixedKeys = (...keys: readonly string[]): SubscriptionKeys => ({
  of: async () => keys,
  reread: async () => keys,
  accepted: () => undefined,
});

export const clientOf = (fetch: Fetch, more: Partial<ClientOptions> = {}) =>
  createCustomerInsightsClient({
    baseUrl,
    fetch,
    subscriptionKeys: fixedKeys('key-1', 'key-2'),
    token: async () => 'user-token',
    actingAs: 'user',
    deadline: deadlineIn(10_000),
    now: () => Date.parse('2026-03-02T08:00:00Z'),
    ...more,
  });

export const instanceId = exampleInstanceId;
