import type { IncomingHttpHeaders } from 'node:http';
import type { KeyName } from './subscription-key.ts';

export interface LoggedRequest {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  /** Without subscription keys and signatures. */
  readonly query: string;
  readonly status: number;
  /** Operation id of the API definition; absent when no route matched. */
  readonly operation: string | undefined;
  readonly instanceId: string | undefined;
  /** Object id of the caller, known once the token was accepted. */
  readonly principalId: string | undefined;
  readonly subscriptionKey: KeyName | undefined;
  /** Of {@link headersToLog} those that were sent. */
  readonly headers: Readonly<Record<string, string>>;
  /** The injected fault that decided the answer. */
  readonly fault: string | undefined;
}

const headersToLog = [
  'accept',
  'content-type',
  'content-length',
  'user-agent',
  'traceparent',
  'x-ms-client-request-id',
  'x-ms-correlation-id',
] as const;
const secretOptions = ['subscription-key', 'sig'] as const;
const mostEntries = 2_500;

/** The last requests and counters of all. Tokens, keys and signatures never enter it. */
export class RequestLog {
  #entries: LoggedRequest[] = [];
  #total = 0;
  readonly #byOperation = new Map<string, number>();
  readonly #byStatus = new Map<number, number>();
  #credentialLeaks = 0;

  get entries(): readonly LoggedRequest[] {
    return this.#entries;
  }

  get counters() {
    return {
      total: this.#total,
      byOperation: Object.fromEntries(this.#byOperation),
      byStatus: Object.fromEntries(this.#byStatus),
      /** Partition requests that carried a token or a subscription key. */
      credentialLeaks: this.#credentialLeaks,
    };
  }

  count(operation: string): number {
    return this.#byOperation.get(operation) ?? 0;
  }

  add(entry: LoggedRequest): void {
    this.#total += 1;
    const operation = entry.operation ?? 'unknown';
    this.#byOperation.set(operation, this.count(operation) + 1);
    this.#byStatus.set(entry.status, (this.#byStatus.get(entry.status) ?? 0) + 1);
    this.#entries.push(entry);
    if (this.#entries.length > 2 * mostEntries) this.#entries = this.#entries.slice(-mostEntries);
  }

  noteCredentialLeak(): void {
    this.#credentialLeaks += 1;
  }

  clear(): void {
    this.#entries = [];
    this.#total = 0;
    this.#credentialLeaks = 0;
    this.#byOperation.clear();
    this.#byStatus.clear();
  }
}

export const loggedHeaders = (headers: IncomingHttpHeaders): Readonly<Record<string, string>> => {
  const sent = headersToLog.flatMap((name): [string, string][] => {
    const value = headers[name];
    return typeof value === 'string' ? [[name, value]] : [];
  });
  return Object.fromEntries(sent);
};

export const loggedQuery = (query: URLSearchParams): string => {
  const kept = new URLSearchParams(query);
  for (const name of secretOptions) if (kept.has(name)) kept.set(name, 'removed');
  return kept.toString();
};
